"""What is marked on a plane: where nothing can be drawn, what was measured, a triangle between models."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.export import colors
from landscape_widget.export.scene import Scene

SIDES = 65  # points along each side of a triangle, which follows the ground


def hole_marks(scene: Scene, symbol: str, size: int) -> dict[str, Any]:
    """A grey cross on every cell that has no height."""
    rows, columns = np.nonzero(scene.holes)
    said = {"failed": scene.failed, "not finite": scene.not_finite}
    why = np.select([cells[rows, columns] for cells in said.values()], list(said), "too low for this scale")
    return {
        "x": scene.x[columns],
        "y": scene.y[rows],
        "text": why,
        "mode": "markers",
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": colors.HATCH,
            "line": {"color": colors.HATCH, "width": 1},
        },
        "name": "not finite",
        "showlegend": False,
        "hovertemplate": "x %{x:.4~g}, y %{y:.4~g}<br>%{text}<extra></extra>",
    }


def doubt_marks(scene: Scene, symbol: str, size: int) -> dict[str, Any]:
    """A cross on every cell that did not converge; its value is the best there is."""
    rows, columns = np.nonzero(scene.unconverged & ~scene.holes)
    return {
        "x": scene.x[columns],
        "y": scene.y[rows],
        "mode": "markers",
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": colors.PAPER,
            "line": {"color": colors.TEXT, "width": 0.8},
        },
        "name": "not converged",
        "showlegend": False,
        "hovertemplate": "x %{x:.4~g}, y %{y:.4~g}<br>not converged<extra></extra>",
    }


def dot_marks(scene: Scene, shown: NDArray[np.bool_], size: int) -> dict[str, Any]:
    """Where on lighter ground something was measured."""
    rows, columns = np.nonzero(shown)
    return {
        "x": scene.x[columns],
        "y": scene.y[rows],
        "mode": "markers",
        "marker": {"size": size, "color": colors.TEXT, "line": {"width": 0}},
        "name": "measured",
        "showlegend": False,
        "hoverinfo": "skip",
    }


def triangle(scene: Scene) -> NDArray[np.float64] | None:
    """Return float64[m, 2] along the sides between three models; None where the plane isn't theirs."""
    corners = [point.coordinates for point in scene.surface.points]
    if not scene.surface.settings.get("is_triangle") or len(corners) != 3:
        return None
    share = np.linspace(0, 1, SIDES)[:, None]
    closed = np.array([*corners, corners[0]])
    return np.concatenate([(1 - share) * a + share * b for a, b in pairwise(closed)])


def triangle_line(color: str) -> dict[str, Any]:
    """How the sides look."""
    return {
        "mode": "lines",
        "line": {"color": color, "width": 1.5, "dash": "dash"},
        "name": "triangle",
        "showlegend": False,
        "hoverinfo": "skip",
    }
