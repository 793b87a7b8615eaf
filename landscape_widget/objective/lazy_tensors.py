"""How are tensors had that are too large to hold? Made when somebody looks, and some numbers at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import torch
from torch import Tensor

from landscape_widget.objective.pieces import Place, in_pieces, pieces


class LazyTensors(Mapping[str, Tensor]):
    """A mapping name → tensor on the CPU whose every look makes a tensor anew, the same bit for bit.

    Attributes:
        like: name → a tensor of that shape and type, without numbers.
        parts: from a name to the tensor's numbers, flat and in order, a small part at a time.
    """

    def __init__(self, like: Mapping[str, Tensor], parts: Callable[[str], Iterator[Tensor]]) -> None:
        """Hold no number."""
        self.like, self.parts = dict(like), parts

    def __getitem__(self, name: str) -> Tensor:
        like = self.like[name]
        made = torch.empty(like.shape, dtype=like.dtype, device="cpu")
        return fill(made, self.parts(name))

    def __contains__(self, name: object) -> bool:
        return name in self.like

    def __iter__(self) -> Iterator[str]:
        return iter(self.like)

    def __len__(self) -> int:
        return len(self.like)


Tensors = Mapping[str, Tensor]
"""Tensors by name, lazy or held."""


def without_numbers(shape: Sequence[int], dtype: torch.dtype) -> Tensor:
    """Return what says no more than a shape and a type."""
    return torch.empty(tuple(shape), dtype=dtype, device="meta")


def fill(tensor: Tensor, parts: Iterator[Tensor]) -> Tensor:
    """Write parts into a contiguous tensor, in order, and return it."""
    flat, start = tensor.view(-1), 0
    for part in parts:
        flat[start : start + len(part)] = part
        start += len(part)
    return tensor


def parts_of(tensors: Tensors, name: str) -> Iterator[Tensor]:
    """Yield a tensor's numbers, flat and in order; one that is held comes whole."""
    if isinstance(tensors, LazyTensors):
        yield from tensors.parts(name)
    else:
        yield tensors[name].reshape(-1)


def cut(tensors: Tensors, name: str, shape: Sequence[int]) -> Iterator[tuple[Place, Tensor]]:
    """Yield a tensor's `pieces` with their places, as if it had this shape; a lazy one is never whole.

    A number comes as a row of one.
    """
    shape = tuple(shape) or (1,)
    if isinstance(tensors, LazyTensors):
        yield from in_pieces(tensors.parts(name), shape)
        return
    tensor = tensors[name]
    tensor = tensor if tensor.shape == shape else tensor.reshape(shape)
    for some in pieces(tensor):
        yield some, tensor[some]


def thinned(tensors: Tensors, name: str, every: int) -> Tensor:
    """Return every so-many-th number of a tensor, flat, beginning with the first."""
    if not isinstance(tensors, LazyTensors):
        return tensors[name].reshape(-1)[::every]
    found, start = [], 0
    for part in tensors.parts(name):
        found.append(part[-start % every :: every].clone())
        start += len(part)
    return torch.cat(found)


def like_of(tensors: Tensors, name: str) -> Tensor:
    """Return what has the shape and type of a tensor, without having it made."""
    return (tensors.like if isinstance(tensors, LazyTensors) else tensors)[name]
