"""What stands where a map of curvature does, and has its cells measured by an executor's workers?"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from landscape_widget.evaluate.curvature_map import CurvatureMap, scattered
from landscape_widget.evaluate.spread.engines import Engine
from landscape_widget.evaluate.spread.luggage import Luggage
from landscape_widget.evaluate.spread.spread import Spread
from landscape_widget.subspace.subspace import Subspace


class SpreadCurvature(Spread):
    """Measures the extremes of the Hessian elsewhere; see `landscape_widget.scene.measuring.Curving`.

    Every worker finds the origin's eigenvectors for itself, once.
    """

    def __init__(
        self, engine: Engine, luggage: Luggage, here: CurvatureMap, subspace: Subspace, **options: Any
    ) -> None:
        """Wait for the first cell with everything.

        Args:
            here: measures the same in this process.
            subspace: where it looks.
            options: of `Spread`.
        """
        super().__init__(engine, luggage, here, **options)
        self.metrics, self.samples, self.settings = here.metrics, here.samples, here.settings
        self._subspace = subspace

    def cost(self, cells: int, cancelled: Callable[[], bool]) -> float | None:
        """Return how many seconds so many cells will take, from a few of all over; None once cancelled.

        One a worker is for warming up: with the first, it gets all that it needs.
        """
        workers = self.at_once
        tried = np.array(scattered(self._subspace, 2 * workers), dtype=np.float64)
        for points in (tried[:workers], tried[workers:]):
            began, count = self._clock(), 0
            for values in self(points, self.samples, cancelled):
                count += len(values.cells)
            if count < len(points):
                return None
        # the last cells leave workers idle, so whole rounds count
        return math.ceil(cells / workers) * (self._clock() - began)
