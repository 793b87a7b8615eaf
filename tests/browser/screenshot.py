"""How does the widget look? Runs notebooks, those named or all, and writes what cells show to docs/*.png."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from chromium import chromium
from lab import JupyterLab, jupyter_lab
from landscape import Landscape
from notebook import Notebook, PageErrors
from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
PICTURES = {
    "01_first_look": {"lw.explore(": "first-look"},
    "02_lines_planes_paths": {
        'name="PCA"': "trajectory",
        "line = lw.explore(": "between-two-models",
        "lw.compare(": "side-by-side",
    },
    "06_curvature": {"widget = lw.explore(": "curvature"},
}
"""Notebook → what a cell has in it → picture."""


def take(name: str, lab: JupyterLab, browser: Browser) -> None:
    source = ROOT / "notebooks" / f"{name}.ipynb"
    shutil.copy(source, lab.notebooks)
    page = browser.new_page(viewport={"width": 1220, "height": 1000})
    page.goto(f"{lab.url}/lab/tree/{source.name}?reset")
    notebook = Notebook(page, PageErrors(page, lab.url))
    page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")
    notebook.run_all()
    for cell, picture in PICTURES[name].items():
        shown = notebook.index_of(cell)
        notebook.show(shown)
        landscape = Landscape(notebook, shown)
        landscape.wait_for(phase="done")
        while (hint := landscape.button("got it")).is_visible():
            hint.click()
        page.mouse.move(0, 0)
        page.wait_for_timeout(2000)  # for the last frame
        landscape.root.screenshot(path=ROOT / "docs" / f"{picture}.png")
    notebook.close()
    page.close()


if __name__ == "__main__":
    for name in sys.argv[1:] or PICTURES:
        with tempfile.TemporaryDirectory() as folder, jupyter_lab(Path(folder)) as lab, chromium() as browser:
            take(name, lab, browser)
