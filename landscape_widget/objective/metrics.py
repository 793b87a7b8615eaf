"""What else is measured beside the loss: accuracy where it means something, and the user's own metrics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.objective.criterion import of_its_own
from landscape_widget.objective.structures import shapes
from landscape_widget.objective.terms import Terms, as_terms, per_sample
from landscape_widget.objective.torch_criteria import Loss, is_loss, is_over_classes, option

Metric = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Accuracy:
    """Percent of right classes, output [n, C, …] against indices [n, …]; a row with NaN is never right."""

    ignore_index: int = -100
    unit = "%"

    def __call__(self, output: Tensor, target: Tensor, samples: int) -> Terms:
        """Return 100 for each right element, over the elements that aren't ignored."""
        best, classes = output.max(1)
        right = (classes == target) & (best == best)
        kept = target != self.ignore_index
        return per_sample((right & kept) * 100, kept, samples)

    def copied(self) -> Accuracy:
        """Return itself, which keeps nothing."""
        return self


@dataclass(frozen=True)
class BinaryAccuracy:
    """Percent of outputs on the right side of the threshold, against targets 0 and 1; NaN is never right."""

    threshold: float
    unit = "%"

    def __call__(self, output: Tensor, target: Tensor, samples: int) -> Terms:
        """Return 100 for each right element."""
        right = ((output > self.threshold) == (target > 0.5)) & ~output.isnan()
        return per_sample((right * 100).float(), None, samples)

    def copied(self) -> BinaryAccuracy:
        """Return itself, which keeps nothing."""
        return self


@dataclass(frozen=True)
class OwnMetric:
    """A user's ``metric(output, target)``: one value a sample, or one number a batch."""

    name: str
    metric: Metric
    unit = ""

    def __call__(self, output: Any, target: Any, samples: int) -> Terms:
        """Return what one batch adds."""
        return as_terms(self.metric(output, target), samples, f"metric {self.name!r}")

    def copied(self) -> OwnMetric:
        """Return the same with a module of its own."""
        return OwnMetric(self.name, of_its_own(self.metric))


BatchMetric = Accuracy | BinaryAccuracy | OwnMetric


def accuracy_for(loss: Loss, output: Any, target: Any) -> Accuracy | BinaryAccuracy | None:
    """Return the accuracy that goes with a loss, judged on one batch; None where it would mean nothing."""
    if not (isinstance(output, Tensor) and isinstance(target, Tensor) and output.is_floating_point()):
        return None
    if output.ndim >= 2 and output.shape[1] >= 2 and (output.shape[0], *output.shape[2:]) == target.shape:
        if output.ndim == 3 and output.shape[1] == output.shape[2] and not is_over_classes(loss):
            return None  # [n, T, C] with as many steps as classes looks the same
        ignored = option(loss, "ignore_index", -100)
        return Accuracy(ignored) if _are_classes(target, output.shape[1], ignored) else None
    if output.shape != target.shape or not ((target == 0) | (target == 1)).all():
        return None
    if is_loss(loss, nn.BCEWithLogitsLoss, F.binary_cross_entropy_with_logits):
        return BinaryAccuracy(0.0)
    if is_loss(loss, nn.BCELoss, F.binary_cross_entropy):
        return BinaryAccuracy(0.5)
    return None


def own_metric(name: str, metric: Metric, output: Any, target: Any, samples: int) -> OwnMetric:
    """Try a user's metric on one batch.

    Raises:
        TypeError: where it is no function of (output, target), or returns no number.
        ValueError: where it raises, or returns the wrong size.
    """
    if not callable(metric):
        raise TypeError(
            f"Expected metric {name!r} to be a function of (output, target); got {type(metric).__name__}."
        )
    own = OwnMetric(name, metric)
    try:
        result = metric(output, target)
    except Exception as error:
        raise ValueError(
            f"Expected metric {name!r} to be a function of (output, target); with output {shapes(output)} "
            f"and target {shapes(target)} it raised {type(error).__name__}: {error}"
        ) from error
    as_terms(result, samples, f"metric {name!r}")
    return own


def _are_classes(target: Tensor, classes: int, ignored: int) -> bool:
    if target.is_floating_point() or target.is_complex():
        return False
    kept = target[target != ignored]
    return bool(((kept >= 0) & (kept < classes)).all())
