"""How do we start a Chromium that talks to this machine only?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from find_browser import MISSING, find_browser
from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Headless, and without its sandbox for root, who can't have one."""
    executable = find_browser()
    if executable is None:
        raise RuntimeError(MISSING)
    sandbox = os.geteuid() != 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS, chromium_sandbox=sandbox)
        yield browser
        browser.close()
