"""Does what a person sets arrive, while the kernel is idle and while it is busy, and is nonsense refused?"""

from __future__ import annotations

import pytest
from kernels import IPYKERNEL_6
from landscape import Landscape
from playwright.sync_api import expect
from problems import BOWL, BUSY, SHOW, bowl

pytestmark = pytest.mark.browser


def test_a_slider_moved_while_the_kernel_is_idle(open_notebook):
    notebook = open_notebook(BOWL, SHOW)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    landscape.move_x_to(0.75)
    landscape.wait_until_it_shows(bowl(x=(-1, 0.75)))
    assert notebook.ask("widget.x") == (-1, 0.75)


def test_a_slider_moved_while_a_cell_runs(open_notebook):
    notebook = open_notebook(BOWL, SHOW, BUSY)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    notebook.start(2)
    landscape.move_x_to(0.75)
    landscape.wait_until_it_shows(bowl(x=(-1, 0.75)))
    assert notebook.is_running(2)
    notebook.interrupt()


def test_a_slider_moved_while_a_cell_runs_on_an_older_kernel(open_notebook, screenshot):
    notebook = open_notebook(BOWL, SHOW, BUSY, kernel=IPYKERNEL_6)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    notebook.record(landscape.root, "data-connection")
    notebook.start(2)
    landscape.move_x_to(0.75)
    landscape.wait_for(connection="busy")
    expect(landscape.sentence()).to_contain_text("kernel busy, showing what was known at")
    screenshot(landscape.root, "busy")
    assert notebook.is_running(2)
    landscape.wait_until_it_shows(bowl())
    notebook.interrupt()
    landscape.wait_until_it_shows(bowl(x=(-1, 0.75)))
    landscape.wait_for(connection="live")
    assert notebook.recorded("data-connection") == ["live", "busy", "live"]
    assert notebook.ask("widget.x") == (-1, 0.75)


def test_a_refused_value_gives_its_reason_and_the_old_value(open_notebook, screenshot):
    notebook = open_notebook(BOWL, SHOW)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    field = landscape.root.get_by_role("textbox", name="x from, a number")
    field.fill("3")
    field.press("Enter")
    expect(field).to_have_value("−1")
    reason = landscape.root.locator(".lw-refusal:visible")
    expect(reason).not_to_be_empty()
    screenshot(landscape.root)
    assert notebook.ask("widget.x") == (-1, 1)


def test_arrow_keys_belong_to_the_slider_and_saving_to_jupyter(open_notebook):
    notebook = open_notebook(BOWL, SHOW, "1")
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    active = notebook.active_cell()
    notebook.leave_edit_mode()
    landscape.move_x_to(0.875, key="ArrowDown")
    landscape.wait_until_it_shows(bowl(x=(-1, 0.875)))
    assert notebook.active_cell() == active
    assert not notebook.is_saved()
    landscape.thumb("x to").press("Control+s")
    notebook.wait_until_saved()


def test_undo_takes_back_what_the_slider_did_and_redo_repeats_it(open_notebook):
    notebook = open_notebook(BOWL, SHOW)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    landscape.move_x_to(0.75)
    landscape.wait_until_it_shows(bowl(x=(-1, 0.75)))
    landscape.button("undo").click()
    landscape.wait_until_it_shows(bowl())
    assert notebook.ask("widget.x") == (-1, 1)
    landscape.thumb("x to").press("Control+Shift+z")
    landscape.wait_until_it_shows(bowl(x=(-1, 0.75)))
    expect(landscape.button("redo")).to_be_disabled()
