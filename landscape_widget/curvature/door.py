"""Can this loss be differentiated twice? One product on a few samples says so, or why not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from landscape_widget.curvature.place import at_origin
from landscape_widget.objective.objective import TRIED, Objective


def check_curvature(objective: Objective, names: Sequence[str] | None = None) -> int:
    """Try the Hessian at the origin; return the bytes that its graph keeps for a sample.

    Args:
        names: of the parameters it is of; None: all that move.

    Raises:
        ValueError: where weights are complex, or the loss can't be differentiated twice.
    """
    names = tuple(objective.params) if names is None else names
    own = dict(objective.model.named_parameters(remove_duplicate=False))
    for name in names:
        if own[name].is_complex():
            raise ValueError(
                f"Expected real weights, whose curvature is a symmetric matrix; {name!r} is complex. "
                "Leave curvature out, or choose other parameters with `parameters=…`."
            )
    samples = min(TRIED, objective.train.size)
    weights = {p.untyped_storage().data_ptr() for p in own.values()}
    kept: dict[int, int] = {}

    def count(tensor: Tensor) -> Tensor:
        if tensor.layout == torch.strided:
            storage = tensor.untyped_storage()
            if storage.data_ptr() not in weights:
                kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    place = at_origin(objective, names)
    weights |= {p.untyped_storage().data_ptr() for p in place.model.parameters()}
    with (
        torch.autograd.graph.saved_tensors_hooks(count, lambda tensor: tensor),
        place.hessian(objective.portions(samples)[0]) as hessian,
    ):
        hessian(np.ones(hessian.size))
    return sum(kept.values()) // samples + 1
