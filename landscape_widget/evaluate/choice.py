"""How are the cells of one evaluator computed? What was found, proved, raced for, and shown out again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from statistics import median

import numpy as np

from landscape_widget.evaluate.crew import Crew, Measured
from landscape_widget.evaluate.guests import find_rewrites, likes_channels_last, names, proved, sentences
from landscape_widget.evaluate.memory import default_budget, fitting_workers
from landscape_widget.evaluate.plan import Plan
from landscape_widget.evaluate.proof import agree
from landscape_widget.evaluate.race import (
    Change,
    Race,
    one_wide_worker,
    other_format,
    scaled,
    several_together,
    without,
)
from landscape_widget.evaluate.recording import record
from landscape_widget.evaluate.shares import Cell
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.out_of_memory import halved, is_out_of_memory
from landscape_widget.values import How

CACHE = 2**21
"""Bytes of the largest activation of a batch at first: what a core's caches hold."""

FEWEST, MOST = 16, 4096
"""Samples a batch at first."""


class Choice:
    """Begins with a guess; `Race` takes it from there, unless all is settled once the guess is proved.

    Attributes:
        losses: which columns of a measurement are losses, bool[metrics].
        notes: sentences for the user.
    """

    def __init__(
        self,
        objective: Objective,
        crew: Crew,
        *,
        plain: bool,
        compile: bool,
        budget: int | None,
        settled: bool = False,
    ) -> None:
        self.losses = np.array([fact.name in ("loss", "test_loss") for fact in objective.metrics])
        self.notes: list[str] = []
        self._objective = objective
        self._crew = crew
        self._plain = plain
        self._compile = compile
        self._settled = settled
        self._most: int | None = None
        self._device = next(iter(objective.params.values())).device
        self._guess = Plan()
        self._races: dict[int, Race] = {}
        self._seconds: deque[float] = deque(maxlen=64)
        self._together: tuple[int, ...] = ()
        self._is_open = self._is_checked = False
        self._budget = default_budget() if budget is None else budget
        self._base = self._fit(self._budget)
        self._free = max(0, self._budget - self._base)

    def open(self) -> None:
        """Look at one forward, and guess from it; only the first time."""
        if self._is_open:
            return
        self._is_open = True
        objective, crew = self._objective, self._crew
        if self._plain:
            return
        try:
            recording = record(objective.model, objective.trial, objective.train.first)
        except Exception:  # a loss that fails now and then; the cells will say how
            return
        limit = None
        if objective.trial.cuttable:
            limit = int(np.clip(CACHE // recording.sample_bytes, FEWEST, MOST))
        rewrites = find_rewrites(recording, objective, crew.lines(), self._compile)
        if self._compile and not rewrites:
            self.notes.append(
                "Without torch.compile, which can be proved on float32 and float64 weights only, without "
                "autocast, and under no loss that differentiates inside."
            )
        needed = [rewrite.nbytes(sum(objective.sizes), limit or 1, crew.workers) for rewrite in rewrites]
        for rewrite, nbytes in zip(rewrites, needed, strict=True):
            if nbytes > self._free:
                self.notes.append(f"Without {rewrite.name}, which needs {_megabytes(nbytes)} of memory.")
        fitting = [r for r, nbytes in zip(rewrites, needed, strict=True) if nbytes <= self._free]
        crew.build_in(fitting)
        channels_last = likes_channels_last(recording, objective) and objective.train.nbytes <= self._free
        on = frozenset(rewrite.name for rewrite in fitting)
        self._guess = Plan(limit, channels_last, on, wide=crew.workers == 1 and self._device.type == "cpu")

    def check(self, rest: deque[Cell], samples: int, cancelled: Callable[[], bool]) -> Iterator[Measured]:
        """Let the workers agree on the first of several cells, and the guests prove themselves; only once.

        What is settled is proved at once, at places that don't depend on the cells.

        Raises:
            Exception: what the loss raises at the first cell, or that something doesn't fit into memory.
        """
        if self._is_checked or self._plain or (len(rest) < 2 and not self._settled):
            return
        if self._settled:
            self._prove(1.0, self._objective.samples, cancelled)
        else:
            if self._crew.workers > 1:
                yield from self._agreed(rest, samples, cancelled)
            if not cancelled():
                reach = max((abs(c) for _, point in rest for c in point), default=0.0) or 1.0
                self._prove(reach, samples, cancelled)
        self._is_checked = not cancelled()

    def makes_room(self, error: Exception, plan: Plan, samples: int) -> bool:
        """Halve the batches where they didn't fit into memory; False where that is no help."""
        portions = self._crew.portions(samples, plan)
        limit = halved(self._objective, portions) if is_out_of_memory(error) else None
        if limit is not None:
            self._most = limit
            self._guess = replace(self._guess, limit=min(limit, self._guess.limit or limit))
            self._races.clear()
        return limit is not None

    def race(self, samples: int) -> Race:
        """Return the race on so many samples; on fewer than were asked for first, the last winner."""
        if (race := self._races.get(samples)) is not None:
            return race
        guess = replace(self._guess, limit=self._guess.limit and min(self._guess.limit, samples))
        workers = self._crew.workers
        if not self._is_checked:
            return Race(Plan(guess.limit, wide=guess.wide), (), workers)
        if samples < self._objective.samples:
            best = max(self._races.items(), key=lambda item: item[0], default=(0, None))[1]
            return Race(guess if best is None else best.best, (), workers)
        changes = [] if self._settled else self._changes(samples)
        race = self._races[samples] = Race(guess, changes, workers)
        return race

    def tell(self, race: Race, measured: list[Measured]) -> None:
        """Learn how long cells took."""
        self._seconds.extend(one.seconds for one in measured)
        race.tell(one.work for one in measured)
        if race.is_settled and race in self._races.values():
            self._crew.keep(race.best.channels_last)

    def show_out(self, plan: Plan, why: str) -> str:
        """Go on without guests; return the note about it."""
        listed = ", ".join(names(plan))
        self.notes.append(f"A fast way ({listed}) {why}, so every cell is computed the plain way now.")
        self._guess = Plan(self._guess.limit, wide=self._guess.wide)
        self._races.clear()
        self._crew.build_in(())
        return self.notes[-1]

    def how(self, samples: int) -> How:
        """Say it in words, and for the file."""
        plan = self.race(samples).best
        workers = 1 if plan.wide else self._crew.workers
        limit = plan.limit and min(plan.limit, samples)
        speed = workers / median(self._seconds) if self._seconds else None
        pace = None if speed is None else f"{float(f'{speed:.3g}'):,g} cells a second"
        notes = list(self.notes)
        if self._most is not None:
            notes.append(f"Batches of at most {self._most:,} samples: larger ones didn't fit into memory.")
        who = f"{workers} workers, one thread each" if workers > 1 else "one worker"
        choices = [
            ": ".join(filter(None, (who, pace))),
            "batches as the data came" if limit is None else f"batches of {limit:,} samples",
            *sentences(plan, self._crew.rewrites),
            f"at most {_megabytes(self._needed(plan, samples))} of {_megabytes(self._budget)} of memory",
        ]
        settings = {
            "workers": workers,
            "torch_threads": self._crew.threads if plan.wide else 1,
            "batch": limit,
            "together": plan.together,
            "channels_last": plan.channels_last,
            "rewrites": sorted(plan.rewrites),
            "cells_per_second": speed,
            "notes": notes,
        }
        where = f"{self._device}, {workers} workers" if workers > 1 else str(self._device)
        return How(where, tuple(choices), settings, tuple(notes))

    def _fit(self, budget: int) -> int:
        """Take as many workers as fit into the memory; return the bytes they need, with the data."""
        objective, crew = self._objective, self._crew
        data = objective.train.nbytes + (objective.test.nbytes if objective.test else 0)
        lines, wanted = crew.lines(), crew.workers
        crew.workers = 1
        if self._device.type == "cpu":
            crew.workers = fitting_workers(budget, data + lines.nbytes, lines.worker_nbytes, wanted)
            if crew.workers < wanted:
                each = _megabytes(lines.worker_nbytes)
                self.notes.append(f"{crew.workers} of {wanted} workers: each needs {each} of memory.")
        copies = lines.nbytes + crew.workers * lines.worker_nbytes
        if self._device.type == "cpu" and data <= budget < data + copies:
            self.notes.append(
                f"Copies of the weights take {_megabytes(copies)}, more than fits into the "
                f"{_megabytes(budget)} that there are for it. `copy=False` measures on your own model."
            )
        return data + copies

    def _needed(self, plan: Plan, samples: int) -> int:
        """Bytes of data, copies and what the plan's rewrites keep."""
        size = samples + sum(self._objective.sizes[1:])
        kept = (r.nbytes(size, plan.limit or samples, self._crew.workers) for r in self._crew.rewrites)
        return self._base + sum(kept)

    def _agreed(self, rest: deque[Cell], samples: int, cancelled: Callable[[], bool]) -> Iterator[Measured]:
        """Measure one cell on all workers at the same time."""
        plain = Plan(self._guess.limit)
        cell, point = rest[0]
        answers = self._crew.together(point, (plain, self._crew.portions(samples, plain)), cancelled)
        if len(answers) < self._crew.workers:
            return
        first, *others = answers
        if all(agree(other.measurement, first.measurement, self.losses) for other in others):
            rest.popleft()
            yield replace(first, cell=cell)
        else:
            self._crew.workers = 1
            self._guess = replace(self._guess, wide=True)
            self.notes.append("Two workers disagreed on a cell, so there is one. Does the loss keep a state?")

    def _prove(self, reach: float, samples: int, cancelled: Callable[[], bool]) -> None:
        """Compare the guess, and cells put together, with the plain path."""
        crew = self._crew

        def compared(plan: Plan) -> tuple[Plan, tuple[str, ...]]:
            crew.prepare(plan, crew.portions(samples, plan))
            portions = partial(crew.portions, samples)
            return proved(plan, crew, portions, reach, self.losses, cancelled)

        guess, left = compared(self._guess) if self._guess.has_guests else (self._guess, ())
        together = Plan(guess.limit, together=4)
        races = self._device.type != "cpu" and not self._settled  # one cell fills a CPU
        if races and compared(together)[0] == together:
            self._together = 4, 16
        if not cancelled():
            self._guess = guess
            self.notes += [f"Without {name}, which disagreed with the plain path." for name in left]
            if left:
                crew.build_in([rewrite for rewrite in crew.rewrites if rewrite.name in guess.rewrites])

    def _changes(self, samples: int) -> list[Change]:
        guess = self._guess
        most = min(samples, self._most or samples)
        changes: list[Change] = [scaled(2, most), scaled(0.5, most)]
        changes += [without(name) for name in sorted(guess.rewrites)]
        changes += [other_format] * guess.channels_last
        changes += [one_wide_worker] * (not guess.wide and self._crew.workers > 1)
        return changes + [several_together(cells) for cells in self._together]


def _megabytes(nbytes: int) -> str:
    return f"{nbytes / 1e6:,.3g} MB" if nbytes < 1e9 else f"{nbytes / 1e9:,.3g} GB"
