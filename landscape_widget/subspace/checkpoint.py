"""What is one checkpoint of a training run? A state of the network, and when it was."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

WRAPPERS = ("module", "_orig_mod")
"""Attributes under which DataParallel, DDP and ``torch.compile`` hold the network itself."""


class Part(NamedTuple):
    """The numbers of one tensor from ``start`` up to ``stop``, in the order of its entries."""

    name: str
    start: int
    stop: int


class Tensors(Protocol):
    """The tensors of one state, in memory or in a file; names are those of the unwrapped network."""

    @property
    def shapes(self) -> Mapping[str, torch.Size]:
        """Of what can move: floating point and complex tensors."""
        ...

    def state(self) -> Mapping[str, Tensor]:
        """Return all tensors on the CPU, not to be written to."""
        ...

    def parts(self, wanted: Sequence[Part]) -> Iterator[Tensor]:
        """Yield them one after the other, each flat."""
        ...


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """One state of a training run.

    Attributes:
        step: optimizer steps taken.
        tensors: the state itself.
        epoch: NaN where nobody said.
        learning_rate: of the last step, NaN where nobody said.
        name: of its file, empty in memory.
    """

    step: int
    tensors: Tensors
    epoch: float = math.nan
    learning_rate: float = math.nan
    name: str = ""

    def state(self) -> Mapping[str, Tensor]:
        """Return name → CPU tensor, parameters and buffers, not to be written to."""
        return self.tensors.state()


@dataclass(frozen=True, eq=False)
class InMemory:
    """Tensors that nobody writes to."""

    kept: Mapping[str, Tensor]

    @property
    def shapes(self) -> Mapping[str, torch.Size]:
        return {name: tensor.shape for name, tensor in self.kept.items() if can_move(tensor.dtype)}

    def state(self) -> Mapping[str, Tensor]:
        return self.kept

    def parts(self, wanted: Sequence[Part]) -> Iterator[Tensor]:
        return parts_of(self.kept, wanted)


def parts_of(state: Mapping[str, Tensor], wanted: Sequence[Part]) -> Iterator[Tensor]:
    """Yield parts of tensors in memory."""
    for part in wanted:
        yield state[part.name].reshape(-1)[part.start : part.stop]


def can_move(dtype: torch.dtype) -> bool:
    """Tell whether numbers of this type can be moved by a fraction."""
    return dtype.is_floating_point or dtype.is_complex


def numbers(tensor: Tensor) -> Tensor:
    """Return the values flat, as float64 on the CPU; of complex ones both parts."""
    flat = tensor.detach().cpu().reshape(-1)
    return (torch.view_as_real(flat).reshape(-1) if flat.is_complex() else flat).to(torch.float64)


def plain_names(names: Iterable[str]) -> dict[str, str]:
    """Return the names without the wrappers in their paths → the names; unchanged where two would be one."""
    given = list(names)
    plain = {".".join(part for part in name.split(".") if part not in WRAPPERS): name for name in given}
    return plain if len(plain) == len(given) else {name: name for name in given}
