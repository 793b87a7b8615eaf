"""What is known of the cells of one surface, apart from its maps?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.facts import MetricFacts, Point
from landscape_widget.names import one_of
from landscape_widget.surface.grid import Grid
from landscape_widget.values import FINAL, State


class Known:
    """Where the cells lie, what state they are in, and how far the levels are; read-outs of a `Surface`."""

    grid: Grid
    metrics: tuple[MetricFacts, ...]
    points: tuple[Point, ...]
    samples: int
    values: NDArray[np.float64]
    counts: NDArray[np.int64]
    states: NDArray[np.uint8]

    @property
    def x(self) -> NDArray[np.float64]:
        """float64[nx], coordinates along the first direction."""
        return self.grid.x.coordinates

    @property
    def y(self) -> NDArray[np.float64]:
        """float64[ny], coordinates along the second direction; empty for a line."""
        return np.empty(0) if self.grid.y is None else self.grid.y.coordinates

    @property
    def state(self) -> NDArray[np.uint8]:
        """uint8[ny, nx] or [nx], a `State` each."""
        return self._shaped(self.states)

    @property
    def known(self) -> NDArray[np.bool_]:
        """bool[ny, nx] or [nx]: the cell was measured, be it as a preview; its values may be not finite."""
        return self.state != State.UNKNOWN

    @property
    def level(self) -> int:
        """The finest level of which every cell is known, be it as a preview; −1 before the first."""
        return self._before(self.states == State.UNKNOWN)

    @property
    def exact_level(self) -> int:
        """The finest level of which every cell is measured on all samples asked for; −1 before the first."""
        return self._before(~self.final)

    @property
    def final(self) -> NDArray[np.bool_]:
        """bool[cell + point], what is never asked for again: exact, known not to converge, or failed."""
        return np.isin(self.states, FINAL)

    @property
    def preview(self) -> int:
        """The fewest training samples a preview cell was measured on; 0 without such cells."""
        counts = self.counts[0, self.states == State.PREVIEW]
        return int(counts[counts > 0].min(initial=self.samples)) if counts.size else 0

    @property
    def is_done(self) -> bool:
        """Every cell and labelled point of its own is measured on all the samples asked for."""
        return bool(self.final.all())

    def row(self, metric: str) -> int:
        """Return the row of ``values`` that holds a metric of its own; others are refused."""
        names = [fact.name for fact in self.metrics]
        return names.index(one_of(metric, names, "A metric of this surface"))

    def coordinates(self, cells: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return float64[m, k], where flat cells (and points, after the cells) lie."""
        everywhere = np.empty((len(cells), len(self.grid.axes)))
        on_grid = cells < self.grid.size
        everywhere[on_grid] = self.grid.coordinates(cells[on_grid])
        for i in np.flatnonzero(~on_grid):
            everywhere[i] = self.points[cells[i] - self.grid.size].coordinates
        return everywhere

    def _before(self, missing: NDArray[np.bool_]) -> int:
        """The finest level without a missing cell."""
        levels = self.grid.cell_levels[missing[: self.grid.size]]
        return int(levels.min(initial=self.grid.levels)) - 1

    def _shaped(self, flat: NDArray[Any]) -> NDArray[Any]:
        return flat[: self.grid.size].reshape(self.grid.shape)
