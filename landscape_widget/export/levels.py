"""At which values do contour lines run? The twin of js/src/figure/levels.ts."""

from __future__ import annotations

from typing import Any

import numpy as np

from landscape_widget.export.scene import Scene

CONTOURS = 15
LINES = 12  # at most, where nobody says which

PAPER_LEVELS = tuple((1 + 5 * index) / 10 for index in range(20))
"""Li et al. (2018): 0.1, 0.6, …, 9.6."""

PAPER_DECADES = tuple(10.0**power for power in range(1, 9))
"""And beside a trajectory, which comes from far above: 10, 100, …, 10⁸."""


def chosen_levels(scene: Scene) -> tuple[float, ...] | None:
    """Return the raw values asked for that lie inside the range; None where the picture chooses."""
    levels = scene.view.levels
    if levels == "auto":
        return None
    if levels == "paper":
        levels = PAPER_LEVELS + (PAPER_DECADES if scene.surface.path is not None else ())
    low, high = scene.height_range
    with_height = zip(levels, scene.scale.forward(levels), strict=True)
    return tuple(float(level) for level, height in with_height if low < height < high)


def round_levels(scene: Scene) -> tuple[float, ...]:
    """Return round raw values inside the range, few enough to read."""
    low, high = scene.height_range
    heights = np.array(scene.scale.ticks(low, high, LINES).values, float)
    inside = heights[(heights > low) & (heights < high)]
    return tuple(np.asarray(scene.scale.inverse(inside), float).tolist())


def even_levels(scene: Scene) -> dict[str, Any]:
    """Return even steps of height as plotly takes them."""
    low, high = scene.height_range
    size = (high - low) / CONTOURS
    return {"start": low + size / 2, "end": high - size / 2, "size": size}


def level_heights(scene: Scene, levels: tuple[float, ...]) -> list[float]:
    """Return where raw values stand in the picture."""
    return np.asarray(scene.scale.forward(levels)).tolist()
