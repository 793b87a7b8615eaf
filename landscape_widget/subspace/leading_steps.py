"""Which steps count as the model's own, where several optimizers are at work?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from torch import nn
from torch.optim import Optimizer

PATIENCE = 20
"""Steps of a smaller optimizer in a row after which the larger one is taken to have finished."""


@dataclass
class _Seen:
    """An optimizer that holds some of the model; ``alone`` counts its steps since the leading one's last."""

    holds: int
    groups: int
    steps: int = 0
    alone: int = 0


class LeadingSteps:
    """Tells the steps of the optimizer that holds most of a model from all others in the process.

    Attributes:
        learning_rate: of the leading one's first group at its last step, NaN before.
    """

    def __init__(self, model: nn.Module) -> None:
        self.learning_rate = math.nan
        self._sizes = {parameter: parameter.numel() for parameter in model.parameters()}
        self._seen: WeakKeyDictionary[Optimizer, _Seen] = WeakKeyDictionary()
        self._leading: _Seen | None = None
        self._steps = 0

    def count(self, optimizer: Optimizer) -> bool:
        """Tell whether this step is one more of the model's."""
        seen = self._read(optimizer)
        if not seen.holds:
            return False
        seen.steps += 1
        leading = self._leading or seen
        is_new = True
        if seen.holds > leading.holds:
            is_new = seen.steps > self._steps  # the first step of both may have been the smaller one's
        elif seen is not leading:
            seen.alone += 1
            if seen.alone <= (1 if seen.holds == leading.holds else PATIENCE):
                return False
        self._leading = seen
        for other in self._seen.values():
            other.alone = 0
        self.learning_rate = float(optimizer.param_groups[0]["lr"])
        self._steps += is_new
        return is_new

    def _read(self, optimizer: Optimizer) -> _Seen:
        groups = optimizer.param_groups
        seen = self._seen.get(optimizer)
        if seen is None or seen.groups != len(groups):
            holds = sum(self._sizes.get(parameter, 0) for group in groups for parameter in group["params"])
            seen = _Seen(holds, len(groups), seen.steps if seen else 0)
            self._seen[optimizer] = seen
        return seen
