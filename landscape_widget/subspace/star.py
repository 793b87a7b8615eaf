"""Where does one look along several lines at once? From one origin, along each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from landscape_widget.subspace.direction import Direction


@dataclass(frozen=True, eq=False)
class Star:
    """The lines θ + a·d₁, …, θ + a·d_K; a point has K coordinates, of which one differs from 0.

    Attributes:
        origin: the moved parameters θ.
        directions: one a line, each with an entry for each name of ``origin``.
    """

    origin: Mapping[str, Tensor]
    directions: tuple[Direction, ...]
