"""What do all kinds of picture of a surface need to know, decided once?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from html import escape
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.export.colors import Colorscale, colorscale
from landscape_widget.export.scale import Scale, choose, is_flat
from landscape_widget.facts import MetricFacts, Point
from landscape_widget.surface.interpolate import FINER, interpolated
from landscape_widget.surface.surface import Surface

HEADROOM = 0.04  # of the range, beyond it: as far as interpolated ground may go
CLIPPED_SHARE = 0.03  # of the colour range, so that the colour bar shows it
Extent = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Scene:
    """One metric on the finest finished level and the interpolated ground between its cells, as it is drawn.

    Attributes:
        x: float64[nx], the columns.
        y: float64[ny], the rows; empty for a line.
        values: float64[ny, nx] or [nx], raw.
        errors: the same shape, standard errors against the user's data; NaN where interpolated.
        measured: the same shape, whether a cell was measured; it is interpolated otherwise.
        scale: between raw values and heights.
        heights: drawn units: NaN where not finite, flat at the clip.
        tones: as heights, but clipped cells stand at the upper end of ``tone_range``, in their own colour.
        height_range: of the finest finished level.
        clip: the raw value above which cells are cut off; infinite for none.
    """

    surface: Surface
    metric: MetricFacts
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    values: NDArray[np.float64]
    errors: NDArray[np.float64]
    measured: NDArray[np.bool_]
    scale: Scale
    heights: NDArray[np.float64]
    tones: NDArray[np.float64]
    height_range: Extent
    tone_range: Extent
    colorscale: Colorscale
    clip: float

    @property
    def clipped(self) -> NDArray[np.bool_]:
        """The measured cells that are cut off."""
        return self.measured & np.isfinite(self.values) & (self.values > self.clip)

    @property
    def not_finite(self) -> NDArray[np.bool_]:
        """The measured cells whose value is NaN or infinite."""
        return self.measured & ~np.isfinite(self.values)

    @property
    def is_empty(self) -> bool:
        """There is nothing to draw but holes."""
        return not np.isfinite(self.heights).any()

    @property
    def points(self) -> list[tuple[Point, float]]:
        """The labelled points within the picture, and the metric there."""
        row, grid = self.surface.row(self.metric.name), self.surface.grid
        values = self.surface.values[row, grid.size :]
        return [
            (point, float(value))
            for point, value in zip(self.surface.points, values, strict=True)
            if all(axis.low <= c <= axis.high for axis, c in zip(grid.axes, point.coordinates, strict=True))
            and (not self.is_cut or point.coordinates[1] == self.y[0])
        ]

    @property
    def is_cut(self) -> bool:
        """One row of a plane."""
        return self.values.ndim < len(self.surface.grid.axes)

    def cut(self) -> Scene:
        """Return the drawn row nearest to the centre; a line is one already."""
        if not self.y.size:
            return self
        row = int(np.argmin(np.abs(self.y)))
        rows = ("values", "errors", "measured", "heights", "tones")
        parts = {name: getattr(self, name)[row] for name in rows}
        return replace(self, y=self.y[[row]], **parts)

    @property
    def metric_title(self) -> str:
        """The metric with its unit."""
        return metric_title(self.metric)

    @property
    def title(self) -> str:
        """The metric with its unit and what its scale has to say."""
        return value_title(self.metric, self.scale)


def create_scene(surface: Surface, metric: str, scale: str, clip: float | None, colors: str) -> Scene:
    """Decide everything but the kind.

    Raises:
        ValueError: on an unknown metric, scale or colour map, or a clip that is not finite.
    """
    facts = surface.metrics[surface.row(metric)]
    if clip is not None and not (isinstance(clip, Real) and math.isfinite(clip)):
        raise ValueError(f"clip is the largest value to draw, a finite number, or None; got {clip!r}.")
    limit = math.inf if clip is None else float(clip)
    values, measured, of_level = ground(surface, metric)
    finite, clipped = np.isfinite(values), np.isfinite(values) & (values > limit)
    capped = np.where(finite, np.minimum(values, limit), np.nan)
    chosen = choose("linear" if scale == "auto" and facts.unit == "%" else scale, capped[of_level])
    height_range = extent(chosen.forward(capped)[of_level])
    share = CLIPPED_SHARE if clipped[of_level].any() else 0.0
    heights = np.where(finite, _within(height_range, chosen.forward(capped), is_cut=bool(share)), np.nan)
    low, high = height_range
    if colors == "diverging" and low < 0 < high:
        low, high = -max(-low, high), max(-low, high)
    top = high + (high - low) * share / (1 - share)
    return Scene(
        surface,
        facts,
        *places(surface),
        values,
        drawn(surface, surface.standard_error[metric]),
        measured,
        chosen,
        heights,
        np.where(clipped & bool(share), top, heights),
        height_range,
        (low, top),
        colorscale(colors, share),
        limit,
    )


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


def metric_title(metric: MetricFacts) -> str:
    """Return "test loss", "accuracy, %"."""
    name = escape(metric.name.replace("_", " "), quote=False)
    return f"{name}, {metric.unit}" if metric.unit else name


def value_title(metric: MetricFacts, scale: Scale) -> str:
    """Return the metric's title with what its scale has to say: "loss (log)"."""
    return f"{metric_title(metric)} ({scale.label})" if scale.label else metric_title(metric)


def extent(heights: NDArray[np.float64]) -> Extent:
    """Return the lowest and highest height; a flat surface gets room on both sides, none gets a unit."""
    finite = heights[np.isfinite(heights)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    if not is_flat(low, high):
        return low, high
    room = abs(low) / 10 or 1.0
    return low - room, high + room


def _lattice(surface: Surface) -> list[NDArray[np.int64]]:
    if surface.level < 0:
        return [np.empty(0, np.int64) for _ in surface.grid.axes]
    return [axis.lattice(surface.level + FINER) for axis in surface.grid.axes]


def _within(reach: Extent, heights: NDArray[np.float64], *, is_cut: bool) -> NDArray[np.float64]:
    """Keep to the range of the level, and a little beyond; what has no height on this scale lies lowest."""
    low, high = reach
    room = HEADROOM * (high - low)
    return np.clip(
        np.nan_to_num(heights, nan=-np.inf, neginf=-np.inf), low - room, high + (0 if is_cut else room)
    )
