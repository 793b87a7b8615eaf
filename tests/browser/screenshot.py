"""How does the widget look? Runs the first notebook and writes what it shows to docs/first-look.png."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from chromium import chromium
from lab import jupyter_lab
from landscape import Landscape
from notebook import Notebook, PageErrors

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "01_first_look.ipynb"
PICTURE = ROOT / "docs" / "first-look.png"


def take(folder: Path) -> None:
    with jupyter_lab(folder) as lab, chromium() as browser:
        shutil.copy(NOTEBOOK, lab.notebooks)
        page = browser.new_page(viewport={"width": 1220, "height": 900})
        page.goto(f"{lab.url}/lab/tree/{NOTEBOOK.name}?reset")
        notebook = Notebook(page, PageErrors(page, lab.url))
        page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")
        notebook.run_all()
        explored = notebook.index_of("lw.explore(")
        notebook.show(explored)
        landscape = Landscape(notebook, explored)
        landscape.wait_until_it_has(51, 51)
        landscape.wait_for(phase="done")
        for _ in range(3):
            landscape.button("got it").click()
        notebook.page.mouse.move(0, 0)
        PICTURE.parent.mkdir(exist_ok=True)
        landscape.root.screenshot(path=PICTURE)
        notebook.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        take(Path(folder))
