"""Which tensors is the loss differentiated by? Parameters of a private model, each storage once."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn


def own_leaves(model: nn.Module, names: Sequence[str]) -> list[nn.Parameter]:
    """Return the named parameters of a private copy, ready to be differentiated by.

    A copy may share what doesn't move with others, and these must not begin to require gradients: it gets
    parameters of its own with the same memory. Ties that are only of storage become one parameter.
    """
    own = dict(model.named_parameters(remove_duplicate=False))
    leaves = {_place(own[name]): nn.Parameter(own[name].data) for name in names}
    for name, parameter in own.items():
        if (leaf := leaves.get(_place(parameter))) is not None:
            path, _, last = name.rpartition(".")
            setattr(model.get_submodule(path), last, leaf)
    return [leaves[_place(own[name])] for name in names]


def _place(tensor: Tensor) -> tuple[object, ...]:
    return tensor.device, tensor.data_ptr(), tensor.shape, tensor.stride()
