"""Where do we look? The line or plane through the origin, its geometry, and the way there and back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from landscape_widget.objective.lazy_tensors import cut
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import dot, squared_norm
from landscape_widget.objective.pieces import pieces
from landscape_widget.subspace.direction import Direction, wide


@dataclass(frozen=True, eq=False)
class Subspace:
    """The points θ + a·d (+ b·e).

    Lengths, angles and projections are those of the parameters, without BatchNorm statistics.

    Attributes:
        origin: the moved parameters θ at coordinates 0.
        directions: one (a line) or two (a plane), each with an entry for each name of ``origin``.

    Raises:
        ValueError: for another number of directions, or two that are parallel.
    """

    origin: Mapping[str, Tensor]
    directions: tuple[Direction, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.directions) <= 2:
            raise ValueError(
                f"A picture has one direction (a line) or two (a plane); got {len(self.directions)}. "
                "Give at most two directions."
            )
        if self.cosine is not None:
            refuse_parallel(self.cosine, *self.directions)

    def point(self, coordinates: Sequence[float]) -> dict[str, Tensor]:
        """Return θ + a·d (+ b·e) in the origin's dtypes and devices; summed in float64, cast once."""
        self._check_count(coordinates)
        point = {}
        for name, weight in self.origin.items():
            steps = (c * wide(d.vector[name]) for c, d in zip(coordinates, self.directions, strict=True))
            point[name] = sum(steps, wide(weight)).to(weight)
        return point

    def project(self, point: Mapping[str, Tensor]) -> tuple[float, ...]:
        """Return the coordinates of the nearest point of the subspace, in units of the direction vectors.

        Solves the Gram system, so the axes need not be orthogonal.

        Raises:
            ValueError: if a name of the origin is missing.
        """
        if missing := [name for name in self.origin if name not in point]:
            raise ValueError(
                f"The point has no entry for {missing[0]!r} ({len(missing)} missing). "
                "A projection needs each moved parameter."
            )
        offset = {name: wide(point[name]) - wide(weight) for name, weight in self.origin.items()}
        products = torch.tensor(
            [dot(offset, d.vector) for d in self.directions], dtype=torch.float64, device="cpu"
        )
        return tuple(torch.linalg.solve(self.gram, products).tolist())

    @cached_property
    def gram(self) -> Tensor:
        """Inner products of the directions, float64[k, k]."""
        count = len(self.directions)
        gram = torch.zeros(count, count, dtype=torch.float64, device="cpu")
        for name in self.origin:
            gram += self._products(name)
        return gram

    def _products(self, name: str) -> Tensor:
        """Those of one tensor, which may have to be drawn: a piece of it at a time."""
        count = len(self.directions)
        products = torch.zeros(count, count, dtype=torch.float64, device="cpu")
        for steps in self._pieces(name):
            of_steps = [[dot({name: a}, {name: b}) for b in steps] for a in steps]
            products += torch.tensor(of_steps, dtype=torch.float64, device="cpu")
        return products

    def _pieces(self, name: str) -> Iterator[tuple[Tensor, ...]]:
        """Yield the directions' entries for one tensor, flat, side by side."""
        flat = (self.origin[name].numel(),)
        for steps in zip(*(cut(d.vector, name, flat) for d in self.directions), strict=True):
            yield tuple(step for _, step in steps)

    @cached_property
    def cosine(self) -> float | None:
        """Cosine between the two directions, None on a line."""
        if len(self.directions) == 1:
            return None
        (aa, ab), (_, bb) = self.gram.tolist()
        return max(-1.0, min(1.0, ab / math.sqrt(aa) / math.sqrt(bb)))

    @property
    def angle(self) -> float | None:
        """Degrees between the two directions, None on a line."""
        return None if self.cosine is None else math.degrees(math.acos(self.cosine))

    @cached_property
    def expected_cosine(self) -> float | None:
        """Standard deviation of the cosine over seeds, 1/√N_eff; None unless both directions are random.

        With A and B the variances of the entries, N_eff = ΣA·ΣB / ΣAB, the sums over all entries. For filter
        normalization that is (Σ‖w_f‖²)² / Σ(‖w_f‖⁴/n_f) over filters f of n_f weights each.
        """
        if len([d for d in self.directions if d.variance is not None]) != 2:
            return None
        shared = _shared_variance(self.directions, self.origin)
        squares = (_expected_square(direction, self.origin) for direction in self.directions)
        return math.sqrt(shared / math.prod(squares))

    @property
    def spread(self) -> float | None:
        """Degrees around 90 by which the angle varies over seeds (one sd); None unless both are random."""
        return (
            None if self.expected_cosine is None else math.degrees(math.asin(min(1.0, self.expected_cosine)))
        )

    @cached_property
    def unmoved(self) -> tuple[str, ...]:
        """Names of the origin that no direction moves."""
        return tuple(n for n in self.origin if not any(d.any() for some in self._pieces(n) for d in some))

    def moved_share(self, objective: Objective) -> float:
        """Return ‖θ_moved‖²/‖θ‖², 0 to 1; an entry that is zero in each direction doesn't move."""
        whole = squared_norm(objective.params)
        moved = sum(self._moved_square(name, weight) for name, weight in objective.params.items())
        return objective.share * (moved / whole if whole else 1.0)

    def _moved_square(self, name: str, weight: Tensor) -> float:
        flat = weight.detach().reshape(-1)
        total = 0.0
        for some, steps in zip(pieces(flat), self._pieces(name), strict=True):
            moves = torch.stack([step != 0 for step in steps]).any(dim=0)
            total += float((wide(flat[some]).abs() ** 2)[moves].sum())
        return total

    def _check_count(self, coordinates: Sequence[float]) -> None:
        if len(coordinates) != len(self.directions):
            raise ValueError(
                f"Expected {len(self.directions)} coordinates, one a direction; got {len(coordinates)}."
            )


def refuse_parallel(cosine: float, first: Direction, second: Direction) -> None:
    """Raise a ValueError where two directions span no plane."""
    if 1 - abs(cosine) < 1e-12:
        raise ValueError(
            f"The directions {first.label!r} and {second.label!r} are parallel, so they span no plane. "
            "Give one of them another seed, or look along a line."
        )


def _shared_variance(directions: Sequence[Direction], origin: Mapping[str, Tensor]) -> float:
    """Return ΣAB over all entries, a piece at a time."""
    total = 0.0
    for name, like in origin.items():
        both = (cut(d.variance, name, like.shape) for d in directions if d.variance is not None)
        total += sum(_sum_of_products(a, b) for (_, a), (_, b) in zip(*both, strict=True))
    return total


def _expected_square(direction: Direction, origin: Mapping[str, Tensor]) -> float:
    """Return E‖d‖²; an entry without variance is certain, so its own square is expected."""
    assert direction.variance is not None
    one = torch.ones((), dtype=torch.float64, device="cpu")
    total = 0.0
    for name, like in origin.items():
        certain = False
        for _, variance in cut(direction.variance, name, like.shape):
            total += _sum_of_products(variance, one.expand(variance.shape))
            certain = certain or bool((variance == 0).any())
        if certain:
            both = (cut(vector, name, like.shape) for vector in (direction.vector, direction.variance))
            for (_, step), (_, variance) in zip(*both, strict=True):
                total += float((wide(step[variance == 0]).abs() ** 2).sum())
    return total


def _sum_of_products(a: Tensor, b: Tensor) -> float:
    """Sum over all entries; where both repeat one entry along an axis, it is counted, not copied."""
    times = 1
    for axis, size in enumerate(a.shape):
        if a.stride(axis) == b.stride(axis) == 0:
            a, b, times = a.narrow(axis, 0, 1), b.narrow(axis, 0, 1), times * size
    return times * float((a * b).sum())
