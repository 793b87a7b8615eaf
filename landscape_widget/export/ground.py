"""Which cells does a picture show, and which of them were measured?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.surface.interpolate import FINER, interpolated
from landscape_widget.surface.surface import Surface


def ground(surface: Surface, metric: str) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the values that are drawn, which are measured, and which belong to the finest finished level."""
    measured = drawn(surface, surface.known)
    of_level = drawn(surface, surface.grid.cell_levels.reshape(surface.grid.shape)) <= surface.level
    values = drawn(surface, surface[metric])
    if not measured.all():
        guessed = interpolated(surface, surface.row(metric), surface.level + FINER)
        values = np.where(measured, values, guessed)
    return values, measured, of_level


def drawn(surface: Surface, array: NDArray[Any]) -> NDArray[Any]:
    """Return the part of a grid-shaped array that is drawn."""
    return array[np.ix_(*reversed(_lattice(surface)))]


def places(surface: Surface) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where the columns and rows that are drawn lie."""
    x, *y = (
        axis.coordinates[indices] for axis, indices in zip(surface.grid.axes, _lattice(surface), strict=True)
    )
    return x, y[0] if y else np.empty(0)


def _lattice(surface: Surface) -> list[NDArray[np.int64]]:
    if surface.level < 0:
        return [np.empty(0, np.int64) for _ in surface.grid.axes]
    return [axis.lattice(surface.level + FINER) for axis in surface.grid.axes]
