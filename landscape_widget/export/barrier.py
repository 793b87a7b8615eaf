"""How high is it between two models, above the chord from one to the other?

The twin of js/src/figure/barrier.ts and js/src/words/barrier.ts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from landscape_widget.export import colors
from landscape_widget.export.numbers import format_number
from landscape_widget.export.sides import Side
from landscape_widget.surface.barrier import Barrier, chord
from landscape_widget.surface.surface import Surface

POINTS = 41  # a chord is straight between values, and bent on an axis that isn't linear


def barrier_text(barrier: Barrier) -> str:
    """ "barrier 0.42 at 0.47; not monotone: rises by 0.3 at 0.4" """
    height = f"barrier {format_number(barrier.height)} at {format_number(barrier.at)}"
    height = height if barrier.height else "no barrier"
    if barrier.rise_at is None:
        return f"{height}; monotone"
    return (
        f"{height}; not monotone: rises by {format_number(barrier.rise)} at {format_number(barrier.rise_at)}"
    )


def add_barrier(figure: go.Figure, surface: Surface, side: Side) -> None:
    """Draw the dotted chord, and on it the barrier's height where it is largest."""
    metric = side.curves[0].metric.name
    if (found := surface.barrier(metric)) is None:
        return
    first, last = (_end(surface, metric, place) for place in (0.0, 1.0))
    x = np.linspace(0, 1, POINTS)
    quiet: dict[str, Any] = {
        "mode": "lines",
        "yaxis": side.axis,
        "showlegend": False,
        "hoverinfo": "skip",
    }
    dotted = {"color": colors.MUTED, "width": 1.5, "dash": "dot"}
    figure.add_scatter(x=x, y=side.heights(chord(x, first, last)), name="chord", line=dotted, **quiet)
    if not found.height:
        return
    foot = float(chord(np.array(found.at), first, last))
    reach = side.heights(np.array([foot, foot + found.height]))
    reach = np.where(np.isnan(reach), side.reach[1], reach)
    solid = {"color": colors.TEXT, "width": 1.5}
    figure.add_scatter(x=[found.at] * 2, y=reach, name="barrier", line=solid, **quiet)
    figure.add_annotation(
        text=f"barrier {format_number(found.height)}",
        x=found.at,
        y=float(reach.mean()),
        yref=side.axis,
        xanchor="left",
        xshift=6,
        showarrow=False,
        bgcolor=colors.PAPER,
        opacity=0.85,
        borderpad=2,
        font={"size": 12},
    )


def _end(surface: Surface, metric: str, place: float) -> float:
    label = next(point.label for point in surface.points if abs(point.coordinates[0] - place) < 1e-12)
    return surface.at(label)[metric]
