"""One worker's place for curvature: a model that moves, and is differentiated where it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from landscape_widget.curvature.extremes import Extremes, extremes
from landscape_widget.curvature.place import Place
from landscape_widget.curvature.products import Vector
from landscape_widget.evaluate.lines import Lines
from landscape_widget.evaluate.streams import SideStream
from landscape_widget.evaluate.working_copy import WorkingCopy
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.structures import Batch


@dataclass(frozen=True, eq=False)
class Start:
    """What all cells begin with.

    Attributes:
        vector: near the eigenvectors.
        keep: whether there is room for the graphs of all batches.
    """

    samples: int
    batches: Sequence[Batch]
    vector: Vector
    keep: bool


class Station:
    """From a point to the ends of the spectrum there. Use it on one thread at a time."""

    def __init__(self, objective: Objective, lines: Lines, names: Sequence[str]) -> None:
        self._copy = WorkingCopy(objective.model, lines)
        self._place = Place(objective, self._copy.model, names)
        self._stream = SideStream(next(iter(objective.params.values())).device)

    @property
    def clamped(self) -> int:
        """The most running variances of BatchNorm that one point drove below 0, where they are held."""
        return self._copy.clamped

    def extremes(
        self, point: Sequence[float], start: Start, tolerance: float, cancelled: Callable[[], bool]
    ) -> Extremes:
        """Return both ends at a point.

        Raises:
            Cancelled: once ``cancelled()`` is true.
        """
        with self._stream.after_copies():
            self._copy.move(point)
            return extremes_at(self._place, start, tolerance, cancelled)


def extremes_at(place: Place, start: Start, tolerance: float, cancelled: Callable[[], bool]) -> Extremes:
    """Return both ends where the place is now; NaN where loss or gradient aren't finite.

    Raises:
        Cancelled: once ``cancelled()`` is true.
    """
    with place.hessian(start.batches, cancelled, keep=start.keep) as hessian:
        if not (np.isfinite(hessian.loss) and np.isfinite(hessian.gradient).all()):
            unknown = np.full((2, hessian.size), np.nan)
            return Extremes(np.nan, np.nan, np.nan, unknown)
        return extremes(hessian, start.vector, tolerance)
