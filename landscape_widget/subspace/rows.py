"""How is a state read as one long row of numbers, a group of its entries at a time?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor

from landscape_widget.subspace.checkpoint import Checkpoint, Part, numbers, parts_of

WIDTH = 2**14
"""Entries at once; for more, torch would wake further threads, which wait for each other beside busy ones."""


def groups_of(sizes: Mapping[str, int], width: int) -> Iterator[list[Part]]:
    """Yield parts of tensors, ``width`` numbers at a time."""
    group, room = [], width
    for name, size in sizes.items():
        start = 0
        while start < size:
            part = Part(name, start, min(size, start + room))
            group.append(part)
            room -= part.stop - start
            start = part.stop
            if not room:
                yield group
                group, room = [], width
    if group:
        yield group


def row_of(source: Checkpoint | Mapping[str, Tensor], group: Sequence[Part]) -> Tensor:
    """Return a group of a checkpoint's numbers, or of a mapping's, float64 on the CPU."""
    parts = source.tensors.parts(group) if isinstance(source, Checkpoint) else parts_of(source, group)
    return torch.cat([numbers(part) for part in parts])


def product(
    unit: Tensor, checkpoint: Checkpoint, origin: Mapping[str, Tensor], names: Mapping[str, str]
) -> float:
    """Return ⟨unit, θ − θ₀⟩ for a checkpoint θ, which calls the origin's tensors by other names."""
    total, start = 0.0, 0
    for here in groups_of({name: tensor.numel() for name, tensor in origin.items()}, WIDTH):
        there = [part._replace(name=names[part.name]) for part in here]
        offset = row_of(checkpoint, there) - row_of(origin, here)
        total += float((unit[start : start + len(offset)] * offset).sum())
        start += len(offset)
    return total


def unrolled(row: Tensor, like: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return a row of all entries as tensors again, in these shapes, float64 or complex128."""
    lengths = [tensor.numel() * (2 if tensor.is_complex() else 1) for tensor in like.values()]
    found = {}
    for (name, tensor), part in zip(like.items(), row.split(lengths), strict=True):
        flat = torch.view_as_complex(part.reshape(-1, 2)) if tensor.is_complex() else part
        found[name] = flat.reshape(tensor.shape)
    return found
