"""Does a trajectory grow on screen while it is recorded, and can one go back and forth in it?"""

from __future__ import annotations

import pytest
from landscape import Landscape
from playwright.sync_api import expect
from problems import BOWL

pytestmark = pytest.mark.browser

# Down the bowl in steps of a tenth; the rate drops at the fourth step.
DESCENT = """
model = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.constant_(model.weight, 2)

def descent(steps, pause=0):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for step in range(steps):
        if step == 4:
            optimizer.param_groups[0]["lr"] = 0.01
        optimizer.zero_grad()
        bowl(model, None).backward()
        optimizer.step()
        threading.Event().wait(pause)

def show(trajectory):
    window = {"x": (-1.2, 1.2), "y": (-1.2, 1.2), "resolution": 9}
    widget = lw.explore(
        model, lw.batch_loss(bowl), data, directions=axes, trajectory=trajectory, **window
    )
    widget.linked = False
    widget.kind, widget.scale = "contour", "linear"
    return widget
"""
LIVE = """
with lw.record(model, every=1) as trajectory:
    widget = show(trajectory)
    display(widget)
    descent(10**6, pause=0.02)
"""
DESCEND = """
with lw.record(model, every=1) as trajectory:
    descent(12)
"""
# Down one side first, then the other, so that there are two components.
BEND = """
with lw.record(model, every=None) as trajectory:
    for place in ((1.5, 2), (1.2, 1.8), (1.1, 1.4), (1, 1)):
        model.weight.data[:] = torch.tensor(place)
        trajectory.snapshot()
"""
SHOW = "widget = show(trajectory); widget"
CHECKPOINTS = """(root) => {
  const traces = root.querySelector(".lw-drawing")?.data ?? [];
  const { x, y } = traces.find(({ name }) => name === "checkpoints") ?? { x: [], y: [] };
  return [Array.from(x), Array.from(y)];
}"""
IN_SIGHT = """(root) => {
  const trace = root.querySelector(".lw-drawing")?._fullData?.find(({ name }) => name === "checkpoints");
  const points = trace ? [...root.querySelectorAll(`.trace${trace.uid} .point`)] : [];
  return points.filter(({ style }) => style.visibility !== "hidden").length;
}"""
AT_LEAST = f"([root, count]) => ({IN_SIGHT})(root) >= count"
EXACTLY = f"([root, count]) => ({IN_SIGHT})(root) === count"
GROUND = "(root) => root.querySelectorAll('.contourlayer path').length"


def test_a_path_grows_while_the_cell_trains(open_notebook, screenshot):
    notebook = open_notebook(BOWL + DESCENT, LIVE)
    notebook.run(0)
    notebook.start(1)
    landscape = Landscape(notebook, 1)
    for count in (3, 10, 20):
        notebook.wait(AT_LEAST, [landscape.root.element_handle(), count])
        assert notebook.is_running(1)
    landscape.wait_for(phase="done")
    assert landscape.root.evaluate(GROUND) > 0
    screenshot(landscape.root)
    notebook.interrupt()
    total = notebook.ask("len(trajectory)")
    notebook.wait(EXACTLY, [landscape.root.element_handle(), total])
    x, y = landscape.root.evaluate(CHECKPOINTS)
    assert x == pytest.approx(y) and x[:2] == pytest.approx([0, -0.1])


def test_a_trajectory_is_played_and_scrubbed(open_notebook, screenshot):
    notebook = open_notebook(BOWL + DESCENT, DESCEND, SHOW)
    notebook.run(0, 1, 2)
    landscape = Landscape(notebook, 2)
    landscape.wait_for(phase="done")
    root = landscape.root.element_handle()
    notebook.wait(EXACTLY, [root, 13])
    ground = landscape.root.evaluate(GROUND)
    assert ground > 0
    thumb = landscape.thumb("checkpoint")
    thumb.focus()
    thumb.press("Home")
    notebook.wait(EXACTLY, [root, 1])
    thumb.press("ArrowRight")
    notebook.wait(EXACTLY, [root, 2])
    expect(landscape.root.locator(".lw-told")).to_contain_text("step 1")
    notebook.wait_for("widget.moment == 2")
    assert landscape.root.evaluate(GROUND) == ground
    screenshot(landscape.root, "second")
    landscape.button("play the training").click()
    notebook.wait(EXACTLY, [root, 13])
    notebook.wait_for("widget.moment is None")
    expect(landscape.root.locator(".lw-told")).to_contain_text("step 12")
    assert landscape.root.evaluate(GROUND) == ground
    screenshot(landscape.root)


def test_a_preset_looks_along_principal_components_and_one_step_goes_back(open_notebook, screenshot):
    notebook = open_notebook(BOWL + DESCENT, BEND, SHOW)
    notebook.run(0, 1, 2)
    landscape = Landscape(notebook, 2)
    landscape.wait_for(phase="done")
    landscape.button("presets").click()
    landscape.button("principal components").click()
    notebook.wait_for("widget.directions[0]['key'] == 'principal 0' and widget.status['phase'] == 'done'")
    expect(landscape.root).to_contain_text("random walk")
    notebook.wait_for("widget.x[0] < widget.surface.path.coordinates[:, 0].min()")
    screenshot(landscape.root)
    landscape.button("undo").click()
    notebook.wait_for("widget.directions[0]['key'] == 'given 0' and widget.x == (-1.2, 1.2)")


def test_a_saved_notebook_keeps_its_path(open_notebook, screenshot):
    notebook = open_notebook(BOWL + DESCENT, DESCEND, SHOW)
    notebook.run(0, 1, 2)
    landscape = Landscape(notebook, 2)
    landscape.wait_for(phase="done")
    notebook.wait(EXACTLY, [landscape.root.element_handle(), 13])
    expect(landscape.root.locator(".lw-told")).not_to_contain_text("not measured")
    notebook.wait_for("len(widget.surface.path.known) == widget.surface.path.known.sum()")
    notebook.save_with_widgets()
    notebook.close()
    notebook.reload()
    landscape = Landscape(notebook, 2)
    landscape.wait_for(connection="saved")
    notebook.wait(EXACTLY, [landscape.root.element_handle(), 13])
    expect(landscape.root.locator(".lw-told")).to_contain_text("step 12")
    expect(landscape.root.locator(".lw-told")).not_to_contain_text("not measured")
    screenshot(landscape.root)
