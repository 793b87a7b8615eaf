"""One worker's place: a copy of the model that moves, with all rewrites built in, and its own criterion."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from landscape_widget.evaluate.lines import Lines
from landscape_widget.evaluate.many_cells import measure_many
from landscape_widget.evaluate.plan import Plan
from landscape_widget.evaluate.rewrite import Rewrite
from landscape_widget.evaluate.streams import SideStream
from landscape_widget.evaluate.working_copy import WorkingCopy
from landscape_widget.objective.objective import Objective, Portions
from landscape_widget.objective.terms import Measurement


class Station:
    """From a point to a measurement, with any of the rewrites on. Use it on one thread at a time."""

    def __init__(self, objective: Objective, lines: Lines, rewrites: Sequence[Rewrite] = ()) -> None:
        self._objective = objective
        self._lines = lines
        self._copy = WorkingCopy(objective.model, lines)
        self._stream = SideStream(next(iter(objective.params.values())).device)
        self._trial = objective.trial.copied()
        self._installed = {rewrite.name: rewrite.install(self._copy) for rewrite in rewrites}

    @property
    def clamped(self) -> int:
        """The most running variances of BatchNorm that one point drove below 0, where they are held."""
        return self._copy.clamped

    def measure(
        self, points: Sequence[Sequence[float]], portions: Portions, cancelled: Callable[[], bool], plan: Plan
    ) -> list[Measurement] | None:
        """Measure ``plan.together`` points, or fewer; None once ``cancelled()`` is true."""
        for name, installed in self._installed.items():
            installed.switch(name in plan.rewrites)
        with self._stream.after_copies():
            if plan.together > 1:
                return self._many(points, portions, cancelled)
            measurement = self._one(points[0], portions, cancelled, plan.rewrites)
            return None if measurement is None else [measurement]

    def _many(
        self, points: Sequence[Sequence[float]], portions: Portions, cancelled: Callable[[], bool]
    ) -> list[Measurement] | None:
        objective, model = self._objective, self._copy.model
        self._copy.move(points[0])  # as for one cell, the buffers begin anew
        return measure_many(objective, model, self._lines, self._trial, points, portions, cancelled)

    def _one(
        self,
        point: Sequence[float],
        portions: Portions,
        cancelled: Callable[[], bool],
        rewrites: frozenset[str],
    ) -> Measurement | None:
        self._copy.move(point)
        trial = self._trial
        for name, installed in self._installed.items():
            if name in rewrites:
                installed.moved(point)
                trial = installed.measuring(trial)
        return self._objective.measure(self._copy.model, portions, cancelled, trial)
