"""Which way lies between two directions? The first, turned towards the second."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real

import torch
from torch import Tensor

from landscape_widget.objective.objective import Objective
from landscape_widget.subspace.direction import Direction, DirectionRule, as_direction, wide
from landscape_widget.subspace.normalize import write

Rule = DirectionRule | Direction | Mapping[str, Tensor]


@dataclass(frozen=True, eq=False)
class BlendedDirection:
    """The direction cos φ · first + sin φ · second, each with its own normalization.

    Attributes:
        first: any direction or rule, as in a list of directions.
        second: what it is turned towards.
        degrees: φ, 0 (the first, bit for bit) to 90 (the second).

    Raises:
        TypeError: if ``degrees`` is no number.
        ValueError: outside 0 to 90.
    """

    first: Rule
    second: Rule
    degrees: float

    def __post_init__(self) -> None:
        if not isinstance(self.degrees, Real) or isinstance(self.degrees, bool):
            raise TypeError(f"Expected degrees as a number from 0 to 90; got {self.degrees!r}.")
        if not 0 <= self.degrees <= 90:
            raise ValueError(
                f"Expected degrees from 0 (the first direction) to 90 (the second); got {self.degrees}. "
                "To turn the other way, give the second direction the other sign."
            )

    def __call__(self, objective: Objective) -> Direction:
        """Make both directions and blend them."""
        if self.degrees == 0:
            return as_direction(self.first, objective)
        if self.degrees == 90:
            return as_direction(self.second, objective)
        first, second = as_direction(self.first, objective), as_direction(self.second, objective)
        angle = math.radians(self.degrees)
        cosine, sine = math.cos(angle), math.sin(angle)
        variance = None
        if first.variance is not None and second.variance is not None:  # of two independent draws
            pairs = ((name, chance, second.variance[name]) for name, chance in first.variance.items())
            variance = {name: _variance(a, cosine**2, b, sine**2) for name, a, b in pairs}
        return Direction(
            vector=_sum(first.vector, cosine, second.vector, sine),
            label=f"{first.label}, turned {self.degrees:g}° towards {second.label}",
            range=first.range,
            zero_filters=min(first.zero_filters, second.zero_filters),
            notes=tuple(dict.fromkeys((*first.notes, *second.notes))),
            notes_on_statistics=(*first.notes_on_statistics, *second.notes_on_statistics),
            variance=variance,
        )


def _sum(a: Mapping[str, Tensor], of_a: float, b: Mapping[str, Tensor], of_b: float) -> dict[str, Tensor]:
    """Add two mappings; a name that one of them lacks counts as zero."""
    return {name: _added(a.get(name), of_a, b.get(name), of_b) for name in {**a, **b}}


def _added(x: Tensor | None, of_x: float, y: Tensor | None, of_y: float) -> Tensor:
    like = x if x is not None else y
    assert like is not None
    x, y = (
        torch.zeros((), dtype=like.dtype, device="cpu").expand(like.shape) if t is None else t for t in (x, y)
    )
    made = torch.empty(like.numel(), dtype=torch.promote_types(x.dtype, y.dtype), device="cpu")
    flat = x.reshape(-1), y.reshape(-1)
    write(lambda some: of_x * wide(flat[0][some]) + of_y * wide(flat[1][some]), made)
    return made.reshape(like.shape)


def _variance(x: Tensor, of_x: float, y: Tensor, of_y: float) -> Tensor:
    """Add two variances; what both repeat along an axis stays repeated, not copied."""
    shape = x.shape
    for axis in range(x.ndim):
        if x.stride(axis) == y.stride(axis) == 0:
            x, y = x.narrow(axis, 0, 1), y.narrow(axis, 0, 1)
    return (of_x * x + of_y * y).expand(shape)
