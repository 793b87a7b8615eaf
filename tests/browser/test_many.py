"""Do twenty pictures in space work on one page, where a browser has room for sixteen drawing contexts?"""

from __future__ import annotations

import pytest
from landscape import Landscape
from notebook import Notebook
from playwright.sync_api import expect
from problems import BOWL, bowl

pytestmark = [pytest.mark.browser, pytest.mark.everywhere]

MANY = 20
SHOW = f"""
from IPython.display import display
widgets = []
for number in range(1, {MANY} + 1):
    widget = lw.explore(
        model, lw.batch_loss(bowl), data, directions=axes, x=(-number, number), resolution=9
    )
    widget.linked, widget.scale = False, "linear"
    widgets.append(widget)
    display(widget)
"""
SAY = """
for widget in widgets:
    widget.name = "heard"
"""
COLORS = """(root) => {
  const area = ({ width, height }) => width * height;
  const [canvas] = [...root.querySelectorAll("canvas")].sort((a, b) => area(b) - area(a));
  const image = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(image.data.buffer).filter((_, pixel) => pixel % 7 === 0)).size;
}"""


def shown(notebook: Notebook, number: int) -> Landscape:
    """Scroll to one of them."""
    landscape = Landscape.at(notebook, notebook.page.locator(".landscape-widget").nth(number))
    landscape.root.scroll_into_view_if_needed()
    return landscape


def test_twenty_in_space_all_show_their_surface_and_the_last_still_answers(open_notebook, screenshot):
    notebook = open_notebook(BOWL, SHOW, SAY)
    # Of the library: anywidget gives each model two seconds, and who asks for the library ten.
    notebook.errors.expect("Failed to initialize model")
    notebook.run(0, 1)
    for number in range(MANY):
        landscape = shown(notebook, number)
        landscape.wait_until_it_shows(bowl((-number - 1, number + 1), points=9))
        assert landscape.root.evaluate(COLORS) > 100
    landscape.thumb("x to").focus()
    notebook.page.keyboard.press("ArrowLeft")
    landscape.wait_until_it_shows(bowl((-MANY, MANY - MANY / 4), points=9))
    first = shown(notebook, 0)
    assert first.root.evaluate(COLORS) > 100
    notebook.run(2)
    expect(notebook.page.locator(".lw-name").get_by_text("heard")).to_have_count(MANY)
    assert "WebGL" not in notebook.page.locator("#jp-main-dock-panel").inner_text()
    screenshot(first.root)
