"""What became known in one step?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape_widget.values import Values


@dataclass(frozen=True, eq=False)
class Patch:
    """Values of some cells of a surface.

    Attributes:
        cells: int64[m], flat cells; ``grid.size + p`` is the labelled point p.
        values: float64[metric, m].
        errors: float64[metric, m], the population's ``sd / sqrt(n)``; NaN where it can't be known.
        counts: int64[metric, m], samples measured.
        state: uint8[m], a `State` each.
    """

    cells: NDArray[np.int64]
    values: NDArray[np.float64]
    errors: NDArray[np.float64]
    counts: NDArray[np.int64]
    state: NDArray[np.uint8]

    @classmethod
    def of(cls, cells: NDArray[np.int64], values: Values) -> Patch:
        """Give an evaluator's answer about ``cells`` its place on the surface."""
        return cls(cells[values.cells], values.mean.T, values.standard_error.T, values.count.T, values.state)

    def __post_init__(self) -> None:
        shape = (len(self.values), len(self.cells))
        came = [array.shape for array in (self.values, self.errors, self.counts, self.state)]
        if came != [shape, shape, shape, shape[1:]]:
            raise ValueError(
                f"A patch of {shape[1]} cells and {shape[0]} metrics needs values, errors and counts of "
                f"shape {shape} and state of shape {shape[1:]}; got {', '.join(map(str, came))}. "
                "Values come as [cells, metrics]; Patch.of(cells, values) turns them."
            )
