"""What does a notebook keep of a widget, with and without its state?"""

from __future__ import annotations

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


def wait_for_picture(notebook: Notebook, cell: int) -> None:
    """Wait until one is there that shows something."""
    image = pictures(notebook, cell).first.element_handle()
    notebook.wait("([image]) => image.isConnected === false || image.naturalWidth > 100", [image])


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
