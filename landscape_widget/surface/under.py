"""How high is the ground at any place, between the cells too?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landscape_widget.surface.interpolate import FINER, Spacing
from landscape_widget.surface.surface import Surface

Numbers = NDArray[np.float64]


def under(surface: Surface, metric: str, coordinates: Numbers) -> Numbers:
    """Return a metric of the ground under float64[T, k], as a picture of the surface shows it.

    Straight between the drawn cells, of logarithms where every known value is positive and it is no
    percentage. float64[T], NaN outside the ranges, before the first level, and beside cells that are not
    finite.
    """
    if surface.level < 0:
        return np.full(len(coordinates), np.nan)
    row, lattices = surface.row(metric), [a.lattice(surface.level + FINER) for a in surface.grid.axes]
    spacing = Spacing.of(surface, row)
    heights = spacing.forward(surface.interpolated(metric)[np.ix_(*reversed(lattices))])
    places = [axis.coordinates[lattice] for axis, lattice in zip(surface.grid.axes, lattices, strict=True)]
    return spacing.inverse(between(places, np.where(np.isfinite(heights), heights, np.nan), coordinates))


def between(places: list[Numbers], heights: Numbers, coordinates: Numbers) -> Numbers:
    """Return float64[T], heights on a grid interpolated linearly along each of its axes.

    Args:
        places: of the columns, and of the rows where there are any; ascending.
        heights: float64[rows, columns] or [columns].
        coordinates: float64[T, k], x first; NaN where they lie outside.
    """
    cells, shares, is_inside = [], [], np.ones(len(coordinates), np.bool_)
    for at, there in zip(places, coordinates.T, strict=True):
        wanted = np.where(np.isinf(there), np.nan, there)
        cell = np.clip(np.searchsorted(at, wanted, side="right") - 1, 0, len(at) - 2)
        cells.append(cell)
        shares.append((wanted - at[cell]) / (at[cell + 1] - at[cell]))
        is_inside &= (at[0] <= wanted) & (wanted <= at[-1])
    total = np.zeros(len(coordinates))
    for corner in np.ndindex(*(2,) * len(places)):
        sides = list(zip(cells, shares, corner, strict=True))
        weight = np.prod([share if side else 1 - share for _, share, side in sides], axis=0)
        height = heights[tuple(cell + side for cell, _, side in reversed(sides))]
        total += np.where(weight == 0, 0.0, weight * height)
    return np.where(is_inside, total, np.nan)
