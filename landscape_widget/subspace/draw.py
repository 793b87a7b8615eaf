"""How are the numbers of a random direction drawn? By its seed and each parameter's name, and in parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import blake2b

import torch
from torch import Generator, Tensor

from landscape_widget.objective.lazy_tensors import LazyTensors, without_numbers
from landscape_widget.objective.pieces import PIECE, pieces

LEAST = 16
"""Numbers that torch draws at once; fewer are drawn in another way."""


def draws(seed: int, params: Mapping[str, Tensor]) -> LazyTensors:
    """Return standard normal draws in the shapes of these: float32, or complex64 of total variance 1."""
    return LazyTensors(
        {name: without_numbers(weight.shape, _dtype(weight)) for name, weight in params.items()},
        lambda name: draw_parts(seed, name, params[name]),
    )


def draw(seed: int, name: str, like: Tensor) -> Tensor:
    """Return one of them whole, drawn at once."""
    return _numbers(like.shape, _generator(seed, name), like)


def draw_parts(seed: int, name: str, like: Tensor) -> Iterator[Tensor]:
    """Yield the numbers of `draw`, flat and in order, about `PIECE` of them at a time."""
    generator, left = _generator(seed, name), like.numel()
    most = _part(like) if _can_be_parted() else left
    while left - most >= LEAST:
        yield _numbers((most,), generator, like)
        left -= most
    yield _numbers((left,), generator, like)


def _part(like: Tensor) -> int:
    """Return how many: those of one of the tensor's own pieces, which needn't be put together then."""
    piece = like[next(pieces(like))].numel() if like.numel() > PIECE else PIECE
    return piece if piece % LEAST == 0 else PIECE


@cache
def _can_be_parted() -> bool:
    """Whether this torch draws in parts what it draws at once: it promises nothing of the kind."""
    like = torch.empty(53, device="cpu")
    whole, generator = draw(0, "", like), _generator(0, "")
    return torch.equal(whole, torch.cat([_numbers((length,), generator, like) for length in (LEAST, 37)]))


def _numbers(shape: tuple[int, ...], generator: Generator, like: Tensor) -> Tensor:
    return torch.randn(shape, generator=generator, dtype=_dtype(like), device="cpu")


def _dtype(like: Tensor) -> torch.dtype:
    return torch.complex64 if like.is_complex() else torch.float32


def _generator(seed: int, name: str) -> Generator:
    digest = blake2b(f"{seed}:{name}".encode()).digest()[:8]
    return Generator("cpu").manual_seed(int.from_bytes(digest, "little"))
