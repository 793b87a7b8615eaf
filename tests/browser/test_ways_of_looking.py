"""Can one turn an axis, treat BatchNorm otherwise, and read what lies between two models?"""

from __future__ import annotations

import numpy as np
import pytest
from landscape import Landscape
from playwright.sync_api import expect
from problems import BOWL

pytestmark = pytest.mark.browser

LAYER = """
import torch
import landscape_widget as lw

torch.manual_seed(0)
inputs = 3 * torch.randn(64, 4) + 1
targets = (inputs[:, 0] > 1).long()
layers = (torch.nn.Linear(4, 8), torch.nn.BatchNorm1d(8), torch.nn.ReLU(), torch.nn.Linear(8, 2))
layers[3].weight.data *= 10
model = torch.nn.Sequential(*layers)
widget = lw.explore(
    model, torch.nn.functional.cross_entropy, (inputs, targets), resolution=9, x=(-1, 1), y=(-1, 1)
)
widget.linked = False
widget.kind, widget.scale = "heatmap", "linear"
widget
"""
TURNED = """
widget = lw.explore(
    model, lw.batch_loss(bowl), data, directions=[axes[0], lw.RandomDirection(0)], resolution=9
)
widget.linked = False
widget.kind, widget.scale = "heatmap", "linear"
widget
"""
# Two wells at -1 and 1 with a hill of 1 between them.
WELLS = """
import torch
import landscape_widget as lw

model, other = (torch.nn.Linear(1, 1, bias=False) for _ in range(2))
torch.nn.init.constant_(model.weight, -1)
torch.nn.init.constant_(other.weight, 1)

def wells(model, batch):
    return ((model.weight**2 - 1) ** 2).sum()

data = (torch.zeros(1, 1), torch.zeros(1))
axes = [lw.TowardsModel(other, "other")]
widget = lw.explore(model, lw.batch_loss(wells), data, directions=axes, resolution=41)
widget.scale = "linear"
widget
"""
VALUES = "widget.surface['loss'].tolist()"
CHORD = """(root) => {
  const { data } = root.querySelector(".lw-drawing");
  const ends = ({ x, y }) => [[x[0], y[0]], [x.at(-1), y.at(-1)]];
  return ["chord", "barrier"].map((name) => ends(data.find((trace) => trace.name === name)));
}"""


def test_batch_norm_treated_otherwise_is_measured_anew(open_notebook, screenshot):
    notebook = open_notebook(LAYER)
    notebook.run(0)
    landscape = Landscape(notebook, 0)
    landscape.wait_for(phase="done")
    frozen = notebook.ask(VALUES)
    landscape.root.get_by_role("button", name="how is it measured").click()
    landscape.root.get_by_role("radio", name="re-estimated").click()
    landscape.wait_for(generation="2", phase="done")
    again = notebook.ask(VALUES)
    assert again != frozen
    landscape.wait_until_it_shows(np.array(again))
    expect(landscape.root).to_contain_text("BatchNorm matters here: frozen")
    screenshot(landscape.root)
    landscape.button("undo").click()
    landscape.wait_until_it_shows(np.array(frozen))


def test_an_axis_is_turned_towards_a_third_direction(open_notebook, screenshot):
    notebook = open_notebook(BOWL, TURNED)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_for(phase="done")
    landscape.root.get_by_role("button", name="turn axis 2").click()
    landscape.root.get_by_label("third direction", exact=True).select_option("random")
    thumb = landscape.thumb("rotation of axis 2")
    thumb.focus()
    for _ in range(8):
        thumb.press("PageUp")
    notebook.wait_for("widget.rotation == 80 and widget.status['phase'] == 'done'")
    expect(landscape.root).to_contain_text("turned 80° towards random, seed 1")
    landscape.wait_until_it_shows(np.array(notebook.ask(VALUES)))
    screenshot(landscape.root)
    thumb.press("Home")
    notebook.wait_for("widget.rotation == 0")
    expect(landscape.root).not_to_contain_text("turned 80°")


def test_the_barrier_between_two_models_is_drawn_and_said(open_notebook, screenshot):
    notebook = open_notebook(WELLS)
    notebook.run(0)
    landscape = Landscape(notebook, 0)
    landscape.wait_for(phase="done")
    expect(landscape.status_line()).to_contain_text("barrier 1 at 0.5; not monotone: rises by 1 at 0.5")
    chord, barrier = landscape.root.evaluate(CHORD)
    assert chord == [[0, 0], [1, 0]] and barrier == [[0.5, 0], [0.5, 1]]
    screenshot(landscape.root)
    for scale in ("log", "paper"):
        landscape.root.get_by_label("scale", exact=True).select_option(scale)
        expect(landscape.root.locator(".lw-drawing")).to_contain_text("barrier 1")
