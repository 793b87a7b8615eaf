"""What outlives what: a view its page, a widget its cell, a picture its kernel?"""

from __future__ import annotations

import pytest
from kernels import IPYKERNEL_6
from landscape import Landscape
from playwright.sync_api import expect
from problems import BOWL, SHOW, TEN_SECONDS, bowl

pytestmark = pytest.mark.browser


def test_a_reloaded_page_shows_the_same_and_goes_on(open_notebook):
    notebook = open_notebook(BOWL, SHOW, "widget.x = (-2, 2)")
    notebook.run(0, 1)
    Landscape(notebook, 1).wait_until_it_shows(bowl())
    notebook.save()
    notebook.reload()
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    notebook.run(2)
    landscape.wait_until_it_shows(bowl(x=(-2, 2)))


def test_two_views_of_one_widget_agree(open_notebook):
    notebook = open_notebook(BOWL, SHOW, "widget")
    notebook.run(0, 1, 2)
    first, second = Landscape(notebook, 1), Landscape(notebook, 2)
    first.wait_until_it_shows(bowl())
    second.wait_until_it_shows(bowl())
    first.move_x_to(0.875)
    for landscape in (first, second):
        landscape.wait_until_it_shows(bowl(x=(-1, 0.875)))
        expect(landscape.thumb("x to")).to_have_attribute("aria-valuenow", "0.875")


def test_a_cell_that_is_run_again_closes_its_first_widget(open_notebook):
    notebook = open_notebook(BOWL, SHOW, "first = widget")
    notebook.run(0, 1, 2, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    expect(notebook.page.locator(".landscape-widget")).to_have_count(1)
    assert notebook.ask("(first is widget, first.comm is None)") == (False, True)


def test_a_restarted_kernel_is_said_to_be_gone(open_notebook, screenshot):
    notebook = open_notebook(BOWL, SHOW)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    notebook.restart_kernel()
    landscape.wait_for(connection="disconnected")
    expect(landscape.root).to_contain_text("disconnected")
    screenshot(landscape.root)
    notebook.run(0, 1)
    Landscape(notebook, 1).wait_until_it_shows(bowl())


@pytest.mark.parametrize("kernel", ["python3", IPYKERNEL_6])
def test_a_cell_of_ten_seconds_is_no_end(open_notebook, kernel):
    notebook = open_notebook(BOWL, SHOW, TEN_SECONDS, kernel=kernel)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    notebook.record(landscape.root, "data-connection")
    notebook.start(2)
    landscape.move_x_to(0.875)
    notebook.finish()
    landscape.wait_until_it_shows(bowl(x=(-1, 0.875)))
    landscape.wait_for(connection="live")
    assert "disconnected" not in notebook.recorded("data-connection")
