"""The plain, exact way from coordinates to values, cell after cell on a private copy of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from landscape_widget.evaluate.working_copy import WorkingCopy
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.terms import Measurement
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import State, Values


class Evaluator:
    """Measures an objective on a subspace. Use each one on one thread at a time; several share the data.

    Attributes:
        clamped: the most running variances of BatchNorm that one cell drove below 0, where they are held.
    """

    def __init__(self, objective: Objective, subspace: Subspace, seconds: float = 0.05) -> None:
        """Copy the model.

        Args:
            seconds: how often values are handed out; a cell that takes longer is handed out alone.
        """
        self._objective = objective
        self._seconds = seconds
        self._dimensions = len(subspace.directions)
        vectors = [direction.vector for direction in subspace.directions]
        self._copy = WorkingCopy(objective.model, subspace.origin, vectors)

    @property
    def clamped(self) -> int:
        return self._copy.clamped

    def __call__(
        self, coordinates: NDArray[np.float64], samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]:
        """Yield the cells in the order asked for, see `landscape_widget.values.Evaluate`.

        Raises:
            ValueError: where the coordinates don't fit the directions, or there are fewer samples.
            Exception: whatever the loss raises, after what is known has been yielded.
        """
        if coordinates.ndim != 2 or coordinates.shape[1] != self._dimensions:
            raise ValueError(
                f"Expected coordinates of shape [n, {self._dimensions}], one column a direction; "
                f"got {list(coordinates.shape)}."
            )
        known: list[tuple[int, Measurement]] = []
        due = perf_counter() + self._seconds
        for cell, point in enumerate(coordinates.tolist()):
            try:
                self._copy.move(point)
                measurement = self._objective.measure(self._copy.model, samples, cancelled)
            except Exception:
                if known:
                    yield _values(known)
                raise
            if measurement is None:
                break
            known.append((cell, measurement))
            if perf_counter() >= due:
                yield _values(known)
                known, due = [], perf_counter() + self._seconds
        if known:
            yield _values(known)


def _values(known: list[tuple[int, Measurement]]) -> Values:
    return Values(
        cells=np.array([cell for cell, _ in known], dtype=np.int64),
        mean=np.stack([measurement.mean for _, measurement in known]),
        standard_error=np.stack([measurement.standard_error for _, measurement in known]),
        count=np.stack([measurement.count for _, measurement in known]),
        state=np.full(len(known), State.EXACT, dtype=np.uint8),
    )
