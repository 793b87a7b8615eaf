"""Does a person see, and read, what of the picture is measured and what isn't?"""

from __future__ import annotations

import re

import numpy as np
import pytest
from landscape import Landscape
from playwright.sync_api import expect
from problems import ALL, BOWL, FIRST_LEVEL, GATE, SHOW, SLOW, bowl, measured

pytestmark = pytest.mark.browser


def test_ground_between_measured_cells_is_interpolated_and_says_so(open_notebook, screenshot):
    notebook = open_notebook(BOWL + GATE, SHOW, FIRST_LEVEL, ALL)
    notebook.run(0, 1, 2)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(measured(bowl(), 5))
    ground = np.where(np.isnan(landscape.heights()), landscape.interpolated(), landscape.heights())
    np.testing.assert_allclose(ground, bowl(), atol=1e-6)  # a cubic spline knows a parabola
    expect(landscape.status_line()).to_contain_text(
        "drawn from 25 of 289 cells, interpolation not measured yet"
    )
    landscape.point_at(0.25, -0.5)
    expect(landscape.readout()).to_contain_text("interpolated, not measured")
    screenshot(landscape.root)
    landscape.point_at(0.5, -0.5)
    expect(landscape.readout()).to_contain_text("exact on these data")
    expect(landscape.readout()).not_to_contain_text("interpolated")
    notebook.run(3)
    landscape.wait_until_it_shows(bowl())
    assert landscape.interpolated().size == 0
    expect(landscape.status_line()).not_to_contain_text("interpolation")


def test_it_stops_where_the_interpolation_is_close_enough_and_goes_on_when_asked(open_notebook, screenshot):
    notebook = open_notebook(BOWL, SHOW.replace("resolution=17", "resolution=17, tolerance=0.02"))
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_for(state="settled", known="81")
    landscape.wait_until_it_shows(measured(bowl(), 9))
    expect(landscape.status_line()).to_contain_text("off by less than 0.01 % of the range, measured")
    landscape.root.get_by_role("button", name="how is it measured").click()
    stop_at = landscape.root.get_by_label("stop at")
    expect(stop_at.locator("option:checked")).to_have_text("2 % of the range")
    screenshot(landscape.root)
    stop_at.select_option(label="every cell")
    landscape.wait_for(state="done", known="289")
    landscape.wait_until_it_shows(bowl())
    assert notebook.ask("widget.tolerance") is None
    landscape.button("undo").click()
    notebook.wait_for("widget.tolerance == 0.02")


def test_a_preview_says_on_how_many_samples_until_all_are_measured(open_notebook, screenshot):
    show = SHOW.replace("bowl", "slope")
    notebook = open_notebook(SLOW, show, "pause = 0")
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    badge = landscape.root.locator(".lw-badge")
    expect(badge).to_have_text(re.compile(r"^preview: \d+ of 1,000 samples$"))
    landscape.wait_for(level="0")
    landscape.point_at(0.5, 0.5)
    expect(landscape.readout()).to_contain_text(re.compile(r"preview on \d+ samples"))
    expect(landscape.readout()).to_contain_text(re.compile(r"± [\d.]+ on these data"))
    screenshot(landscape.root)
    notebook.run(2)
    landscape.wait_for(phase="done", known="289")
    expect(badge).not_to_contain_text("preview")
    landscape.point_at(0.5, 0.5)  # the notebook may have scrolled to the cell that ran
    expect(landscape.readout()).to_contain_text("exact on these data")


def test_how_it_was_computed_stands_behind_the_place(open_notebook):
    notebook = open_notebook(BOWL, SHOW)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_for(phase="done")
    place = landscape.root.locator(".lw-piece").last
    place.focus()
    notebook.page.keyboard.press("Shift+Tab")
    notebook.page.keyboard.press("Tab")
    tooltip = landscape.root.locator(".lw-tooltip")
    expect(tooltip).to_be_visible()
    expect(tooltip).to_contain_text("Where the cells are computed.")
    assert len(tooltip.inner_text().splitlines()) > 1
