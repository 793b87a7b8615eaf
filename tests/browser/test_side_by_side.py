"""Does a person see several landscapes as one: the same camera, the same scale, the same place, a table?"""

from __future__ import annotations

import re
from typing import Any

import pytest
from notebook import Notebook
from playwright.sync_api import Locator, expect
from problems import BOWL

pytestmark = pytest.mark.browser

STEEP = """
def steep(model, batch):
    return 4 * bowl(model, batch)

options = {"directions": axes, "resolution": 9}
flat, other = lw.batch_loss(bowl), lw.batch_loss(steep)
"""
TWO = """
members = {"flat": model, "steep": lw.Landscape(model, other, about={"wd": "5e-4", "bs": 128})}
comparison = lw.compare(members, flat, data, insist=True, **options)
comparison.kind, comparison.scale = "heatmap", "linear"
comparison
"""
IN_SPACE = """
comparison.kind = "surface"
"""
MATRIX = """
titles = [(depth, skips) for depth in ("depth 8", "depth 20") for skips in ("skips", "none")]
members = {title: lw.Landscape(model, loss) for title, loss in zip(titles, [flat, other, other, flat])}
comparison = lw.compare(members, flat, data, **options)
comparison
"""
OTHER_DATA = """
twice = (torch.zeros(2, 2), torch.zeros(2))
members = {"flat": model, "steep": lw.Landscape(model, other, twice)}
comparison = lw.compare(members, flat, data, **options)
comparison.kind, comparison.scale = "heatmap", "linear"
comparison
"""
TRAINED = """
import torch
import torch.nn as nn
import landscape_widget as lw

torch.manual_seed(0)
inputs = torch.randn(64, 2)
data = (inputs, (inputs[:, 0] > 0).long())

def trained(every):
    model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2))
    optimizer = torch.optim.SGD(model.parameters(), 0.5)
    with lw.record(model, every=every) as trajectory:
        for _ in range(50):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(data[0]), data[1]).backward()
            optimizer.step()
    return lw.Landscape(model, trajectory=trajectory)
"""
SHOW_TRAINED = """
members = {"long": trained(10), "short": trained(20)}
comparison = lw.compare(members, nn.functional.cross_entropy, data, resolution=9)
comparison
"""
NETWORKS = """
import torch
import torch.nn as nn
import landscape_widget as lw

torch.manual_seed(0)
inputs = torch.randn(512, 2)
data = (inputs, (inputs[:, 0] * inputs[:, 1] > 0).long())
held_out = torch.randn(256, 2)
test_data = (held_out, (held_out[:, 0] * held_out[:, 1] > 0).long())

def trained(depth, width, weight_decay):
    layers = [nn.Linear(2, width), nn.ReLU()]
    for _ in range(depth - 1):
        layers += [nn.Linear(width, width), nn.ReLU()]
    model = nn.Sequential(*layers, nn.Linear(width, 2))
    optimizer = torch.optim.Adam(model.parameters(), 1e-2, weight_decay=weight_decay)
    for _ in range(150):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(data[0]), data[1]).backward()
        optimizer.step()
    return model

members = {
    (f"depth {depth}", f"width {width}"): trained(depth, width, 5e-4)
    for depth in (1, 3) for width in (8, 32, 64)
}
"""
SHOW_NETWORKS = """
comparison = lw.compare(
    members, nn.functional.cross_entropy, data, test_data=test_data, resolution=33, name="how depth shapes it"
)
comparison
"""
RANGE_OF_COLORS = """(tile) => {
  const ends = ({ zmax, cmax }) => (zmax ?? cmax) !== undefined;
  const trace = tile.querySelector(".lw-drawing")?.data?.find(ends);
  return trace ? [trace.zmin ?? trace.cmin, trace.zmax ?? trace.cmax] : [];
}"""
EYE = """(tile) => {
  const { eye } = tile.querySelector(".lw-drawing").layout.scene.camera;
  return [eye.x, eye.y, eye.z].map((value) => Math.round(1000 * value) / 1000);
}"""
SIZE = """(tile) => {
  const { width, height } = tile.querySelector(".nsewdrag").getBoundingClientRect();
  return [Math.round(width), Math.round(height)];
}"""
CROSS = "(tile) => tile.querySelectorAll('.spikeline').length"
PLACE = """(tile, [x, y]) => {
  const plot = tile.querySelector(".lw-drawing");
  const { left, top, width, height } = plot.querySelector(".nsewdrag").getBoundingClientRect();
  const share = (value, [from, to]) => (value - from) / (to - from);
  const { xaxis, yaxis } = plot.layout;
  return [left + share(x, xaxis.range) * width, top + (1 - share(y, yaxis.range)) * height];
}"""


class Gallery:
    """The comparison shown below a cell."""

    def __init__(self, notebook: Notebook, cell: int) -> None:
        self.notebook = notebook
        self.root = notebook.output(cell).locator(".lw-comparison")
        self.root.wait_for()

    def tile(self, index: int) -> Locator:
        return self.root.locator(".lw-tile").nth(index)

    def wait_until_done(self) -> None:
        """Until every picture is complete, and drawn."""
        for tile in self.root.locator(".lw-tile").all():
            expect(tile).to_have_attribute("data-phase", "done")
        expect(self.root).to_have_attribute("data-phase", "done")

    def wait_for_colors(self, *expected: list[float]) -> None:
        """Until each picture's colours reach from and to these values."""
        for index, ends in enumerate(expected):
            tile = self.tile(index).element_handle()
            close = (
                f"([tile, ends]) => ({RANGE_OF_COLORS})(tile).every((v, i) => Math.abs(v - ends[i]) < 1e-6)"
            )
            self.notebook.wait(close, [tile, ends])

    def wait_until_seen_alike(self) -> None:
        """Until all pictures, which are fitted one after the other, are seen from the same place."""
        tiles = [tile.element_handle() for tile in self.root.locator(".lw-tile").all()]
        self.notebook.wait(f"(tiles) => new Set(tiles.map({EYE}).map(String)).size === 1", tiles)

    def point_at(self, index: int, x: float, y: float) -> None:
        self.tile(index).scroll_into_view_if_needed()
        self.notebook.page.mouse.move(*self.tile(index).evaluate(PLACE, [x, y]))

    def reading(self, index: int) -> Locator:
        return self.tile(index).locator(".lw-tile-reading")

    def ask(self, script: str) -> list[Any]:
        """Of each picture what a JavaScript function says of its tile."""
        return [tile.evaluate(script) for tile in self.root.locator(".lw-tile").all()]

    def row(self, index: int) -> list[str]:
        return self.root.locator(".lw-table tbody tr").nth(index).locator("th, td").all_inner_texts()


def test_two_bowls_share_colours_and_one_place_is_read_in_both(open_notebook, screenshot):
    notebook = open_notebook(BOWL + STEEP, TWO)
    notebook.run(0, 1)
    gallery = Gallery(notebook, 1)
    gallery.wait_until_done()
    gallery.wait_for_colors([0, 8], [0, 8])
    expect(gallery.root.locator(".lw-colorbar-title")).to_have_text("loss")
    assert gallery.ask(SIZE)[0] == gallery.ask(SIZE)[1]
    gallery.point_at(0, 0.5, -0.5)
    expect(gallery.reading(0)).to_have_text("0.5")
    expect(gallery.reading(1)).to_have_text("2")
    assert gallery.ask(CROSS)[1] > 0
    expect(gallery.root.locator(".lw-readout")).to_have_text("at 0.5, −0.5 in every picture")
    screenshot(gallery.root)


def test_the_table_is_filled(open_notebook):
    notebook = open_notebook(BOWL + STEEP, TWO)
    notebook.run(0, 1)
    gallery = Gallery(notebook, 1)
    expect(gallery.root.locator(".lw-table tbody td").last).not_to_have_text("—")
    title, loss, norm, near, far = gallery.row(0)
    assert (title.strip(), loss, norm) == ("flat", "0", "1.41")
    # Of 2 t² and of 8 t², interpolated between 33 cells.
    assert float(near) == pytest.approx(2 * 0.05**0.5, rel=0.03) and far == "1.41"
    assert gallery.row(1)[0] == "steep wd 5e-4 · bs 128"
    assert float(gallery.row(1)[3]) == pytest.approx(0.05**0.5, rel=0.03)
    assert notebook.ask("comparison.table[0]['width_1.0_open']") is False


def test_one_surface_turned_by_hand_turns_all(open_notebook, screenshot):
    notebook = open_notebook(BOWL + STEEP, TWO.replace('"heatmap"', '"surface"'))
    notebook.run(0, 1)
    gallery = Gallery(notebook, 1)
    gallery.wait_until_done()
    gallery.wait_for_colors([0, 8], [0, 8])
    gallery.wait_until_seen_alike()
    before = gallery.ask(EYE)
    gallery.tile(0).scroll_into_view_if_needed()
    box = gallery.tile(0).locator(".lw-picture").bounding_box()
    assert box is not None
    mouse, (x, y) = notebook.page.mouse, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 60, y + 10, steps=4)
    turned = "([tile, eye]) => String((" + EYE + ")(tile)) !== String(eye)"
    notebook.wait(turned, [gallery.tile(1).element_handle(), before[1]])  # still in the hand
    mouse.up()
    notebook.wait_for("comparison.camera is not None")
    gallery.wait_until_seen_alike()
    assert gallery.ask(EYE)[0] != before[0]
    screenshot(gallery.root)


def test_a_matrix_bears_the_names_of_its_rows_and_columns(open_notebook, screenshot):
    notebook = open_notebook(BOWL + STEEP, MATRIX)
    notebook.run(0, 1)
    gallery = Gallery(notebook, 1)
    gallery.wait_until_done()
    expect(gallery.root.locator(".lw-column-name")).to_have_text(["skips", "none"])
    expect(gallery.root.locator(".lw-row-name")).to_have_text(["depth 8", "depth 20"])
    tops = [tile.bounding_box()["y"] for tile in gallery.root.locator(".lw-tile").all()]
    assert tops[0] == tops[1] < tops[2] == tops[3]
    screenshot(gallery.root)


def test_other_data_have_a_scale_of_their_own_until_somebody_insists(open_notebook, screenshot):
    notebook = open_notebook(BOWL + STEEP, OTHER_DATA)
    notebook.run(0, 1)
    gallery = Gallery(notebook, 1)
    gallery.wait_until_done()
    gallery.wait_for_colors([0, 2], [0, 8])
    note = gallery.root.get_by_role("note")
    expect(note).to_contain_text("A scale each")
    expect(note).to_contain_text(re.compile("samples: 1 for 'flat', 2 for 'steep'"))
    expect(gallery.root.locator(".lw-colorbar")).to_be_hidden()
    screenshot(gallery.root)
    note.get_by_role("button", name="share the scale all the same").click()
    gallery.wait_for_colors([0, 8], [0, 8])
    notebook.wait_for("comparison.insist")


def test_what_is_asked_is_asked_of_all(open_notebook):
    notebook = open_notebook(BOWL + STEEP, TWO)
    notebook.run(0, 1)
    gallery = Gallery(notebook, 1)
    gallery.wait_until_done()
    gallery.root.get_by_role("button", name="where do we look").click()
    gallery.root.get_by_role("button", name="zoom in").click()
    notebook.wait_for("comparison['flat'].x == comparison['steep'].x == comparison.x == (-0.5, 0.5)")
    gallery.wait_for_colors([0, 2], [0, 2])


@pytest.mark.everywhere
def test_training_runs_by_in_all_pictures_at_once(open_notebook, screenshot):
    notebook = open_notebook(TRAINED, SHOW_TRAINED)
    notebook.run(0, 1)
    gallery = Gallery(notebook, 1)
    gallery.wait_until_done()
    expect(gallery.root.locator(".lw-axis-x")).to_have_text("1st PC, steps")
    scrubber = gallery.root.get_by_role("slider", name="checkpoint")
    expect(scrubber).to_have_attribute("aria-valuemax", "6")
    scrubber.focus()
    notebook.page.keyboard.press("Home")
    notebook.page.keyboard.press("ArrowRight")
    expect(gallery.reading(0)).to_contain_text("step 10")
    expect(gallery.reading(1)).to_contain_text("step 20")
    notebook.wait_for("comparison.moment == 2")
    gallery.root.get_by_role("button", name="presets").click()
    gallery.root.get_by_text("start and random, zoomed", exact=True).click()
    notebook.wait_for("comparison['short'].directions[0]['key'] == 'start'")
    notebook.wait_for("comparison['short'].x == comparison['long'].x == comparison.x == (-0.15, 1.15)")
    gallery.wait_until_done()
    screenshot(gallery.root)


def test_after_a_reload_all_is_there_again_and_goes_on(open_notebook):
    notebook = open_notebook(BOWL + STEEP, TWO, "comparison.x = (-2, 2)")
    notebook.run(0, 1)
    Gallery(notebook, 1).wait_until_done()
    notebook.save()
    notebook.reload()
    gallery = Gallery(notebook, 1)
    gallery.wait_for_colors([0, 8], [0, 8])
    expect(gallery.root.locator(".lw-table tbody tr")).to_have_count(2)
    notebook.run(2)
    gallery.wait_for_colors([0, 20], [0, 20])


@pytest.mark.everywhere
def test_six_trained_networks(open_notebook, screenshot):
    notebook = open_notebook(NETWORKS, SHOW_NETWORKS)
    notebook.run(0, 1)
    gallery = Gallery(notebook, 1)
    gallery.wait_until_done()
    expect(gallery.root.locator(".lw-table tbody td").last).not_to_have_text("—")
    shapes = gallery.ask(SIZE)
    assert len({tuple(shape) for shape in shapes}) == 1
    screenshot(gallery.root, "light")
    notebook.set_theme("JupyterLab Dark")
    notebook.page.wait_for_timeout(1500)
    screenshot(gallery.root, "dark")
    notebook.page.set_viewport_size({"width": 700, "height": 900})
    notebook.page.wait_for_timeout(1500)
    screenshot(gallery.root, "narrow")
