"""Is the picture right when it comes back: from no display, from far below, from behind another tab?"""

from __future__ import annotations

import pytest
from landscape import Landscape
from problems import ALL, BOWL, FIRST_LEVEL, GATE, SHOW, bowl

pytestmark = [pytest.mark.browser, pytest.mark.everywhere]

DISPLAY = "(root, display) => { root.parentElement.style.display = display; }"
WINDOWED = """() => {
  const { content } = jupyterapp.shell.currentWidget;
  content.notebookConfig = { ...content.notebookConfig, windowingMode: "full" };
}"""
IS_AWAY = "(root) => !root.checkVisibility()"
FITS = """(root) => {
  const drawing = root.querySelector(".lw-drawing");
  const { width, height } = drawing.querySelector("canvas") ?? drawing.layout;
  const { clientWidth, clientHeight } = drawing;
  return Math.abs(clientWidth - width) < 2 && Math.abs(clientHeight - height) < 2;
}"""
NEW_VIEW = """async () => {
  jupyterapp.shell.currentWidget.content.activeCellIndex = 1;
  await jupyterapp.commands.execute("notebook:create-output-view");
}"""
OPEN = "(path) => jupyterapp.commands.execute('docmanager:open', { path })"
CLOSE = """(path) => {
  for (const widget of jupyterapp.shell.widgets("main")) if (widget.context?.path === path) widget.close();
}"""


def wait_until_it_fits(landscape: Landscape) -> None:
    """Wait until what is drawn has the size of the room it has."""
    landscape.notebook.wait(FITS, landscape.root.element_handle())


def test_a_picture_that_was_not_displayed_has_the_new_size_and_the_new_values(open_notebook):
    notebook = open_notebook(BOWL, SHOW, "widget.x = (-2, 2); widget.kind = 'contour'; widget.wait()")
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    landscape.root.evaluate(DISPLAY, "none")
    notebook.page.set_viewport_size({"width": 800, "height": 700})
    notebook.run(2)
    landscape.root.evaluate(DISPLAY, "")
    landscape.wait_for(kind="contour", phase="done")
    wait_until_it_fits(landscape)
    assert landscape.window() == [[-2, 2], [-1, 1]]


def test_a_cell_far_below_comes_back_with_what_was_measured_meanwhile(open_notebook, screenshot):
    show = SHOW + "widget.kind = 'surface'\nwidget"  # JupyterLab only takes away what holds no SVG
    notebook = open_notebook(BOWL + GATE, show, FIRST_LEVEL, *["1\n" * 40] * 4, ALL)
    notebook.page.evaluate(WINDOWED)
    notebook.run(0, 1, 2)
    landscape = Landscape(notebook, 1)
    landscape.wait_for(level="0")
    root = landscape.root.element_handle()
    notebook.start(last := notebook.cell_count() - 1)
    notebook.show(last)
    notebook.wait(IS_AWAY, root)
    notebook.finish()
    notebook.wait_for("widget.status['phase'] == 'done' and widget._channel._outbox._under_way is None")
    notebook.show(1)
    landscape.wait_until_it_shows(bowl())
    wait_until_it_fits(landscape)
    screenshot(landscape.root)


def test_a_second_view_beside_the_notebook_and_a_tab_in_front_of_it(open_notebook, lab, screenshot):
    (lab.notebooks / "other.txt").write_text("in front")
    notebook = open_notebook(BOWL, SHOW)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    notebook.page.evaluate(NEW_VIEW)
    beside = Landscape.at(notebook, notebook.page.locator(".jp-LinkedOutputView .landscape-widget"))
    beside.wait_until_it_shows(bowl())
    wait_until_it_fits(beside)
    screenshot(notebook.page.locator("#jp-main-dock-panel"))
    notebook.page.evaluate(OPEN, "other.txt")
    beside.root.wait_for(state="hidden")
    landscape.picture().focus()
    notebook.page.keyboard.press("+")
    notebook.page.set_viewport_size({"width": 1000, "height": 800})
    notebook.page.evaluate(CLOSE, "other.txt")
    for one in (landscape, beside):
        one.wait_until_it_shows(bowl((-0.5, 0.5), (-0.5, 0.5)))
        wait_until_it_fits(one)
