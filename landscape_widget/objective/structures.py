"""What can be done with one batch, however its tensors are nested?"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any

import torch
from torch import Tensor

Batch = Any
"""A tensor, or a tuple, list or dict of tensors and more of these; other contents are handed through."""


class Ragged(Exception):
    """These batches can't be joined: their shapes, names or other contents differ."""


def mapped(
    batch: Batch, change: Callable[[Tensor], Any], change_list: Callable[[list], list] = list
) -> Batch:
    """Rebuild the nest with every tensor changed; ``change_list`` gets the lists that hold no tensors."""
    if isinstance(batch, Tensor):
        return change(batch)
    if isinstance(batch, MutableMapping):
        rebuilt = copy.copy(batch)
        for key, value in batch.items():
            rebuilt[key] = mapped(value, change, change_list)
        return rebuilt
    if isinstance(batch, list) and not any(
        isinstance(value, (Tensor, Mapping, list, tuple)) for value in batch
    ):
        return change_list(batch)
    if isinstance(batch, (list, tuple)):
        return _like(batch, [mapped(value, change, change_list) for value in batch])
    return batch


def tensors_in(batch: Batch) -> Iterator[Tensor]:
    """Yield the tensors of the nest in order."""
    if isinstance(batch, Tensor):
        yield batch
    elif isinstance(batch, Mapping):
        for value in batch.values():
            yield from tensors_in(value)
    elif isinstance(batch, (list, tuple)):
        for value in batch:
            yield from tensors_in(value)


def fresh(batch: Batch) -> Batch:
    """Return new containers around the same tensors, so that nobody can pop an entry from ours."""
    return mapped(batch, lambda tensor: tensor)


def cloned(batch: Batch) -> Batch:
    """Return the same values in tensors that may be written to."""
    return mapped(batch, lambda tensor: tensor.detach().clone().requires_grad_(tensor.requires_grad))


def size_of(batch: Batch) -> int:
    """Return the number of samples: the length of the first tensor that has one, else 1."""
    return next((len(tensor) for tensor in tensors_in(batch) if tensor.ndim), 1)


def taken(batch: Batch, samples: slice | Tensor) -> Batch:
    """Return some of the samples; what doesn't hold one entry a sample is handed through."""
    size = size_of(batch)

    def of_tensor(tensor: Tensor) -> Tensor:
        if tensor.ndim == 0 or len(tensor) != size:
            return tensor
        return tensor.detach()[samples].requires_grad_(tensor.requires_grad)

    def of_list(values: list) -> list:
        if len(values) != size:
            return values
        return values[samples] if isinstance(samples, slice) else [values[i] for i in samples.tolist()]

    return mapped(batch, of_tensor, of_list)


def joined(batches: Sequence[Batch]) -> Batch:
    """Make one batch of several.

    Raises:
        Ragged: where they don't fit together.
    """
    return _joined(batches, [size_of(batch) for batch in batches])


def shapes(batch: Batch) -> str:
    """Describe a nest as people read it: ``(float32[64, 10], int64[64])``."""
    if isinstance(batch, Tensor):
        return f"{str(batch.dtype).removeprefix('torch.')}{list(batch.shape)}"
    if isinstance(batch, Mapping):
        return "{" + ", ".join(f"{key!r}: {shapes(value)}" for key, value in batch.items()) + "}"
    if isinstance(batch, (list, tuple)):
        some = [shapes(value) for value in batch[:4]] + ["…"] * (len(batch) > 4)
        left, right = "[]" if isinstance(batch, list) else "()"
        return left + ", ".join(some) + right
    return type(batch).__name__


def _joined(parts: Sequence[Any], sizes: list[int]) -> Any:
    first = parts[0]
    if any(type(part) is not type(first) for part in parts):
        raise Ragged
    if isinstance(first, Tensor):
        if any(_kind(part, size) != _kind(first, sizes[0]) for part, size in zip(parts, sizes, strict=True)):
            raise Ragged
        return torch.cat([part.detach() for part in parts]).requires_grad_(first.requires_grad)
    if isinstance(first, MutableMapping):
        if any(part.keys() != first.keys() for part in parts):
            raise Ragged
        whole = copy.copy(first)
        for key in first:
            whole[key] = _joined([part[key] for part in parts], sizes)
        return whole
    if isinstance(first, list) and [len(part) for part in parts] == sizes and not any(tensors_in(first)):
        return [value for part in parts for value in part]
    if isinstance(first, (list, tuple)):
        if any(len(part) != len(first) for part in parts):
            raise Ragged
        return _like(first, [_joined(column, sizes) for column in zip(*parts, strict=True)])
    if any(part != first for part in parts):
        raise Ragged
    return first


def _kind(tensor: Tensor, size: int) -> tuple:
    if tensor.ndim == 0 or len(tensor) != size:
        raise Ragged
    return tensor.dtype, tensor.device, tensor.shape[1:], tensor.requires_grad


def _like(original: Any, values: list[Any]) -> Any:
    """A list or tuple of the same type; named tuples have a constructor of their own."""
    return getattr(type(original), "_make", type(original))(values)
