"""Is the picture complete, in order, in light and dark, and does it show the numbers that Python has?"""

from __future__ import annotations

import re

import numpy as np
import pytest
from landscape import Landscape
from playwright.sync_api import expect
from problems import ALL, BOWL, CLIFF, FIRST_LEVEL, GATE, LINE, SHOW, bowl, measured

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", ["surface", "heatmap"])
def test_the_picture_shows_the_numbers(open_notebook, screenshot, kind):
    notebook = open_notebook(BOWL, SHOW.replace("heatmap", kind))
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    assert np.allclose(notebook.ask("widget.surface['loss'].tolist()"), bowl(), atol=1e-6)
    screenshot(landscape.root)


def test_levels_arrive_in_order_and_complete(open_notebook):
    notebook = open_notebook(BOWL + GATE, SHOW, FIRST_LEVEL, ALL)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    notebook.record(landscape.root, "data-known")
    notebook.record(landscape.root, "data-level")
    notebook.run(2)
    landscape.wait_until_it_shows(measured(bowl(), 5))
    notebook.run(3)
    landscape.wait_until_it_shows(bowl(points=17))
    for name, last in (("data-known", 17 * 17), ("data-level", 2)):
        numbers = [int(number) for number in notebook.recorded(name)]
        assert numbers == sorted(numbers)
        assert numbers[-1] == last


def test_cells_that_are_no_numbers_are_holes_and_counted(open_notebook, screenshot):
    notebook = open_notebook(BOWL + CLIFF, SHOW, "widget.x = (0.75, 2)")
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_for(phase="done", level="2")
    expected = bowl()
    expected[:, np.linspace(-1, 1, 17) > 0.5] = np.nan
    landscape.wait_until_it_shows(expected)
    expect(landscape.status_line()).to_contain_text("68 not finite")
    screenshot(landscape.root)
    notebook.run(2)
    landscape.wait_for(state="not finite")
    expect(landscape.sentence()).to_have_text("every cell is NaN: the loss overflows; try a smaller range")
    landscape.wait_until_it_shows(np.full((17, 17), np.nan))
    screenshot(landscape.root, "everywhere")
    assert landscape.window() == [[0.75, 2], [-1, 1]]


def test_one_direction_is_a_line_chart(open_notebook, screenshot):
    notebook = open_notebook(LINE)
    notebook.run(0)
    landscape = Landscape(notebook, 0)
    landscape.wait_for(phase="done", level="2")
    a = np.linspace(-1, 1, 17)
    notebook.wait("(root) => root.querySelector('.y2title')", landscape.root.element_handle())
    screenshot(landscape.root)
    lines = landscape.lines()
    expected = {
        "loss": ("y", "solid", np.log1p(np.exp(-a))),
        "test loss": ("y", "dash", np.log1p(np.exp(a))),
        "accuracy, %": ("y2", "solid", 100.0 * (a >= 0)),
        "test accuracy, %": ("y2", "dash", 100.0 * (a < 0)),
    }
    assert set(lines) == set(expected)
    for name, (axis, dash, heights) in expected.items():
        assert (lines[name]["axis"], lines[name]["dash"]) == (axis, dash)
        np.testing.assert_allclose(lines[name]["heights"], heights, atol=1e-5)
    left, right = (landscape.root.locator(f".{side}title") for side in ("y", "y2"))
    assert (left.text_content(), right.text_content()) == ("loss", "accuracy, %")
    assert left.bounding_box()["x"] < right.bounding_box()["x"]


def test_light_and_dark(open_notebook, screenshot):
    notebook = open_notebook(BOWL, SHOW)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    landscape.wait_for_light_text(False)
    assert notebook.theme() == "JupyterLab Light"
    screenshot(landscape.root, "light")
    notebook.set_theme("JupyterLab Dark")
    landscape.wait_for_light_text()
    screenshot(landscape.root, "dark")
    notebook.run(1)
    Landscape(notebook, 1).wait_for_light_text()


def test_a_hidden_tab_holds_nothing_up(open_notebook):
    notebook = open_notebook(BOWL + GATE, SHOW, ALL)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    notebook.hide()
    notebook.run(2)
    landscape.wait_for(phase="done", known="289")
    notebook.hide(False)
    landscape.wait_until_it_shows(bowl())


def test_where_every_number_along_an_axis_is_too_wide_its_title_still_has_a_place(open_notebook, screenshot):
    notebook = open_notebook(BOWL, SHOW)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    notebook.page.set_viewport_size({"width": 420, "height": 900})
    notebook.ask("setattr(widget, 'x', (1000000.5, 1000000.6))")
    expect(landscape.root.locator(".g-xtitle text")).to_contain_text("direction 1")
    expect(landscape.root.locator(".xtick text").first).to_contain_text("1.0000005")
    expect(landscape.root.locator(".g-xtitle text")).to_have_attribute("y", re.compile(r"^\d"))
    screenshot(landscape.root)
