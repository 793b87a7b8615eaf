"""What do torch's own criteria say of themselves: reduction, class weights, what they ignore?"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.objective.copies import private_copy

Loss = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class ClassWeights:
    """What each class counts in a cross entropy; nothing where ignored."""

    weight: Tensor | None
    ignore_index: int

    def __call__(self, target: Tensor) -> Tensor | None:
        """Return one weight a class index; None for targets that are probabilities, which count once."""
        if target.is_floating_point():
            return None
        kept = target != self.ignore_index
        if self.weight is None:
            return kept
        return torch.where(kept, self.weight[torch.where(kept, target, 0).long()], 0)


def class_weights(loss: Loss) -> ClassWeights | None:
    """Return the weights of a cross entropy or negative log likelihood; None for other losses."""
    if not is_over_classes(loss):
        return None
    return ClassWeights(option(loss, "weight", None), option(loss, "ignore_index", -100))


def option(loss: Loss, name: str, default: Any) -> Any:
    """Return a setting of a criterion, be it a module, a function or a partial of one."""
    if isinstance(loss, nn.Module):
        return getattr(loss, name, default)
    try:
        parameter = inspect.signature(loss).parameters.get(name)
    except (TypeError, ValueError):
        return default
    return default if parameter is None or parameter.default is inspect.Parameter.empty else parameter.default


def is_loss(loss: Loss, module: type[nn.Module], function: Callable[..., Any]) -> bool:
    """Whether it is this criterion, as a module, a function or a partial of it."""
    return isinstance(loss, module) or _function(loss) is function


def is_over_classes(loss: Loss) -> bool:
    """Whether it takes outputs [n, C, …], as cross entropy and negative log likelihood do."""
    return is_loss(loss, nn.CrossEntropyLoss, F.cross_entropy) or is_loss(loss, nn.NLLLoss, F.nll_loss)


def unreduced(loss: Loss) -> Loss:
    """Return the same criterion with ``reduction="none"``."""
    if not isinstance(loss, nn.Module):
        return partial(loss, reduction="none")
    copied = private_copy(loss)[0]
    setattr(copied, "reduction", "none")  # noqa: B010 — a Module's attributes are untyped
    return copied


def _function(loss: Loss) -> Any:
    return _function(loss.func) if isinstance(loss, partial) else loss
