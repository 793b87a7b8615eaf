"""From coordinates to values: cells by several workers, by the fastest way that has been proved right."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from landscape_widget.evaluate.choice import Choice
from landscape_widget.evaluate.crew import Crew, Measured
from landscape_widget.evaluate.handed_out import hand_out
from landscape_widget.evaluate.plan import Plan
from landscape_widget.evaluate.proof import Audits, agree
from landscape_widget.evaluate.race import Race
from landscape_widget.evaluate.shares import Cell
from landscape_widget.evaluate.workers import Workers
from landscape_widget.objective.objective import Objective
from landscape_widget.subspace.star import Star
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import State, Values, Withdrawn


class Evaluator:
    """Measures an objective on a subspace; see `landscape_widget.values.Evaluate`. One caller at a time."""

    def __init__(
        self,
        objective: Objective,
        subspace: Subspace | Star,
        pool: Workers,
        *,
        plain: bool = False,
        compile: bool = False,
        budget: int | None = None,
        seconds: float = 0.05,
    ) -> None:
        """Lay out what moves; everything else waits for the first cell.

        Args:
            pool: who computes.
            plain: every cell the plain way, with the batches as the data came.
            compile: whether ``torch.compile`` may try.
            budget: bytes for data, copies and caches; None: a quarter of what is free.
            seconds: how often values are handed out; a cell that takes longer is handed out alone.
        """
        self._dimensions = len(subspace.directions)
        self._seconds = seconds
        self._crew = Crew(objective, subspace, pool, min(seconds, 0.02))
        self._choice = Choice(objective, self._crew, plain=plain, compile=compile, budget=budget)
        self._audits = Audits()
        self._owes = False  # whether cells of guests were handed out

    def handed_out(self, still: Mapping[str, Tensor]) -> tuple[Mapping[str, Tensor], ...]:
        """Return the centre and the directions for the user; ``still`` names all, at the centre."""
        return hand_out(self._crew.lines(), still, self._dimensions)

    @property
    def nbytes(self) -> int:
        """Bytes of what it keeps, without the data."""
        return self._crew.nbytes

    @property
    def clamped(self) -> int:
        """The most running variances of BatchNorm that one cell drove below 0, where they are held."""
        return self._crew.clamped

    @property
    def at_once(self) -> int:
        """Cells that are measured at the same time."""
        return self._crew.workers

    def close(self) -> None:
        """Nothing is held elsewhere."""

    def __call__(
        self, coordinates: NDArray[np.float64], samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]:
        """Yield cells as they get ready, in any order.

        Raises:
            ValueError: where the coordinates don't fit the directions, or there are fewer samples.
            Exception: whatever the loss raises, after what is known has been yielded.
            Withdrawn: where a fast way turned out wrong after cells computed by it were handed out.
        """
        if coordinates.ndim != 2 or coordinates.shape[1] != self._dimensions:
            raise ValueError(
                f"Expected coordinates of shape [n, {self._dimensions}], one column a direction; "
                f"got {list(coordinates.shape)}."
            )
        known: list[Measured] = []
        due = perf_counter() + self._seconds
        try:
            for measured in self._measured(list(enumerate(coordinates.tolist())), samples, cancelled):
                known.append(measured)
                if perf_counter() >= due:
                    yield self._values(known, samples)
                    known, due = [], perf_counter() + self._seconds
        except Exception:
            if known:
                yield self._values(known, samples)
            raise
        if known:
            yield self._values(known, samples)

    def _measured(
        self, cells: Sequence[Cell], samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Measured]:
        rest = deque(cells)
        self._choice.open()
        yield from self._choice.check(rest, samples, cancelled)
        while rest and not cancelled():
            race = self._choice.race(samples)
            count = len(rest) if race.cells is None else min(race.cells, len(rest))
            done = []
            for measured in self._ran([rest.popleft() for _ in range(count)], race, samples, cancelled):
                done.append(measured)
                yield measured
            self._choice.tell(race, done)

    def _ran(
        self, cells: list[Cell], race: Race, samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Measured]:
        """Measure cells by the race's plan, some of them also the plain way, beside the others."""
        plan = race.plan
        plain = Plan(plan.limit, wide=plan.wide)
        ways = [(way, self._crew.portions(samples, way)) for way in (plan, plain)]
        self._crew.prepare(*ways[0])
        audited = [cell for cell in cells if plan.has_guests and self._audits.take()]
        again = [(-1 - number, point) for number, point in audited]
        missing, fast, right = dict(cells), {}, {}
        try:
            for measured in self._crew.run([*cells, *again], lambda number: ways[number < 0], cancelled):
                number = measured.cell
                if number < 0:
                    right[-1 - number] = replace(measured, cell=-1 - number)
                elif any(number == cell for cell, _ in audited):
                    fast[number] = measured
                else:
                    del missing[number]
                    self._owes |= plan.has_guests
                    yield measured
        except Exception:
            if not plan.has_guests:
                raise
            # Whose fault is it? The user's own error comes the plain way, too.
            for measured in self._crew.run(list(missing.items()), lambda _: ways[1], cancelled):
                del missing[measured.cell]
                yield measured
            if not missing:
                self._show_out(plan, "failed where the plain path didn't")
            return
        yield from right.values()
        both = fast.keys() & right.keys()
        if not all(agree(fast[n].measurement, right[n].measurement, self._choice.losses) for n in both):
            self._show_out(plan, "disagreed with the plain path at a random cell")

    def _show_out(self, plan: Plan, why: str) -> None:
        note = self._choice.show_out(plan, why)
        if self._owes:
            self._owes = False
            raise Withdrawn(note)

    def _values(self, known: list[Measured], samples: int) -> Values:
        measurements = [measured.measurement for measured in known]
        return Values(
            cells=np.array([measured.cell for measured in known], dtype=np.int64),
            mean=np.stack([measurement.mean for measurement in measurements]),
            standard_error=np.stack([measurement.standard_error for measurement in measurements]),
            count=np.stack([measurement.count for measurement in measurements]),
            state=np.full(len(known), State.EXACT, dtype=np.uint8),
            how=self._choice.how(samples),
        )
