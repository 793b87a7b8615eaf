"""What does a notebook hold that was run without a browser, and its HTML?"""

import base64
import io

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

image = pytest.importorskip("PIL.Image")

BOWL = """
import torch
import landscape_widget as lw

model = torch.nn.Linear(2, 1, bias=False)
data = (torch.zeros(1, 2), torch.zeros(1, 1))
widget = lw.explore(model, torch.nn.MSELoss(), data, resolution=5, name="bowl")
widget.kind = "heatmap"
widget
"""
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def notebook():
    """The widget in a cell, its end awaited in the next."""
    cells = [nbformat.v4.new_code_cell(source) for source in (BOWL, "surface = widget.wait()")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3", store_widget_state=False).execute()
    return notebook


def test_the_cell_has_the_picture_and_the_widget(notebook):
    picture, widget = notebook.cells[0].outputs
    assert set(picture.data) == {"image/png", "text/plain"} and WIDGET in widget.data
    assert picture.data["text/plain"] == "Loss landscape of bowl: a picture, as the notebook keeps it."
    assert widget.data["text/plain"] == "The live landscape needs a kernel: run this cell."
    assert notebook.cells[1].outputs == []
    drawn = image.open(io.BytesIO(base64.b64decode(picture.data["image/png"])))
    assert drawn.width == 840 and len(drawn.convert("RGB").getcolors(10_000)) > 10


def test_its_html_shows_the_picture_once_as_wide_as_a_page(notebook):
    page, _ = HTMLExporter().from_notebook_node(notebook)
    picture = notebook.cells[0].outputs[0].data["image/png"].replace("\n", "")
    assert page.count(picture) == 1
    assert 'width="700"' in page and page.count("<img") == 1
