"""How do several draws of one line look: each thin, their mean thick, and what they span?

The twin of js/src/figure/repeats.ts.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from landscape_widget.export import colors
from landscape_widget.export.curves import bands
from landscape_widget.export.sides import Curve, Side

THIN = 0.5  # how far a single draw goes towards the paper

Numbers = NDArray[np.float64]


def draws_title(curve: Curve) -> str:
    """ "loss, 5 draws: mean, lowest to highest" """
    return f"{curve.title}, {len(curve.values)} draws: mean, lowest to highest"


def draw_bands(side: Side, curve: Curve, x: Numbers) -> Iterator[go.Scatter]:
    """From the lowest to the highest draw."""
    x, values = x[side.measured], curve.values[:, side.measured]
    low, high = values.min(axis=0), values.max(axis=0)
    yield from bands(side, x, low, high, "lowest to highest", 0.16)


def draw_traces(side: Side, curve: Curve, x: Numbers) -> Iterator[go.Scatter]:
    """Measured cells only; a cell where one draw isn't finite has no mean."""
    x, values = x[side.measured], curve.values[:, side.measured]
    color = colors.mix(side.color, colors.PAPER, THIN)
    for number, draw in enumerate(values):
        yield go.Scatter(
            x=x,
            y=side.heights(draw),
            mode="lines",
            line={"color": color, "dash": curve.dash, "width": 1},
            connectgaps=False,
            name=f"draw {number + 1}",
            yaxis=side.axis,
            showlegend=False,
            hoverinfo="skip",
        )
    finite = np.where(np.isfinite(values).all(axis=0), values, np.nan)
    read = "mean %{customdata[0]:.4~g}, from %{customdata[1]:.4~g} to %{customdata[2]:.4~g}"
    yield go.Scatter(
        x=x,
        y=side.heights(finite.mean(axis=0)),
        customdata=np.stack([finite.mean(axis=0), finite.min(axis=0), finite.max(axis=0)], axis=-1),
        mode="lines",
        line={"color": side.color, "dash": curve.dash, "width": 3},
        connectgaps=False,
        name=draws_title(curve),
        yaxis=side.axis,
        hovertemplate=f"x %{{x:.4~g}}<br>{curve.title}: {read}<extra></extra>",
    )
