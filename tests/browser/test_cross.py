"""Is the point that one reads the same in every view, in the cuts through it and in Python?"""

from __future__ import annotations

import pytest
from landscape import Landscape
from playwright.sync_api import expect
from problems import BOWL, SHOW, bowl

pytestmark = pytest.mark.browser

MARKED = """(root) => root.querySelector(".lw-drawing").data
  .filter(({ name }) => name === "marked").map(({ x, y }) => [x[0], y[0]])[0] ?? null"""


def marked(landscape: Landscape) -> list[float] | None:
    """Where the picture draws the point that is kept."""
    return landscape.root.evaluate(MARKED)


def test_what_points_in_one_view_or_at_a_cut_is_read_in_all_and_a_click_keeps_it(open_notebook, screenshot):
    notebook = open_notebook(BOWL, SHOW, "widget.cuts = True\nwidget", "widget.marked = (-0.5, 0.75)")
    notebook.run(0, 1, 2)
    first, second = Landscape(notebook, 1), Landscape(notebook, 2)
    for view in first, second:
        view.wait_until_it_shows(bowl())
    first.point_at(0.5, -0.25)
    for view in first, second:
        expect(view.readout()).to_contain_text("at 0.5, −0.25")
        expect(view.root.locator(".lw-cut").first).to_contain_text("along axis 1 at y = −0.25")
    first.point_at(0.5, -0.25)
    notebook.page.mouse.down()
    notebook.page.mouse.up()
    notebook.wait_for("widget.marked == (0.5, -0.25)")
    for view in first, second:
        notebook.wait(
            f"([root, place]) => String(({MARKED})(root)) === place",
            [view.root.element_handle(), "0.5,-0.25"],
        )
    cut = second.root.locator(".lw-cut-field").last
    cut.hover(position={"x": 2, "y": 20})
    for view in first, second:
        expect(view.readout()).to_contain_text("at 0.5, −1")
    notebook.run(3)
    notebook.page.mouse.move(0, 0)
    for view in first, second:
        expect(view.readout()).to_contain_text("at −0.5, 0.75")
    thumb = first.thumb("point on the cut along axis 1")
    thumb.focus()
    notebook.page.keyboard.press("ArrowRight")
    notebook.wait_for("widget.marked == (-0.375, 0.75)")
    assert marked(first) == [-0.375, 0.75]
    screenshot(first.root)
