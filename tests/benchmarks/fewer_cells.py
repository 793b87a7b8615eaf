"""How many cells does a picture need? Until the spline is within 1 % of the drawn range of the truth."""

from __future__ import annotations

import numpy as np
from bench import Bench
from numpy.typing import NDArray
from tables import Must, across, short
from workloads import KEPT, Workload

import landscape_widget as lw
from landscape_widget.surface.interpolate import surplus
from landscape_widget.surface.patch import Patch
from landscape_widget.values import State

SHARE = 0.01
MUST: dict[str, float] = {"W1": 60, "W2": 150, "W3": 60, "W4": 20, "W5": 20, "W6": 20}
ABOUT = (
    "The drawn range is that of the log of the loss over the plane; the truth is all 51×51 cells, from W3 on "
    "for some of the samples. Seconds are the level's cells at the speeds measured above on all of the data, "
    "and so are those of the best peer's full grid. `tolerance=0.01` stops by the worst "
    "error that it measures itself, one level later."
)


def measure_fewer_cells(bench: Bench) -> list[str]:
    columns: list[tuple[str, ...]] = [("", *HEADINGS)]
    for workload in bench.workloads:
        bench.say(f"cells to within 1 % of {workload.name}")
        columns.append((workload.name, *numbers(bench, workload)))
    return [ABOUT, "", *across(columns, "")]


HEADINGS = (
    "samples of the truth",
    "drawn range, of log-loss",
    *(f"off by, mean / max, at {points}×{points}" for points in (5, 9, 17, 33)),
    "cells to within 1 % in the mean",
    "… s on all of the data",
    "… against the best peer's full grid",
    "cells to within 1 % everywhere",
    "… s on all of the data",
    "`tolerance=0.01` stops at",
    "… and is off by, mean / max",
)


def numbers(bench: Bench, workload: Workload) -> list[str]:
    true = truth(workload)
    levels = [up_to(true, level) for level in range(true.grid.levels)]
    counts = [int(surface.known.sum()) for surface in levels]
    errors = [error(surface, true) for surface in levels]
    in_mean = next(count for count, found in zip(counts, errors, strict=True) if found.mean() <= SHARE)
    everywhere = next(count for count, found in zip(counts, errors, strict=True) if found.max() <= SHARE)
    stopped = settled(true, SHARE)
    speed = bench.speeds.get(workload.name)
    against = MUST[workload.name]
    return [
        f"{true.samples:,}",
        f"{np.ptp(np.log(true['loss'])):.3g}",
        *(off(found) for found in errors[:4]),
        f"{in_mean:,}",
        short(in_mean / speed.own) if speed else "–",
        Must(against)(counts[-1] / speed.best_peer / (in_mean / speed.own)) if speed else "–",
        f"{everywhere:,}",
        short(everywhere / speed.own) if speed else "–",
        f"{int(stopped.known.sum()):,}",
        off(error(stopped, true)),
    ]


def truth(workload: Workload) -> lw.Surface:
    """All cells, computed once and kept: values don't depend on how fast they are found."""
    problem = workload.problem()
    path = KEPT / "truth" / f"{workload.name}-{workload.recipe()}-{workload.truth}.npz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        lw.compute(*problem, samples=workload.truth).save(path)
    return lw.load(path)


def up_to(surface: lw.Surface, level: int) -> lw.Surface:
    """As it was when that level was finished."""
    cells = np.flatnonzero(surface.grid.cell_levels <= level)
    values, errors, counts = surface.values[:, cells], surface.errors[:, cells], surface.counts[:, cells]
    empty = lw.Surface.empty(surface.grid, surface.metrics, points=surface.points, samples=surface.samples)
    return empty.tell(Patch(cells, values, errors, counts, np.full(len(cells), State.EXACT, np.uint8)))


def settled(surface: lw.Surface, tolerance: float) -> lw.Surface:
    """As far as ``compute(tolerance=…)`` would have gone."""
    levels = (up_to(surface, level) for level in range(surface.grid.levels))
    close = (known for known in levels if (found := surplus(known)) is not None and found.worst < tolerance)
    return next(close, surface)


def error(surface: lw.Surface, true: lw.Surface) -> NDArray[np.float64]:
    """Of each cell, as a share of the drawn range; nothing said counts as all of it."""
    log = np.log(true["loss"])
    found = np.abs(np.log(surface.interpolated("loss")) - log) / np.ptp(log)
    return np.where(np.isfinite(found), found, 1.0)


def off(found: NDArray[np.float64]) -> str:
    return f"{found.mean():.2%} / {found.max():.2%}"
