"""How do a model's own weights get to a point? Each from the centre, a tensor and a piece of it at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from landscape_widget.objective.lazy_tensors import Tensors, cut, like_of
from landscape_widget.subspace.direction import at_least_float32


def move(
    targets: Mapping[str, Tensor],
    centre: Mapping[str, Tensor],
    vectors: Sequence[Tensors],
    point: Sequence[float],
) -> int:
    """Put θ + Σ cᵢ dᵢ into the targets; return how many running variances it would drive below 0.

    The sums are at least float32, in the order of `WorkingCopy.move`, and cast once. Of directions that
    nobody holds a piece is drawn at a time.

    Args:
        targets: what moves; written to behind torch's back.
        centre: where each begins.
    """
    axes = [axis for axis in (*range(1, len(point)), 0) if point[axis]]
    below = 0
    for name, target in targets.items():
        along = [(point[axis], vectors[axis]) for axis in axes if name in vectors[axis]]
        weight = target.data
        _put(weight, centre[name], name, along)
        if name.rpartition(".")[2] == "running_var":
            below += int((weight < 0).sum())
            weight.clamp_(min=0)
    return below


def _put(weight: Tensor, centre: Tensor, name: str, along: Sequence[tuple[float, Tensors]]) -> None:
    if not along:
        weight.copy_(centre)
        return
    if weight.ndim == 0:
        weight, centre = weight.reshape(1), centre.reshape(1)
    wide = at_least_float32(weight.dtype)
    for _, vector in along:
        wide = torch.promote_types(wide, like_of(vector, name).dtype)
    for steps in zip(*(cut(vector, name, weight.shape) for _, vector in along), strict=True):
        some = steps[0][0]
        target = weight[some]
        total = target if wide == weight.dtype else torch.empty_like(target, dtype=wide)
        total.copy_(centre[some])
        for (coordinate, _), (_, step) in zip(along, steps, strict=True):
            total.add_(step.to(weight.device, wide), alpha=coordinate)
        if total is not target:
            target.copy_(total)
