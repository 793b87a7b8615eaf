"""What stands on the stage? Surfaces whose values are closed forms, and a path through one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from landscape_widget.facts import Histogram, MetricFacts, Point
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.surface import Surface
from landscape_widget.track import Path
from landscape_widget.values import State

Function = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]

SIZE = 1_797
METRICS = (MetricFacts("loss", "", SIZE), MetricFacts("accuracy", "%", SIZE))
AXES = [{"key": "random", "seed": seed, "normalization": None} for seed in (0, 1)]
SETTINGS = {
    "name": "digits-mlp",
    "labels": ["random, seed 0", "random, seed 1"],
    "directions": AXES,
    "normalization": "filter",
    "gram": [[25.0, 0.18], [0.18, 25.0]],
    "spread": 0.8,
    "share": 0.998,
    "device": "cpu, 2 workers",
}


def loss(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """A valley at the origin, a second one beside it, and walls."""
    ripples = 0.35 * (1 - np.cos(3.2 * a + 1.1 * b)) + 0.2 * (1 - np.cos(2.6 * b - a))
    return 0.05 + 1.5 * a**2 + 0.9 * b**2 + ripples + 0.9 * np.maximum(0, a + b) ** 4


def accuracy(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Falls as the loss rises."""
    return 98.5 * np.exp(-0.45 * loss(a, b))


def narrower(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """The loss of a network with steeper walls."""
    return loss(1.5 * a, 1.3 * b) + 0.1


def ground(
    functions: Sequence[Function] = (loss, accuracy),
    *,
    cells: int = 51,
    axes: int = 2,
    level: int | None = None,
    preview: int | None = None,
    samples: int = SIZE,
    error: float = 0.004,
    points: Sequence[Point] = (),
    settings: dict[str, object] | None = None,
    metrics: tuple[MetricFacts, ...] = METRICS,
    span: tuple[float, float] = (-1.0, 1.0),
) -> Surface:
    """Return a surface on which metrics are functions of the coordinates.

    Args:
        level: the finest one that is measured; None: all.
        preview: how many samples the finest known level was measured on, if that is fewer.
    """
    grid = Grid(*(Axis(*span, cells) for _ in range(axes)))
    labelled = (Point("origin", (0.0,) * axes), *points)
    asked = SETTINGS | (settings or {})
    surface = Surface.empty(grid, metrics[: len(functions)], points=labelled, samples=samples, settings=asked)
    levels = np.append(grid.cell_levels.astype(int), [-1] * len(labelled))
    last = grid.levels if level is None else level
    surface = surface.tell(_patch(surface, np.flatnonzero(levels <= last), functions, samples, error))
    if preview is None:
        return surface
    return surface.tell(
        _patch(surface, np.flatnonzero(levels == last + 1), functions, preview, 0.03, State.PREVIEW)
    )


def walked(surface: Surface, steps: int = 24) -> Surface:
    """Return the surface with a training that came in a bend from the corner to the origin."""
    share = np.linspace(1, 0, steps)
    places = np.stack([-0.85 * share**1.5, 0.8 * share * np.cos(1.2 * share)], axis=1)
    each = np.arange(steps)
    rates = np.where(each < 2 * steps // 3, 0.1, 0.01)
    height = loss(*places.T) + 0.3 * share
    values = np.stack([height, accuracy(*places.T)])[: len(surface.metrics)]
    norms, known = 10 + 2 * (1 - share), np.full(steps, True)
    explained = ((0.71, 0.18), (0.55, 0.2))
    path = Path(places, 0.6 * share, norms, 100 * each, each.astype(float), rates, values, known, *explained)
    return surface.with_path(path)


def weighed(surface: Surface) -> Surface:
    """Return the surface with histograms of the weights of two models."""
    edges = np.linspace(-0.5, 0.5, 41)
    middle = (edges[1:] + edges[:-1]) / 2
    bell = [np.round(4_000 * np.exp(-((middle / width) ** 2))).astype(np.int64) for width in (0.2, 0.1)]
    pair = zip(("origin", "B"), bell, (12.4, 6.1), strict=True)
    return replace(surface, histograms=tuple(Histogram(label, edges, n, norm) for label, n, norm in pair))


def _patch(
    surface: Surface,
    cells: NDArray[np.int64],
    functions: Sequence[Function],
    count: int,
    error: float,
    state: State = State.EXACT,
) -> Patch:
    place = surface.coordinates(cells)
    a, b = place[:, 0], place[:, -1] if place.shape[1] == 2 else np.zeros(len(place))
    values = np.stack([np.broadcast_to(function(a, b), a.shape) for function in functions]).astype(float)
    errors, counts = np.full(values.shape, error), np.full(values.shape, count)
    return Patch(cells, values, errors, counts, np.full(len(cells), state, np.uint8))
