"""Does the first notebook run in the browser: every cell, the live picture, and the one at its end?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from landscape import Landscape
from notebook import Notebook
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PATH = Path(__file__).parents[2] / "notebooks" / "01_first_look.ipynb"


def test_the_first_notebook_runs_and_shows_its_pictures(lab, page, page_errors, screenshot):
    shutil.copy(PATH, lab.notebooks)
    lab.forget_theme()
    page.goto(f"{lab.url}/lab/tree/{PATH.name}?reset")
    notebook = Notebook(page, page_errors)
    notebook.run_all()
    explored = notebook.index_of("lw.explore(")
    notebook.show(explored)
    live = Landscape(notebook, explored)
    live.wait_for(phase="done", known="2601", level="4")
    expect(live.root).to_contain_text("digits")
    live.wait_until_it_has(51, 51)
    assert notebook.ask("(widget.x, widget.y)") == ((-2, 2), (-2, 2))
    screenshot(live.root)
    drawn = notebook.index_of("surface.figure(")
    notebook.show(drawn)
    still = notebook.output(drawn)
    notebook.wait("(output) => output.querySelector('.contourlayer path')", still.element_handle())
    screenshot(still, "figure")
    notebook.close()
    assert page_errors.unexpected() == []
