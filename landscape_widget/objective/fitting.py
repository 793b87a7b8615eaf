"""Which is the most exact way to use this loss? Tried on one batch, believed only where the numbers agree."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from landscape_widget.objective.copies import private_copy
from landscape_widget.objective.criterion import Criterion, double_precision
from landscape_widget.objective.structures import mapped, shapes, taken
from landscape_widget.objective.terms import as_terms, ratio
from landscape_widget.objective.torch_criteria import Loss, class_weights, option, unreduced


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
        change = double_precision if dtype else Tensor.clone
        return partial(loss.func, *mapped(loss.args, change), **mapped(dict(loss.keywords), change))
    return loss


def _agrees(single: Criterion, value: Any, output: Any, target: Any, samples: int) -> bool:
    try:
        mean, _, _ = ratio([single(output, target, samples).detached()], samples)
        return _close(mean, _number(value, samples), value)
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
    if _close((a * first + b * (samples - first)) / samples, whole, value):
        return "mean"
    return "sum" if _close(a + b, whole, value) else None


def _number(value: Any, samples: int) -> float:
    return ratio([as_terms(value, samples, "the loss").detached()], samples)[0]


def _close(a: float, b: float, value: Any) -> bool:
    """Compare as exactly as the user's loss computes; float32 inside shows in the type it returns."""
    exact = isinstance(value, Tensor) and value.dtype == torch.float64
    return a == b or (a != a and b != b) or abs(a - b) <= (1e-9 if exact else 1e-5) * abs(b) + 1e-15
