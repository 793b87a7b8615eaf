"""Where is a tensor cut, so that only a small part of it is ever widened, copied or made?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import Tensor

Place = tuple[slice, ...]

PIECE = 2**16
"""Numbers in a piece: half a megabyte as float64, which stays in a core's cache."""


def pieces(tensor: Tensor) -> Iterator[Place]:
    """Yield places of about `PIECE` numbers each, cut along `cut_axis`, to be widened one at a time."""
    if tensor.ndim == 0:
        raise ValueError("A number has no axis to be cut along; reshape it to one first.")
    axis = cut_axis(tensor)
    length = tensor.shape[axis]
    step = max(1, PIECE * length // max(1, tensor.numel()))
    for start in range(0, length, step):
        yield (*[slice(None)] * axis, slice(start, start + step))


def cut_axis(tensor: Tensor) -> int:
    """Return the first axis that has something to cut."""
    return next((axis for axis, length in enumerate(tensor.shape) if length > 1), 0)


def in_pieces(parts: Iterable[Tensor], shape: Sequence[int]) -> Iterator[tuple[Place, Tensor]]:
    """Yield a tensor of this shape piece by piece, each with its place.

    Args:
        parts: its numbers, flat and in order, in parts of any lengths; looked at as they are needed.
    """
    places = list(pieces(like := torch.empty(tuple(shape), device="meta")))
    shapes = [like[some].shape for some in places]
    yield from zip(places, map(Tensor.view, recut(parts, [s.numel() for s in shapes]), shapes), strict=True)


def recut(parts: Iterable[Tensor], lengths: Iterable[int]) -> Iterator[Tensor]:
    """Yield flat numbers in parts of other lengths, which are as many together."""
    parts = iter(parts)
    if (left := next(parts, None)) is None:
        return
    for length in lengths:
        some = [left[:length]]
        found, left = len(some[0]), left[length:]
        while found < length:
            left = next(parts)
            some.append(left[: length - found])
            found, left = found + len(some[-1]), left[len(some[-1]) :]
        yield some[0] if len(some) == 1 else torch.cat(some)
