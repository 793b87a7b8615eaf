"""What does a user get of centre and directions? A fresh tensor at every look, so no cell depends on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from landscape_widget.evaluate.lines import Lines


@dataclass(frozen=True, eq=False)
class HandedOut(Mapping[str, Tensor]):
    """A mapping name → tensor that copies what it is asked for to the CPU."""

    tensors: Mapping[str, Tensor]
    dtypes: Mapping[str, torch.dtype]

    def __getitem__(self, name: str) -> Tensor:
        tensor = self.tensors[name].detach()
        return tensor.to("cpu", self.dtypes[name], copy=True, memory_format=torch.contiguous_format)

    def __iter__(self) -> Iterator[str]:
        return iter(self.tensors)

    def __len__(self) -> int:
        return len(self.tensors)


def hand_out(lines: Lines, still: Mapping[str, Tensor], count: int) -> tuple[HandedOut, ...]:
    """Return the centre and ``count`` directions.

    Args:
        still: what has a direction of zeros, at the centre; more names are ignored.
    """
    along = {name: lines.tensors(name) for name in still}
    wide = {name: torch.promote_types(tensor.dtype, torch.float32) for name, tensor in still.items()}
    zeros = {
        name: torch.zeros((), dtype=wide[name], device="cpu").expand(tensor.shape)
        for name, tensor in still.items()
    }
    centre = {name: line[0] if (line := along[name]) else tensor for name, tensor in still.items()}
    handed = [HandedOut(centre, wide)]
    for axis in range(1, count + 1):
        vector = {name: line[axis] if (line := along[name]) else zeros[name] for name in still}
        handed.append(HandedOut(vector, {name: tensor.dtype for name, tensor in vector.items()}))
    return tuple(handed)
