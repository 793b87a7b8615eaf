"""Does the loss rise between two models, and does it fall all the way from the worse one to the better?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape_widget.surface.surface import Surface
from landscape_widget.values import State

NOISE = 1e-6
"""Of the largest value: what rises by less rises by rounding in float32."""


@dataclass(frozen=True)
class Barrier:
    """What lies between the origin at 0 and the other model at 1.

    Attributes:
        height: the most by which the loss passes the chord between both ends (Frankle et al. 2020); never
            negative, infinite where the loss is.
        at: where that is, 0 without a barrier.
        is_monotone: whether it never rises on the way from the end with the larger loss to the other
            (Lucas et al. 2021).
        rise: the most by which it rises above the lowest value passed on that way.
        rise_at: where that is, None where it doesn't rise.
        missing: measured cells in between that are NaN or −∞, and left out.
    """

    height: float
    at: float
    is_monotone: bool
    rise: float
    rise_at: float | None
    missing: int


def barrier(surface: Surface, metric: str = "loss") -> Barrier | None:
    """Return the barrier of a line that goes to another model; a better value is a lower one.

    None on a plane, without a labelled point at 1, and until both ends and a cell between them are known.
    """
    row = surface.row(metric)
    places = surface.coordinates(np.arange(len(surface.states)))
    if places.shape[1] > 1:
        return None
    between = (places[:, 0] > 0) & (places[:, 0] < 1) & (np.arange(len(places)) < surface.grid.size)
    ends = [end for place in (0.0, 1.0) for end in _end(surface, place)]
    if len(ends) < 2 or not np.isfinite(surface.values[row, ends]).all():
        return None
    are_exact = all(surface.states[end] == State.EXACT for end in ends)
    usable = surface.final if are_exact else surface.states != State.UNKNOWN
    cells = np.flatnonzero(between & usable)
    if not cells.size:
        return None
    says_nothing = np.isnan(surface.values[row, cells]) | np.isneginf(surface.values[row, cells])
    cells = np.concatenate([ends[:1], cells[~says_nothing], ends[1:]]).astype(np.int64)
    return _between(places[cells, 0], surface.values[row, cells], int(says_nothing.sum()))


def chord(x: NDArray[np.float64], first: float, last: float) -> NDArray[np.float64]:
    """Return the straight line from ``first`` at 0 to ``last`` at 1."""
    return (1 - x) * first + x * last


def _between(x: NDArray[np.float64], values: NDArray[np.float64], missing: int) -> Barrier:
    """``x`` ascends from 0 to 1."""
    noise = NOISE * float(np.abs(values[np.isfinite(values)]).max())
    way = slice(None) if values[0] >= values[-1] else slice(None, None, -1)
    with np.errstate(over="ignore"):
        above = values - chord(x, values[0], values[-1])
        rises = values[way] - np.minimum.accumulate(values[way])
    above[[0, -1]] = 0.0
    top = int(np.argmax(above))
    most = int(np.argmax(rises))
    is_monotone = bool(rises[most] <= noise)
    return Barrier(
        height=float(above[top]),
        at=float(x[top]),
        is_monotone=is_monotone,
        rise=0.0 if is_monotone else float(rises[most]),
        rise_at=None if is_monotone else float(x[way][most]),
        missing=missing,
    )


def _end(surface: Surface, place: float) -> list[int]:
    """The labelled point there, once it is measured; none, or one."""
    labelled = [
        surface.grid.size + index
        for index, point in enumerate(surface.points)
        if math.isclose(point.coordinates[0], place, abs_tol=1e-12)
    ]
    return [cell for cell in labelled if surface.states[cell] != State.UNKNOWN][:1]
