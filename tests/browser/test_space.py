"""Does a picture in space show each value where it belongs, in its colour, and answer a hand on it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Locator, expect
from stage.grounds import ground, loss
from stage.play import Play
from stage.states import play
from stage.theatre import Theatre, theatre
from stage.traits import traits_of

pytestmark = pytest.mark.browser

CAMERA = {
    "eye": {"x": 0.5, "y": -1.0, "z": 1.9},
    "center": {"x": 0.0, "y": 0.0, "z": -0.1},
    "up": {"x": 0.0, "y": 0.0, "z": 1.0},
}
LAYOUT = """(root) => {
  const plot = root.querySelector(".lw-drawing");
  const { left, top, width, height } = plot.getBoundingClientRect();
  const { xaxis, yaxis, zaxis, aspectratio, camera, domain } = plot.layout.scene;
  const ranges = [xaxis.range, yaxis.range, zaxis.range];
  return { box: [left, top, width, height], ranges, aspectratio, camera, domain };
}"""
OPENING = np.pi / 4
"""From the lower edge of a picture to the upper, as plotly has it."""

Place = tuple[float, float]


@pytest.fixture(scope="module")
def stage(browser: Browser) -> Iterator[Theatre]:
    with theatre(browser) as stage:
        yield stage


def surface(**others: Any) -> Play:
    return Play(traits_of(ground(), camera=CAMERA, scale="linear", **others))


def test_a_cell_is_read_where_the_camera_puts_it(stage: Theatre):
    root = stage.show(surface())
    layout = root.evaluate(LAYOUT)
    for x, y in ((0.6, -0.4), (-0.8, -0.8), (0.0, 0.2)):
        value = float(loss(np.array(x), np.array(y)))
        stage.page.mouse.move(*spot(layout, (x, y, value)))
        expect(root.locator(".lw-readout")).to_contain_text(f"at {said(x)}, {said(y)}")
    stage.page.mouse.move(0, 0)
    expect(root.locator(".lw-readout")).to_contain_text("point at the picture")


def test_a_drag_turns_it_about_the_upright(stage: Theatre):
    root = stage.show(surface())
    before = root.evaluate(LAYOUT)
    left, top, width, height = before["box"]
    stage.page.mouse.move(left + width / 2, top + height / 2)
    stage.page.mouse.down()
    stage.page.mouse.move(left + width / 2 + 60, top + height / 2, steps=4)
    stage.page.mouse.up()
    stage.settle()
    after = root.evaluate(LAYOUT)["camera"]
    first, second = (np.array(list(camera["eye"].values())) for camera in (CAMERA, after))
    assert first[2] == pytest.approx(second[2])
    assert np.hypot(*first[:2]) == pytest.approx(np.hypot(*second[:2]))
    assert np.arctan2(second[1], second[0]) < np.arctan2(first[1], first[0]) - 0.2


def test_each_value_has_its_colour_and_nothing_unknown_has_any(stage: Theatre):
    shares = {name: colors(stage.show(play(name))) for name in ("done", "not finite", "preparing")}
    assert shares["done"]["yellow"] > 0.01 and shares["done"]["blue"] > 0.002
    for name in ("not finite", "preparing"):
        assert shares[name]["yellow"] == shares[name]["blue"] == 0
    assert colors(stage.show(surface(colors="viridis")))["purple"] > 0.05 > shares["done"]["purple"]


def test_walls_are_those_of_the_theme(stage: Theatre):
    for theme, wall in (("light", (243, 244, 246)), ("dark", (50, 54, 61))):
        shown = pixels(stage.show(surface(), theme))
        assert np.mean(np.all(shown == wall, axis=1)) > 0.05


def test_a_wheel_scrolls_the_page_and_with_ctrl_comes_nearer(stage: Theatre):
    root = stage.show(surface())
    left, top, width, height = root.evaluate(LAYOUT)["box"]
    stage.page.mouse.move(left + width / 2, top + height / 2)
    distances = []
    for key in (None, "Control"):
        if key:
            stage.page.keyboard.down(key)
        stage.page.mouse.wheel(0, -200)
        stage.settle()
        camera = root.evaluate(LAYOUT)["camera"]
        distances.append(np.hypot.reduce([camera["eye"][a] - camera["center"][a] for a in "xyz"]))
    stage.page.keyboard.up("Control")
    first = np.hypot.reduce([CAMERA["eye"][a] - CAMERA["center"][a] for a in "xyz"])
    assert distances[0] == pytest.approx(first)
    assert distances[1] == pytest.approx(first / 1.1**2)


def spot(layout: Mapping[str, Any], data: tuple[float, float, float]) -> Place:
    """Where on the page a place in the data is seen: the reference, by plotly's own meaning of its camera."""
    left, top, width, height = layout["box"]
    (x0, x1), (y0, y1) = layout["domain"]["x"], layout["domain"]["y"]
    wide, high = (x1 - x0) * width, (y1 - y0) * height
    sides = np.array([layout["aspectratio"][axis] for axis in "xyz"])
    low, top_end = np.array(layout["ranges"]).T
    place = ((np.array(data) - low) / (top_end - low) - 0.5) * sides
    eye, center, up = (vector(layout["camera"][name]) for name in ("eye", "center", "up"))
    ahead = (center - eye) / np.linalg.norm(center - eye)
    right = np.cross(ahead, up) / np.linalg.norm(np.cross(ahead, up))
    away = place - eye
    depth = away @ ahead
    scale = high / 2 / np.tan(OPENING / 2) / depth
    across, above = away @ right * scale, away @ np.cross(right, ahead) * scale
    return left + x0 * width + wide / 2 + across, top + (1 - y1) * height + high / 2 - above


def vector(named: Mapping[str, float]) -> NDArray[np.float64]:
    return np.array([named[axis] for axis in "xyz"])


def said(value: float) -> str:
    """A coordinate as the page writes it."""
    return f"{value:g}".replace("-", "\u2212")


def pixels(root: Locator) -> NDArray[np.uint8]:
    """Of the ground and what is around it, without the colour bar: uint8[n, 3]."""
    image = Image.open(BytesIO(root.locator(".lw-drawing").screenshot())).convert("RGB")
    return np.asarray(image.crop((0, 0, int(0.82 * image.width), image.height))).reshape(-1, 3)


def colors(root: Locator) -> dict[str, float]:
    """Which share of the picture is how?"""
    red, green, blue = pixels(root).astype(float).T
    return {
        "yellow": float(np.mean((red > 150) & (red - blue > 70))),
        "blue": float(np.mean((blue - red > 50) & (red < 60))),
        "purple": float(np.mean((red - green > 30) & (blue - green > 40))),
    }
