"""Between which heights is a surface drawn: those asked for, or its own? Twin: js/src/figure/extent.ts."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from landscape_widget.export.scale import Scale, is_flat
from landscape_widget.export.view import View

Extent = tuple[float, float]


def bounded(values: NDArray[np.float64], view: View) -> NDArray[np.float64]:
    """Return what is drawn of raw values: beyond limits and clip their ends; not finite is never drawn."""
    low, high = view.limits or (-math.inf, math.inf)
    return np.where(np.isfinite(values), np.clip(values, low, min(high, view.limit)), np.nan)


def clips(view: View, values: NDArray[np.float64]) -> bool:
    """Tell whether a clip cuts anything off; beside limits it does so by itself, whatever the values."""
    if view.limits is not None:
        return view.limit < view.limits[1]
    return bool((np.isfinite(values) & (values > view.limit)).any())


def height_range(heights: NDArray[np.float64], scale: Scale, view: View) -> Extent:
    """Return the limits in drawn units, or what the heights reach; a lower limit may have no height."""
    found = extent(heights)
    if view.limits is None:
        return found
    low, high = (float(end) for end in scale.forward([view.limits[0], min(view.limits[1], view.limit)]))
    low = min(found[0], high) if math.isnan(low) else low
    return (low, high) if low < high else found


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
