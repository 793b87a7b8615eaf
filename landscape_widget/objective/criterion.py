"""How does a loss become one value and one weight a sample, so that it can be summed over batches exactly?"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from landscape_widget.objective.structures import mapped
from landscape_widget.objective.terms import Terms, as_terms, per_sample
from landscape_widget.objective.torch_criteria import ClassWeights, Loss


@dataclass(frozen=True)
class batch_loss:
    """A loss that runs the model itself: ``fn(model, batch)``, for whatever isn't ``loss(output, target)``.

    Attributes:
        fn: returns a scalar mean over the batch (no standard error then), one value a sample, a pair
            ``(sum, weight)`` of either, or a dict of those, one a metric, with ``"loss"`` among them.
            It must use the model it is handed, never one of its own; the weights of that one require no
            gradients, unless ``fn`` calls ``model.requires_grad_()``.
    """

    fn: Callable[[nn.Module, Any], Any]


def name_of_loss(loss: object) -> str:
    """Return what a loss is called: ``"cross_entropy"``, ``"MSELoss()"``."""
    while isinstance(loss, batch_loss | partial):
        loss = loss.fn if isinstance(loss, batch_loss) else loss.func
    return repr(loss) if isinstance(loss, nn.Module) else str(getattr(loss, "__name__", type(loss).__name__))


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
        return (
            (mapped(output, double_precision), mapped(target, double_precision))
            if self.double
            else (output, target)
        )

    def copied(self) -> Criterion:
        """Return the same with modules of its own."""
        elements = None if self.elements is None else of_its_own(self.elements)
        return replace(self, loss=of_its_own(self.loss), elements=elements)

    def value(self, output: Any, target: Any) -> Any:
        """Return what the user's own loss says of one batch."""
        return self.loss(*self.prepared(output, target))


def of_its_own(part: Callable[..., Any]) -> Callable[..., Any]:
    """Return a copy of a module; a function as it is."""
    return copy.deepcopy(part) if isinstance(part, nn.Module) else part


def tensor_inside(output: Any) -> Any:
    """Return the tensor of a model's output: itself, ``.logits``, ``["logits"]``, or the first."""
    if isinstance(output, Tensor):
        return output
    if isinstance(output, Mapping):
        return output["logits"] if "logits" in output else tensor_inside(next(iter(output.values()), None))
    if isinstance(output, (tuple, list)) and output:
        return tensor_inside(output[0])
    return getattr(output, "logits", output)


def double_precision(tensor: Tensor) -> Tensor:
    """Return floating point and complex tensors in float64 and complex128, others as they are."""
    if tensor.is_complex():
        return tensor.to(torch.complex128)
    return tensor.double() if tensor.is_floating_point() else tensor
