"""From coordinates to values: cells by several workers, by the fastest way that has been proved right."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from landscape_widget.evaluate.choice import Choice
from landscape_widget.evaluate.coordinates import check_coordinates
from landscape_widget.evaluate.crew import Crew, Measured
from landscape_widget.evaluate.handed_out import hand_out
from landscape_widget.evaluate.plan import Plan
from landscape_widget.evaluate.pool import Pool
from landscape_widget.evaluate.proof import Audits, agree
from landscape_widget.evaluate.shares import Cell
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.out_of_memory import explained, is_out_of_memory
from landscape_widget.subspace.star import Star
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import SKIP, STOP, State, Values, Withdrawn


class Evaluator:
    """Measures an objective on a subspace; see `landscape_widget.values.Evaluate`. One caller at a time."""

    def __init__(
        self,
        objective: Objective,
        subspace: Subspace | Star,
        pool: Pool,
        *,
        plain: bool = False,
        compile: bool = False,
        budget: int | None = None,
        on_error: str = STOP,
        settled: bool = False,
        seconds: float = 0.05,
    ) -> None:
        """Lay out what moves; everything else waits for the first cell.

        Args:
            pool: who computes.
            plain: every cell the plain way, with the batches as the data came.
            compile: whether ``torch.compile`` may try.
            budget: bytes for data, copies and caches; None: a quarter of what is free.
            on_error: ``"stop"``: a cell that fails raises; ``"skip"``: it is answered as `State.FAILED`.
            settled: whether nothing is raced for, so that the bits of a cell depend on no other cell, nor on
                time: for one of several that share the cells.
            seconds: how often values are handed out; a cell that takes longer is handed out alone.
        """
        self._dimensions = len(subspace.directions)
        self._seconds = seconds
        self._crew = Crew(objective, subspace, pool, min(seconds, 0.02))
        choosing = {"plain": plain, "compile": compile, "budget": budget, "settled": settled}
        self._choice = Choice(objective, self._crew, **choosing)
        self._skips, self._error = on_error == SKIP, ""
        self._settled = settled
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
    def here(self) -> Evaluator:
        """Who measures a preview."""
        return self

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
            Exception: whatever the loss raises unless it is skipped, after what is known has been yielded.
            Withdrawn: where a fast way turned out wrong after cells computed by it were handed out.
        """
        check_coordinates(coordinates, self._dimensions)
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
        yield from self._checked(rest, samples, cancelled)
        while rest and not cancelled():
            race = self._choice.race(samples)
            count = len(rest) if race.cells is None else min(race.cells, len(rest))
            missing = dict(rest.popleft() for _ in range(count))
            done = []
            with closing(self._ran(list(missing.items()), race.plan, samples, cancelled)) as ran:
                for measured in ran:
                    if measured.error is None:
                        done.append(measured)
                    elif self._choice.makes_room(measured.error, race.plan, samples):
                        rest.extendleft(reversed(missing.items()))
                        break
                    else:
                        self._give_up(measured.error, race.plan, samples)
                    missing.pop(measured.cell, None)
                    yield measured
            self._choice.tell(race, done)

    def _checked(self, rest: deque[Cell], samples: int, cancelled: Callable[[], bool]) -> Iterator[Measured]:
        """Let workers and guests prove themselves, in batches that fit, at a cell that doesn't fail."""
        failed = 0
        while failed < len(rest):
            try:
                yield from self._choice.check(rest, samples, cancelled)
                return
            except Exception as error:
                plan = self._choice.race(samples).plan
                if not self._choice.makes_room(error, plan, samples):
                    self._give_up(error, plan, samples)
                    rest.rotate(-1)
                    failed += 1

    def _give_up(self, error: Exception, plan: Plan, samples: int) -> None:
        """Raise what a cell raised the plain way, or remember the first of it."""
        if is_out_of_memory(error):
            error = explained(error, self._crew.portions(samples, plan))
        if not self._skips:
            raise error
        self._error = self._error or f"{type(error).__name__}: {error}"

    def _ran(
        self, cells: list[Cell], plan: Plan, samples: int, cancelled: Callable[[], bool]
    ) -> Generator[Measured, None, None]:
        """Measure cells by a plan, some of them also the plain way, beside the others.

        What fails comes with its error. Where a guest failed, the plain way tells whose fault it is.
        """
        plain = Plan(plan.limit, wide=plan.wide)
        ways = [(way, self._crew.portions(samples, way)) for way in (plan, plain)]
        self._crew.prepare(*ways[0])
        audited = dict(cell for cell in cells if plan.has_guests and self._audits.take())
        again = [(-1 - number, point) for number, point in audited.items()]
        missing, fast, right = dict(cells), {}, {}
        suspects: set[int] = set()
        with closing(self._crew.tried([*cells, *again], lambda number: ways[number < 0], cancelled)) as tried:
            for measured in tried:
                number = max(measured.cell, -1 - measured.cell)
                if measured.error is not None and plan.has_guests and not is_out_of_memory(measured.error):
                    suspects.add(number)
                    if not self._skips:
                        break
                elif measured.error is None and number in audited:
                    (right if measured.cell < 0 else fast)[number] = replace(measured, cell=number)
                else:
                    missing.pop(number, None)
                    self._owes |= plan.has_guests
                    yield replace(measured, cell=number)
        answered = set(right)
        if doubtful := [cell for cell in missing.items() if suspects and cell[0] not in right]:
            with closing(self._crew.tried(doubtful, lambda _: ways[1], cancelled)) as tried:
                for measured in tried:
                    answered |= {measured.cell} if measured.error is None else set()
                    yield measured
        both = fast.keys() & right.keys()
        agreed = all(agree(fast[n].measurement, right[n].measurement, self._choice.losses) for n in both)
        yield from (right | {n: fast[n] for n in both} if agreed and self._settled else right).values()
        if suspects & answered:
            self._show_out(plan, "failed where the plain path didn't")
        elif not agreed:
            self._show_out(plan, "disagreed with the plain path at a random cell")

    def _show_out(self, plan: Plan, why: str) -> None:
        note = self._choice.show_out(plan, why)
        if self._owes or self._settled:
            self._owes = False
            raise Withdrawn(note)

    def _values(self, known: list[Measured], samples: int) -> Values:
        measurements = [measured.measurement for measured in known]
        states = [State.EXACT if measured.error is None else State.FAILED for measured in known]
        return Values(
            cells=np.array([measured.cell for measured in known], dtype=np.int64),
            mean=np.stack([measurement.mean for measurement in measurements]),
            standard_error=np.stack([measurement.standard_error for measurement in measurements]),
            count=np.stack([measurement.count for measurement in measurements]),
            state=np.array(states, dtype=np.uint8),
            how=replace(self._choice.how(samples), error=self._error),
        )
