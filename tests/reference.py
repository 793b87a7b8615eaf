"""What is the loss there? Slow and obviously right: a deepcopy in float64, all the data in one call."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from tests.cases import Case


def loss_at(case: Case, coordinates: Sequence[float], directions: Sequence[Mapping[str, Tensor]]) -> float:
    """Return the loss at θ + Σ cᵢ dᵢ; parameters that a direction doesn't name stay."""
    model = in_float64(case.model)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            for c, direction in zip(coordinates, directions, strict=True):
                if name in direction:
                    parameter += c * direction[name]
        return float(case.once(model))


def in_float64(model: nn.Module) -> nn.Module:
    """Return a copy in eval mode, in float64, complex weights in complex128."""
    copied = copy.deepcopy(model).eval()
    for module in copied.modules():
        for tensor in (*module.parameters(recurse=False), *module.buffers(recurse=False)):
            if tensor.is_floating_point() or tensor.is_complex():
                tensor.data = tensor.data.to(torch.complex128 if tensor.is_complex() else torch.float64)
    return copied
