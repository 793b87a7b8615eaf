"""What does the picture stand on where nothing is measured yet? Interpolated cells, on the wire only."""

from __future__ import annotations

import numpy as np

from landscape_widget.surface.interpolate import FINER, interpolated
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.surface import Surface

INTERPOLATED = 3
"""On the wire, beside the values of `State`: the value is the spline's prediction, its error is NaN."""


def ground(surface: Surface) -> Patch:
    """Return the cells that a picture shows and nobody has measured; none before the first level."""
    lattice = (axis.lattice(surface.level + FINER) for axis in reversed(surface.grid.axes))
    drawn = np.arange(surface.grid.size).reshape(surface.grid.shape)[np.ix_(*lattice)]
    unknown = ~surface.known.ravel()[drawn] & (surface.level >= 0)
    values = np.stack(
        [interpolated(surface, row, surface.level + FINER)[unknown] for row, _ in enumerate(surface.metrics)]
    )
    state = np.full(values.shape[1], INTERPOLATED, np.uint8)
    return Patch(
        drawn[unknown], values, np.full_like(values, np.nan), np.zeros(values.shape, np.int64), state
    )
