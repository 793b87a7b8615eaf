"""What does the surface look like between its measured cells, and how far off is that?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape_widget.surface.spline import spread
from landscape_widget.surface.surface import Surface

FINER = 2
"""Levels beyond the finished one that a picture shows, so that the first is no polygon of five by five."""

SAME = 1e-6  # relative: what differs by less differs by rounding in float32


@dataclass(frozen=True)
class Surplus:
    """How far the level before the finest one was off when it predicted it; measured, not estimated.

    Attributes:
        level: the finest finished level, whose new cells were compared.
        worst: largest error as a share of the drawn range, that of the log of the loss if all are positive.
        mean: the average error, likewise.
    """

    level: int
    worst: float
    mean: float


def interpolated(surface: Surface, row: int, level: int) -> NDArray[np.float64]:
    """Return a metric on the lattice of ``level``, predicted by the spline through the finest finished level.

    The spline goes through logarithms where every known value is positive, unless it is a percentage or has
    limits it is drawn in.
    float64[rows, columns], or [columns] for a line; NaN before the first level and beside holes.
    """
    return _predicted(surface, row, surface.level, level)


def surplus(surface: Surface) -> Surplus | None:
    """Compare the exact values of the finest finished level with what the one before it predicted.

    A cell that isn't finite where a value was predicted counts as off by the whole range. None while there
    is nothing to compare.
    """
    level = surface.exact_level
    if level < 1:
        return None
    scale = Spacing.of(surface, 0)
    lattice = np.ix_(*_lattices(surface, level))
    new = surface.grid.cell_levels.reshape(surface.grid.shape)[lattice] == level
    predicted = scale.forward(_predicted(surface, 0, level - 1, level)[new])
    measured = scale.forward(_shaped(surface, 0)[lattice][new])
    sensible = np.isfinite(predicted)
    if not sensible.any():
        return None
    error = np.abs(predicted - measured)[sensible] / scale.range
    error = np.where(np.isfinite(error), error, 1.0)
    return Surplus(level, float(error.max()), float(error.mean()))


@dataclass(frozen=True)
class Spacing:
    """How one metric is interpolated: as logarithms, as shares, or as it is; and how far it reaches so."""

    is_log: bool
    is_share: bool
    range: float

    @classmethod
    def of(cls, surface: Surface, row: int) -> Spacing:
        values = surface.values[row]
        finite = values[np.isfinite(values)]
        is_share = surface.metrics[row].unit == "%"
        is_linear = is_share or surface.metrics[row].limits is not None
        is_log = bool(finite.size) and not is_linear and bool(finite.min() > 0)
        drawn = np.log(finite) if is_log else finite
        size = 1.0 if is_log else float(np.abs(finite).max(initial=0))
        return cls(is_log, is_share, max(float(np.ptp(drawn)) if drawn.size else 0.0, SAME * size) or 1.0)

    def forward(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.log(values) if self.is_log else values

    def inverse(self, drawn: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.is_share:
            return np.clip(drawn, 0, 100)
        with np.errstate(over="ignore"):
            return np.exp(drawn) if self.is_log else drawn


def _predicted(surface: Surface, row: int, known: int, wanted: int) -> NDArray[np.float64]:
    places = _lattices(surface, wanted)
    if known < 0:
        return np.full([len(indices) for indices in places], np.nan)
    knots, scale = _lattices(surface, known), Spacing.of(surface, row)
    values = scale.forward(_shaped(surface, row)[np.ix_(*knots)])
    return scale.inverse(spread(values, *([i.astype(float) for i in axes] for axes in (knots, places))))


def _lattices(surface: Surface, level: int) -> list[NDArray[np.int64]]:
    """The rows, then the columns of a level."""
    return [axis.lattice(level) for axis in reversed(surface.grid.axes)]


def _shaped(surface: Surface, row: int) -> NDArray[np.float64]:
    return surface.values[row, : surface.grid.size].reshape(surface.grid.shape)
