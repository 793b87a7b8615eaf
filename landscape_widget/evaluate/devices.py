"""How are cells measured on several devices of this machine? One worker each, with everything of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from time import perf_counter

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.evaluate.inline import Inline
from landscape_widget.evaluate.memory import default_budget
from landscape_widget.evaluate.pool import Pool
from landscape_widget.evaluate.proof import agree
from landscape_widget.evaluate.shares import Cell, Shares
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.placed import placed
from landscape_widget.objective.terms import Measurement
from landscape_widget.subspace.star import Star
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import STOP, How, Values, Withdrawn

MOST = 256
"""Cells that a device takes at once at most, however quick they are; nor more than half of its share."""


class Devices:
    """Measures an objective on a subspace; see `landscape_widget.values.Evaluate`. One caller at a time.

    Every device computes by a plan that is settled, so no value depends on which of them measured it.
    """

    def __init__(
        self,
        objective: Objective,
        subspace: Subspace | Star,
        pool: Pool,
        devices: Sequence[torch.device],
        *,
        plain: bool = False,
        budget: int | None = None,
        on_error: str = STOP,
        seconds: float = 0.05,
    ) -> None:
        """Lay out what moves on every device.

        Args:
            pool: has a worker for each device.
            plain: every cell the plain way, with the batches as the data came.
            budget: bytes for data, copies and caches; None: a quarter of what is free.
            on_error: as for `Evaluator`.
            seconds: how often values are handed out; a cell that takes longer is handed out alone.
        """
        share = (default_budget() if budget is None else budget) // len(devices)
        self._objective, self._subspace = objective, subspace
        self._options = {"budget": share, "on_error": on_error, "settled": True, "seconds": seconds}
        self._pool, self._devices, self._seconds = pool, tuple(devices), seconds
        self._losses = np.array([fact.name in ("loss", "test_loss") for fact in objective.metrics])
        self._workers = [self._worker(device, plain) for device in devices]
        self._notes: list[str] = []
        self._have_agreed = len(devices) == 1

    @property
    def here(self) -> Devices:
        """Who measures a preview."""
        return self

    @property
    def nbytes(self) -> int:
        """Bytes of what all devices keep, without the data."""
        return sum(worker.evaluator.nbytes for worker in self._workers)

    @property
    def clamped(self) -> int:
        """The most running variances of BatchNorm that one cell drove below 0, where they are held."""
        return max(worker.evaluator.clamped for worker in self._workers)

    @property
    def at_once(self) -> int:
        """Cells that are measured at the same time."""
        return len(self._workers)

    def handed_out(self, still: Mapping[str, Tensor]) -> tuple[Mapping[str, Tensor], ...]:
        """Return the centre and the directions for the user; ``still`` names all, at the centre."""
        return self._workers[0].evaluator.handed_out(still)

    def close(self) -> None:
        """Nothing is held elsewhere."""

    def __call__(
        self, coordinates: NDArray[np.float64], samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]:
        """Yield cells as they get ready, in any order.

        Raises:
            ValueError: where the coordinates don't fit the directions, or there are fewer samples.
            Exception: whatever the loss raises unless it is skipped, after what is known has been yielded.
            Withdrawn: where a fast way turned out wrong on one of the devices; all are plain from then on.
        """
        cells: list[Cell] = list(enumerate(coordinates.tolist()))
        if not self._have_agreed and len(cells) > 1:
            yield from self._agreed(cells, samples, cancelled)
        shares, stopped = Shares(cells, len(self._workers)), False
        most = max(1, len(cells) // (2 * len(self._workers)))

        def over() -> bool:
            return stopped or cancelled()

        def take(number: int) -> Callable[[], _Answer] | None:
            if number >= len(self._workers) or over() or not shares:
                return None
            worker = self._workers[number]
            return lambda: worker.measure(islice(shares.of(number), most), samples, over)

        try:
            for answer in self._pool.run(take):
                yield from map(self._told, answer.values)
                if isinstance(answer.error, Withdrawn):
                    self._workers = [self._worker(worker.device, True) for worker in self._workers]
                    self._notes.append(str(answer.error))
                if answer.error is not None:
                    raise answer.error
        finally:
            stopped = True

    def _agreed(self, cells: list[Cell], samples: int, cancelled: Callable[[], bool]) -> Iterator[Values]:
        """Measure the first cell on all devices at the same time: a loss may keep a state that they share."""
        first = cells[0]
        answers = self._pool.together(
            lambda number: self._workers[number].measure(iter([first]), samples, cancelled),
            len(self._workers),
        )
        for answer in answers:
            if answer.error is not None:
                raise answer.error
        if cancelled() or not all(answer.values for answer in answers):
            return
        one, *others = (_measurement(answer.values[0]) for answer in answers)
        self._have_agreed = True
        if all(agree(other, one, self._losses) for other in others):
            del cells[0]
            yield self._told(answers[0].values[0])
        else:
            self._notes.append(
                "Two devices disagreed on a cell, so there is one. Does the loss keep a state?"
            )
            del self._workers[1:]

    def _worker(self, device: torch.device, plain: bool) -> _Worker:
        there = placed(self._objective, device)
        evaluator = Evaluator(there, self._subspace, Inline(), plain=plain, **self._options)
        return _Worker(device, evaluator, self._seconds)

    def _told(self, values: Values) -> Values:
        """Say where all of it is measured, not only this."""
        how = values.how
        assert how is not None
        where = ", ".join(str(worker.device) for worker in self._workers)
        count, notes = len(self._workers), (*self._notes, *how.notes)
        settings = {**how.settings, "workers": count, "torch_threads": 1, "notes": list(notes)}
        if (speed := how.settings["cells_per_second"]) is not None:
            settings["cells_per_second"] = count * speed
        choices = (f"{count} devices, one worker each" if count > 1 else "one worker", *how.choices[1:])
        return replace(values, how=How(where, choices, settings, notes, how.error))


@dataclass(eq=False)
class _Worker:
    """One device's place; takes as many cells as it measures in ``seconds``."""

    device: torch.device
    evaluator: Evaluator
    seconds: float
    count: int = 1

    def measure(self, cells: Iterator[Cell], samples: int, cancelled: Callable[[], bool]) -> _Answer:
        taken = list(islice(cells, self.count))
        numbers = np.array([number for number, _ in taken], dtype=np.int64)
        points = np.array([point for _, point in taken], dtype=np.float64)
        answers: list[Values] = []
        began = perf_counter()
        try:
            for values in self.evaluator(points, samples, cancelled) if taken else ():
                answers.append(replace(values, cells=numbers[values.cells]))
        except Exception as error:
            return _Answer(answers, error)
        spent = max(perf_counter() - began, 1e-9)
        self.count = int(np.clip(len(taken) * self.seconds / spent, 1, MOST))
        return _Answer(answers)


@dataclass(frozen=True, eq=False)
class _Answer:
    values: list[Values]
    error: Exception | None = None


def _measurement(values: Values) -> Measurement:
    return Measurement(values.mean[0], values.standard_error[0], values.count[0])
