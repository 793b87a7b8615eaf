"""Is the widget at home in Notebook 7, which shares JupyterLab's kernel but not its page?"""

from __future__ import annotations

import pytest
from landscape import Landscape
from problems import BOWL, SHOW, bowl

pytestmark = [pytest.mark.browser, pytest.mark.everywhere]


def test_a_slider_moves_the_picture_and_its_keys_stay_inside(open_notebook, screenshot):
    notebook = open_notebook(BOWL, SHOW, at="notebooks")
    notebook.errors.expect("reading 'schema'|'filebrowser:open-path'")  # Notebook 7's own, at its start
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    notebook.leave_edit_mode()
    landscape.move_x_to(0.875)
    landscape.wait_until_it_shows(bowl(x=(-1, 0.875)))
    assert notebook.ask("widget.x") == (-1, 0.875)
    landscape.button("zoom in").focus()
    notebook.page.keyboard.press("b")
    assert (notebook.cell_count(), notebook.active_cell()) == (2, 1)
    notebook.page.keyboard.press("Control+s")
    notebook.wait_until_saved()
    notebook.set_theme("JupyterLab Dark")
    landscape.wait_for_light_text()
    screenshot(landscape.root)
