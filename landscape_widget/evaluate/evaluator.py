"""From coordinates to values: cells by several workers, by the fastest way that has been proved right."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from landscape_widget.evaluate.crew import Crew, Measured
from landscape_widget.evaluate.guests import (
    CHANNELS_LAST,
    find_rewrites,
    likes_channels_last,
    proved,
    sentences,
)
from landscape_widget.evaluate.memory import default_budget, fitting_workers
from landscape_widget.evaluate.plan import Plan
from landscape_widget.evaluate.proof import Audits, agree
from landscape_widget.evaluate.race import Race, one_wide_worker, other_format, scaled, without
from landscape_widget.evaluate.recording import record
from landscape_widget.evaluate.shares import Cell
from landscape_widget.evaluate.workers import Workers
from landscape_widget.objective.objective import Objective, Portions
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import How, State, Values, Withdrawn

CACHE = 2**21
"""Bytes of the largest activation of a batch at first: what a core's caches hold."""


class Evaluator:
    """Measures an objective on a subspace; see `landscape_widget.values.Evaluate`. One caller at a time."""

    def __init__(
        self,
        objective: Objective,
        subspace: Subspace,
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
        self._objective = objective
        self._dimensions = len(subspace.directions)
        self._plain = plain
        self._compile = compile
        self._budget = default_budget() if budget is None else budget
        self._seconds = seconds
        self._crew = Crew(objective, subspace, pool, min(seconds, 0.02))
        self._losses = np.array([fact.name in ("loss", "test_loss") for fact in objective.metrics])
        self._device = str(next(iter(objective.params.values())).device)
        self._guess = Plan()
        self._races: dict[int, Race] = {}
        self._audits = Audits()
        self._notes: list[str] = []
        self._is_open = self._is_checked = self._handed_out = False
        self._limits()

    @property
    def clamped(self) -> int:
        """The most running variances of BatchNorm that one cell drove below 0, where they are held."""
        return self._crew.clamped

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
        self._open()
        rest = deque(cells)
        if len(cells) > 1 and not self._is_checked:
            yield from self._check(rest, samples, cancelled)
        race = self._race(samples)
        while rest and not cancelled():
            count = len(rest) if race.cells is None else min(race.cells, len(rest))
            some = [rest.popleft() for _ in range(count)]
            spent: list[float] = []
            for measured in self._ran(some, race, samples, cancelled):
                spent.append(measured.seconds)
                yield measured
            race.tell(spent)
            if race.is_settled:
                self._crew.keep(race.best.channels_last)

    def _ran(
        self, cells: list[Cell], race: Race, samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Measured]:
        """Measure cells by the race's plan, some of them also the plain way."""
        plan, points = race.plan, dict(cells)
        portions = self._crew.portions(samples, plan)
        for rewrite in self._crew.rewrites:
            if rewrite.name in plan.rewrites:
                rewrite.prepare(portions)
        is_guest = plan.channels_last or bool(plan.rewrites)
        audited: list[Measured] = []
        try:
            for measured in self._crew.run(cells, plan, portions, cancelled):
                del points[measured.cell]
                if is_guest and self._audits.take():
                    audited.append(measured)
                else:
                    self._handed_out |= is_guest
                    yield measured
        except Exception:
            if not is_guest:
                raise
            # Whose fault is it? The plain way says; the user's own error comes from there.
            yield from self._crew.run(list(points.items()), *self._plain_way(samples, plan), cancelled)
            self._show_out(plan, "failed where the plain path didn't")
            return
        yield from self._audit(audited, dict(cells), plan, samples, cancelled)

    def _audit(
        self,
        audited: list[Measured],
        points: dict[int, Sequence[float]],
        plan: Plan,
        samples: int,
        cancelled: Callable[[], bool],
    ) -> Iterator[Measured]:
        fast = {measured.cell: measured for measured in audited}
        asked = [(cell, points[cell]) for cell in fast]
        wrong = False
        for plain in self._crew.run(asked, *self._plain_way(samples, plan), cancelled):
            wrong |= not agree(fast[plain.cell].measurement, plain.measurement, self._losses)
            yield plain
        if wrong:
            self._show_out(plan, "disagreed with the plain path at a random cell")

    def _plain_way(self, samples: int, plan: Plan) -> tuple[Plan, Portions]:
        plain = Plan(plan.limit)
        return plain, self._crew.portions(samples, plain)

    def _show_out(self, plan: Plan, why: str) -> None:
        """Go on without guests.

        Raises:
            Withdrawn: where cells of theirs were handed out.
        """
        self._notes.append(f"{_listed(plan)} {why}, so every cell is computed the plain way now.")
        self._guess = Plan(self._guess.limit, wide=self._guess.wide)
        self._races.clear()
        self._crew.build_in(())
        if self._handed_out:
            self._handed_out = False
            raise Withdrawn(self._notes[-1])

    def _open(self) -> None:
        """Look at one forward, and guess how to compute."""
        if self._is_open:
            return
        self._is_open = True
        if self._plain:
            return
        objective, limit = self._objective, None
        try:
            recording = record(objective.model, objective.trial, objective.train.first)
        except Exception:  # a loss that fails now and then; the cells will say how
            return
        if objective.trial.cuttable:
            limit = int(np.clip(CACHE // recording.sample_bytes, 16, 4096))
        rewrites = find_rewrites(recording, objective, self._crew.lines(), self._compile)
        fitting = [
            r
            for r in rewrites
            if r.nbytes(objective.train.size, limit or 1, self._crew.workers) <= self._free
        ]
        self._notes += [
            f"The {rewrite.name} would need more memory than the budget."
            for rewrite in rewrites
            if rewrite not in fitting
        ]
        self._crew.build_in(fitting)
        channels_last = likes_channels_last(recording) and objective.train.nbytes <= self._free
        names = frozenset(rewrite.name for rewrite in fitting)
        self._guess = Plan(limit, channels_last, names, wide=self._crew.workers == 1)

    def _limits(self) -> None:
        """Take as many workers as fit into the memory."""
        data = self._objective.train.nbytes + (self._objective.test.nbytes if self._objective.test else 0)
        moved, wanted = self._crew.lines().size, self._crew.workers
        on_cpu = self._device == "cpu"
        self._crew.workers = fitting_workers(self._budget, data, moved, wanted) if on_cpu else 1
        self._free = self._budget - data - (3 + 2 * self._crew.workers) * moved
        if on_cpu and self._crew.workers < wanted:
            self._notes.append(
                f"One worker per {2 * moved / 1e6:,.0f} MB of weights: {self._crew.workers} fit."
            )

    def _check(self, rest: deque[Cell], samples: int, cancelled: Callable[[], bool]) -> Iterator[Measured]:
        """Let the workers agree on one cell, and the guests prove themselves."""
        plain = Plan(self._guess.limit)
        if self._crew.workers > 1:
            cell, point = rest.popleft()
            portions = self._crew.portions(samples, plain)
            answers = self._crew.together(point, plain, portions, cancelled)
            first, *others = [answer for answer in answers if answer is not None] or [None]
            if first is None:
                return
            if not all(
                agree(other.measurement, first.measurement, self._losses) for other in others if other
            ):
                self._crew.workers = 1
                self._notes.append(
                    "Two workers disagreed on a cell, so there is one: does the loss keep a state?"
                )
            yield Measured(cell, first.measurement, first.seconds)
        if cancelled():
            return
        if self._guess.rewrites or self._guess.channels_last:
            reach = max([abs(c) for _, point in rest for c in point], default=1.0) or 1.0
            for rewrite in self._crew.rewrites:
                rewrite.prepare(self._crew.portions(samples, self._guess))
            self._guess, left = proved(
                self._guess,
                self._crew,
                lambda plan: self._crew.portions(samples, plan),
                reach,
                self._losses,
                cancelled,
            )
            if cancelled():
                return
            self._notes += [
                f"{name}: not used, since it disagreed with the plain path.".capitalize() for name in left
            ]
            self._crew.build_in([r for r in self._crew.rewrites if r.name in self._guess.rewrites])
        self._is_checked = True

    def _race(self, samples: int) -> Race:
        if (race := self._races.get(samples)) is None:
            guess = self._guess
            changes = [scaled(2, samples), scaled(0.5, samples)]
            changes += [without(name) for name in sorted(guess.rewrites)]
            changes += [other_format] * guess.channels_last
            changes += [one_wide_worker] * (not guess.wide and self._crew.workers > 1)
            racing = self._is_checked and not self._plain
            race = Race(guess if racing else Plan(guess.limit), changes if racing else [], self._crew.workers)
            if racing:
                self._races[samples] = race
        return race

    def _values(self, known: list[Measured], samples: int) -> Values:
        return Values(
            cells=np.array([measured.cell for measured in known], dtype=np.int64),
            mean=_stacked(known, "mean"),
            standard_error=_stacked(known, "standard_error"),
            count=_stacked(known, "count"),
            state=np.full(len(known), State.EXACT, dtype=np.uint8),
            how=self._how(samples),
        )

    def _how(self, samples: int) -> How:
        race = self._race(samples)
        plan = race.best
        workers = 1 if plan.wide else self._crew.workers
        limit = plan.limit if plan.limit is None else min(plan.limit, samples)
        threads = "torch's own threads" if plan.wide else f"{workers} workers, one thread each"
        speed = 1 / race.seconds if race.seconds else None
        choices = [
            threads if speed is None else f"{threads}: {speed:,.3g} cells a second",
            "batches as the data came" if limit is None else f"batches of {limit:,} samples",
            *sentences(plan, self._crew.rewrites),
        ]
        return How(
            where=self._device if workers == 1 else f"{self._device}, {workers} workers",
            choices=tuple(choices),
            settings={
                "workers": workers,
                "wide": plan.wide,
                "batch": limit,
                "channels_last": plan.channels_last,
                "rewrites": sorted(plan.rewrites),
                "cells_per_second": speed,
                "notes": list(self._notes),
            },
            notes=tuple(self._notes),
        )


def _stacked(known: list[Measured], name: str) -> NDArray:
    return np.stack([getattr(measured.measurement, name) for measured in known])


def _listed(plan: Plan) -> str:
    names = [*sorted(plan.rewrites), *[CHANNELS_LAST] * plan.channels_last]
    return ", ".join(names).capitalize()
