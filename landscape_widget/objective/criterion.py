"""How does a loss become one value and one weight a sample, so that it can be summed over batches exactly?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from landscape_widget.objective.copies import private_copy
from landscape_widget.objective.structures import mapped, shapes, taken
from landscape_widget.objective.terms import Terms, as_terms, per_sample, ratio
from landscape_widget.objective.torch_criteria import ClassWeights, Loss, class_weights, option, unreduced


@dataclass(frozen=True)
class batch_loss:
    """A loss that runs the model itself: ``fn(model, batch)``, for whatever isn't ``loss(output, target)``.

    Attributes:
        fn: returns a scalar mean over the batch (no standard error then), one value a sample, a pair
            ``(sum, weight)`` of either, or a dict of those, one a metric, with ``"loss"`` among them.
            It must use the model it is handed, never one of its own.
    """

    fn: Callable[[nn.Module, Any], Any]


@dataclass(frozen=True, eq=False)
class Criterion:
    """``loss(output, target)`` as sums and weights.

    Attributes:
        loss: the user's loss, a private copy where it is a module.
        elements: the same with ``reduction="none"``, where there is one.
        weights: of class indices in a cross entropy.
        total: whether the loss of all data is a sum, not a mean.
        each: whether every sample counts once, whatever its number of elements ("batchmean").
        double: whether it is computed in float64.
        bare: whether it wants the tensor inside the model's output (``.logits`` or the first).
    """

    loss: Loss
    elements: Loss | None = None
    weights: ClassWeights | None = None
    total: bool = False
    each: bool = False
    double: bool = True
    bare: bool = False

    def __call__(self, output: Any, target: Any, samples: int) -> Terms:
        """Return what one batch adds to the loss."""
        output, target = self.prepared(output, target)
        if self.elements is None:
            terms = as_terms(self.loss(output, target), samples, "the loss")
            return replace(terms, weights=None, sums=terms.sums / samples) if self.total else terms
        values = self.elements(output, target)
        weights = None if self.weights is None else self.weights(target)
        terms = per_sample(values, weights, samples)
        if self.total:
            return replace(terms, weights=None)
        return replace(terms, weights=torch.ones_like(terms.sums.detach())) if self.each else terms

    def prepared(self, output: Any, target: Any) -> tuple[Any, Any]:
        """Return the output and target as the loss gets them."""
        output = tensor_inside(output) if self.bare else output
        return (mapped(output, _double), mapped(target, _double)) if self.double else (output, target)

    def value(self, output: Any, target: Any) -> Any:
        """Return what the user's own loss says of one batch."""
        return self.loss(*self.prepared(output, target))


def read_criterion(loss: Loss, output: Any, target: Any, samples: int) -> tuple[Criterion, tuple[str, ...]]:
    """Find the most exact way to use a loss that works on this batch, and say what couldn't be had.

    Per-sample values are believed only where their ratio Σwl/Σw equals the loss itself.

    Raises:
        ValueError: where the loss can't be called, or returns the wrong size.
        TypeError: where it returns no number.
    """
    criterion, value = _callable_form(loss, output, target)
    notes = (
        [] if criterion.double else ["The loss refuses float64, so it is computed in the model's precision."]
    )
    reduction = option(loss, "reduction", None)
    if isinstance(reduction, str) and reduction != "none":
        single = replace(
            criterion,
            elements=unreduced(criterion.loss),
            weights=class_weights(criterion.loss),
            total=reduction == "sum",
            each=reduction == "batchmean",
        )
        if _agrees(single, value, output, target, samples):
            return single, tuple(notes)
    if as_terms(value, samples, "the loss").individual:
        return criterion, tuple(notes)
    how = _adds_up(criterion, value, output, target, samples)
    if how is None:
        notes.append(
            "The loss of a batch is neither the mean nor the sum of its parts' losses, so its value "
            "depends on the batches. Give the torch criterion, or pairs (sum, weight) by lw.batch_loss."
        )
    notes.append("The loss is one number a batch, so its standard error is unknown.")
    return replace(criterion, total=how == "sum"), tuple(notes)


def tensor_inside(output: Any) -> Any:
    """Return the tensor of a model's output: itself, ``.logits``, ``["logits"]``, or the first."""
    if isinstance(output, Tensor):
        return output
    if isinstance(output, Mapping):
        return output["logits"] if "logits" in output else tensor_inside(next(iter(output.values()), None))
    if isinstance(output, (tuple, list)) and output:
        return tensor_inside(output[0])
    return getattr(output, "logits", output)


def _callable_form(loss: Loss, output: Any, target: Any) -> tuple[Criterion, Any]:
    """Try float64 before the model's precision, the whole output before the tensor inside."""
    wide = Criterion(_widened(loss, torch.float64))
    narrow = Criterion(_widened(loss, None), double=False)
    bare = () if isinstance(output, Tensor) else (replace(wide, bare=True), replace(narrow, bare=True))
    errors: list[Exception] = []
    for form in (wide, narrow, *bare):
        try:
            return form, form.value(output, target)
        except Exception as error:
            errors.append(error)
    error = errors[-1]
    raise ValueError(
        f"Expected a loss that can be called as loss(output, target); with output {shapes(output)} and "
        f"target {shapes(target)} it raised {type(error).__name__}: {error} Check the order of its arguments "
        "and the shapes, or wrap a function of (model, batch) in lw.batch_loss."
    ) from error


def _widened(loss: Loss, dtype: torch.dtype | None) -> Loss:
    """Return a private copy of a criterion with its own tensors in ``dtype``."""
    if isinstance(loss, nn.Module):
        return private_copy(loss, dtype=dtype)[0]
    if isinstance(loss, partial):
        change = _double if dtype else Tensor.clone
        return partial(loss.func, *mapped(loss.args, change), **mapped(dict(loss.keywords), change))
    return loss


def _agrees(single: Criterion, value: Any, output: Any, target: Any, samples: int) -> bool:
    try:
        mean, _, _ = ratio([single(output, target, samples).detached()], samples)
        return _close(mean, _number(value, samples))
    except Exception:
        return False


def _adds_up(criterion: Criterion, value: Any, output: Any, target: Any, samples: int) -> str | None:
    """Say whether the loss of a batch is the "mean" or the "sum" of two uneven parts' losses, or neither."""
    first = (samples + 2) // 3
    if first == samples:
        return "mean"
    parts = (slice(0, first), slice(first, samples))
    try:
        values = [criterion.value(taken(output, part), taken(target, part)) for part in parts]
    except Exception:
        return None
    a, b, whole = (_number(v, samples) for v in (*values, value))
    if _close((a * first + b * (samples - first)) / samples, whole):
        return "mean"
    return "sum" if _close(a + b, whole) else None


def _number(value: Any, samples: int) -> float:
    return ratio([as_terms(value, samples, "the loss").detached()], samples)[0]


def _close(a: float, b: float) -> bool:
    return a == b or (a != a and b != b) or abs(a - b) <= 1e-5 * abs(b) + 1e-12


def _double(tensor: Tensor) -> Tensor:
    if tensor.is_complex():
        return tensor.to(torch.complex128)
    return tensor.double() if tensor.is_floating_point() else tensor
