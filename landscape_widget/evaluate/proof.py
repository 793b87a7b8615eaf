"""Do two ways of measuring a cell agree? Asked before a guest is let in, and again at random cells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landscape_widget.objective.terms import Measurement

RELATIVE, ABSOLUTE = 1e-5, 1e-9


def agree(measured: Measurement, expected: Measurement, losses: NDArray[np.bool_]) -> bool:
    """Tell whether the losses agree to ``1e-5·|L| + 1e-9``; NaN equals NaN, infinity itself.

    Other metrics may jump where the loss moves by a rounding error, as an accuracy does: they may also differ
    by one standard error.

    Args:
        losses: which columns must agree to rounding.
    """
    a, b = measured.mean, expected.mean
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    error = np.fmax(measured.standard_error, expected.standard_error)
    jump = np.where(losses | ~np.isfinite(error), 0.0, error)
    with np.errstate(invalid="ignore"):
        close = np.abs(a - b) <= RELATIVE * np.abs(b) + ABSOLUTE + jump
    return bool(np.all(same | (close & np.isfinite(a) & np.isfinite(b))))


class Audits:
    """Which cells are computed both ways: one at random of the first eight, of four times as many, and so on.

    So each level of a grid, which has about four times the cells of the last, has one.
    """

    def __init__(self, seed: int = 0) -> None:
        self._random = np.random.default_rng(seed)
        self._count, self._end, self._due = 0, 0, 0

    def take(self) -> bool:
        """Count one cell; tell whether it is due."""
        if self._count == self._end:
            begin, self._end = self._end, max(8, 4 * self._end)
            self._due = int(self._random.integers(begin, self._end))
        self._count += 1
        return self._count - 1 == self._due
