"""What is the loss a step away from the origin? Forward only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch

from landscape_widget.curvature.products import Cancelled, Vector
from landscape_widget.objective.copies import Buffers, private_copy
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.structures import Batch


class Nearby:
    """The mean loss on some batches at θ + step, on a private copy; a call is ``nearby(step)``."""

    def __init__(
        self,
        objective: Objective,
        names: Sequence[str],
        batches: Sequence[Batch],
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._objective = replace(objective, test=None)
        self._model, _ = private_copy(objective.model, moving=names)
        own = dict(self._model.named_parameters(remove_duplicate=False))
        self._weights = [own[name].data for name in names]
        self._centre = [weight.clone() for weight in self._weights]
        self._buffers = Buffers(self._model)
        self._batches, self._cancelled = batches, cancelled
        self._trial = objective.trial.copied()

    def __call__(self, step: Vector) -> float:
        """Return the loss there.

        Raises:
            Cancelled: once nobody wants it.
        """
        start = 0
        self._buffers.restore()
        with torch.no_grad():
            for weight, centre in zip(self._weights, self._centre, strict=True):
                piece = torch.from_numpy(np.array(step[start : start + weight.numel()])).view(weight.shape)
                weight.copy_(centre.double() + piece.to(centre.device))
                start += weight.numel()
        found = self._objective.measure(self._model, (self._batches,), self._cancelled, self._trial)
        if found is None:
            raise Cancelled
        return float(found.mean[0])
