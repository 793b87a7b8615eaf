"""What to compute next: given the surface so far, which cells are worth evaluating?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from landscape_widget.surface.surface import Surface


class Refine(Protocol):
    """What a user may replace: a pure choice of the next cells."""

    def __call__(self, surface: Surface, budget: int) -> NDArray[np.int64]:
        """Return at most ``budget`` flat cells that aren't final yet as int64[m]; none when all are."""
        ...


@dataclass(frozen=True)
class CoarseToFine:
    """First the labelled points, then level after level, from the row at the centre outwards.

    Never more than one level at a time. The cells of a row are neighbours in the answer, because they share
    the second coordinate.
    """

    def __call__(self, surface: Surface, budget: int) -> NDArray[np.int64]:
        grid = surface.grid
        missing = ~surface.final
        points = grid.size + np.flatnonzero(missing[grid.size :])
        level = surface.exact_level + 1
        cells = np.flatnonzero(missing[: grid.size] & (grid.cell_levels == level))
        cells = cells[np.argsort(_rows_from_centre(surface, cells), kind="stable")]
        return np.concatenate([points, cells])[: max(0, budget)].astype(np.int64)


def _rows_from_centre(surface: Surface, cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Twice the distance of each cell's row from the middle row; 0 everywhere on a line."""
    rows = surface.grid.shape[0] if surface.grid.y else 1
    return np.abs(2 * (cells // surface.grid.x.points) - (rows - 1))
