"""Which Chromium do the browser tests drive? With ``--install``: and if there is none, can we get one?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    "The browser tests need Chromium and found none. Install chromium or google-chrome, or set "
    "LANDSCAPE_BROWSER to the path of one, and run `make test` again."
)


def find_browser() -> Path | None:
    """The browser to drive: LANDSCAPE_BROWSER, else one on the path, else the one Playwright installed."""
    if named := os.environ.get("LANDSCAPE_BROWSER"):
        return Path(named)
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    if on_path:
        return Path(on_path)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def install_browser() -> None:
    """Install one: as root with the system's packages, else Playwright's own."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update"])
        subprocess.run(["apt-get", "install", "--yes", "chromium"])
    if find_browser() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])


if __name__ == "__main__":
    if find_browser() is None and "--install" in sys.argv:
        install_browser()
    browser = find_browser()
    sys.exit(MISSING if browser is None or not browser.exists() else None)
