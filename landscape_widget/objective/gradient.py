"""What is the gradient of the loss, over all batches?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from landscape_widget.objective.measure import Measure
from landscape_widget.objective.structures import Batch, cloned


def mean_gradient(
    measure: Measure, model: nn.Module, names: Sequence[str], batches: Iterable[Batch], size: int
) -> dict[str, Tensor]:
    """Return ∂loss/∂θ, at least float32; a parameter without a part in the loss has zeros.

    Args:
        model: a private copy, whose named parameters will require gradients.
        size: number of samples in the data, what a sum is scaled up to.

    Raises:
        ValueError: where the loss has no gradient.
    """
    with torch.inference_mode(False), torch.enable_grad():
        own = dict(model.named_parameters(remove_duplicate=False))
        params = [own[name].requires_grad_(True) for name in names]
        totals = [torch.zeros_like(p, dtype=torch.promote_types(p.dtype, torch.float32)) for p in params]
        divisor, is_sum = 0.0, False
        for batch in batches:
            terms = measure(model, cloned(batch))["loss"]
            if not terms.sums.requires_grad:
                raise ValueError(
                    "Expected a loss with a gradient; this one is cut off from the weights (`no_grad`, "
                    "`detach` or `item` inside). Choose another direction."
                )
            slopes = torch.autograd.grad(terms.sums.sum(), params, allow_unused=True)
            for total, slope in zip(totals, slopes, strict=True):
                if slope is not None:
                    total += slope
            divisor += float(terms.detached().divisors.sum())
            is_sum = terms.weights is None
    scale = (size if is_sum else 1) / divisor
    return {name: total.detach() * scale for name, total in zip(names, totals, strict=True)}
