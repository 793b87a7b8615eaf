"""How much of a step along a direction do weights of low precision swallow?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import product

import torch
from torch import Tensor

from landscape_widget.facts import Rounding
from landscape_widget.objective.lazy_tensors import thinned
from landscape_widget.objective.pieces import pieces
from landscape_widget.subspace.direction import Direction, wide

COARSE = 1e-4  # spacing of numbers near 1: bfloat16 and float16 are above, float32 far below
STEPS = tuple(10 ** (half / 2) for half in range(-8, 1))  # 10⁻⁴, 10⁻³·⁵, …, 1
MOST = 2**20  # weights of a tensor looked at, evenly spread


def rounding(origin: Mapping[str, Tensor], directions: Iterable[Direction]) -> Rounding | None:
    """Return ``‖round(θ + a·d) − θ − a·d‖ / ‖a·d‖`` at a few steps a, of the direction that loses most.

    None where no moved weight is stored in bfloat16, float16 or coarser.
    """
    coarse = {str(w.dtype).removeprefix("torch.") for w in origin.values() if _is_coarse(w.dtype)}
    if not coarse:
        return None
    each = [_lost(origin, direction) for direction in directions]
    return Rounding(", ".join(sorted(coarse)), STEPS, tuple(max(lost) for lost in zip(*each, strict=True)))


def _lost(origin: Mapping[str, Tensor], direction: Direction) -> list[float]:
    """Return it for each of the steps."""
    lost, whole = [0.0] * len(STEPS), [0.0] * len(STEPS)
    for name, weight in origin.items():
        stride = max(1, weight.numel() // MOST)
        stored, vector = weight.reshape(-1)[::stride], thinned(direction.vector, name, stride)
        for (index, step), some in product(enumerate(STEPS), pieces(stored)):
            moved = step * wide(vector[some])
            meant = wide(stored[some]) + moved
            lost[index] += stride * float((wide(meant.to(weight.dtype)) - meant).abs().square().sum())
            whole[index] += stride * float(moved.abs().square().sum())
    return [math.sqrt(one / all) if all else 0.0 for one, all in zip(lost, whole, strict=True)]


def _is_coarse(dtype: torch.dtype) -> bool:
    return dtype.is_floating_point and torch.finfo(dtype).eps > COARSE
