"""What do all kinds of picture of a surface need to know, decided once?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from html import escape
from numbers import Real

import numpy as np
from numpy.typing import NDArray

from landscape_widget.export.colors import Colorscale, colorscale
from landscape_widget.export.scale import Scale, choose, is_flat
from landscape_widget.surface.surface import Surface
from landscape_widget.values import MetricFacts, Point

CLIPPED_SHARE = 0.03  # of the colour range, so that the colour bar shows it
Extent = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Scene:
    """One metric on the finest finished level, as it is drawn.

    Attributes:
        x: float64[nx], the columns of the level.
        y: float64[ny], its rows; empty for a line.
        values: float64[ny, nx] or [nx], raw.
        errors: the same shape, standard errors against the user's data.
        scale: between raw values and heights.
        heights: drawn units: NaN where not finite, flat at the clip.
        tones: as heights, but clipped cells stand at the upper end of ``tone_range``, in their own colour.
        clip: the raw value above which cells are cut off; infinite for none.
    """

    surface: Surface
    metric: MetricFacts
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    values: NDArray[np.float64]
    errors: NDArray[np.float64]
    scale: Scale
    heights: NDArray[np.float64]
    tones: NDArray[np.float64]
    height_range: Extent
    tone_range: Extent
    colorscale: Colorscale
    clip: float

    @property
    def clipped(self) -> NDArray[np.bool_]:
        """The cells that are cut off."""
        return np.isfinite(self.values) & (self.values > self.clip)

    @property
    def not_finite(self) -> NDArray[np.bool_]:
        """The cells whose value is NaN or infinite."""
        return ~np.isfinite(self.values)

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
        parts = {name: getattr(self, name)[row] for name in ("values", "errors", "heights", "tones")}
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
    values, errors = drawn(surface, surface[metric]), drawn(surface, surface.standard_error[metric])
    finite, clipped = np.isfinite(values), np.isfinite(values) & (values > limit)
    capped = np.where(finite, np.minimum(values, limit), np.nan)
    chosen = choose("linear" if scale == "auto" and facts.unit == "%" else scale, capped)
    heights = chosen.forward(capped)
    low, high = height_range = extent(heights)
    if colors == "diverging" and low < 0 < high:
        low, high = -max(-low, high), max(-low, high)
    share = CLIPPED_SHARE if clipped.any() else 0.0
    top = high + (high - low) * share / (1 - share)
    return Scene(
        surface,
        facts,
        *places(surface),
        values,
        errors,
        chosen,
        heights,
        np.where(clipped, top, heights),
        height_range,
        (low, top),
        colorscale(colors, share),
        limit,
    )


def drawn(surface: Surface, array: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the part of a grid-shaped array that belongs to the finest finished level."""
    return array[np.ix_(*reversed(_lattice(surface)))]


def places(surface: Surface) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where the columns and rows of the finest finished level lie."""
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
    return [axis.lattice(surface.level) for axis in surface.grid.axes]
