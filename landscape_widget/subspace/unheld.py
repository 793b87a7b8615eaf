"""How is a random direction had that is too large to hold? Drawn at every look, some numbers at a time."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from landscape_widget.objective.lazy_tensors import LazyTensors, parts_of, without_numbers
from landscape_widget.subspace.direction import at_least_float32
from landscape_widget.subspace.filters import FilterRule
from landscape_widget.subspace.normalize import Normalized, Scaling, blocks_of, scaling


def normalize_unheld(
    direction: LazyTensors,
    weights: Mapping[str, Tensor],
    rules: Mapping[str, FilterRule],
    how: str,
    one_dimensional: str,
) -> Normalized:
    """Return what `normalize` does, bit for bit, holding a factor for each filter and no tensor.

    Args:
        direction: a standard normal draw for each name, the same at every look.
    """

    def looked(name: str) -> tuple[Scaling, int]:
        drawn, weight = parts_of(direction, name), weights[name]
        found = scaling(drawn, weight, rules[name], how, one_dimensional)
        return found, found.zeros(found.parts(parts_of(direction, name), weight))

    looks = {name: looked(name) for name in weights}
    scalings = {name: found for name, (found, _) in looks.items()}
    steps = {name: without_numbers(w.shape, at_least_float32(w.dtype)) for name, w in weights.items()}
    chances = {name: without_numbers(w.shape, torch.float64) for name, w in weights.items()}
    return Normalized(
        vector=LazyTensors(
            steps, lambda name: scalings[name].parts(parts_of(direction, name), weights[name])
        ),
        variance=LazyTensors(chances, lambda name: scalings[name].variance_parts(weights[name])),
        zero_filters=sum(zeros for _, zeros in looks.values()),
        single_weight_filters=sum(one.singles for one in scalings.values()),
        blocks=blocks_of(scalings, how),
    )
