"""What does one surface know that another can take over? The cells and points at the same places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from landscape_widget.surface.patch import Patch

if TYPE_CHECKING:
    from landscape_widget.surface.surface import Surface

PRECEDENCE = np.array([0, 3, 1, 1, 3, 2])
"""Of each `State`: final values stay, that a cell failed counts more than a preview, which is something."""


def better_known(surface: Surface, other: Surface) -> Patch:
    """Return what ``other`` knows better of this surface's places.

    Raises:
        ValueError: when they are measured differently.
    """
    if (surface.metrics, surface.samples) != (other.metrics, other.samples):
        raise ValueError(
            "Cells are carried between surfaces with the same metrics and samples only; got "
            f"{_names(other)} on {other.samples:,} samples for {_names(surface)} on {surface.samples:,}. "
            "Compute them again."
        )
    old, new = surface.grid.matching(other.grid)
    same = [(other.points.index(p), i) for i, p in enumerate(surface.points) if p in other.points]
    old = np.concatenate([old, [other.grid.size + i for i, _ in same]]).astype(np.int64)
    new = np.concatenate([new, [surface.grid.size + i for _, i in same]]).astype(np.int64)
    useful = PRECEDENCE[other.states[old]] > PRECEDENCE[surface.states[new]]
    old, new = old[useful], new[useful]
    return Patch(new, other.values[:, old], other.errors[:, old], other.counts[:, old], other.states[old])


def _names(surface: Surface) -> str:
    return ", ".join(fact.name for fact in surface.metrics)
