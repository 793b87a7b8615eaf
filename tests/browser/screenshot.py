"""How does the widget look? Runs notebooks, those named or all; pictures of cells go to docs/pictures."""

from __future__ import annotations

import io
import re
import shutil
import sys
import tempfile
from pathlib import Path

import yaml
from chromium import chromium
from lab import JupyterLab, jupyter_lab
from landscape import Landscape
from notebook import Notebook, PageErrors
from PIL import Image
from playwright.sync_api import Browser, expect

ROOT = Path(__file__).parents[2]
LESSONS = yaml.safe_load((ROOT / "docs" / "lessons.yml").read_text(encoding="utf-8"))
PAGES = {"your-model": {"pictures": [{"cell": "lw.explore(", "picture": "your-model"}]}}
"""Pages whose Python is run as a notebook."""
SHOWN = LESSONS | PAGES
A_LESSON = 900
"""Seconds that one may take, on a machine with other things to do."""
COLORS, LARGEST = (256, 128, 64, 32), 140_000
"""As many as a picture may have in so many bytes; nobody sees that there are no more."""


def take(name: str, lab: JupyterLab, browser: Browser) -> None:
    if name in LESSONS:
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", lab.notebooks)
    else:
        written = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
        lab.write(f"{name}.ipynb", re.findall(r"^```python\n(.*?)^```", written, re.DOTALL | re.MULTILINE))
    page = browser.new_page(viewport={"width": 1220, "height": 1700})
    page.set_default_timeout(1000 * A_LESSON)
    page.goto(f"{lab.url}/lab/tree/{name}.ipynb?reset")
    notebook = Notebook(page, PageErrors(page, lab.url))
    page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")
    notebook.run_all()
    for wanted in SHOWN[name]["pictures"]:
        shown = notebook.index_of(wanted["cell"])
        notebook.show(shown)
        landscape = Landscape(notebook, shown)
        if "then" in wanted:
            notebook.ask(wanted["then"])
        expect(landscape.sentence()).to_have_text(re.compile("^complete"), timeout=1000 * A_LESSON)
        while (hint := landscape.button("got it")).is_visible():
            hint.click()
        page.mouse.move(0, 0)
        page.wait_for_timeout(2000)  # for the last frame
        write(landscape.root.screenshot(), ROOT / "docs" / "pictures" / f"{wanted['picture']}.png")
    notebook.close()
    page.close()


def write(taken: bytes, path: Path) -> None:
    """Write a picture small enough for a page."""
    with Image.open(io.BytesIO(taken)) as picture:
        whole = picture.convert("RGB")
    for colors in COLORS:
        whole.quantize(colors, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST:
            return


if __name__ == "__main__":
    for name in sys.argv[1:] or SHOWN:
        with tempfile.TemporaryDirectory() as folder, jupyter_lab(Path(folder)) as lab, chromium() as browser:
            take(name, lab, browser)
