"""How wide is the valley around the origin, where the loss has risen by no more than so much?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class LevelSet:
    """The stretch around 0 in which values stay within a rise.

    Attributes:
        width: from end to end, in units of the direction; NaN where the value at 0 isn't finite.
        is_open: it goes on beyond the cells, so the width is the least it can be.
    """

    width: float
    is_open: bool


def level_set_width(x: NDArray[np.float64], values: NDArray[np.float64], rise: float) -> LevelSet:
    """Return the width of the connected part around 0 where ``values`` ≤ the value at 0 + ``rise``.

    Where it ends between two cells is interpolated linearly; a cell that is NaN ends it at the cell before.

    Args:
        x: float64[n], ascending, with 0 within.
        values: float64[n].
        rise: above the value at 0, larger than 0.
    """
    if not (len(x) and x[0] <= 0 <= x[-1]):
        raise ValueError(
            f"A level set around the origin needs cells on both sides of 0; got {x[:1]} to {x[-1:]}. "
            "Choose a range with 0 in it."
        )
    if not rise > 0:
        raise ValueError(f"rise is how much higher than at the origin, larger than 0; got {rise!r}.")
    centre = float(np.interp(0.0, x, values))
    if not np.isfinite(centre):
        return LevelSet(float("nan"), False)
    sides = [_reach(sign * x, values, centre, centre + rise) for sign in (1, -1)]
    return LevelSet(sum(reach for reach, _ in sides), any(is_open for _, is_open in sides))


def _reach(
    x: NDArray[np.float64], values: NDArray[np.float64], centre: float, limit: float
) -> tuple[float, bool]:
    """How far it goes towards larger ``x``, and whether it goes on beyond the last."""
    place, value = 0.0, centre
    for next_place, next_value in sorted(
        (float(a), float(v)) for a, v in zip(x, values, strict=True) if a > 0
    ):
        if np.isnan(next_value):
            return place, False
        if next_value > limit:
            return place + (limit - value) / (next_value - value) * (next_place - place), False
        place, value = next_place, next_value
    return place, True
