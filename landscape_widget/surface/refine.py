"""What to compute next: given the surface so far, which cells are worth evaluating?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from landscape_widget.surface.surface import Surface
from landscape_widget.values import State


class Refine(Protocol):
    """What a user may replace: a pure choice of the next cells."""

    def __call__(self, surface: Surface, budget: int) -> NDArray[np.int64]:
        """Return at most ``budget`` unknown flat cells as int64[m]; none when nothing is left to ask."""
        ...


@dataclass(frozen=True)
class CoarseToFine:
    """First the labelled points, then level after level, from the row at the centre outwards.

    The cells of a row are neighbours in the answer, because they share the second coordinate.
    """

    def __call__(self, surface: Surface, budget: int) -> NDArray[np.int64]:
        grid = surface.grid
        unknown = surface.states == State.UNKNOWN
        chosen = [grid.size + np.flatnonzero(unknown[grid.size :])]
        for level in range(surface.level + 1, grid.levels):
            if sum(map(len, chosen)) >= budget:
                break
            cells = np.flatnonzero(unknown[: grid.size] & (grid.cell_levels == level))
            chosen.append(cells[np.argsort(_rows_from_centre(surface, cells), kind="stable")])
        return np.concatenate(chosen)[: max(0, budget)].astype(np.int64)


def _rows_from_centre(surface: Surface, cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Twice the distance of each cell's row from the middle row; 0 everywhere on a line."""
    rows = surface.grid.shape[0] if surface.grid.y else 1
    return np.abs(2 * (cells // surface.grid.x.points) - (rows - 1))
