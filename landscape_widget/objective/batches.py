"""The data, kept: the same samples in the same batches for every cell."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from landscape_widget.objective.structures import Batch, Ragged, joined, mapped, size_of, taken, tensors_in

BATCH = 512
"""Samples a batch where the data doesn't come in batches; larger ones are slower to cancel."""

KEPT = 4
"""Subsets kept for a user who goes back to a number of samples."""

LOOKED_AT = 64
"""Samples that tell one data set from another."""


class Batches:
    """A data set in batches that never change.

    Attributes:
        size: number of samples.
        limit: samples in the largest batch, as they came.
    """

    def __init__(self, batches: Iterable[Batch]) -> None:
        self._batches = tuple(batches)
        self._sizes = [size_of(batch) for batch in self._batches]
        self._subsets: dict[tuple[int, int], tuple[Batch, ...]] = {}
        self.limit = max(self._sizes)
        self.size = sum(self._sizes)

    def __reduce__(self) -> tuple[type[Batches], tuple[tuple[Batch, ...]]]:
        """Travel without the subsets, which can be taken again."""
        return Batches, (self._batches,)

    @property
    def nbytes(self) -> int:
        """Bytes of all tensors."""
        return sum(tensor.nbytes for batch in self._batches for tensor in tensors_in(batch))

    @property
    def fingerprint(self) -> str:
        """SHA-256 in hex of the size and of some samples from all over; the same however they are batched."""
        digest = hashlib.sha256(f"{self.size};".encode())
        count = min(self.size, LOOKED_AT)
        wanted = torch.linspace(0, self.size - 1, count, dtype=torch.float64, device="cpu")
        chosen = wanted.round().long()
        start = 0
        for batch, size in zip(self._batches, self._sizes, strict=True):
            for index in (chosen[(chosen >= start) & (chosen < start + size)] - start).tolist():
                digest.update(_sample(batch, size, index))
            start += size
        return digest.hexdigest()

    def is_kept(self, device: torch.device | str | None, dtype: torch.dtype | None) -> bool:
        """Whether all is on that device, and floating point tensors are of that type; None: as they are."""
        place = None if device is None else torch.device(device)
        return all(
            (place is None or tensor.device == place)
            and (dtype is None or not tensor.is_floating_point() or tensor.dtype == dtype)
            for batch in self._batches
            for tensor in tensors_in(batch)
        )

    def cut(self, n: int, seed: int, limit: int) -> tuple[Batch, ...]:
        """Return the same subset as `take`, in pieces of nearly one size, of at most ``limit`` samples.

        Samples that don't fit together in one tensor stay in the batches they came in.
        """
        batches = list(self.take(n, seed))
        whole = batches if len(batches) == 1 else _whole(batches)
        if len(whole) > 1:
            return tuple(whole)
        if n == self.size and len(batches) > 1:  # they become views of the whole, so nothing is kept twice
            self._batches = tuple(_cut(whole[0], self._sizes))
        pieces = -(-n // limit)
        return tuple(parts(whole[0], -(-n // pieces)))

    def shuffled(self, n: int, seed: int, limit: int) -> Sequence[Batch]:
        """Return the same subset as `take` in a fixed random order, in pieces of nearly one size.

        They are gathered when asked for, so nothing is kept twice. Samples that don't fit together in one
        tensor stay in the batches they came in.
        """
        whole, *others = batches = self.cut(n, seed, n)
        if others:
            return batches
        generator = torch.Generator().manual_seed(seed % 2**63)
        order = torch.randperm(n, generator=generator, device="cpu")
        return _Gathered(whole, order.tensor_split(-(-n // limit)))

    def take(self, n: int, seed: int = 0) -> tuple[Batch, ...]:
        """Return a fixed random subset in its original order; those of one seed are nested.

        Raises:
            ValueError: where ``n`` is not between 1 and ``size``.
        """
        if not 1 <= n <= self.size:
            raise ValueError(f"Expected samples between 1 and {self.size}, the size of the data; got {n}.")
        if n == self.size:
            return self._batches
        subset = self._subsets.get((n, seed))
        if subset is None:
            if len(self._subsets) >= KEPT:
                self._subsets.clear()
            subset = self._subsets[n, seed] = self._gathered(n, seed)
        return subset

    @property
    def first(self) -> Batch:
        """The first batch."""
        return self._batches[0]

    def mixed(self, most: int) -> Batch | None:
        """Return a few samples from all over the data; None where they don't fit together."""
        pieces = _whole(list(self._gathered(min(most, self.size), 0)))
        return pieces[0] if len(pieces) == 1 else None

    def _gathered(self, n: int, seed: int) -> tuple[Batch, ...]:
        generator = torch.Generator().manual_seed(seed % 2**63)
        chosen = torch.randperm(self.size, generator=generator, device="cpu")[:n].sort().values
        pieces, start = [], 0
        for batch, size in zip(self._batches, self._sizes, strict=True):
            inside = chosen[(chosen >= start) & (chosen < start + size)] - start
            if len(inside):
                pieces.append(taken(batch, inside))
            start += size
        return tuple(whole for group in _groups(pieces, self.limit) for whole in _whole(group))


def parts(batch: Batch, limit: int) -> Iterator[Batch]:
    """Yield the batch in pieces of at most ``limit`` samples."""
    size = size_of(batch)
    for start in range(0, size, limit):
        yield batch if size <= limit else taken(batch, slice(start, start + limit))


@dataclass(frozen=True, eq=False)
class _Gathered(Sequence[Batch]):
    """Pieces of one batch, each made of its samples' numbers when somebody asks for it."""

    whole: Batch
    numbers: tuple[Tensor, ...]

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return _Gathered(self.whole, self.numbers[place])
        return taken(self.whole, self.numbers[place])


def _sample(batch: Batch, size: int, index: int) -> bytes:
    """Return what one sample consists of; what isn't one entry a sample is left out."""
    found: list[bytes] = []

    def of_tensor(tensor: Tensor) -> Tensor:
        if tensor.ndim and len(tensor) == size and tensor.layout == torch.strided:
            own = tensor.detach()[index].cpu().contiguous()
            found.append(f"{own.dtype} {list(own.shape)};".encode())
            found.append(own.reshape(-1).view(torch.uint8).numpy().tobytes())
        return tensor

    def of_list(values: list) -> list:
        found.append(repr(values[index]).encode() if len(values) == size else b"")
        return values

    mapped(batch, of_tensor, of_list)
    return b"".join(found)


def _cut(batch: Batch, sizes: Iterable[int]) -> Iterator[Batch]:
    start = 0
    for size in sizes:
        yield taken(batch, slice(start, start + size))
        start += size


def _groups(pieces: list[Batch], limit: int) -> Iterator[list[Batch]]:
    group: list[Batch] = []
    for piece in pieces:
        if group and sum(map(size_of, group)) + size_of(piece) > limit:
            yield group
            group = []
        group.append(piece)
    yield group


def _whole(group: list[Batch]) -> list[Batch]:
    try:
        return [joined(group)]
    except Ragged:
        return group
