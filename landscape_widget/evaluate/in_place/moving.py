"""How do a model's own weights get to a point? Each from the centre, a tensor and a piece of it at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import torch
from torch import Tensor

from landscape_widget.objective.params import pieces
from landscape_widget.subspace.lazy_tensors import LazyTensors

Vector = Mapping[str, Tensor]


def move(
    targets: Mapping[str, Tensor],
    centre: Mapping[str, Tensor],
    vectors: Sequence[Vector],
    point: Sequence[float],
) -> int:
    """Put θ + Σ cᵢ dᵢ into the targets; return how many running variances it would drive below 0.

    The sums are at least float32, in the order of `WorkingCopy.move`, and cast once. One tensor of one
    direction is looked at at a time; of every direction one where the sum is wider than the target.

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


def step_dtype(vector: Vector, name: str, weight: Tensor) -> torch.dtype:
    """Return the type of a direction's tensor, without having one made."""
    if isinstance(vector, LazyTensors):
        return torch.promote_types(weight.dtype, torch.float32)
    return vector[name].dtype


def _put(weight: Tensor, centre: Tensor, name: str, along: Sequence[tuple[float, Vector]]) -> None:
    types = (step_dtype(vector, name, weight) for _, vector in along)
    wide = reduce(torch.promote_types, types, torch.promote_types(weight.dtype, torch.float32))
    if wide == weight.dtype or not along:
        weight.copy_(centre)
        for coordinate, vector in along:
            _add(_cuttable(weight), coordinate, _cuttable(vector[name]))
        return
    steps = [(coordinate, _cuttable(vector[name])) for coordinate, vector in along]
    weight, centre = _cuttable(weight), _cuttable(centre)
    for some in pieces(weight):
        total = centre[some].to(weight.device, wide)
        for coordinate, step in steps:
            total.add_(step[some].to(weight.device, wide), alpha=coordinate)
        weight[some].copy_(total)


def _add(weight: Tensor, coordinate: float, step: Tensor) -> None:
    for some in pieces(weight):
        weight[some].add_(step[some].to(weight.device, weight.dtype), alpha=coordinate)


def _cuttable(tensor: Tensor) -> Tensor:
    """A number as a row of one."""
    return tensor.reshape(1) if tensor.ndim == 0 else tensor
