"""Which cells are there, where do they lie, and which level does each belong to?"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

MOST_CELLS = 10_000_000
SAME_PLACE = 1e-9  # of a step

Array = TypeVar("Array", bound=NDArray[Any])


@dataclass(frozen=True)
class Axis:
    """``points`` coordinates, evenly spaced from ``low`` to ``high``, in units of one direction vector.

    Raises:
        ValueError: when the range is reversed, empty or not finite, or there are fewer than 2 points.
    """

    low: float
    high: float
    points: int

    def __post_init__(self) -> None:
        points = _whole_points(self.points)
        low, high = _finite_range(self.low, self.high, points)
        for name, value in ("low", low), ("high", high), ("points", points):
            object.__setattr__(self, name, value)

    @property
    def step(self) -> float:
        return (self.high - self.low) / (self.points - 1)

    @cached_property
    def coordinates(self) -> NDArray[np.float64]:
        """float64[points]; both ends are exact, and so is 0 where the axis meets it."""
        coordinates = np.linspace(self.low, self.high, self.points)
        inner = coordinates[1:-1]
        inner[np.abs(inner) < SAME_PLACE * self.step] = 0.0
        return _frozen(coordinates)

    @property
    def levels(self) -> int:
        """Number of levels: level 0 has 5 points (or all, if fewer), the last has all."""
        return max(1, (self.points - 2).bit_length() - 1)

    def lattice(self, level: int) -> NDArray[np.int64]:
        """Return the indices of ``level``, ascending; each level contains the last, in integer arithmetic."""
        parts = 2 ** (min(level, self.levels - 1) + 2)
        return np.unique((2 * np.arange(parts + 1) * (self.points - 1) + parts) // (2 * parts))

    @cached_property
    def level(self) -> NDArray[np.uint8]:
        """uint8[points], the first level that holds each index."""
        first = np.empty(self.points, np.uint8)
        for level in reversed(range(self.levels)):
            first[self.lattice(level)] = level
        return _frozen(first)

    def matching(self, old: Axis) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the indices (in ``old``, in this axis) of the coordinates both hold, to 1e-9 of a step."""
        nearest = np.rint((self.coordinates - old.low) / old.step).clip(0, old.points - 1).astype(np.int64)
        distance = np.abs(old.coordinates[nearest] - self.coordinates)
        here = np.flatnonzero(distance <= SAME_PLACE * min(self.step, old.step))
        return nearest[here], here


@dataclass(frozen=True)
class Grid:
    """The lattice of one axis (a line) or two (a plane); a cell is ``row * nx + column``, a row has one y.

    Raises:
        ValueError: when there are more than ten million cells.
    """

    x: Axis
    y: Axis | None = None

    def __post_init__(self) -> None:
        if self.size > MOST_CELLS:
            raise ValueError(
                f"A grid may have at most {MOST_CELLS:,} cells; got {self.name} = {self.size:,}. "
                "Lower the resolution: 51 × 51 is a good start, and a smaller range shows more detail."
            )

    @property
    def name(self) -> str:
        """As people read it: ``"51 × 51"``."""
        return " × ".join(f"{axis.points:,}" for axis in self.axes)

    @property
    def axes(self) -> tuple[Axis, ...]:
        return (self.x,) if self.y is None else (self.x, self.y)

    @property
    def shape(self) -> tuple[int, ...]:
        """``(ny, nx)``, or ``(nx,)`` for a line."""
        return tuple(axis.points for axis in reversed(self.axes))

    @property
    def size(self) -> int:
        """Number of cells."""
        return math.prod(self.shape)

    @property
    def levels(self) -> int:
        """Number of levels; the shorter axis is complete earlier."""
        return max(axis.levels for axis in self.axes)

    @cached_property
    def cell_levels(self) -> NDArray[np.uint8]:
        """uint8[cells], the first level that holds each cell."""
        levels = self.x.level if self.y is None else np.maximum.outer(self.y.level, self.x.level).ravel()
        return _frozen(levels)

    def coordinates(self, cells: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return float64[m, k], where the cells lie; x first."""
        rows, columns = np.divmod(cells, self.x.points)
        x = self.x.coordinates[columns]
        return x[:, None] if self.y is None else np.column_stack([x, self.y.coordinates[rows]])

    def matching(self, old: Grid) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the cells (in ``old``, in this grid) of the places both hold; a line and a plane: none."""
        if len(self.axes) != len(old.axes):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        old_cells, new_cells = self.x.matching(old.x)
        if self.y is not None and old.y is not None:
            old_rows, new_rows = self.y.matching(old.y)
            old_cells = np.add.outer(old_rows * old.x.points, old_cells).ravel()
            new_cells = np.add.outer(new_rows * self.x.points, new_cells).ravel()
        return old_cells, new_cells


def _whole_points(points: Any) -> int:
    try:
        number = -1 if isinstance(points, bool) else operator.index(points)
    except TypeError:
        number = -1
    if not 2 <= number <= MOST_CELLS:
        raise ValueError(
            f"An axis needs a whole number of points from 2 to {MOST_CELLS:,}; got {points!r}. "
            "51 is a good start; an odd number has a point at the centre."
        )
    return number


def _finite_range(low: Any, high: Any, points: int) -> tuple[float, float]:
    try:
        low, high = float(low), float(high)
    except (TypeError, ValueError):
        raise ValueError(f"A range needs two numbers; got ({low!r}, {high!r}). Try (-1, 1).") from None
    if not math.isfinite(high - low):
        raise ValueError(f"A range needs two finite numbers; got ({low!r}, {high!r}). Try (-1, 1).")
    if low == high:
        wider = (low - 1, high + 1)
        raise ValueError(f"A range needs low below high; got ({low!r}, {high!r}). Widen it: {wider!r}.")
    if low > high:
        raise ValueError(f"A range needs low below high; got ({low!r}, {high!r}). Write {(high, low)!r}.")
    if (high - low) / (points - 1) < 1e3 * np.spacing(max(abs(low), abs(high))):
        raise ValueError(
            f"A range needs steps that float64 can tell apart; got ({low!r}, {high!r}) in {points:,} points. "
            "Widen it or lower the resolution."
        )
    return low, high


def _frozen(array: Array) -> Array:
    array.setflags(write=False)
    return array
