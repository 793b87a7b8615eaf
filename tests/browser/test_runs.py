"""Can a run be paused, stopped, changed in its middle, and survive a loss that raises?"""

from __future__ import annotations

import pytest
from landscape import Landscape
from playwright.sync_api import expect
from problems import ALL, BOWL, CLOSE, FIRST_LEVEL, GATE, SHOW, TRAP, bowl, measured

pytestmark = pytest.mark.browser


def test_a_stop_keeps_what_is_known(open_notebook, screenshot):
    notebook = open_notebook(BOWL + GATE, SHOW, FIRST_LEVEL, ALL)
    notebook.run(0, 1, 2)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(measured(bowl(), 5))
    landscape.button("stop").click()
    landscape.wait_for(phase="stopped")
    notebook.run(3)
    landscape.wait_until_it_shows(measured(bowl(), 5))
    screenshot(landscape.root)
    assert notebook.ask("widget.status['phase']") == "stopped"


def test_a_pause_ends_where_it_began(open_notebook):
    notebook = open_notebook(BOWL + GATE, SHOW, FIRST_LEVEL, ALL)
    notebook.run(0, 1, 2)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(measured(bowl(), 5))
    landscape.button("pause").click()
    landscape.wait_for(phase="paused")
    notebook.run(3)
    landscape.button("resume").click()
    landscape.wait_until_it_shows(bowl())


def test_a_new_request_cancels_the_old_one(open_notebook):
    notebook = open_notebook(BOWL + GATE, SHOW, FIRST_LEVEL, "widget.x = (-2, 2)", ALL)
    notebook.run(0, 1, 2)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(measured(bowl(), 5))
    notebook.run(3, 4)
    landscape.wait_until_it_shows(bowl(x=(-2, 2)))


def test_zoom_keeps_the_cells_that_are_still_there(open_notebook, screenshot):
    notebook = open_notebook(BOWL + GATE, SHOW, ALL, CLOSE)
    notebook.run(0, 1, 2, 3)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    notebook.record(landscape.root, "data-known")
    landscape.button("zoom in").click()
    landscape.wait_until_it_shows(measured(bowl((-0.5, 0.5), (-0.5, 0.5)), 9))
    landscape.wait_for(known="81", level="1")
    assert landscape.window() == [[-0.5, 0.5], [-0.5, 0.5]]
    assert notebook.recorded("data-known") == ["289", "81"]
    assert notebook.ask("int(widget.surface.known.sum())") == 81
    screenshot(landscape.root)


def test_a_loss_that_raises_is_shown_and_the_next_change_works(open_notebook, screenshot):
    notebook = open_notebook(BOWL + TRAP, SHOW, "trap.set(); widget.x = (-2, 2)", "trap.clear()")
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    notebook.run(2)
    landscape.wait_for(phase="failed")
    expect(landscape.sentence()).to_have_text("RuntimeError: the bowl has a crack")
    landscape.wait_until_it_shows(bowl())
    screenshot(landscape.root, "folded")
    traceback = landscape.root.get_by_text("Traceback (most recent call last)")
    expect(traceback).to_be_hidden()
    landscape.button("traceback").click()
    expect(traceback).to_be_visible()
    screenshot(landscape.root)
    notebook.run(3)
    landscape.button("try again").click()
    landscape.wait_until_it_shows(bowl(x=(-2, 2)))


def test_after_a_failure_the_next_change_works(open_notebook):
    notebook = open_notebook(BOWL + TRAP, SHOW, "trap.set(); widget.x = (-2, 2)", "trap.clear()")
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    notebook.run(2)
    landscape.wait_for(phase="failed")
    notebook.run(3)
    landscape.move_x_to(0.75, start=2, step=1 / 4)
    landscape.wait_until_it_shows(bowl(x=(-2, 0.75)))
    expect(landscape.sentence()).to_have_text("complete")
