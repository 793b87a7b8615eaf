"""What will a map of curvature cost? A few cells of all over are tried where it will be measured."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from itertools import cycle, islice, product

import numpy as np

from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import Evaluate

PARTS = (0.25, 0.75, 0.05, 0.95)
"""Of the range of an axis, where cells are tried."""


def scattered(subspace: Subspace, count: int) -> list[tuple[float, ...]]:
    """Return so many points all over the range."""
    ranges = [direction.range for direction in subspace.directions]
    axes = [[low + (high - low) * part for part in PARTS] for low, high in ranges]
    return list(islice(cycle(product(*axes)), count))


def tried_cost(
    measure: Evaluate,
    subspace: Subspace,
    samples: int,
    cells: int,
    workers: int,
    cancelled: Callable[[], bool],
    clock: Callable[[], float] = time.perf_counter,
) -> float | None:
    """Return how many seconds so many cells will take so many workers; None once cancelled.

    A cell a worker is for warming up: with the first, it gets all that it needs.
    """
    tried = np.array(scattered(subspace, 2 * workers), dtype=np.float64)
    seconds = 0.0
    for points in (tried[:workers], tried[workers:]):
        began = clock()
        if sum(len(values.cells) for values in measure(points, samples, cancelled)) < workers:
            return None
        seconds = clock() - began
    # the last cells leave workers idle, so whole rounds count
    return math.ceil(cells / workers) * seconds
