"""What of a line, and which of its marks, lies inside the limits of the picture?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def limits_of(axes: Any, dimensions: int) -> Numbers:
    """Return float64[dimensions, 2], the lower and the upper limit along each axis."""
    return np.sort([getattr(axes, f"get_{name}lim")() for name in "xyz"[:dimensions]], axis=1)


def inside(places: Numbers, limits: Numbers) -> NDArray[np.bool_]:
    """Tell which of float64[n, d] places lie inside, a hair's breadth more than the limits."""
    hair = 1e-9 * np.ptp(limits, axis=1)
    return ((places >= limits[:, 0] - hair) & (places <= limits[:, 1] + hair)).all(axis=1)


def pieces(places: Numbers, limits: Numbers) -> Numbers:
    """Return float64[m, d], what of a line through float64[n, d] places lies inside, NaN between its pieces.

    After Liang & Barsky (1984): each stretch enters where it is past all of the lower sides, and leaves
    where it meets the first of the upper ones.
    """
    known = np.isfinite(places.sum(axis=1))
    if inside(places[known], limits).all():
        return places
    starts, steps = places[:-1], np.diff(places, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        meets = (limits[None] - starts[:, :, None]) / steps[:, :, None]
    enters = np.fmax.reduce(meets.min(axis=2), axis=1, initial=0.0)
    leaves = np.fmin.reduce(meets.max(axis=2), axis=1, initial=1.0)
    held = (enters < leaves) & known[:-1] & known[1:]
    enters, leaves = np.where(held, enters, 0.0), np.where(held, leaves, 0.0)
    goes_on = np.concatenate([[False], held[:-1] & (leaves[:-1] == 1)]) & (enters == 0)
    ends = [starts + share[:, None] * steps for share in (enters, leaves)]
    drawn = np.stack([np.full_like(starts, np.nan), *ends], axis=1)
    return drawn[np.stack([held & ~goes_on, held & ~goes_on, held], axis=1)]
