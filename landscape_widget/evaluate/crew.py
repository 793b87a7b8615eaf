"""How do several workers measure cells together? Each at its own station, on batches that all share."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby, islice, product
from time import perf_counter
from traceback import clear_frames

import torch

from landscape_widget.evaluate.lines import Lines, read_lines, relaid
from landscape_widget.evaluate.plan import Plan
from landscape_widget.evaluate.pool import Pool
from landscape_widget.evaluate.rewrite import Rewrite
from landscape_widget.evaluate.shares import Cell, Shares
from landscape_widget.evaluate.station import Station
from landscape_widget.objective.objective import Objective, Portions
from landscape_widget.objective.out_of_memory import is_out_of_memory
from landscape_widget.objective.terms import Measurement
from landscape_widget.subspace.star import Star
from landscape_widget.subspace.subspace import Subspace

FINE = 0.02
"""Seconds; what is shorter is rarely interrupted, and waits for Python's lock more than it works without."""

_KEPT = 4
"""Ways of cutting the data that are kept; all but ``channels_last`` are views."""


Way = Callable[[int], tuple[Plan, Portions]]
"""How a cell of this number is measured, and on what."""


@dataclass(frozen=True, eq=False)
class Measured:
    """One cell.

    Attributes:
        measurement: nothing but NaN where there is an error.
        seconds: how long it kept its worker.
        work: the same without the time that other processes took, where that is known and matters.
        error: what the user's code, or a rewrite, raised.
    """

    cell: int
    measurement: Measurement
    seconds: float
    work: float
    error: Exception | None = None


class Crew:
    """The stations of one evaluator.

    Attributes:
        workers: how many measure at the same time.
        threads: torch threads of the wide worker.
        dimensions: coordinates of a point.
        rewrites: those that are built into every station made from now on.
    """

    def __init__(self, objective: Objective, subspace: Subspace | Star, pool: Pool, seconds: float) -> None:
        """Lay out what moves.

        Args:
            seconds: how long a worker goes on before it hands in its cells.
        """
        self._objective = objective
        self._pool = pool
        self._seconds = seconds
        vectors = [direction.vector for direction in subspace.directions]
        self._lines = {False: read_lines(objective.model, subspace.origin, vectors)}
        self._stations: dict[tuple[int, bool], Station] = {}
        self._portions: OrderedDict[tuple[int, int | None, bool], Portions] = OrderedDict()
        self.workers = pool.count
        self.threads = pool.threads
        self.dimensions = len(subspace.directions)
        self._nothing = Measurement.unknown(len(objective.metrics))
        self.rewrites: Sequence[Rewrite] = ()
        self._below = 0
        self._work_clock = _work_clock(next(iter(objective.params.values())).device)

    @property
    def clamped(self) -> int:
        """The most running variances of BatchNorm that one cell drove below 0, where they are held."""
        return max([self._below, *(station.clamped for station in tuple(self._stations.values()))])

    @property
    def nbytes(self) -> int:
        """Bytes of the centre, the directions and the workers' weights."""
        return sum(lines.nbytes + self.workers * lines.worker_nbytes for lines in self._lines.values())

    def lines(self, channels_last: bool = False) -> Lines:
        """Return where everything moves, in one memory format."""
        if channels_last not in self._lines:
            self._lines[channels_last] = relaid(self._lines[not channels_last], self._objective.model)
        return self._lines[channels_last]

    def portions(self, samples: int, plan: Plan) -> Portions:
        """Return the batches that a plan measures on."""
        key = samples, plan.limit, plan.channels_last
        if key not in self._portions:
            self._portions[key] = self._objective.portions(samples, plan.limit, plan.channels_last)
            while len(self._portions) > _KEPT:
                self._portions.popitem(last=False)
        self._portions.move_to_end(key)
        return self._portions[key]

    def prepare(self, plan: Plan, portions: Portions) -> None:
        """Let the plan's rewrites compute what all cells on these batches share."""
        for rewrite in self.rewrites:
            if rewrite.name in plan.rewrites:
                rewrite.prepare(portions)

    def keep(self, channels_last: bool) -> None:
        """Forget the stations of the other memory format."""
        self._below = self.clamped
        self._lines = {way: lines for way, lines in self._lines.items() if way == channels_last}
        self._stations = {
            key: station for key, station in tuple(self._stations.items()) if key[1] == channels_last
        }

    def build_in(self, rewrites: Sequence[Rewrite]) -> None:
        """Have these rewrites in every station from now on."""
        self._below = self.clamped
        self.rewrites = rewrites
        self._stations = {}

    def run(self, cells: Sequence[Cell], way: Way, cancelled: Callable[[], bool]) -> Iterator[Measured]:
        """Yield cells as `tried` does, until one fails.

        Raises:
            Exception: what the user's code, or a rewrite, raised; cells that are ready come before.
        """
        with closing(self.tried(cells, way, cancelled)) as tried:
            for measured in tried:
                if measured.error is not None:
                    raise measured.error
                yield measured

    def tried(
        self, cells: Sequence[Cell], way: Way, cancelled: Callable[[], bool]
    ) -> Generator[Measured, None, None]:
        """Yield cells as they get ready, until all are or ``cancelled()``; what they raise comes with them.

        Args:
            way: of each cell by its number; all are wide, or none.
        """
        ways = [way(number)[0] for number, _ in cells]
        wide = any(plan.wide for plan in ways)
        workers = 1 if wide else self.workers
        self._build({plan.channels_last for plan in ways}, workers)
        shares = Shares(cells, workers)
        stopped = False

        def over() -> bool:
            return stopped or cancelled()

        def take(worker: int) -> Callable[[], list[Measured]] | None:
            if worker >= workers or over() or not shares:
                return None
            return lambda: self._hand_in(worker, shares, way, over)

        try:
            for handed in self._pool.run(take, wide=wide):
                yield from handed
        finally:
            stopped = True

    def together(
        self, point: Sequence[float], way: tuple[Plan, Portions], cancelled: Callable[[], bool]
    ) -> list[Measured]:
        """Measure one point on every worker at the same time; nothing once ``cancelled()``."""
        self._build({way[0].channels_last}, self.workers)

        def measured(worker: int) -> list[Measured]:
            return self._measured(worker, [(0, point)], *way, cancelled)

        return [one for answers in self._pool.together(measured, self.workers) for one in answers]

    def _build(self, formats: set[bool], workers: int) -> None:
        """Make the stations that are missing, one after the other: threads that do so wait for each other."""
        for channels_last, worker in product(formats, range(workers)):
            if (worker, channels_last) not in self._stations:
                station = Station(self._objective, self.lines(channels_last), self.rewrites)
                self._stations[worker, channels_last] = station

    def _hand_in(self, worker: int, shares: Shares, way: Way, over: Callable[[], bool]) -> list[Measured]:
        """Measure some cells; one that fails is handed in at once."""
        cells: list[Measured] = []
        due = perf_counter() + self._seconds
        for cell in shares.of(worker):
            more = way(cell[0])[0].together - 1
            for alike in _alike([cell, *islice(shares.of(worker), more)], way) if more else [[cell]]:
                try:
                    cells += self._measured(worker, alike, *way(alike[0][0]), over)
                except Exception as error:
                    if is_out_of_memory(error):
                        clear_frames(error.__traceback__)  # or what filled the memory stays there with it
                    cells += [Measured(number, self._nothing, 0.0, 0.0, error) for number, _ in alike]
                    due = 0.0
            if over() or perf_counter() >= due:
                break
        return cells

    def _measured(
        self,
        worker: int,
        cells: Sequence[Cell],
        plan: Plan,
        portions: Portions,
        cancelled: Callable[[], bool],
    ) -> list[Measured]:
        station = self._stations[worker, plan.channels_last]
        began, worked = perf_counter(), self._work_clock()
        points = [point for _, point in cells]
        measurements = station.measure(points, portions, cancelled, plan)
        seconds, work = perf_counter() - began, self._work_clock() - worked
        if plan.wide or seconds < FINE:
            work = seconds
        if measurements is None:
            return []
        share = 1 / len(cells)
        pairs = zip(cells, measurements, strict=True)
        return [Measured(cell, one, seconds * share, work * share) for (cell, _), one in pairs]


def _alike(cells: Sequence[Cell], way: Way) -> Iterator[list[Cell]]:
    """Yield the cells that are measured the same way, as many at once as that way can."""
    for plan, group in groupby(cells, key=lambda cell: way(cell[0])[0]):
        while some := list(islice(group, plan.together)):
            yield some


def _work_clock(device: torch.device) -> Callable[[], float]:
    """Return the thread's own time where it says what a cell costs: on a CPU, and finely enough."""
    is_fine = time.get_clock_info("thread_time").resolution < 1e-5
    return time.thread_time if device.type == "cpu" and is_fine else perf_counter
