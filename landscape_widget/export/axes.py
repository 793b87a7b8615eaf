"""What stands on the axes of a plane and beside its colours, and how wide is it for its height?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from landscape_widget.export.layers import Layer
from landscape_widget.export.numbers import format_number
from landscape_widget.export.plain import plain
from landscape_widget.export.scale import Linear, Ticks
from landscape_widget.export.scene import Scene
from landscape_widget.export.titles import direction_title

MOST_SLENDER = 3.0  # sides of a picture; beyond that, equal aspect hides more than it shows


def cells_of(scene: Scene, layer: Layer) -> dict[str, Any]:
    """What every trace of cells has: places, colours, and raw values to read."""
    is_whole = bool(scene.measured.all())
    guessed = {} if is_whole else {"text": np.where(scene.measured, "", "<br>interpolated")}
    error = " ± %{customdata[1]:.2~g}" if np.any(scene.errors > 0) else ""
    bar = {"thickness": 12, "len": 0.86, "outlinewidth": 0, **bar_ticks(scene).layout}
    return {
        "x": scene.x,
        "y": scene.y,
        "customdata": np.stack([scene.values, scene.errors], axis=-1),
        "colorscale": layer.colorscale,
        "showscale": layer.is_last and not scene.is_empty,
        "colorbar": {"title": {"text": scene.title, "side": "right"}, **bar},
        "name": plain(scene.metric.name),
        "hovertemplate": "x %{x:.4~g}, y %{y:.4~g}<br>"
        f"{scene.metric_title} %{{customdata[0]:.4~g}}{error}{'' if is_whole else '%{text}'}<extra></extra>",
        **guessed,
    }


def value_ticks(scene: Scene) -> Ticks:
    """Raw values along the heights."""
    return scene.scale.ticks(*scene.height_range)


def bar_ticks(scene: Scene) -> Ticks:
    """Raw values beside the colours; the end of the bar says where cells are cut off."""
    ticks = value_ticks(scene)
    if not scene.is_clipped:
        return ticks
    clip = float(scene.scale.forward(scene.view.limit))
    below = [(v, label) for v, label in zip(ticks.values, ticks.labels, strict=True) if v < clip]
    marks = [*below, (clip, f"> {format_number(scene.view.limit)}")]
    return Ticks([value for value, _ in marks], [label for _, label in marks])


def coordinates(scene: Scene, axis: int, gap: str = "<br>") -> dict[str, Any]:
    """Title, range and ticks of a direction."""
    low, high = ends(scene, axis)
    return {
        "title": {"text": title_of(scene, axis, gap)},
        "range": [low, high],
        **Linear().ticks(low, high).layout,
    }


def title_of(scene: Scene, axis: int, gap: str = " ") -> str:
    """The direction's title; a share of the variance as the paper writes it, where it is asked for."""
    return direction_title(scene.surface, axis, gap, is_paper=scene.view.is_paper)


def ends(scene: Scene, axis: int) -> tuple[float, float]:
    """The range along a direction."""
    return scene.surface.grid.axes[axis].low, scene.surface.grid.axes[axis].high


def ratio(scene: Scene) -> float:
    """Pixels a unit of y for each pixel a unit of x, as far as it doesn't make the picture a sliver."""
    (left, right), (low, high) = ends(scene, 0), ends(scene, 1)
    return (right - left) / (high - low) / slenderness(scene)


def slenderness(scene: Scene) -> float:
    """Width over height of the picture."""
    (left, right), (low, high) = ends(scene, 0), ends(scene, 1)
    return float(np.clip((right - left) / (high - low) / _lengths(scene), 1 / MOST_SLENDER, MOST_SLENDER))


def _lengths(scene: Scene) -> float:
    """How much longer in weights a step along y is than one along x; 1 where the picture isn't to scale."""
    gram = scene.surface.settings.get("gram")
    if not (scene.surface.settings.get("is_to_scale") and gram):
        return 1.0
    return math.sqrt(gram[1][1] / gram[0][0])
