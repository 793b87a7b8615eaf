"""Which steps count as the model's own, where several optimizers are at work?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from torch import nn
from torch.optim import Optimizer

PATIENCE = 20
"""Steps of a smaller optimizer in a row after which the larger one is taken to have finished."""


@dataclass(eq=False)
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

    def count(self, optimizer: Optimizer) -> int:
        """Return how many steps the model has made by this one: 1, or 0, or those that wait to be counted."""
        seen = self._read(optimizer)
        if not seen.holds:
            return 0
        seen.steps += 1
        seen.alone += 1
        leading = next((one for one in self._seen.values() if one is self._leading), seen)
        new = 1
        if seen.holds > leading.holds:
            new = min(1, max(0, seen.steps - self._steps))  # the first step of both may have been the other's
        elif seen is not leading:
            if seen.alone <= (1 if seen.holds == leading.holds else PATIENCE):
                return 0
            new = seen.alone
        for other in self._seen.values():
            other.alone = 0
        self._leading = seen
        self._steps += new
        self.learning_rate = float(optimizer.param_groups[0]["lr"])
        return new

    def _read(self, optimizer: Optimizer) -> _Seen:
        groups = optimizer.param_groups
        seen = self._seen.get(optimizer)
        if seen is None or seen.groups != len(groups):
            holds = sum(self._sizes.get(parameter, 0) for group in groups for parameter in group["params"])
            seen = _Seen(holds, len(groups), seen.steps if seen else 0)
            self._seen[optimizer] = seen
        return seen
