"""What do all kinds of picture of a surface need to know, decided once? Twin: js/src/figure/scene.ts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from landscape_widget.export.colors import Colorscale, colorscale
from landscape_widget.export.extent import Extent, bounded, clips, height_range
from landscape_widget.export.ground import drawn, ground, places
from landscape_widget.export.scale import Scale, choose
from landscape_widget.export.titles import metric_title, value_title
from landscape_widget.export.view import View
from landscape_widget.facts import MetricFacts, Point
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State

HEADROOM = 0.04  # of the range, beyond it: as far as interpolated ground may go
FLOOR = 0.2  # of the height, below the lowest point
CLIPPED_SHARE = 0.03  # of the colour range, so that the colour bar shows it


@dataclass(frozen=True, eq=False)
class Scene:
    """One metric on the finest finished level and the interpolated ground between its cells, as it is drawn.

    Attributes:
        x: float64[nx], the columns.
        y: float64[ny], the rows; empty for a line.
        values: float64[ny, nx] or [nx], raw.
        errors: the same shape, standard errors against the user's data; NaN where interpolated.
        measured: the same shape, whether a cell was measured; it is interpolated otherwise.
        unconverged: the same shape, whether it was measured, but not to its tolerance.
        failed: the same shape, whether it has no value since its loss raised.
        scale: between raw values and heights.
        heights: drawn units: NaN where there is no height, flat at the clip and beyond the limits.
        tones: as heights, but clipped cells stand at the upper end of ``tone_range``, in their own colour.
        height_range: the limits, or what the finest finished level reaches.
        is_clipped: whether heights end at the clip, though no cell of this surface may pass it.
    """

    surface: Surface
    view: View
    metric: MetricFacts
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    values: NDArray[np.float64]
    errors: NDArray[np.float64]
    measured: NDArray[np.bool_]
    unconverged: NDArray[np.bool_]
    failed: NDArray[np.bool_]
    scale: Scale
    heights: NDArray[np.float64]
    tones: NDArray[np.float64]
    height_range: Extent
    tone_range: Extent
    colorscale: Colorscale
    is_clipped: bool

    @property
    def clipped(self) -> NDArray[np.bool_]:
        """The measured cells that are cut off."""
        return self.measured & np.isfinite(self.values) & (self.values > self.view.limit)

    @property
    def beyond(self) -> NDArray[np.bool_]:
        """The measured cells that are drawn at the end of the limits, as they lie outside."""
        if self.view.limits is None:
            return np.zeros_like(self.measured)
        low, high = self.view.limits
        outside = (self.values < low) | ((self.values > high) & ~self.clipped)
        return self.measured & np.isfinite(self.values) & outside

    @property
    def not_finite(self) -> NDArray[np.bool_]:
        """The measured cells whose value is NaN or infinite; those that failed have none."""
        return self.measured & ~np.isfinite(self.values) & ~self.failed

    @property
    def holes(self) -> NDArray[np.bool_]:
        """The measured cells without a height: failed, not finite, or where the scale has none."""
        return self.measured & np.isnan(self.heights)

    @property
    def floor(self) -> float:
        """The lowest height that is in sight."""
        low, high = self.height_range
        return low - FLOOR * (high - low)

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
        rows = ("values", "errors", "measured", "unconverged", "failed", "heights", "tones")
        parts = {name: getattr(self, name)[row] for name in rows}
        return replace(self, y=self.y[[row]], **parts)

    def height(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where raw values stand in the picture; NaN where they have no height."""
        return self.scale.forward(bounded(values, self.view))

    @property
    def metric_title(self) -> str:
        """The metric with its unit."""
        return metric_title(self.metric)

    @property
    def title(self) -> str:
        """The metric with its unit and what its scale has to say."""
        return value_title(self.metric, self.scale)


def create_scene(surface: Surface, view: View) -> Scene:
    """Decide everything but the kind.

    Raises:
        ValueError: on an unknown metric.
    """
    surface = surface.map(view.metric)
    facts = surface.metrics[surface.row(view.metric)]
    view = view.of(facts)
    values, measured, of_level = ground(surface, view.metric)
    capped = bounded(values, view)
    wanted = "linear" if view.scale == "auto" and facts.unit == "%" else view.scale
    scale = choose(wanted, capped[of_level] if view.limits is None else view.limits)
    is_clipped = clips(view, values[of_level])
    reach = height_range(scale.forward(capped)[of_level], scale, view)
    share = CLIPPED_SHARE if is_clipped else 0.0
    room = 0.0 if view.limits else HEADROOM
    heights = _within(reach, scale.forward(capped), measured, room, is_cut=is_clipped)
    heights = np.where(np.isfinite(values), heights, np.nan)
    low, high = reach
    if view.colors == "diverging" and low < 0 < high:
        low, high = -max(-low, high), max(-low, high)
    top = high + (high - low) * share / (1 - share)
    above = np.isfinite(values) & (values > view.limit) & is_clipped
    return Scene(
        surface,
        view,
        facts,
        *places(surface),
        values,
        drawn(surface, surface.standard_error[view.metric]),
        measured,
        drawn(surface, surface.state == State.UNCONVERGED),
        drawn(surface, surface.state == State.FAILED),
        scale,
        heights,
        np.where(above, top, heights),
        reach,
        (low, top),
        colorscale(view.colors, share),
        is_clipped,
    )


def _within(
    reach: Extent, heights: NDArray[np.float64], measured: NDArray[np.bool_], room: float, *, is_cut: bool
) -> NDArray[np.float64]:
    """Keep to the range, and a little beyond; interpolated where the scale has no height, it lies lowest."""
    low, high = reach
    room *= high - low
    lowest = np.where(measured & np.isnan(heights), np.nan, low - room)
    return np.where(np.isnan(heights), lowest, np.clip(heights, low - room, high + (0 if is_cut else room)))
