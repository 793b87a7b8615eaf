"""How is the second direction made orthogonal to the first, without losing what it is?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import torch
from torch import Tensor

from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import dot, squared_norm
from landscape_widget.objective.pieces import cut_axis, pieces
from landscape_widget.subspace.direction import Direction, wide
from landscape_widget.subspace.normalize import block_norms, joined, write
from landscape_widget.subspace.subspace import refuse_parallel

ENOUGH = 1e-7
"""Cosine that counts as zero: what float32 directions can be held to."""

FAR = 2.0**60
"""Shares of the first direction beyond which nothing more changes."""


def orthogonal(first: Direction, second: Direction, objective: Objective) -> Direction:
    """Return the second direction made orthogonal to the first, in the moved parameters.

    A random direction keeps what makes it comparable: what is zero stays zero, and where filters (or layers)
    have the length of the weights' own, each loses the same share of the first direction and gets its length
    back; the share is the one that makes them orthogonal. Any other direction only loses its part along the
    first, its end point moves along the first axis, and running statistics follow the same combination.

    Raises:
        ValueError: where the two are parallel; of two models, where all three lie on one line.
    """
    u, v = ({name: direction.vector[name] for name in objective.params} for direction in (first, second))
    cosine = dot(u, v) / math.sqrt(squared_norm(u)) / math.sqrt(squared_norm(v))
    are_models = first.endpoint is not None and second.endpoint is not None
    if not are_models:
        refuse_parallel(cosine, first, second)
    if abs(cosine) < ENOUGH:
        return second
    angle = math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
    said = f"The second direction was made orthogonal to the first: the angle was {angle:.2f}°"
    if second.variance is not None:
        vector, kept = _among_filters(u, v, second)
        notes = (*second.notes, f"{said}{kept}.")
        return replace(second, vector=vector, variance=None, rule=None, notes=notes)
    share = dot(u, v) / squared_norm(u)
    vector = {
        name: _less(second.vector, share, first.vector, name) for name in {**second.vector, **first.vector}
    }
    if are_models:
        _refuse_collinear(first, second, vector, objective)
    slant = 0.0 if second.endpoint is None else share
    notes = (*second.notes, f"{said}.")
    return replace(second, vector=vector, slant=slant, rule=None, notes=notes)


def _less(vector: Mapping[str, Tensor], share: float, first: Mapping[str, Tensor], name: str) -> Tensor:
    if name not in first:
        return vector[name]
    along = first[name]
    values = vector[name] if name in vector else torch.zeros_like(along)
    made = torch.empty(values.numel(), dtype=torch.promote_types(values.dtype, along.dtype), device="cpu")
    x, y = values.reshape(-1), along.reshape(-1)
    write(lambda some: wide(x[some]) - share * wide(y[some]), made)
    return made.reshape(values.shape)


def _refuse_collinear(
    first: Direction, second: Direction, vector: Mapping[str, Tensor], objective: Objective
) -> None:
    """Three models span a plane only if the third is off the line by more than the weights are rounded."""
    rest = squared_norm({name: vector[name] for name in objective.params})
    rounding = max(torch.finfo(weight.real.dtype).eps for weight in objective.params.values())
    if rest <= 4 * rounding**2 * squared_norm(objective.params):
        raise ValueError(
            f"This model, {first.endpoint!r} and {second.endpoint!r} lie on one line, so they span no plane. "
            "Give a third model from another run, or look along the line with one `TowardsModel`."
        )


def _among_filters(
    u: Mapping[str, Tensor], v: Mapping[str, Tensor], second: Direction
) -> tuple[dict[str, Tensor], str]:
    """Return the vector, and how well the lengths were kept, to be read after what was done."""
    parts = [_Part(u[name], v[name], second, name) for name in v]
    share = _root(lambda share: sum(part.product(share) for part in parts))
    vector = {name: part.made(share) for name, part in zip(v, parts, strict=True)}
    rest = dot(u, vector)
    if abs(rest) > ENOUGH * math.sqrt(
        squared_norm(u) * squared_norm(vector)
    ):  # filters that only have a sign
        parts = [_Part(u[name], vector[name], replace(second, blocks=None), name) for name in v]
        share = rest / sum(part.reach for part in parts)
        vector = {name: part.made(share) for name, part in zip(v, parts, strict=True)}
    if second.blocks is None:
        return vector, ""
    worst = max(_deviation(vector[name], v[name], *block) for name, block in second.blocks.of.items())
    within = f" to within {100 * worst:.2g} %" if worst > 1e-6 else ""
    return vector, f"; {second.blocks.kind} norms kept{within}"


class _Part:
    """One tensor of the second direction beside the first's, block by block; of norm zero they stay so.

    A block v loses the share λ of the first direction's u and gets its length back: what it has in common
    with u then, ‖v‖ (⟨v, u⟩ − λ‖u‖²) / ‖v − λu‖, only falls with λ. A tensor without lengths is left short.
    """

    def __init__(self, first: Tensor, second: Tensor, direction: Direction, name: str) -> None:
        blocks = {} if direction.blocks is None else direction.blocks.of
        split, axes = blocks.get(name, ((max(1, second.numel()),), (0,)))
        self._has_lengths, self._shape = name in blocks, second.shape
        self._first, self._second = first.reshape(split), second.reshape(split)
        self._lengths = block_norms(self._second, axes)
        moves = self._lengths > 0
        self._along = torch.where(moves, block_norms(self._first, axes) ** 2, 0)
        self._shared = torch.where(moves, _block_products(self._first, self._second, axes), 0)

    @property
    def reach(self) -> float:
        """What the first direction has where this one moves, squared."""
        return float(self._along.sum())

    def product(self, share: float) -> float:
        """Return what is in common with the first direction when it has lost so much of it."""
        return float((self._factors(share) * (self._shared - share * self._along)).sum())

    def made(self, share: float) -> Tensor:
        shape = self._second.shape
        factors = torch.where(self._lengths > 0, self._factors(share), 0).expand(shape)
        first, second = self._first, self._second
        made = torch.empty_like(second)
        write(lambda some: (wide(second[some]) - share * wide(first[some])) * factors[some], made)
        return made.reshape(self._shape)

    def _factors(self, share: float) -> Tensor:
        if not self._has_lengths:
            return torch.ones_like(self._lengths)
        left = self._lengths**2 - 2 * share * self._shared + share**2 * self._along
        return torch.where(left > 0, self._lengths / left.clamp(min=0).sqrt(), 0)


def _root(falling: Callable[[float], float]) -> float:
    """Return where a falling function of one number passes through zero."""
    low, high = -1.0, 1.0
    while falling(low) < 0 and low > -FAR:
        low *= 2
    while falling(high) > 0 and high < FAR:
        high *= 2
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return low


def _block_products(a: Tensor, b: Tensor, axes: tuple[int, ...]) -> Tensor:
    """Real inner products of the blocks, float64, each axis of a block kept with length 1."""
    products = [(wide(a[some]).conj() * wide(b[some])).real.sum(axes, keepdim=True) for some in pieces(a)]
    return joined(products, axes, cut_axis(a))


def _deviation(made: Tensor, meant: Tensor, split: tuple[int, ...], axes: tuple[int, ...]) -> float:
    """Return the largest relative change of a block's length."""
    now, lengths = (block_norms(tensor.reshape(split), axes) for tensor in (made, meant))
    changes = (now / lengths - 1).abs()[lengths > 0]
    return float(changes.max()) if len(changes) else 0.0
