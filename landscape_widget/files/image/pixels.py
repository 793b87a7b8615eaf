"""How does a surface look where matplotlib isn't there: in colours, without a word?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landscape_widget.export import colors
from landscape_widget.export.axes import slenderness
from landscape_widget.export.colors import Colorscale
from landscape_widget.export.figure import kind_for
from landscape_widget.export.layers import Layer, skin_layers
from landscape_widget.export.levels import chosen_levels, even_levels, level_heights
from landscape_widget.export.scene import Scene, create_scene
from landscape_widget.export.view import View
from landscape_widget.surface.surface import Surface
from landscape_widget.surface.under import between

Numbers = NDArray[np.float64]
Pixels = NDArray[np.uint8]

WIDTH, HEIGHT = 640, 560  # of a plane, at most
MARGIN, GAP, BAR = 16, 16, 14  # around the picture; beside it, the colour bar and its width
CHART = 0.5  # height for width of a line
STROKE = 1.5  # pixels to each side


def pixels(surface: Surface, kind: str, view: View) -> Pixels:
    """Return uint8[height, width, 3]: a plane from above with its level lines and colour bar, or a line."""
    held = surface.map(view.metric)
    scene = create_scene(held, view.with_preset(None, kind, held.metrics[held.row(view.metric)]))
    if scene.is_empty:
        return _framed(_paper(int(WIDTH * CHART), WIDTH, colors.UNKNOWN))
    if kind_for(surface, None) == "line" or kind == "line":
        return _framed(_chart(scene.cut()))
    plane = _plane(scene, kind != "heatmap", slenderness(scene))
    return _framed(np.concatenate([plane, _paper(len(plane), GAP), _bar(scene, len(plane))], axis=1))


def _plane(scene: Scene, has_lines: bool, slenderness: float) -> Pixels:
    """From above, straight between the cells; the first row is the highest."""
    width = round(min(WIDTH, HEIGHT * slenderness))
    height = round(width / slenderness)
    places = _places(scene.x, scene.y, width, height)
    drawn = _paper(height, width, colors.UNKNOWN)
    for layer in skin_layers(scene):
        tones = between([scene.x, scene.y], layer.pick(scene.tones), places).reshape(height, width)
        known = np.isfinite(tones)
        drawn[known] = _inks(scene, layer, tones[known])
    if has_lines:
        heights = between([scene.x, scene.y], scene.heights, places).reshape(height, width)
        drawn[_crossed(np.searchsorted(_levels(scene), heights), heights)] = _ink(colors.CONTOUR)
    return drawn


def _places(x: Numbers, y: Numbers, width: int, height: int) -> Numbers:
    columns, rows = np.linspace(x[0], x[-1], width), np.linspace(y[-1], y[0], height)
    return np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)


def _levels(scene: Scene) -> list[float]:
    if (levels := chosen_levels(scene)) is not None:
        return level_heights(scene, levels)
    steps = even_levels(scene)
    return np.arange(steps["start"], steps["end"] + steps["size"] / 2, steps["size"]).tolist()


def _crossed(bands: NDArray[np.intp], heights: Numbers) -> NDArray[np.bool_]:
    """Where a level runs between a pixel and its neighbour; at no hole."""
    crossed = np.zeros(bands.shape, np.bool_)
    crossed[1:] |= bands[1:] != bands[:-1]
    crossed[:, 1:] |= bands[:, 1:] != bands[:, :-1]
    return crossed & np.isfinite(heights)


def _bar(scene: Scene, height: int) -> Pixels:
    low, high = scene.tone_range
    tones = np.repeat(np.linspace(high, low, height)[:, None], BAR, axis=1)
    return _inks(scene, skin_layers(scene)[-1], tones)


def _chart(scene: Scene) -> Pixels:
    """A line as high as its limits, on the colour of a wall."""
    height = int(WIDTH * CHART)
    drawn = _paper(height, WIDTH, colors.WALL)
    across = np.linspace(scene.x[0], scene.x[-1], WIDTH)
    low, high = scene.height_range
    rows = (high - between([scene.x], scene.heights, across[:, None])) / (high - low) * (height - 1)
    before, after = np.append(rows[:1], rows[:-1]), np.append(rows[1:], rows[-1:])
    lowest, highest = np.minimum(before, after) - STROKE, np.maximum(before, after) + STROKE
    row = np.arange(height)[:, None]
    drawn[(lowest <= row) & (row <= highest)] = _ink(colors.LEFT)
    return drawn


def _framed(inner: Pixels) -> Pixels:
    frame = [(MARGIN, MARGIN), (MARGIN, MARGIN)]
    red, green, blue = (
        np.pad(inner[..., channel], frame, constant_values=value)
        for channel, value in enumerate(_ink(colors.PAPER))
    )
    return np.stack([red, green, blue], axis=-1)


def _paper(height: int, width: int, color: str = colors.PAPER) -> Pixels:
    return np.broadcast_to(_ink(color), (height, width, 3)).copy()


def _inks(scene: Scene, layer: Layer, tones: Numbers) -> Pixels:
    low, high = scene.tone_range
    return _colored(layer.colorscale, (tones - low) / (high - low))


def _colored(scale: Colorscale, shares: Numbers) -> Pixels:
    """Return uint8[…, 3]; a scale may have two colours at one place."""
    stops = [float(stop) for stop, _ in scale]
    inks = np.array([_ink(str(color)) for _, color in scale], float)
    channels = [np.interp(shares, stops, inks[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).round().astype(np.uint8)


def _ink(color: str) -> Pixels:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], np.uint8)
