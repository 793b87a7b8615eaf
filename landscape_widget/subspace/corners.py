"""Where in the picture are the models that the directions know, and what window shows them all?"""

from __future__ import annotations

from collections.abc import Sequence

from landscape_widget.facts import Point
from landscape_widget.subspace.direction import Direction

MARGIN = 0.2
"""Of what three models span, on each side (Garipov et al. 2018)."""


def points(directions: Sequence[Direction]) -> tuple[Point, ...]:
    """Return the origin, then the other models where each lies in the plane."""
    origin = Point("origin", (0.0,) * len(directions))
    others = []
    for axis, direction in enumerate(directions):
        if direction.endpoint is not None:
            place = [direction.slant] * len(directions)
            place[axis] = 1.0
            others.append(Point(direction.endpoint, tuple(place)))
    return (origin, *others)


def ranges(directions: Sequence[Direction]) -> tuple[tuple[float, float], ...]:
    """Return where to look along each axis: the rules' own ranges, wide enough for every model.

    A plane through three models shows their extent and a margin.
    """
    corners = [point.coordinates for point in points(directions)]
    extents = [(min(along), max(along)) for along in zip(*corners, strict=True)]
    if len(corners) == 3:
        return tuple((low - MARGIN * (high - low), high + MARGIN * (high - low)) for low, high in extents)
    own = [direction.range for direction in directions]
    return tuple(
        (min(low, first), max(high, last)) for (low, high), (first, last) in zip(own, extents, strict=True)
    )
