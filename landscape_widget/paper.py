"""What makes a picture one of the paper's (Li et al. 2018)? The twin of js/src/words/presets.ts."""

from __future__ import annotations

from typing import Any

PAPER = "paper"
PRESETS = (PAPER,)


def as_in_the_paper(kind: str) -> dict[str, Any]:
    """Return what Li et al. (2018) draw a kind of picture with, as their code does.

    Surfaces: ln(loss + 0.1), cut off at 10. Contours: lines at 0.1, 0.6, …, 9.6, and 10, 100, …, 10⁸ beside a
    trajectory. Lines: the loss from 0 to 5.
    """
    linear = {"scale": "linear", "levels": "auto", "clip": None, "limits": None}
    return {
        "surface": linear | {"scale": "paper", "clip": 10.0},
        "contour": linear | {"levels": "paper"},
        "heatmap": linear,
        "line": linear | {"limits": (0.0, 5.0)},
    }[kind]
