"""How is a map of curvature measured on several devices of this machine? A cell a device."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from landscape_widget.curvature.hessian_extremes import HessianExtremes
from landscape_widget.evaluate.coordinates import check_coordinates
from landscape_widget.evaluate.curvature_cost import tried_cost
from landscape_widget.evaluate.curvature_map import CurvatureMap
from landscape_widget.evaluate.inline import Inline
from landscape_widget.evaluate.memory import default_budget
from landscape_widget.evaluate.pool import Pool
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.placed import placed
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import How, Values


class DevicesCurvature:
    """Measures the extremes of the Hessian; see `landscape_widget.scene.measuring.Curving`.

    Every device finds the origin's eigenvectors for itself, once. One caller at a time.
    """

    def __init__(
        self,
        objective: Objective,
        subspace: Subspace,
        *,
        pool: Pool,
        devices: Sequence[torch.device],
        asked: HessianExtremes,
        name: str,
        budget: int | None = None,
    ) -> None:
        """Lay out what moves; everything else waits for the first cell.

        Args:
            pool: has a worker for each device.
            asked, name, budget: as for `CurvatureMap`.
        """
        share = (default_budget() if budget is None else budget) // len(devices)
        options = {"pool": Inline(), "asked": asked, "name": name, "budget": share}
        self._maps = [CurvatureMap(placed(objective, one), subspace, **options) for one in devices]
        self._subspace, self._pool = subspace, pool
        first = self._maps[0]
        self.metrics, self.samples, self.settings = first.metrics, first.samples, first.settings
        self._how = How(", ".join(map(str, devices)), settings=self.settings)

    def __call__(
        self, coordinates: NDArray[np.float64], samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]:
        """Yield cells as they get ready, in any order; raises as `CurvatureMap` does."""
        check_coordinates(coordinates, len(self._subspace.directions))
        left = iter(range(len(coordinates)))
        stopped = False

        def over() -> bool:
            return stopped or cancelled()

        def take(number: int) -> Callable[[], list[Values]] | None:
            if number >= len(self._maps) or over() or (cell := next(left, None)) is None:
                return None
            return lambda: [
                replace(values, cells=np.array([cell], dtype=np.int64), how=self._how)
                for values in self._maps[number](coordinates[cell : cell + 1], samples, over)
            ]

        try:
            for known in self._pool.run(take):
                yield from known
        finally:
            stopped = True

    def cost(self, cells: int, cancelled: Callable[[], bool]) -> float | None:
        """Return how many seconds so many cells will take, from a few of all over; None once cancelled."""
        return tried_cost(self, self._subspace, self.samples, cells, len(self._maps), cancelled)

    def close(self) -> None:
        """Let go of the devices' copies."""
        for one in self._maps:
            one.close()
