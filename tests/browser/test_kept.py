"""What does a notebook keep of a widget, with and without its state?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from landscape import Landscape
from notebook import Notebook
from playwright.sync_api import Locator, expect
from problems import BOWL, SHOW, bowl

pytestmark = pytest.mark.browser

OUTPUTS = """([cell]) => {
  const { outputs } = jupyterapp.shell.currentWidget.content.widgets[cell].model;
  return Array.from({ length: outputs.length }, (_, index) => Object.keys(outputs.get(index).data).sort());
}"""
WIDTHS = "(images) => images.map((image) => image.naturalWidth)"
AGAIN = """
for _ in range(10):
    widget.photograph.renew()
    widget.photograph.develop()
"""
PICTURE, WIDGET = ["image/png", "text/plain"], ["application/vnd.jupyter.widget-view+json", "text/plain"]


def pictures(notebook: Notebook, cell: int) -> Locator:
    return notebook.cell(cell).locator(".jp-RenderedImage img")


def wait_for_picture(notebook: Notebook) -> None:
    """Wait until there is one that shows something, be it hidden."""
    notebook.wait("() => document.querySelector('.jp-RenderedImage img')?.naturalWidth === 840")


def test_running_and_refreshing_ten_times_leaves_one_widget_and_one_picture(open_notebook):
    notebook = open_notebook(BOWL, SHOW, AGAIN)
    notebook.run(0, *[1] * 10)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    notebook.run(2)
    assert notebook.page.evaluate(OUTPUTS, [1]) == [PICTURE, WIDGET]
    assert pictures(notebook, 1).evaluate_all(WIDTHS) == [840]
    expect(pictures(notebook, 1)).to_be_hidden()
    expect(notebook.page.locator(".landscape-widget")).to_have_count(1)


def reopen(notebook: Notebook) -> Notebook:
    """End the kernel and load the page anew, with a kernel that doesn't know the widget."""
    notebook.close()
    notebook.page.reload()
    return Notebook(notebook.page, notebook.errors)


def forget_widgets(file: Path) -> None:
    """Leave what a notebook has that is saved as usual: outputs, and no state of widgets."""
    content = json.loads(file.read_text())
    del content["metadata"]["widgets"]
    file.write_text(json.dumps(content))


def test_a_reopened_notebook_shows_the_widget_with_its_state_and_the_picture_without(
    open_notebook, lab, screenshot
):
    notebook = open_notebook(BOWL, SHOW)
    notebook.run(0, 1)
    Landscape(notebook, 1).wait_until_it_shows(bowl())
    wait_for_picture(notebook)
    notebook.save_with_widgets()
    (file,) = lab.notebooks.glob("test_a_reopened_notebook*.ipynb")
    notebook = reopen(notebook)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    landscape.wait_for(connection="saved")
    expect(pictures(notebook, 1)).to_be_hidden()

    forget_widgets(file)
    notebook.errors.expect("widget model not found")  # JupyterLab's own words for it
    notebook = reopen(notebook)
    expect(pictures(notebook, 1)).to_be_visible()
    assert pictures(notebook, 1).evaluate_all(WIDTHS) == [840]
    expect(notebook.page.locator(".landscape-widget")).to_have_count(0)
    screenshot(notebook.cell(1))
