"""Where every weight goes: θ + Σ cᵢ dᵢ, flat, in the precision of the arithmetic; shared by all workers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

LARGE = 2**25
"""Bytes of weights beyond which a second buffer costs more than adding twice."""

_ALIGNMENT = 64
"""Bytes; where matrix products like their weights to begin."""


@dataclass(frozen=True)
class Slot:
    """One tensor's place in a flat buffer, as elements."""

    name: str
    offset: int
    shape: torch.Size
    stride: tuple[int, ...]

    def of(self, flat: Tensor) -> Tensor:
        """Return the tensor as a view of the buffer."""
        return flat.as_strided(self.shape, self.stride, self.offset)


@dataclass(frozen=True, eq=False)
class Group:
    """The tensors of one device and type.

    Attributes:
        slots: where each tensor lies.
        dtype: of the weights themselves.
        centre: flat, in the precision of the arithmetic, at least float32.
        directions: likewise, one an axis; zero where a direction has no entry.
    """

    slots: tuple[Slot, ...]
    dtype: torch.dtype
    centre: Tensor
    directions: tuple[Tensor, ...]

    @property
    def keeps_row(self) -> bool:
        """Whether a worker keeps the sums that a row shares; those of large models are added up anew."""
        in_place = self.dtype == self.centre.dtype and self.centre.nbytes > LARGE
        return len(self.directions) > 1 and not in_place


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines on which a model's tensors move; read-only.

    Attributes:
        channels_last: whether the weights of convolutions lie that way in memory.
    """

    groups: tuple[Group, ...]
    channels_last: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Of the parameters, and floating buffers, that move."""
        return tuple(slot.name for group in self.groups for slot in group.slots)

    @property
    def nbytes(self) -> int:
        """Bytes of the centre and the directions."""
        return sum(flat.nbytes for group in self.groups for flat in (group.centre, *group.directions))

    @property
    def worker_nbytes(self) -> int:
        """Bytes that each worker needs of its own."""
        return sum(group.centre.nbytes * (2 if group.keeps_row else 1) for group in self.groups)

    def tensors(self, name: str) -> tuple[Tensor, ...] | None:
        """Return the centre and the directions of one tensor as views; None where it doesn't move."""
        for group in self.groups:
            for slot in group.slots:
                if slot.name == name:
                    return tuple(slot.of(flat) for flat in (group.centre, *group.directions))
        return None


def read_lines(
    model: nn.Module,
    origin: Mapping[str, Tensor],
    vectors: Sequence[Mapping[str, Tensor]],
    channels_last: bool = False,
) -> Lines:
    """Lay out all that has a direction other than zero.

    Args:
        model: where a name that ``origin`` lacks, a running statistic, has its centre.
    """
    tensors = dict(model.named_parameters(remove_duplicate=False))
    tensors |= dict(model.named_buffers(remove_duplicate=False))
    groups: dict[tuple[torch.device, torch.dtype, torch.dtype], list[str]] = defaultdict(list)
    for name in dict.fromkeys(name for vector in vectors for name in vector):
        along = [vector[name] for vector in vectors if name in vector]
        if any(bool(direction.any()) for direction in along):
            target = tensors[name]
            wide = torch.promote_types(target.dtype, torch.float32)
            for direction in along:
                wide = torch.promote_types(wide, direction.dtype)
            groups[target.device, target.dtype, wide].append(name)
    laid = []
    for (device, dtype, wide), names in groups.items():
        slots = tuple(_slots([(name, tensors[name]) for name in names], wide, channels_last))
        end = max(slot.offset + slot.shape.numel() for slot in slots)

        def flat(
            source: Mapping[str, Tensor],
            slots: tuple[Slot, ...] = slots,
            end: int = end,
            dtype: torch.dtype = wide,
            device: torch.device = device,
        ) -> Tensor:
            buffer = torch.zeros(end, dtype=dtype, device=device)
            for slot in slots:
                if slot.name in source:
                    slot.of(buffer).copy_(source[slot.name].detach())
            return buffer

        centre = flat({name: origin.get(name, tensors[name]) for name in names})
        laid.append(Group(slots, dtype, centre, tuple(flat(vector) for vector in vectors)))
    return Lines(tuple(laid), channels_last)


def relaid(lines: Lines, model: nn.Module) -> Lines:
    """Return the same in the other memory format."""
    if not lines.groups:
        return lines
    along = {name: lines.tensors(name) or () for name in lines.names}
    count = 1 + len(lines.groups[0].directions)
    origin, *vectors = ({name: line[axis] for name, line in along.items()} for axis in range(count))
    return read_lines(model, origin, vectors, not lines.channels_last)


def _slots(tensors: list[tuple[str, Tensor]], dtype: torch.dtype, channels_last: bool) -> Iterator[Slot]:
    step = max(1, _ALIGNMENT // dtype.itemsize)
    offset = 0
    for name, tensor in tensors:
        if tensor.numel():
            yield Slot(name, offset, tensor.shape, _stride(tensor.shape, channels_last))
            offset += math.ceil(tensor.numel() / step) * step


def _stride(shape: torch.Size, channels_last: bool) -> tuple[int, ...]:
    layout = torch.channels_last if channels_last and len(shape) == 4 else torch.contiguous_format
    return torch.empty(shape, device="meta", memory_format=layout).stride()
