"""How is a random direction had that is too large to hold? Each tensor is drawn again at every look."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from landscape_widget.subspace.filters import FilterRule
from landscape_widget.subspace.lazy_tensors import LazyTensors
from landscape_widget.subspace.normalize import Normalized, Scaling, blocks_of, scaling


def normalize_unheld(
    direction: Mapping[str, Tensor],
    weights: Mapping[str, Tensor],
    rules: Mapping[str, FilterRule],
    how: str,
    one_dimensional: str,
) -> Normalized:
    """Return what `normalize` does, bit for bit, holding one tensor at a time and a factor for each filter.

    Args:
        direction: a standard normal draw for each name, the same at every look, in memory of its own.
    """

    def looked(name: str) -> tuple[Scaling, int]:
        drawn, weight = direction[name], weights[name]
        found = scaling(drawn, weight, rules[name], how, one_dimensional)
        return found, found.zeros(_scaled(found, drawn, weight))

    looks = {name: looked(name) for name in weights}
    scalings = {name: found for name, (found, _) in looks.items()}
    vector = LazyTensors(weights, lambda name: _scaled(scalings[name], direction[name], weights[name]))
    variance = LazyTensors(weights, lambda name: scalings[name].variance(weights[name]))
    singles = sum(one.singles for one in scalings.values())
    zeros = sum(zeros for _, zeros in looks.values())
    return Normalized(vector, variance, zeros, singles, blocks_of(scalings, how))


def _scaled(scaling: Scaling, drawn: Tensor, weight: Tensor) -> Tensor:
    """Scale a draw where it lies, if its precision is that of the direction."""
    wider = torch.promote_types(weight.dtype, torch.float32)
    return scaling(drawn, weight, out=drawn if drawn.dtype == wider else None)
