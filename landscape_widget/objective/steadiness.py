"""Is the loss the same for the same weights, and the same however its samples are batched?"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from landscape_widget.objective.batches import parts
from landscape_widget.objective.structures import Batch, size_of
from landscape_widget.objective.terms import Terms

RESTLESS = (
    "The loss isn't the same twice for the same weights: it or the model keeps something from one call to "
    "the next, or draws from a generator of its own. So cells differ by chance."
)
TOGETHER = (
    "The samples of a batch belong together: cut in two, it has another loss. So the value depends on the "
    "batches, which you choose by giving a list of them, and a subset of the samples has another loss. Where "
    "it is a mean over tokens, return the pair (sum, weight)."
)
A_SUM = (
    "The loss of a batch looks like a sum, and is taken for a mean. Divide it by the number of samples, or "
    "return the pair (sum, weight)."
)


def unsteady(
    measured: Callable[[Batch], Terms], batch: Batch, precision: torch.dtype, apart: bool
) -> tuple[str, ...]:
    """Return what isn't as it should be: one sentence, or none.

    Args:
        measured: the detached loss of a batch, each time from the same state of the model.
        precision: of the weights; what is rounded there makes no difference.
        apart: whether the loss of a batch should be that of its samples, however they are batched.
    """
    tolerance = torch.finfo(precision).eps ** 0.5
    whole = measured(batch)
    if not _same(whole.sums, measured(batch).sums, tolerance):
        return (RESTLESS,)
    if not apart or (samples := size_of(batch)) < 2:
        return ()
    try:
        halves = [measured(half) for half in parts(batch, (samples + 1) // 2)]
    except Exception:  # a graph whose edges lead out of its half, for one
        return (TOGETHER,)
    sums = torch.cat([half.sums for half in halves])
    divisors = torch.cat([half.divisors for half in halves])
    loss = whole.sums / whole.divisors
    if whole.individual:
        return () if _same(loss, sums / divisors, tolerance) else (TOGETHER,)
    if _same(loss, (sums.sum() / divisors.sum()).reshape(1), tolerance):
        return ()
    return (A_SUM,) if _same(loss, (sums / divisors).sum().reshape(1), tolerance) else (TOGETHER,)


def _same(a: Tensor, b: Tensor, tolerance: float) -> bool:
    finite = a[a.isfinite()].abs()
    scale = float(finite.mean()) if len(finite) else 0.0
    return a.shape == b.shape and torch.allclose(b, a, rtol=tolerance, atol=tolerance * scale, equal_nan=True)
