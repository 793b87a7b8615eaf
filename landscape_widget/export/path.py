"""How does a trajectory look: light to dark, red where the learning rate drops, with halos, on stalks?

The twin of js/src/figure/path.ts and stalks.ts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from landscape_widget.export import colors
from landscape_widget.export.scene import Scene
from landscape_widget.export.sides import Side
from landscape_widget.export.trail import Trail, trail_of

HALO = 30  # pixels that the checkpoint farthest from the plane is wider
IN_SPACE = 0.7  # of the size of a checkpoint seen from above


def flat_path(scene: Scene) -> list[go.Scatter]:
    """From above: a halo tells how far each checkpoint is from the plane."""
    trail = trail_of(scene)
    if trail is None or not len(trail):
        return []
    x, y = trail.coordinates.T
    farthest = float(trail.distances.max())
    share = trail.distances / (farthest or 1.0)
    outline, line = {"color": colors.PAPER, "width": 3.5}, {"color": colors.TRAIL, "width": 1.2}
    rings = {
        "size": np.where(share > 0, trail.sizes + HALO * share, 0.0),
        "color": colors.HALO,
        "line": {"color": "rgba(255,255,255,0.75)", "width": 1},
        "opacity": 1,
    }
    return [
        go.Scatter(x=x, y=y, line=outline, opacity=0.8, **_quiet("path outline")),
        go.Scatter(x=x, y=y, line=line, **_quiet("path")),
        go.Scatter(x=x, y=y, marker=rings, **_quiet("distance from the plane", "markers")),
        go.Scatter(x=x, y=y, **_checkpoints(trail)),
    ]


def path_in_space(scene: Scene) -> list[go.Scatter3d]:
    """Each checkpoint at its own value, with a stalk to the ground under it."""
    trail = trail_of(scene)
    if trail is None or not len(trail):
        return []
    x, y = trail.coordinates.T
    z, gap = trail.heights, np.full(len(trail), np.nan)
    stalks = np.stack([np.where(np.isnan(trail.feet), np.nan, z), trail.feet, gap], axis=1).ravel()
    dark = {"color": colors.TEXT}
    return [
        go.Scatter3d(
            x=np.repeat(x, 3), y=np.repeat(y, 3), z=stalks, line=dark | {"width": 2}, **_quiet("stalks")
        ),
        go.Scatter3d(x=x, y=y, z=z, line=dark | {"width": 4}, **_quiet("path")),
        go.Scatter3d(x=x, y=y, z=z, **_checkpoints(trail, IN_SPACE, outline=0)),
    ]


def path_on_line(scene: Scene, side: Side) -> list[go.Scatter]:
    """Along a line, each checkpoint at its own value, as far as it is known."""
    trail = trail_of(scene)
    if trail is None or not len(trail):
        return []
    at = {"x": trail.coordinates[:, 0], "y": side.heights(trail.values), "yaxis": side.axis}
    return [
        go.Scatter(**at, line={"color": colors.TRAIL, "width": 1}, opacity=0.6, **_quiet("path")),
        go.Scatter(**at, **_checkpoints(trail)),
    ]


def _checkpoints(trail: Trail, size: float = 1.0, outline: float = 1.0) -> dict[str, Any]:
    return {
        "mode": "markers",
        "marker": {
            "size": size * trail.sizes,
            "color": trail.tints,
            "line": {"color": colors.PAPER, "width": outline},
            "opacity": 1,
        },
        "name": "checkpoints",
        "text": trail.words,
        "hovertemplate": "%{text}<extra></extra>",
        "showlegend": False,
    }


def _quiet(name: str, mode: str = "lines") -> dict[str, Any]:
    return {"name": name, "mode": mode, "showlegend": False, "hoverinfo": "skip"}
