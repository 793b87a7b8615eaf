"""Does a map of curvature grow after the loss, and say what it costs; how sharp is the origin?"""

from __future__ import annotations

import re

import numpy as np
import pytest
from landscape import Landscape
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# The Hessian is ((12 w₁² − 4, 1), (1, 12 w₂² − 4)). Products wait for the gate, and then for the rest.
WELLS = """
import threading
import torch
import landscape_widget as lw

gate, rest = threading.Event(), threading.Event()
model = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.ones_(model.weight)
data = (torch.zeros(4, 2), torch.zeros(4))
axes = [{"weight": torch.tensor([[1.0, 0.0]])}, {"weight": torch.tensor([[0.0, 1.0]])}]

def wells(model, batch):
    if torch.is_grad_enabled() and threading.current_thread() is not threading.main_thread():
        gate.wait()
        if widget.surface.map("curvature").level >= 0:
            rest.wait()
    return ((model.weight**2 - 1) ** 2).sum() + model.weight.prod()
"""
SHOW = """
extremes = lw.HessianExtremes(samples=4, resolution=9{options})
widget = lw.explore(
    model, lw.batch_loss(wells), data, directions=axes, resolution=17, metrics={{"curvature": extremes}}
)
widget.linked = False
widget.kind, widget.scale = "heatmap", "linear"
widget
"""
OPEN = "gate.set()"
GO_ON = "rest.set()"
UNCONVERGED = "int((widget.surface.map('curvature').state == 4)[:81].sum())"
HATCHED = """(root) => root.querySelector(".lw-drawing").data
  .filter(({ name }) => name === "not converged" || name === "not finite")
  .map(({ name }) => name)"""
RANGE = """(root) => {
  const [{ zmin, zmax }] = root.querySelector(".lw-drawing").data;
  return [zmin, zmax];
}"""

# A small network of the package, on a fixed subset of real data.
DIGITS = """
import torch
import landscape_widget as lw
from landscape_widget import zoo

model = zoo.load("conv-16-decay-0")
widget = lw.explore(
    model,
    torch.nn.CrossEntropyLoss(),
    zoo.digits().train,
    resolution=9,
    metrics={"curvature": lw.HessianExtremes(samples=64, resolution=5)},
    name="digits",
)
widget.kind, widget.metric = "heatmap", "curvature"
widget
"""

EIGENVECTORS = """
import torch
import landscape_widget as lw
from landscape_widget import zoo

model, data = zoo.load("conv-16-decay-0"), zoo.digits().train
widget = lw.explore(model, torch.nn.CrossEntropyLoss(), data, resolution=9)
widget.kind = "contour"
widget
"""
BATCHES = """
import torch
import landscape_widget as lw
from landscape_widget import zoo

models = {f"batch {size}": zoo.load(f"conv-{size}-decay-0") for size in (16, 1024)}
comparison = lw.compare(
    models,
    torch.nn.CrossEntropyLoss(),
    zoo.digits().train,
    resolution=9,
    metrics={"curvature": lw.HessianExtremes(samples=64, resolution=5)},
)
comparison.kind = "heatmap"
comparison
"""


def extremes(points: int) -> tuple[np.ndarray, np.ndarray]:
    """λ_max and λ_min of the wells, row = y."""
    weights = 1 + np.linspace(-1, 1, points)
    hessians = np.ones((points, points, 2, 2))
    hessians[..., 0, 0] = 12 * weights**2 - 4
    hessians[..., 1, 1] = (12 * weights**2 - 4)[:, None]
    values = np.linalg.eigvalsh(hessians)
    return values[..., 1], values[..., 0]


def ratio(points: int) -> np.ndarray:
    """As it is drawn: at most 0.5, NaN where λ_max isn't above 0."""
    largest, smallest = extremes(points)
    with np.errstate(divide="ignore"):
        return np.where(largest > 0, np.minimum(np.abs(smallest / largest), 0.5), np.nan)


def test_a_map_is_promised_before_it_grows_coarse_to_fine(open_notebook, screenshot):
    notebook = open_notebook(WELLS, SHOW.format(options=""))
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_for(known="289")
    landscape.root.get_by_label("metric").select_option(label="|λ_min/λ_max|")
    card = landscape.root.locator(".lw-card")
    expect(card).to_contain_text("9×9 cells on 4 samples")
    expect(landscape.sentence()).to_have_text("trying what the curvature costs")
    expect(landscape.status_line()).to_contain_text("curvature comes next: 9×9 cells")
    screenshot(landscape.root, "waiting")
    notebook.ask(OPEN)
    landscape.wait_for(level="0", phase="computing")
    expect(card).to_be_hidden()
    expect(landscape.status_line()).to_contain_text(re.compile(r"curvature: \d+ of 81 cells"))
    coarse = ratio(9)
    coarse[1::2], coarse[:, 1::2] = np.nan, np.nan
    landscape.wait_until_it_shows(coarse)
    screenshot(landscape.root, "coarse")
    notebook.ask(GO_ON)
    landscape.wait_for(phase="done", known="81")
    landscape.wait_until_it_shows(ratio(9))
    assert landscape.root.evaluate(RANGE) == [0, 0.5]
    assert landscape.root.evaluate(HATCHED) == ["not finite"]
    screenshot(landscape.root)


def test_a_map_that_is_stopped_keeps_its_level_and_the_picture(open_notebook):
    notebook = open_notebook(WELLS, OPEN, SHOW.format(options=""))
    notebook.run(0, 1, 2)
    landscape = Landscape(notebook, 2)
    landscape.root.get_by_label("metric").select_option(label="λ_max")
    landscape.wait_for(level="0", phase="computing")
    landscape.button("stop").click()
    landscape.wait_for(phase="stopped")
    notebook.ask(GO_ON)
    landscape.wait_for(level="0")
    expect(landscape.sentence()).to_contain_text("stopped at 5×5")
    landscape.root.get_by_label("metric").select_option(label="loss")
    landscape.wait_for(known="289")


def test_a_reloaded_page_shows_the_same_map(open_notebook):
    notebook = open_notebook(WELLS, OPEN, GO_ON, SHOW.format(options=""))
    notebook.run(0, 1, 2, 3)
    landscape = Landscape(notebook, 3)
    landscape.root.get_by_label("metric").select_option(label="|λ_min/λ_max|")
    landscape.wait_until_it_shows(ratio(9))
    assert notebook.ask("list(widget.snapshots)") == ["curvature"]
    notebook.save()
    notebook.reload()
    landscape = Landscape(notebook, 3)
    landscape.wait_until_it_shows(ratio(9))
    landscape.wait_for(phase="done", known="81")


def test_the_ends_of_the_spectrum_are_drawn_and_read_as_they_were_measured(open_notebook, screenshot):
    notebook = open_notebook(WELLS, OPEN, GO_ON, SHOW.format(options=""))
    notebook.run(0, 1, 2, 3)
    landscape = Landscape(notebook, 3)
    landscape.wait_for(phase="done")
    largest, smallest = extremes(9)
    metric = landscape.root.get_by_label("metric")
    metric.select_option(label="λ_max")
    landscape.wait_until_it_shows(largest.astype(np.float32).astype(float))
    metric.select_option(label="λ_min")
    landscape.point_at(0.5, -0.25)
    expect(landscape.readout()).to_contain_text(f"λ_min {smallest[3, 6]:.4g}")
    expect(landscape.readout()).to_contain_text("residual")
    landscape.root.get_by_role("radio", name="surface").click()
    landscape.wait_for(kind="surface")
    screenshot(landscape.root)


def test_cells_that_did_not_converge_are_hatched_and_counted(open_notebook, screenshot):
    notebook = open_notebook(WELLS, OPEN, GO_ON, SHOW.format(options=", tolerance=1e-15"))
    notebook.run(0, 1, 2, 3)
    landscape = Landscape(notebook, 3)
    landscape.wait_for(phase="done")
    landscape.root.get_by_label("metric").select_option(label="|λ_min/λ_max|")
    landscape.wait_for(known="81")
    count = notebook.ask(UNCONVERGED)
    assert count > 0
    expect(landscape.status_line()).to_contain_text(f"{count} not converged")
    assert "not converged" in landscape.root.evaluate(HATCHED)
    screenshot(landscape.root)


def test_a_network_of_digits_has_a_map_and_says_how_sharp_it_is(open_notebook, screenshot):
    notebook = open_notebook(DIGITS)
    notebook.run(0)
    landscape = Landscape(notebook, 0)
    landscape.wait_for(phase="done", known="25")
    screenshot(landscape.root, "map")
    landscape.button("where do we look").click()
    landscape.button("sharpness").click()
    expect(landscape.root.locator(".lw-sharpness")).to_contain_text("some hundred products")
    landscape.button("measure").click()
    chips = landscape.root.locator(".lw-chip")
    for name in ("λ_max", "λ_min", "critical sharpness", "SAM", "ASAM", "trace"):
        expect(chips.filter(has_text=re.compile(f"^{name}"))).to_have_count(1)
    expect(landscape.root.get_by_role("img", name="density of the eigenvalues")).to_be_visible()
    expect(landscape.root.locator(".lw-sharpness [role=note]")).to_contain_text("Compare only")
    landscape.wait_for(phase="done")
    expect(landscape.button("measure")).to_be_hidden()
    notebook.page.mouse.move(0, 0)
    screenshot(landscape.root, "sharpness")


def test_maps_stand_side_by_side_on_the_range_of_the_ratio(open_notebook, screenshot):
    notebook = open_notebook(BATCHES)
    notebook.run(0)
    root = notebook.output(0).locator(".lw-comparison")
    expect(root).to_have_attribute("data-phase", "done")
    root.get_by_label("metric").select_option(label="|λ_min/λ_max|")
    tiles = root.locator(".lw-tile")
    expect(tiles).to_have_count(2)
    for index in range(2):
        expect(tiles.nth(index)).to_have_attribute("data-known", "25")
        assert tiles.nth(index).evaluate(RANGE) == [0, 0.5]
    expect(root.locator(".lw-colorbar-title")).to_have_text("|λ_min/λ_max|")
    screenshot(root)


def test_eigenvectors_of_the_hessian_are_axes_that_say_their_eigenvalues(open_notebook, screenshot):
    notebook = open_notebook(EIGENVECTORS)
    notebook.run(0)
    landscape = Landscape(notebook, 0)
    landscape.wait_for(phase="done")
    for axis, label in ((1, "1st Hessian eigenvector"), (2, "last Hessian eigenvector")):
        landscape.root.get_by_label(f"direction of axis {axis}").select_option(label=label)
        landscape.wait_for(generation=str(axis + 1), phase="done")
        expect(landscape.picture()).to_contain_text(re.compile(f"{label}λ = .+, steps"))
    screenshot(landscape.root)
