"""What do a click, the wheel, the keys and the full window do?"""

from __future__ import annotations

import re

import pytest
from landscape import Landscape
from playwright.sync_api import expect
from problems import BOWL, CROWD, SHOW, bowl

pytestmark = pytest.mark.browser


def numbers_in(text: str) -> list[float]:
    return [float(number.replace("−", "-")) for number in re.findall(r"−?\d+(?:\.\d+)?", text)]


def test_a_click_reads_coordinates_value_and_standard_error(open_notebook, screenshot):
    notebook = open_notebook(CROWD)
    notebook.run(0)
    landscape = Landscape(notebook, 0)
    landscape.wait_for(phase="done", level="2")
    notebook.page.mouse.click(*landscape.place(0.5, -0.25))
    notebook.page.mouse.move(0, 0)
    expect(landscape.readout()).to_contain_text("at 0.5, −0.25")
    screenshot(landscape.root)
    value, error, error_beyond, *_ = numbers_in(landscape.readout().inner_text())
    tilt = (1.25 - value) / 0.5 / 2  # loss(a) = a² + 1 − 2a · tilt, where tilt is the targets' mean
    beyond = 2 * 0.5 * ((1 - tilt**2) / 50) ** 0.5
    assert error_beyond == pytest.approx(beyond, rel=0.06)
    assert error == pytest.approx(beyond * (1 - 50 / 100) ** 0.5, rel=0.06)
    cell = "(float(widget.surface['loss'][6, 12]), float(widget.surface.standard_error['loss'][6, 12]))"
    assert (value, error) == pytest.approx(notebook.ask(cell), rel=0.06)


def test_the_wheel_scrolls_the_page_and_with_ctrl_it_zooms(open_notebook):
    notebook = open_notebook(BOWL, SHOW, *["1"] * 30)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    landscape.root.scroll_into_view_if_needed()
    notebook.page.mouse.move(*landscape.place(0, 0))
    before = notebook.scrolled()
    notebook.page.keyboard.down("Control")
    notebook.page.mouse.wheel(0, -100)
    notebook.page.keyboard.up("Control")
    landscape.wait_until_it_shows(bowl((-0.5, 0.5), (-0.5, 0.5)))
    assert notebook.scrolled() == before
    assert landscape.window() == [[-0.5, 0.5], [-0.5, 0.5]]
    notebook.page.mouse.wheel(0, 100)
    notebook.wait("(before) => document.querySelector('.jp-WindowedPanel-outer').scrollTop > before", before)
    assert notebook.ask("widget.x") == (-0.5, 0.5)


def test_keys_move_the_camera_and_bring_it_back(open_notebook):
    notebook = open_notebook(BOWL, SHOW.replace("heatmap", "surface"), "1")
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    cells, active = notebook.cell_count(), notebook.active_cell()
    notebook.leave_edit_mode()
    for key in ("ArrowLeft", "ArrowDown", "+"):
        landscape.picture().press(key)
    notebook.wait_for("widget.camera is not None")
    landscape.picture().press("0")
    notebook.wait_for("widget.camera is None")
    button = landscape.button("full window")
    for key in ("b", "a", "x", "d", "d", "ArrowDown"):
        button.press(key)
    assert (notebook.cell_count(), notebook.active_cell()) == (cells, active)
    button.press("?")
    expect(landscape.root.get_by_role("heading", name="Keys")).to_be_visible()


def test_the_full_window_is_filled_and_left_again(open_notebook, screenshot):
    notebook = open_notebook(BOWL, SHOW)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    size = landscape.picture().bounding_box()
    landscape.button("full window").click()
    notebook.wait("(root) => document.fullscreenElement === root", landscape.root.element_handle())
    notebook.wait("(root) => root.clientHeight === innerHeight", landscape.root.element_handle())
    screenshot(landscape.root)
    assert landscape.root.evaluate(
        "(root) => root.scrollHeight <= innerHeight && root.clientWidth === innerWidth"
    )
    assert landscape.picture().bounding_box()["height"] > size["height"]
    landscape.button("full window").click()
    notebook.wait("() => document.fullscreenElement === null")
    landscape.wait_until_it_shows(bowl())
