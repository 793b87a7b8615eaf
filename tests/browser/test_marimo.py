"""Is the widget at home in marimo, inside a shadow root and a page that isn't Jupyter's?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from landscape import Landscape
from marimo_app import MarimoApp, marimo_app
from notebook import PageErrors, describe
from playwright.sync_api import Page, expect
from problems import BOWL, bowl

pytestmark = [pytest.mark.browser, pytest.mark.everywhere]

SHOW = """
import marimo as mo
widget = lw.explore(model, lw.batch_loss(bowl), data, directions=axes, resolution=17)
widget.linked, widget.scale = False, "linear"
view = mo.ui.anywidget(widget)
view
"""
ECHO = "mo.md(f\"x in Python: {view.value['x']}\")"
LAYERS = (
    """(root) => [...root.querySelectorAll(".main-svg")].map((layer) => getComputedStyle(layer).position)"""
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    cells = [("", BOWL + SHOW, "mo, view"), ("mo, view", ECHO, "")]
    with marimo_app(tmp_path_factory.mktemp("marimo"), cells) as address:
        yield address


@pytest.fixture
def app(page: Page, address: str) -> Iterator[MarimoApp]:
    errors = PageErrors(page, address.removeprefix("http://"))
    page.goto(address)
    yield MarimoApp(page)
    assert not errors.unexpected(), describe(errors.unexpected())


def test_every_kind_is_drawn_in_the_dark_and_a_slider_reaches_python(app, screenshot):
    landscape = Landscape(app, 0)
    assert landscape.root.evaluate("(root) => root.getRootNode() instanceof ShadowRoot")
    landscape.wait_until_it_shows(bowl())
    screenshot(landscape.root, "surface")
    for kind in ("contour", "heat map"):
        landscape.root.get_by_role("radio", name=kind).click()
        landscape.wait_for(kind=kind.replace(" ", ""))
        landscape.wait_for_light_text()
        assert set(landscape.root.evaluate(LAYERS)) == {"absolute"}
        screenshot(landscape.root, kind)
    landscape.wait_until_it_shows(bowl())
    landscape.move_x_to(0.875)
    landscape.wait_until_it_shows(bowl(x=(-1, 0.875)))
    expect(app.output(1)).to_have_text("x in Python: (-1.0, 0.875)")
    landscape.point_at(0, 0)
    expect(landscape.readout()).to_contain_text("loss")


def test_menu_help_and_keys_work_inside_the_shadow_root(app, screenshot):
    landscape = Landscape(app, 0)
    landscape.wait_for(phase="done")
    landscape.button("more").click()
    copy = landscape.button("copy the Python that makes this view")
    expect(copy).to_be_visible()
    app.page.mouse.click(5, 5)
    expect(copy).to_be_hidden()
    landscape.thumb("x to").focus()
    app.page.keyboard.press("ArrowLeft")
    assert app.focused() == "x to"
    app.page.keyboard.press("Control+z")
    expect(landscape.thumb("x to")).to_have_attribute("aria-valuenow", "1")
    app.page.keyboard.press("?")
    expect(landscape.root.get_by_role("dialog")).to_be_visible()
    screenshot(landscape.root)
    app.page.keyboard.press("Escape")
    expect(landscape.root.get_by_role("dialog")).to_be_hidden()
