"""What lies between known values? The cubic spline through them, along one axis after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MOST_KNOTS = 2049  # of which the whole system is solved

Numbers = NDArray[np.float64]


def spread(values: Numbers, knots: Sequence[Numbers], places: Sequence[Numbers]) -> Numbers:
    """Interpolate on a grid by the tensor product of `spline`.

    A place is NaN where one of the known values around it, two on a line and four in a plane, isn't finite.

    Args:
        values: one axis for each entry of ``knots``.
        knots: where they lie, ascending.
        places: where values are wanted, within the knots; an axis with as many places as knots stays as it
            is.
    """
    holes = ~np.isfinite(values)
    values = _filled(values)
    for axis, (at, to) in enumerate(zip(knots, places, strict=True)):
        if len(at) == len(to):
            continue
        below = np.searchsorted(at, to, side="right") - 1
        above = below + (at[below] < to)
        holes = holes.take(below, axis) | holes.take(above, axis)
        values = np.moveaxis(spline(at, np.moveaxis(values, axis, 0), to), 0, axis)
    return np.where(holes, np.nan, values)


def spline(knots: Numbers, values: Numbers, places: Numbers) -> Numbers:
    """Return float64[places, …], the not-a-knot cubic spline through ``values`` float64[knots, …].

    Four knots at least. Of more than 2,049 knots the slopes are those of the parabolas through three
    neighbours, which that close together makes no difference one could see.
    """
    flat = values.reshape(len(knots), -1)
    slopes = _slopes(knots, flat)
    cell = np.clip(np.searchsorted(knots, places, side="right") - 1, 0, len(knots) - 2)
    step = np.diff(knots)[cell][:, None]
    t = (places[:, None] - knots[cell][:, None]) / step
    low, high, down, up = flat[cell], flat[cell + 1], slopes[cell] * step, slopes[cell + 1] * step
    fine = (1 - t) ** 2 * ((1 + 2 * t) * low + t * down) + t**2 * ((3 - 2 * t) * high + (t - 1) * up)
    return fine.reshape(len(places), *values.shape[1:])


def _slopes(knots: Numbers, values: Numbers) -> Numbers:
    """First derivatives at the knots: the second ones are continuous, the third too beside both ends."""
    if len(knots) > MOST_KNOTS:
        return np.gradient(values, knots, axis=0, edge_order=2)
    h = np.diff(knots)
    rise = np.diff(values, axis=0) / h[:, None]
    below, above = np.append(h[1:], h[-1] + h[-2]), np.append(h[0] + h[1], h[:-1])
    diagonal = np.concatenate([h[1:2], 2 * (h[1:] + h[:-1]), h[-2:-1]])
    right = np.empty_like(values)
    right[1:-1] = 3 * (h[1:, None] * rise[:-1] + h[:-1, None] * rise[1:])
    for end, first, second in (0, 0, 1), (-1, -1, -2):
        both = h[first] + h[second]
        right[end] = ((h[first] + 2 * both) * h[second] * rise[first] + h[first] ** 2 * rise[second]) / both
    return _solved(below, diagonal, above, right)


def _solved(below: Numbers, diagonal: Numbers, above: Numbers, right: Numbers) -> Numbers:
    """Solve for all columns at once in place; a library's threads would wait for those that measure cells."""
    for row in range(1, len(right)):
        share = below[row - 1] / diagonal[row - 1]
        diagonal[row] -= share * above[row - 1]
        right[row] -= share * right[row - 1]
    right[-1] /= diagonal[-1]
    for row in range(len(right) - 2, -1, -1):
        right[row] = (right[row] - above[row] * right[row + 1]) / diagonal[row]
    return right


def _filled(values: Numbers) -> Numbers:
    """Continue what is finite straight into the holes, ring by ring; it bends the ground beside them only."""
    values = np.where(np.isfinite(values), values, np.nan)
    while (holes := np.isnan(values)).any() and not holes.all():
        guesses = np.stack(
            [_continued(values, axis, side) for axis in range(values.ndim) for side in (1, -1)]
        )
        number = np.isfinite(guesses).sum(axis=0)
        values = np.where(holes & (number > 0), np.nansum(guesses, axis=0) / np.maximum(number, 1), values)
    return values


def _continued(values: Numbers, axis: int, side: int) -> Numbers:
    """What the two neighbours on one side say of each cell; one alone says its own value."""
    near, far = (_shifted(values, axis, side * distance) for distance in (1, 2))
    return np.where(np.isfinite(far), 2 * near - far, near)


def _shifted(values: Numbers, axis: int, by: int) -> Numbers:
    padding = [(2, 2) if other == axis else (0, 0) for other in range(values.ndim)]
    padded = np.pad(values, padding, constant_values=np.nan)
    return padded.take(np.arange(values.shape[axis]) + 2 - by, axis)
