"""Can this loss be differentiated twice? One product on a few samples says so, or why not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from landscape_widget.curvature.place import at_origin
from landscape_widget.curvature.products import differentiable
from landscape_widget.objective.common_random_numbers import drawing
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import lies_in_memory
from landscape_widget.objective.read_objective import TRIED


def check_curvature(objective: Objective, names: Sequence[str] | None = None) -> int:
    """Try the Hessian at the origin; return the bytes that its graph keeps for a sample.

    Args:
        names: of the parameters it is of; None: all that move.

    Raises:
        ValueError: where weights are complex, the loss can't be differentiated twice, or the model is lent.
    """
    if objective.lender is not None:
        raise ValueError(
            "Curvature is measured on copies of the model; got copy=False. Leave one of the two out, or look "
            "at a smaller model of the same kind."
        )
    names = tuple(objective.params) if names is None else names
    own = dict(objective.model.named_parameters(remove_duplicate=False))
    for name in names:
        if own[name].is_complex():
            raise ValueError(
                f"Expected real weights, whose curvature is a symmetric matrix; {name!r} is complex. "
                "Leave curvature out, or choose other parameters with `parameters=…`."
            )
    samples = min(TRIED, objective.train.size)
    weights = {p.untyped_storage().data_ptr() for p in own.values() if lies_in_memory(p)}
    kept: dict[int, int] = {}

    def count(tensor: Tensor) -> Tensor:
        if lies_in_memory(tensor):
            storage = tensor.untyped_storage()
            if storage.data_ptr() not in weights:
                kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    place, (batch, *_) = at_origin(objective, names), objective.portions(samples)[0]
    weights |= {p.untyped_storage().data_ptr() for p in place.model.parameters() if lies_in_memory(p)}
    with (
        torch.autograd.graph.saved_tensors_hooks(count, lambda tensor: tensor),
        place.hessian(objective.portions(samples)[0]) as hessian,
    ):
        hessian(np.ones(hessian.size))
        with drawing(objective.mode, objective.seed):
            terms = differentiable(objective.trial.copied().measure, place.model, batch)
    _refuse_once_differentiable(terms.sums)
    return sum(kept.values()) // samples + 1


def _refuse_once_differentiable(loss: Tensor) -> None:
    """Look through the graph: torch takes such a gradient for a constant, unless what it gets isn't one."""
    left, seen = [loss.grad_fn], set()
    while left:
        node = left.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        left += [before for before, _ in node.next_functions]
        function = getattr(node, "_forward_cls", None)
        if function is not None and getattr(function.backward, "__code__", None) is _ONCE:
            raise ValueError(
                "Expected a loss that can be differentiated twice, as curvature asks for; "
                f"{function.__name__} is marked with @once_differentiable. Build it from torch's own "
                "operations, or write its backward so that it can be differentiated."
            )


_ONCE = once_differentiable(lambda context: None).__code__
"""The code of every backward so marked."""
