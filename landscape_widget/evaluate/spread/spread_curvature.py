"""What stands where a map of curvature does, and has its cells measured by an executor's workers?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from landscape_widget.evaluate.curvature_cost import tried_cost
from landscape_widget.evaluate.curvature_map import CurvatureMap
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
        """Return how many seconds so many cells will take, from a few of all over; None once cancelled."""
        return tried_cost(self, self._subspace, self.samples, cells, self.at_once, cancelled, self._clock)
