"""One worker's place: a copy of the model that moves, with all rewrites built in, and its own criterion."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from landscape_widget.evaluate.lines import Lines
from landscape_widget.evaluate.rewrite import Rewrite
from landscape_widget.evaluate.working_copy import WorkingCopy
from landscape_widget.objective.objective import Objective, Portions
from landscape_widget.objective.terms import Measurement


class Station:
    """From a point to a measurement, with any of the rewrites on. Use it on one thread at a time."""

    def __init__(self, objective: Objective, lines: Lines, rewrites: Sequence[Rewrite] = ()) -> None:
        self._objective = objective
        self._copy = WorkingCopy(objective.model, lines)
        self._trial = objective.trial.copied()
        self._installed = {rewrite.name: rewrite.install(self._copy) for rewrite in rewrites}

    @property
    def clamped(self) -> int:
        """The most running variances of BatchNorm that one point drove below 0, where they are held."""
        return self._copy.clamped

    def measure(
        self,
        point: Sequence[float],
        portions: Portions,
        cancelled: Callable[[], bool],
        rewrites: frozenset[str] = frozenset(),
    ) -> Measurement | None:
        """Measure one point; None once ``cancelled()`` is true."""
        self._copy.move(point)
        trial = self._trial
        for name, installed in self._installed.items():
            installed.switch(name in rewrites)
            if name in rewrites:
                installed.moved(point)
                trial = installed.measuring(trial)
        return self._objective.measure(self._copy.model, portions, cancelled, trial)
