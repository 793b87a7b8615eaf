"""Does a notebook without a model show what another process writes?"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from landscape import Landscape
from playwright.sync_api import expect
from problems import bowl, measured

from landscape_widget.facts import MetricFacts
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.run_file import RunFile
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State

pytestmark = pytest.mark.browser

SHOW = """
import landscape_widget as lw

widget = lw.explore({path!r})
widget.kind, widget.scale = "heatmap", "linear"
widget
"""


def known(levels: int) -> Surface:
    """The bowl, as far as it is measured."""
    axis = Axis(-1, 1, 17)
    empty = Surface.empty(Grid(axis, axis), (MetricFacts("loss", "", 1),), samples=1)
    values = np.where(empty.grid.cell_levels < levels, bowl().ravel(), np.nan)
    states = np.where(np.isnan(values), State.UNKNOWN, State.EXACT).astype(np.uint8)
    return replace(empty, values=values[None], states=states, counts=np.isfinite(values)[None].astype(int))


def test_a_file_grows_while_another_process_writes_to_it(open_notebook, screenshot, tmp_path):
    clock = count()
    file = RunFile(tmp_path / "run.npz", lambda: next(clock), others={})
    file.append(known(levels=1))
    notebook = open_notebook(SHOW.format(path=str(file.path)))
    notebook.run(0)
    landscape = Landscape(notebook, 0)
    landscape.wait_until_it_shows(measured(bowl(), 5))
    expect(landscape.status_line()).to_contain_text(re.compile(r"(following|has written to) run\.npz"))
    expect(landscape.thumb("x to")).to_have_attribute("aria-disabled", "true")
    screenshot(landscape.root, "growing")

    file.append(known(levels=2))
    landscape.wait_until_it_shows(measured(bowl(), 9))
    file.finish(known(levels=3))
    landscape.wait_until_it_shows(bowl())
    landscape.wait_for(phase="done")
    expect(landscape.status_line()).not_to_contain_text("run.npz")
    landscape.point_at(0.5, 0.5)
    expect(landscape.readout()).to_contain_text("0.5")
    screenshot(landscape.root, "done")
