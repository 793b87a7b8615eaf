"""How is a part of a tensor read from a file without the rest?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import RawIOBase
from pathlib import Path

import torch
from torch import Tensor

from landscape_widget.subspace.checkpoint import Part, can_move


@dataclass(frozen=True, slots=True)
class Place:
    """One tensor's bytes in a file."""

    offset: int
    dtype: torch.dtype
    shape: torch.Size
    stride: tuple[int, ...]

    @property
    def is_contiguous(self) -> bool:
        return torch.empty_strided(self.shape, self.stride, device="meta").is_contiguous()

    @property
    def span(self) -> int:
        """Numbers from the first to the last of its own."""
        if not self.shape.numel():
            return 0
        return 1 + sum((size - 1) * step for size, step in zip(self.shape, self.stride, strict=True))


@dataclass(frozen=True, eq=False)
class TensorFile:
    """Tensors that are read when they are asked for; nothing stays open or mapped into memory.

    Attributes:
        places: by name.
        written: when, and how many bytes; another file would have its tensors elsewhere.
    """

    path: Path
    places: Mapping[str, Place]
    written: tuple[int, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "written", _written(os.stat(self.path)))

    @property
    def shapes(self) -> Mapping[str, torch.Size]:
        return {name: place.shape for name, place in self.places.items() if can_move(place.dtype)}

    def state(self) -> Mapping[str, Tensor]:
        with self._opened() as file:
            return {name: self._whole(file, place) for name, place in self.places.items()}

    def parts(self, wanted: Sequence[Part]) -> Iterator[Tensor]:
        with self._opened() as file:
            for name, start, stop in wanted:
                place = self.places[name]
                if place.is_contiguous:
                    yield self._read(file, place, start, stop)
                else:
                    yield self._whole(file, place).reshape(-1)[start:stop]

    def _opened(self) -> RawIOBase:
        file = self.path.open("rb", buffering=0)
        if _written(os.fstat(file.fileno())) != self.written:
            file.close()
            raise ValueError(f"{self.path} was written again after it was given; make the trajectory anew.")
        return file

    def _whole(self, file: RawIOBase, place: Place) -> Tensor:
        return self._read(file, place, 0, place.span).as_strided(place.shape, place.stride)

    def _read(self, file: RawIOBase, place: Place, start: int, stop: int) -> Tensor:
        read = torch.empty(stop - start, dtype=place.dtype, device="cpu")
        if not read.nbytes:
            return read
        file.seek(place.offset + start * place.dtype.itemsize)
        numbers = read.view(torch.uint8).numpy().data
        done = 0
        while done < len(numbers) and (got := file.readinto(numbers[done:])):
            done += got
        if done < len(numbers):
            raise EOFError(f"{self.path} ended before its tensors did; is the disk all right?")
        return read


def _written(status: os.stat_result) -> tuple[int, int]:
    return status.st_mtime_ns, status.st_size
