"""Which points of a picture bear a name, and where do they stand? The twin of js/src/figure/marks.ts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from landscape_widget.export import colors
from landscape_widget.export.numbers import format_number
from landscape_widget.export.plain import plain
from landscape_widget.export.scene import Scene
from landscape_widget.values import State

Kind = Literal["centre", "model", "lowest", "end of a path"]

ORIGIN = "origin"
NEAR = 0.12  # of the picture: names so close would lie on each other
CLOSE_BY = 0.25  # of the picture: so far a name reaches over a path
FLAT = 1e-6  # of the values: what differs by less is what float32 rounds away
SHAPES = {"centre": "circle", "model": "diamond", "lowest": "square", "end of a path": "circle"}
SIZES = {"centre": 6, "model": 6, "lowest": 6, "end of a path": 0}  # whose checkpoints are drawn already
LABEL = {"color": "white", "size": 11, "shadow": f"0 0 3px {colors.TEXT}, 0 0 5px {colors.TEXT}"}


@dataclass(frozen=True)
class Landmark:
    """A named place: ``value`` is the metric there, NaN where nobody knows."""

    kind: Kind
    label: str
    coordinates: tuple[float, ...]
    value: float


def landmarks(scene: Scene) -> list[Landmark]:
    """Return the network, other models, the lowest cell where that is another place, and a path's ends."""
    marks = [
        Landmark("centre", "your network", point.coordinates, value)
        if point.label == ORIGIN
        else Landmark("model", point.label, point.coordinates, value)
        for point, value in scene.points
    ]
    if not scene.is_cut:
        marks += _lowest(scene)
    return marks + [end for end in _ends(scene) if not any(_is_near(end, mark, scene) for mark in marks)]


def mark_traces(scene: Scene) -> list[dict[str, Any]]:
    """One trace a kind of landmark, each a shape of its own, with names in a halo; flat, without heights."""
    marks = landmarks(scene)
    kinds = [kind for kind in SHAPES if any(mark.kind == kind for mark in marks)]
    return [_trace(kind, [mark for mark in marks if mark.kind == kind], marks, scene) for kind in kinds]


def _trace(kind: str, marks: list[Landmark], every: list[Landmark], scene: Scene) -> dict[str, Any]:
    return {
        "x": [mark.coordinates[0] for mark in marks],
        "y": [mark.coordinates[1] for mark in marks],
        "customdata": [mark.value for mark in marks],
        "text": [plain(mark.label).replace("\n", "<br>") for mark in marks],
        "mode": "markers+text",
        "textposition": [_side(mark, every, scene) for mark in marks],
        "marker": {
            "symbol": SHAPES[kind],
            "size": SIZES[kind],
            "color": "white",
            "line": {"color": colors.TEXT, "width": 1},
        },
        "name": kind,
        "showlegend": False,
        "hoverinfo": "text",
    }


def _lowest(scene: Scene) -> list[Landmark]:
    """The lowest measured cell, where it is lower than the origin by more than its error."""
    surface, name = scene.surface, scene.metric.name
    here = [value for point, value in scene.points if point.label == ORIGIN]
    if scene.metric.unit == "%" or scene.metric.label or not here:
        return []
    final = np.isin(surface.state, (State.EXACT, State.UNCONVERGED))
    values = np.where(final & np.isfinite(surface[name]), surface[name], np.inf)
    cell = np.unravel_index(int(np.argmin(values)), values.shape)
    low, error = float(values[cell]), float(np.nan_to_num(surface.standard_error[name][cell]))
    if not low < here[0] - max(error, FLAT * max(abs(low), abs(here[0]))):
        return []
    place = tuple(float(axis[index]) for axis, index in zip((surface.x, surface.y), cell[::-1], strict=False))
    said = ", ".join(map(format_number, place))
    at = said if len(place) == 1 else f"({said})"
    return [Landmark("lowest", f"minimum found: {format_number(low)}\nat {at}, on the grid", place, low)]


def _ends(scene: Scene) -> list[Landmark]:
    """Where training began, and where it has come to, within the picture."""
    path = scene.surface.path
    if path is None or scene.is_cut or not len(path):
        return []
    row = scene.surface.row(scene.metric.name)
    values = path.values[row] if row < len(path.values) else np.full(len(path), np.nan)
    ends = [
        Landmark("end of a path", label, tuple(map(float, path.coordinates[at])), float(values[at]))
        for label, at in (("start of training", 0), ("end of training", -1))
    ]
    axes = scene.surface.grid.axes
    return [
        end
        for end in ends
        if all(axis.low <= at <= axis.high for axis, at in zip(axes, end.coordinates, strict=True))
    ]


def _side(mark: Landmark, every: list[Landmark], scene: Scene) -> str:
    """Where its name stands: into the picture at its edges, clear of other names and of the path."""
    shares = [
        (at - axis.low) / (axis.high - axis.low)
        for at, axis in zip(mark.coordinates, scene.surface.grid.axes, strict=True)
    ]
    across = "right" if shares[0] < 2 * NEAR else "left" if shares[0] > 1 - 2 * NEAR else "center"
    return f"{'bottom' if _is_below(mark, every, scene, shares[-1]) else 'top'} {across}"


def _is_below(mark: Landmark, every: list[Landmark], scene: Scene, up: float) -> bool:
    if up < NEAR or up > 1 - NEAR:
        return up > 1 - NEAR
    beside = [other for other in every if other is not mark and _is_near(mark, other, scene)]
    if mark.kind == "lowest" and beside:
        return not _comes_from_above(beside[0], scene)
    return _comes_from_above(mark, scene)


def _comes_from_above(mark: Landmark, scene: Scene) -> bool:
    """Whether a path runs on the upper side of a mark, as long as it is close by."""
    path, axes = scene.surface.path, scene.surface.grid.axes
    if path is None or len(axes) < 2:
        return False
    away = path.coordinates - np.array(mark.coordinates)
    close = (np.abs(away) < CLOSE_BY * np.array([axis.high - axis.low for axis in axes])).all(axis=1)
    return bool(away[close, 1].sum() > 0)


def _is_near(one: Landmark, other: Landmark, scene: Scene) -> bool:
    spans = [axis.high - axis.low for axis in scene.surface.grid.axes]
    places = zip(one.coordinates, other.coordinates, spans, strict=True)
    return all(abs(a - b) < NEAR * span for a, b, span in places)
