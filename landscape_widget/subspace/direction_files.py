"""To which tensors of a model do the numbered arrays of a direction file belong?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from landscape_widget.subspace.direction import running_statistics


def named(arrays: Sequence[NDArray[np.float64]], model: nn.Module, what: str) -> dict[str, Tensor]:
    """Return name → tensor of one direction of the paper's code, whose arrays have an order and no names.

    It is that of ``parameters()`` (its ``dir_type='weights'``), or of the state_dict (``'states'``), whose
    running statistics come along; counters don't move.

    Args:
        what: names the direction in errors.

    Raises:
        ValueError: where neither order fits the model.
    """
    parameters = dict(model.named_parameters())
    state = model.state_dict()
    shapes = [array.shape for array in arrays]
    fitting = [tensors for tensors in (parameters, state) if [*map(_shape, tensors.values())] == shapes]
    if not fitting:
        raise ValueError(_refusal(shapes, parameters, state, what))
    moving = parameters.keys() | set(running_statistics(model))
    return {
        name: torch.from_numpy(array).to(torch.promote_types(tensor.dtype, torch.float32))
        for (name, tensor), array in zip(fitting[0].items(), arrays, strict=True)
        if name in moving
    }


def _shape(tensor: Tensor) -> tuple[int, ...]:
    return tuple(tensor.shape)


def _refusal(
    shapes: Sequence[tuple[int, ...]],
    parameters: Mapping[str, Tensor],
    state: Mapping[str, Tensor],
    what: str,
) -> str:
    """Say where the order that has as many arrays, or else that of the parameters, first differs."""
    order = state if len(shapes) == len(state) else parameters
    place = f"got {len(shapes)}"
    if len(shapes) == len(order):
        number, (name, tensor) = next(
            (number, entry)
            for number, entry in enumerate(order.items())
            if _shape(entry[1]) != shapes[number]
        )
        place = f"array {number} has the shape {shapes[number]} where {name!r} has {_shape(tensor)}"
    return (
        f"{what} needs an array for each of the model's {len(parameters)} parameters, or for each of the "
        f"{len(state)} entries of its state_dict, in their order and shapes; {place}. "
        "Is it the network it was made for?"
    )
