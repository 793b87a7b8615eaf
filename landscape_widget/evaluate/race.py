"""Which plan is fastest? Timed on cells that are wanted anyway, one change at a time, from the best guess."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from statistics import median

from landscape_widget.evaluate.plan import Plan

Change = Callable[[Plan], Plan | None]

_SECONDS = 0.03
"""How long one plan is timed, at least, by each worker."""
_SLOW = 0.05
"""What takes longer needs no cell to warm up, and one a worker is enough."""
_FIRST = 96
"""Quick cells under the guess before anything else is tried: a coarse picture shouldn't wait for a race."""
_QUICK = 0.005
"""Seconds a cell, for which that holds."""
_BETTER = 0.97
"""A change has to be faster than what it replaces by more than the noise."""


class Race:
    """Hands out the plan to use next, and settles on the fastest.

    Attributes:
        plan: for the next cells.
        best: the fastest so far.
        is_settled: whether ``plan`` won.
    """

    def __init__(self, guess: Plan, changes: Iterable[Change], workers: int) -> None:
        """Begin with ``guess``; each change is tried once, on the best plan when its turn comes."""
        self.plan = self.best = guess
        self._changes = list(changes)
        self._workers = workers
        self._times: dict[Plan, float] = {}
        self._spent: list[float] = []
        self._seen = 0
        self._change: Change | None = None
        self.is_settled = not self._changes

    @property
    def cells(self) -> int | None:
        """How many more cells to compute under ``plan`` before asking again; None: all the rest."""
        if self.is_settled:
            return None
        workers = self._of(self.plan)
        if not self._spent:
            return workers
        wanted = int(_SECONDS * workers / max(median(self._spent), 1e-9)) + 1
        return max(workers, min(wanted, 64 * workers), _FIRST - self._seen if self._comes_first else 0)

    def tell(self, work: Iterable[float]) -> None:
        """Learn how much work each cell was under ``plan``, in seconds of one worker."""
        if self.is_settled:
            return
        workers = self._of(self.plan)
        for seconds in work:
            self._seen += 1
            if self._seen > workers or seconds > _SLOW:
                self._spent.append(seconds)
        is_told = len(self._spent) >= workers and sum(self._spent) >= _SECONDS * workers
        if is_told and not (self._comes_first and self._seen < _FIRST):
            self._finish(median(self._spent) / workers)

    @property
    def _comes_first(self) -> bool:
        """Whether these are the first cells of all, and quick ones."""
        return not self._times and bool(self._spent) and median(self._spent) < _QUICK

    def _of(self, plan: Plan) -> int:
        return 1 if plan.wide else self._workers

    def _finish(self, time: float) -> None:
        self._times[self.plan] = time
        self._spent, self._seen = [], 0
        if time < _BETTER * self._times[self.best]:
            self.best = self.plan
            if self._change is not None:  # what helped once may help again
                self._changes.insert(0, self._change)
        while self._changes:
            self._change = self._changes.pop(0)
            candidate = self._change(self.best)
            if candidate is not None and candidate not in self._times:
                self.plan = candidate
                return
        self.plan, self.is_settled = self.best, True


def without(name: str) -> Change:
    """Leave a rewrite out."""
    return lambda plan: replace(plan, rewrites=plan.rewrites - {name}) if name in plan.rewrites else None


def other_format(plan: Plan) -> Plan:
    """Lay images the other way."""
    return replace(plan, channels_last=not plan.channels_last)


def scaled(factor: float, most: int, least: int = 8) -> Change:
    """Change the size of the batches; ``most`` is as many samples as there are."""

    def change(plan: Plan) -> Plan | None:
        if plan.limit is None:
            return None
        limit = max(least, min(most, int(plan.limit * factor)))
        return None if limit == plan.limit else replace(plan, limit=limit)

    return change


def several_together(cells: int) -> Change:
    """Put so many cells into one forward, which leaves no room for rewrites."""
    return lambda plan: replace(plan, together=cells, rewrites=frozenset(), channels_last=False)


def one_wide_worker(plan: Plan) -> Plan | None:
    """Let torch's own threads share the work of one cell."""
    return None if plan.wide else replace(plan, wide=True)
