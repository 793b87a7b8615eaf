"""Surfaces with known values, paths with known places, and what their figures say."""

import numpy as np

from landscape_widget.facts import MetricFacts, Point
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.surface import Surface
from landscape_widget.track import Path

FOUR = tuple(
    MetricFacts(name, unit, 100)
    for name, unit in [("loss", ""), ("accuracy", "%"), ("test_loss", ""), ("test_accuracy", "%")]
)
SETTINGS = {"labels": ["random, seed 0", "towards <b>"], "normalization": "filter", "batch_norm": "frozen"}


def measured(functions, nx=7, ny=5, *, cells=None, count=100, error=0.5, metrics=FOUR, settings=SETTINGS):
    """A surface whose metrics are functions of (a, b); the first ``cells`` by level are known."""
    grid = Grid(Axis(-1, 1, nx), Axis(-2, 2, ny) if ny else None)
    points = (Point("origin", (0.0,) * len(grid.axes)), Point("far", (5.0,) * len(grid.axes)))
    surface = Surface.empty(grid, metrics[: len(functions)], points=points, samples=count, settings=settings)
    levels = np.append(grid.cell_levels.astype(int), [-1] * len(points))
    known = np.argsort(levels, kind="stable")[:cells]
    place = surface.coordinates(known)
    values = np.stack([function(place[:, 0], place[:, -1]) for function in functions])
    counts, errors = np.full(values.shape, count), np.full(values.shape, float(error))
    return surface.tell(Patch(known, values, errors, counts, np.ones(len(known), np.uint8)))


def line(functions, *, points=(("origin", 0.0),), nx=41, low=-0.5, high=1.5, metrics=FOUR, settings=SETTINGS):
    """A line, all of it known, with labelled points; its metrics are functions of the coordinate."""
    labelled = tuple(Point(label, (place,)) for label, place in points)
    grid = Grid(Axis(low, high, nx))
    surface = Surface.empty(grid, metrics[: len(functions)], points=labelled, samples=100, settings=settings)
    cells = np.arange(len(surface.states))
    place = surface.coordinates(cells)[:, 0]
    values = np.stack([np.broadcast_to(function(place), place.shape) for function in functions]).astype(float)
    counts = np.full(values.shape, 100)
    return surface.tell(Patch(cells, values, np.zeros_like(values), counts, np.ones(len(cells), np.uint8)))


def path_of(coordinates, values=None, *, distances=None, epochs=True, rates=None, explained=None, known=None):
    """A path through the places given; the rest is plain."""
    coordinates = np.array(coordinates, float)
    size, axes = coordinates.shape
    each = np.arange(size)
    return Path(
        coordinates,
        np.zeros(size) if distances is None else np.array(distances, float),
        10.0 + each,
        100 * each,
        each.astype(float) if epochs else np.full(size, np.nan),
        np.full(size, 0.1) if rates is None else np.array(rates, float),
        np.full((1, size), np.nan) if values is None else np.atleast_2d(np.array(values, float)),
        np.full(size, values is not None) if known is None else np.array(known),
        (None,) * axes if explained is None else explained[0],
        (None,) * axes if explained is None else explained[1],
    )


def named(figure, name):
    """The one trace of that name."""
    (found,) = [trace for trace in figure.data if trace.name == name]
    return found


def trace(figure, kind):
    return next(trace for trace in figure.data if trace.type == kind)


def subtitle(figure):
    return figure.layout.title.subtitle.text


def texts(figure):
    return [annotation.text for annotation in figure.layout.annotations]
