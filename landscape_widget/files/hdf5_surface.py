"""What is in a surface file of the paper's code, and where was each of its values measured?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.facts import MetricFacts, Point
from landscape_widget.files.hdf5 import Hdf5, opened
from landscape_widget.files.hdf5_columns import (
    AXES,
    DIRECTIONS_FILE,
    LARGEST,
    METRICS,
    SETTINGS,
    SMALLEST,
    curvature,
    metric_of,
    missing,
)
from landscape_widget.surface.grid import MOST_CELLS, Axis, Grid
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State

SAME_STEP = 1e-3  # of a step: coordinates may have been kept in float32


@dataclass(frozen=True, eq=False)
class Column:
    """float64[cells] and whether each is computed, rows along x."""

    values: NDArray[np.float64]
    known: NDArray[np.bool_]


def read_hdf5(path: Path) -> Surface:
    """Read a surface file; a value is placed where it was measured, be the grid square or not.

    The paper's code makes an array (len(x), len(y)) and fills it in the order of ``meshgrid``, which is
    (len(y), len(x)): on a grid that isn't square it is to be read flat. −1 marks what isn't computed (and 1
    the smallest eigenvalue). On how many samples it was measured the file doesn't say: 0, unless we wrote it.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no such file, cut off, or says of itself what isn't so.
    """
    with opened(path, "a surface") as file:
        axes = _axes(file)
        grid = Grid(*(axis for axis, _ in axes))
        settings = _settings(file)
        columns = _columns(file, grid, tuple(turn for _, turn in reversed(axes)))
        if len({LARGEST, SMALLEST} & columns.keys()) == 1:
            raise file.refusal(f"has only one of {LARGEST!r} and {SMALLEST!r} computed")
    extremes = [columns.pop(name) for name in (LARGEST, SMALLEST) if name in columns]
    names = sorted(columns, key=lambda name: ([*METRICS, name].index(name), name))
    own = [(metric_of(name, _size(settings, name)), columns[name]) for name in names]
    if not extremes:
        return _surface(grid, own, settings)
    facts = curvature(_size(settings, LARGEST))
    of_map = list(zip(facts, [_ratio(*extremes), *extremes], strict=True))
    if not own or settings:
        return _surface(grid, of_map + own, settings)
    return _surface(grid, own, settings).with_map("curvature", _surface(grid, of_map, settings))


def _axes(file: Hdf5) -> list[tuple[Axis, int]]:
    """Return each axis, and −1 where its coordinates descend in the file."""
    axes = []
    for name in AXES[: 2 if AXES[1] in file.names else 1]:
        if len(shape := file.shape(name)) != 1 or not 2 <= shape[0] <= MOST_CELLS:
            raise file.refusal(f"has {name!r} of shape {shape}, where a list of two or more belongs")
        coordinates = file.numbers(name)
        turn = -1 if coordinates[0] > coordinates[-1] else 1
        rising = coordinates[::turn]
        low, high = float(rising[0]), float(rising[-1])
        even = np.linspace(low, high, len(rising))
        if not np.isfinite(rising).all() or np.abs(rising - even).max() > SAME_STEP * (even[1] - even[0]):
            some = ", ".join(f"{value:.4g}" for value in coordinates[:4])
            raise file.refusal(f"has {name!r} that are not finite and evenly spaced: {some}, …")
        try:
            axes.append((Axis(low, high, len(rising)), turn))
        except ValueError as error:
            raise file.refusal(f"has {name!r} that make no axis: {error}") from error
    return axes


def _columns(file: Hdf5, grid: Grid, turns: tuple[int, ...]) -> dict[str, Column]:
    """Return the datasets of which at least one cell is computed."""
    columns = {}
    for name in (name for name in file.names if name not in (*AXES, DIRECTIONS_FILE, SETTINGS)):
        if (shape := file.shape(name)) not in (grid.shape, grid.shape[::-1]):
            belongs = grid.shape[::-1]
            raise file.refusal(f"has {name!r} of shape {shape}, where its coordinates make {belongs}")
        laid = file.numbers(name).reshape(grid.shape)
        values = laid[tuple(slice(None, None, turn) for turn in turns)].ravel()
        known = values != missing(name)
        columns[name] = Column(np.where(known, values, np.nan), known)
    computed = {name: column for name, column in columns.items() if column.known.any()}
    if not computed:
        raise file.refusal(f"has nothing computed, only {', '.join(map(repr, columns)) or 'coordinates'}")
    return computed


def _ratio(largest: Column, smallest: Column) -> Column:
    """The picture of figure 7; NaN where the largest isn't positive."""
    ratio = np.full(largest.values.shape, np.nan)
    np.divide(np.abs(smallest.values), largest.values, out=ratio, where=largest.values > 0)
    return Column(ratio, largest.known & smallest.known)


def _surface(grid: Grid, columns: list[tuple[MetricFacts, Column]], settings: dict[str, Any]) -> Surface:
    metrics = tuple(fact for fact, _ in columns)
    points, origin = _origin(grid)
    where = np.concatenate([np.arange(grid.size), origin])
    known = np.stack([column.known for _, column in columns])
    part_done = tuple(
        f"{fact.name}: {row.sum():,} of {grid.size:,} cells are computed in the file."
        for fact, row in zip(metrics, known, strict=True)
        if not row.all()
    )
    values, known = np.stack([column.values for _, column in columns])[:, where], known[:, where]
    samples = _whole(settings.get("samples"))
    measured = np.array([[min(samples, fact.size)] for fact in metrics])
    return Surface(
        grid,
        metrics,
        points,
        samples,
        values,
        np.full(values.shape, np.nan),
        np.where(known, measured, 0),
        np.where(known.any(axis=0), State.EXACT, State.UNKNOWN).astype(np.uint8),
        settings={**settings, "notes": [*settings.get("notes", ()), *part_done]},
    )


def _origin(grid: Grid) -> tuple[tuple[Point, ...], NDArray[np.int64]]:
    """Return the origin and its cell, where the grid meets it."""
    cells = np.flatnonzero(~grid.coordinates(np.arange(grid.size)).any(axis=1))
    return (Point("origin", (0.0,) * len(grid.axes)),) * len(cells), cells


def _settings(file: Hdf5) -> dict[str, Any]:
    if not (text := file.text(SETTINGS)):
        return {}
    try:
        settings = json.loads(text)
        return {**settings, "notes": list(settings.get("notes", ())), "data": dict(settings.get("data", {}))}
    except (AttributeError, RecursionError, TypeError, ValueError) as error:
        raise file.refusal(f"has {SETTINGS!r} that are not ours ({error})") from error


def _size(settings: dict[str, Any], dataset: str) -> int:
    data = settings.get("data", {})
    return _whole(data.get(METRICS.get(dataset, (dataset,))[0], data.get("loss")))


def _whole(number: Any) -> int:
    return number if isinstance(number, int) and number > 0 else 0
