"""Is the picture complete, in order, in light and dark, and does it show the numbers that Python has?"""

from __future__ import annotations

import numpy as np
import pytest
from landscape import Landscape
from problems import ALL, BOWL, FIRST_LEVEL, GATE, SHOW, bowl

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
    landscape.wait_until_it_shows(bowl(points=5))
    notebook.run(3)
    landscape.wait_until_it_shows(bowl(points=17))
    for name, last in (("data-known", 17 * 17), ("data-level", 2)):
        numbers = [int(number) for number in notebook.recorded(name)]
        assert numbers == sorted(numbers)
        assert numbers[-1] == last


def test_light_and_dark(open_notebook, screenshot):
    notebook = open_notebook(BOWL, SHOW)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    landscape.wait_for_light_text(False)
    screenshot(landscape.root, "light")
    notebook.set_theme("JupyterLab Dark")
    landscape.wait_for_light_text()
    screenshot(landscape.root, "dark")


def test_a_hidden_tab_holds_nothing_up(open_notebook):
    notebook = open_notebook(BOWL + GATE, SHOW, ALL)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    notebook.hide()
    notebook.run(2)
    landscape.wait_for(phase="done", known="289")
    notebook.hide(False)
    landscape.wait_until_it_shows(bowl())
