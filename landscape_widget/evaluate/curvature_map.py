"""How is the loss curved at each cell? Both ends of the Hessian's spectrum, a cell a worker."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import cached_property
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.curvature.door import check_curvature
from landscape_widget.curvature.extremes import Extremes
from landscape_widget.curvature.hessian_extremes import HessianExtremes
from landscape_widget.curvature.place import all_names, at_origin
from landscape_widget.curvature.products import Cancelled, Vector
from landscape_widget.evaluate.coordinates import check_coordinates
from landscape_widget.evaluate.curvature_cost import scattered
from landscape_widget.evaluate.curvature_station import Start, Station, extremes_at
from landscape_widget.evaluate.lines import Lines, read_lines
from landscape_widget.evaluate.memory import default_budget
from landscape_widget.evaluate.pool import Pool
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.torch_threads import one_torch_thread
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import How, State, Values

NOISE = 0.1
"""Length of the random part of a start vector: enough to find what the origin's eigenvectors don't see."""

SLOW = 3.0
"""Seconds a cell; where one takes longer, fewer are tried before the cost is told."""


class CurvatureMap:
    """Measures the extremes of the Hessian on a subspace; see `landscape_widget.values.Evaluate`.

    Every cell starts from the origin's eigenvectors, so what is found at a cell depends on nothing but the
    cell: not on the order, nor on the number of workers. One caller at a time.

    Attributes:
        metrics: the four columns.
        samples: size of the subset.
        settings: what decides the numbers, JSON-able.
    """

    def __init__(
        self,
        objective: Objective,
        subspace: Subspace,
        *,
        pool: Pool,
        asked: HessianExtremes,
        name: str,
        budget: int | None = None,
    ) -> None:
        """Lay out what moves; everything else waits for the first cell.

        Args:
            objective: measured without autocast.
            pool: who computes.
            name: of the metric.
            budget: bytes that graphs may take; None: a quarter of what is free.
        """
        objective = objective.precise
        self._objective, self._subspace, self._pool, self._asked = objective, subspace, pool, asked
        self._budget = budget
        self.samples = min(asked.samples, objective.train.size)
        self.metrics = asked.columns(name, objective.train.size)
        moved = tuple(n for n in objective.params if n not in subspace.unmoved)
        self._names = all_names(objective) if asked.parameters == "all" else moved
        self.settings: dict[str, Any] = asdict(asked) | {
            "samples": self.samples,
            "weights": sum(objective.model.get_parameter(n).numel() for n in self._names),
        }
        self._stations: dict[int, Station] = {}
        self._started: Start | None = None

    def __call__(
        self, coordinates: NDArray[np.float64], samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]:
        """Yield cells as they get ready, in any order.

        Raises:
            ValueError: where the coordinates don't fit the directions, or the loss has no second derivative.
            Exception: whatever the loss raises.
        """
        check_coordinates(coordinates, len(self._subspace.directions))
        for cell, found, _ in self._measured(coordinates.tolist(), samples, cancelled):
            yield self._values(cell, found, samples)

    def cost(self, cells: int, cancelled: Callable[[], bool]) -> float | None:
        """Return how many seconds so many cells will take, from a few of all over; None once cancelled."""
        began = perf_counter()
        if self._start(self.samples, cancelled) is None:
            return None
        first = perf_counter() - began
        rounds = 1 if first > SLOW else 4
        tried = scattered(self._subspace, self._pool.count * rounds)
        seconds = [one[2] for one in self._measured(tried, self.samples, cancelled)]
        if len(seconds) < len(tried):
            return None
        if rounds > 1:  # a worker's first cell also warms it up
            seconds = seconds[self._pool.count :]
        # the last cells leave workers idle, so whole rounds count
        return math.ceil(cells / self._pool.count) * float(np.mean(seconds))

    @property
    def clamped(self) -> int:
        """The most running variances of BatchNorm that one cell drove below 0, where they are held."""
        return max((station.clamped for station in self._stations.values()), default=0)

    def close(self) -> None:
        """Let go of the workers' copies."""
        self._stations.clear()

    def _measured(
        self, points: Sequence[Sequence[float]], samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[tuple[int, Extremes, float]]:
        if (start := self._start(samples, cancelled)) is None:
            return
        left = iter(range(len(points)))
        stopped = False

        def over() -> bool:
            return stopped or cancelled()

        def take(worker: int) -> Callable[[], tuple[int, Extremes, float] | None] | None:
            if worker not in self._stations or over() or (cell := next(left, None)) is None:
                return None
            return lambda: self._cell(worker, cell, points[cell], start, over)

        for worker in range(min(self._pool.count, len(points))):
            if worker not in self._stations:
                self._stations[worker] = Station(self._objective, self._lines, self._names)
        try:
            for found in self._pool.run(take):
                if found is not None:
                    yield found
        finally:
            stopped = True

    def _cell(
        self, worker: int, cell: int, point: Sequence[float], start: Start, cancelled: Callable[[], bool]
    ) -> tuple[int, Extremes, float] | None:
        began = perf_counter()
        try:
            found = self._stations[worker].extremes(point, start, self._asked.tolerance, cancelled)
        except Cancelled:
            return None
        return cell, found, perf_counter() - began

    @cached_property
    def _lines(self) -> Lines:
        vectors = [direction.vector for direction in self._subspace.directions]
        return read_lines(self._objective.model, self._subspace.origin, vectors)

    def _start(self, samples: int, cancelled: Callable[[], bool]) -> Start | None:
        """Find the origin's eigenvectors, once for each number of samples."""
        if self._started is not None and self._started.samples == samples:
            return self._started
        with one_torch_thread():
            kept_bytes = check_curvature(self._objective, self._names)
        batches = self._objective.portions(samples)[0]
        budget = default_budget() if self._budget is None else self._budget
        keep = kept_bytes * samples * self._pool.count <= budget
        cold = Start(samples, batches, self._noise, keep)

        def found() -> Start | None:
            place = at_origin(self._objective, self._names)
            try:
                vectors = extremes_at(place, cold, self._asked.tolerance, cancelled).vectors
            except Cancelled:
                return None
            if np.isfinite(vectors).all():
                return Start(samples, batches, vectors.sum(0) + NOISE * self._noise, keep)
            return cold

        left = [found]
        for start in self._pool.run(lambda worker: left.pop() if left else None):
            self._started = start
        return self._started if self._started is not None and self._started.samples == samples else None

    @cached_property
    def _noise(self) -> Vector:
        """A random direction of length 1."""
        noise = np.random.default_rng(self._asked.seed).standard_normal(self.settings["weights"])
        return noise / np.linalg.norm(noise)

    def _values(self, cell: int, found: Extremes, samples: int) -> Values:
        is_ratio = found.largest > max(0.0, self._asked.tolerance * found.norm)
        ratio = abs(found.smallest / found.largest) if is_ratio else np.nan
        row = np.array([[ratio, found.largest, found.smallest, found.residual]])
        done = not found.residual > self._asked.tolerance  # NaN is final, too
        return Values(
            cells=np.array([cell], dtype=np.int64),
            mean=row,
            standard_error=np.full(row.shape, np.nan),
            count=np.full(row.shape, samples, dtype=np.int64),
            state=np.array([State.EXACT if done else State.UNCONVERGED], dtype=np.uint8),
            how=self._how,
        )

    @cached_property
    def _how(self) -> How:
        device = str(next(iter(self._objective.params.values())).device)
        return How(f"{device}, {self._pool.count} × 1 thread", settings=self.settings)
