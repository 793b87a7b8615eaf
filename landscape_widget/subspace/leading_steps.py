"""Which steps count as the model's own, where several optimizers are at work?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from weakref import ref

from torch import nn
from torch.optim import Optimizer

PATIENCE = 20
"""Steps of a smaller optimizer in a row after which the larger one is taken to have finished."""


@dataclass(eq=False)
class _Seen:
    """An optimizer that holds some of the model; ``alone`` counts its steps since the leading one's last."""

    optimizer: ref[Optimizer]
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
        self._seen: dict[int, _Seen] = {}
        self._leading: _Seen | None = None
        self._steps = 0

    def count(self, optimizer: Optimizer) -> int:
        """Return how many steps the model has made by this one: 1, or 0, or those that wait to be counted."""
        seen = self._read(optimizer)
        if not seen.holds:
            return 0
        seen.steps += 1
        new = 1 if seen is self._leading else self._taking_over(seen)
        if new is None:
            return 0
        if len(self._seen) > 1:
            for other in self._seen.values():
                other.alone = 0
        self._leading = seen
        self._steps += new
        self.learning_rate = float(optimizer.param_groups[0]["lr"])
        return new

    def _taking_over(self, seen: _Seen) -> int | None:
        """Return how many steps count when another one takes the lead, None where it doesn't."""
        seen.alone += 1
        leading = self._leading
        if leading is None or leading.optimizer() is None:
            return seen.alone
        if seen.holds > leading.holds:
            return min(1, max(0, seen.steps - self._steps))  # the first step of both may have been counted
        return seen.alone if seen.alone > (1 if seen.holds == leading.holds else PATIENCE) else None

    def _read(self, optimizer: Optimizer) -> _Seen:
        groups = optimizer.param_groups
        seen = self._seen.get(id(optimizer))
        if seen is None or seen.optimizer() is not optimizer or seen.groups != len(groups):
            holds = sum(self._sizes.get(parameter, 0) for group in groups for parameter in group["params"])
            is_known = seen is not None and seen.optimizer() is optimizer
            steps = seen.steps if seen is not None and is_known else 0
            made = _Seen(ref(optimizer), holds, len(groups), steps)
            if is_known and seen is self._leading:
                self._leading = made
            seen = self._seen[id(optimizer)] = made
        return seen
