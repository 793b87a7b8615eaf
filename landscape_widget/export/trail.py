"""Which checkpoints of a path are drawn, where, and what is there to read about each?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape_widget.export import colors
from landscape_widget.export.numbers import format_number
from landscape_widget.export.scene import Scene
from landscape_widget.surface.under import between, under
from landscape_widget.track import Path

MOST, LEAST, BIGGER = (
    9.0,
    5.0,
    3.0,
)  # pixels across: of few checkpoints, of many, and more where the rate drops


@dataclass(frozen=True, eq=False)
class Trail:
    """The first checkpoints of a path, as many as the view asks for.

    Attributes:
        coordinates: float64[T, k].
        values: float64[T], each checkpoint's own, raw; NaN where unknown.
        heights: float64[T], where each checkpoint's own value stands; that of the ground while it is unknown.
        feet: float64[T], the ground under it, NaN outside the picture.
        distances: float64[T], from the plane or line, in weights.
        tints: one colour a checkpoint: light to dark by the steps taken, red where the learning rate dropped.
        sizes: float64[T], pixels across.
        words: one text a checkpoint, to read on hover.
        outside: how many lie outside the picture.
    """

    coordinates: NDArray[np.float64]
    values: NDArray[np.float64]
    heights: NDArray[np.float64]
    feet: NDArray[np.float64]
    distances: NDArray[np.float64]
    tints: list[str]
    sizes: NDArray[np.float64]
    words: list[str]
    outside: int

    def __len__(self) -> int:
        return len(self.words)


def trail_of(scene: Scene) -> Trail | None:
    """Return what is drawn of the surface's path; None without one, and on a cut, which it doesn't follow."""
    path, moment = scene.surface.path, scene.view.moment
    if path is None or scene.is_cut or not scene.values.size:
        return None
    shown = slice(len(path) if moment is None else moment)
    coordinates = path.coordinates[shown]
    axes = scene.surface.grid.axes
    feet = between([scene.x, scene.y][: len(axes)], scene.heights, coordinates)
    inside = [(axis.low <= at) & (at <= axis.high) for axis, at in zip(axes, coordinates.T, strict=True)]
    own = path.values[scene.surface.row(scene.metric.name)][shown]
    dropped = np.isin(np.arange(len(path)), path.drops)
    size = max(LEAST, MOST - len(path) / 50)
    return Trail(
        coordinates,
        own,
        _standing(scene, own, feet),
        feet,
        path.distances[shown],
        _tints(path, dropped)[shown],
        np.where(dropped, size + BIGGER, size)[shown],
        _words(scene, path)[shown],
        int(np.count_nonzero(~np.all(inside, axis=0))),
    )


def _standing(scene: Scene, own: NDArray[np.float64], feet: NDArray[np.float64]) -> NDArray[np.float64]:
    """A checkpoint not measured yet lies on the ground; one that diverged, at the top; none out of sight."""
    top = scene.height_range[1]
    heights = np.clip(np.where(np.isposinf(own), top, scene.height(own)), scene.floor, top)
    return np.where(np.isnan(own), feet, heights)


def _tints(path: Path, dropped: NDArray[np.bool_]) -> list[str]:
    taken = path.steps - path.steps[:1]
    share = taken / max(float(taken.max(initial=0)), 1.0)
    tints = [colors.mix(colors.EARLY, colors.LATE, float(at)) for at in share]
    return [colors.DROP if is_drop else tint for tint, is_drop in zip(tints, dropped, strict=True)]


def _words(scene: Scene, path: Path) -> list[str]:
    """When a checkpoint was made, its own value and the ground's, and how far it is from the plane."""
    name, shape = scene.metric_title, "line" if scene.surface.grid.y is None else "plane"
    own = path.values[scene.surface.row(scene.metric.name)]
    ground = under(scene.surface, scene.metric.name, path.coordinates)
    texts = []
    for number in range(len(path)):
        epoch, rate = path.epochs[number], path.learning_rates[number]
        said = [
            f"epoch {format_number(epoch)}" if np.isfinite(epoch) else "",
            f"step {path.steps[number]:,}",
            f"learning rate {format_number(rate)}" if np.isfinite(rate) else "",
            f"{name} {format_number(own[number])}" if path.known[number] else f"{name} not measured yet",
            f"ground below {format_number(ground[number])}" if np.isfinite(ground[number]) else "",
            f"{format_number(path.distances[number])} from the {shape}, in weights",
        ]
        texts.append("<br>".join(filter(None, said)))
    return texts
