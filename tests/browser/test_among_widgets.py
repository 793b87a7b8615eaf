"""Does a landscape work inside the boxes of ipywidgets, and linked to another one?"""

from __future__ import annotations

import pytest
from landscape import Landscape
from problems import BOWL, bowl

pytestmark = [pytest.mark.browser, pytest.mark.everywhere]

TWO = """
import ipywidgets
first, second = (
    lw.explore(model, lw.batch_loss(bowl), data, directions=axes, resolution=17) for _ in range(2)
)
for widget in (first, second):
    widget.linked, widget.kind, widget.scale = False, "heatmap", "linear"
"""
LINKED = """
link = ipywidgets.jslink((first, "x"), (second, "x"))
tab = ipywidgets.Tab([ipywidgets.HBox([first]), ipywidgets.Accordion([second], selected_index=0)])
tab
"""
INTERACT = """
@ipywidgets.interact(reach=ipywidgets.IntSlider(1, 1, 4))
def look(reach):
    first.y = (-reach, reach)
    print("looking", reach, "far")
"""


def test_two_in_a_tab_linked_and_driven_by_interact(open_notebook, screenshot):
    notebook = open_notebook(BOWL + TWO, LINKED, INTERACT)
    notebook.run(0, 1, 2)
    first = Landscape(notebook, 1)
    first.wait_until_it_shows(bowl())
    assert first.root.bounding_box()["width"] > 400
    first.move_x_to(0.875)
    first.wait_until_it_shows(bowl(x=(-1, 0.875)))
    slider = notebook.output(2).locator("[role=slider]")
    slider.focus()
    notebook.page.keyboard.press("ArrowRight")
    first.wait_until_it_shows(bowl(x=(-1, 0.875), y=(-2, 2)))
    notebook.output(2).get_by_text("looking 2 far").wait_for()
    notebook.output(1).get_by_role("tab").nth(1).click()
    second = Landscape(notebook, 1, view=1)
    second.wait_until_it_shows(bowl(x=(-1, 0.875)))
    screenshot(notebook.output(1).first)
    assert notebook.ask("(first.x, second.x)") == ((-1, 0.875), (-1, 0.875))
