"""How do we get a real marimo notebook, run as an app, that knows nothing of anybody's settings?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import indent
from typing import Any

from lab import Log
from notebook import PATIENCE
from playwright.sync_api import Locator, Page

ADDRESS = r"http://localhost:\d+"
DARK = '[display]\ntheme = "dark"\n'
HEAD = 'import marimo\napp = marimo.App(width="full")'
FOCUSED = """() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  return node?.getAttribute("aria-label");
}"""


@contextmanager
def marimo_app(folder: Path, cells: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """Serve an app in the dark theme; yields its address.

    Args:
        folder: of the app and its settings.
        cells: what each takes from the others, its code, and what it gives to the others.
    """
    app = folder / "app.py"
    app.write_text("\n\n".join([HEAD, *(_cell(*cell) for cell in cells)]))
    settings = folder / "settings" / "marimo" / "marimo.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(DARK)
    command = [sys.executable, "-m", "marimo", "run", str(app), "--headless", "--no-token"]
    server = subprocess.Popen(
        [*command, "--host", "127.0.0.1"],
        env=os.environ | {"XDG_CONFIG_HOME": str(folder / "settings"), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    log = Log(server.stdout, ADDRESS)
    try:
        yield log.address().replace("localhost", "127.0.0.1")
    finally:
        server.terminate()
        server.wait()
        log.close()


def _cell(takes: str, code: str, gives: str) -> str:
    return f"@app.cell\ndef _({takes}):\n{indent(code, '    ')}\n    return {gives}\n"


class MarimoApp:
    """An app that is open in a page; what `Landscape` needs of a notebook."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def output(self, index: int) -> Locator:
        """What cell ``index`` shows."""
        return self.page.locator(".output-area").nth(index)

    def wait(self, condition: str, argument: Any = None) -> None:
        """Wait until the JavaScript function ``condition`` is true."""
        self.page.wait_for_function(condition, arg=argument, polling=50, timeout=PATIENCE * 1000)

    def focused(self) -> str | None:
        """The name of what has the focus, inside whichever shadow root."""
        return self.page.evaluate(FOCUSED)
