"""How does one metric run along a line: its curve, the band of its error, where it isn't finite?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from landscape_widget.export import colors
from landscape_widget.export.sides import Curve, Side

Numbers = NDArray[np.float64]


def curve_traces(side: Side, curve: Curve, x: Numbers) -> Iterator[go.Scatter]:
    """What is measured solid, on top of the whole curve, lighter."""
    values, errors = curve.values[0], curve.errors[0]
    error = " ± %{customdata[1]:.2~g}" if np.any(errors > 0) else ""
    if not side.measured.all():
        yield _interpolated(side, curve, x)
    yield go.Scatter(
        x=x,
        y=np.where(side.measured, side.heights(values), np.nan),
        customdata=np.stack([values, errors], axis=-1),
        mode="lines" if side.measured.all() else "lines+markers",
        marker={"size": 4},
        line={"color": side.color, "dash": curve.dash, "width": 2},
        connectgaps=False,
        name=curve.title,
        yaxis=side.axis,
        hovertemplate=f"x %{{x:.4~g}}<br>{curve.title} %{{customdata[0]:.4~g}}{error}<extra></extra>",
    )


def error_bands(side: Side, curve: Curve, x: Numbers) -> Iterator[go.Scatter]:
    """The standard error around what is measured."""
    x, values, errors = (part[..., side.measured] for part in (x, curve.values[0], curve.errors[0]))
    errors = np.where(errors > 0, errors, np.nan)
    yield from bands(side, x, values - errors, values + errors, "± standard error", 0.18)


def bands(
    side: Side, x: Numbers, low: Numbers, high: Numbers, name: str, opacity: float
) -> Iterator[go.Scatter]:
    """Yield a polygon for each run of cells with both ends, down to the frame where there is no height."""
    cells = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    for run in np.split(cells, np.flatnonzero(np.diff(cells) > 1) + 1):
        if not run.size:
            continue
        upper, lower = side.heights(high[run]), side.heights(low[run])
        yield go.Scatter(
            x=np.concatenate([x[run], x[run][::-1]]),
            y=np.concatenate([upper, np.fmax(lower, side.frame[0])[::-1]]),
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillcolor=side.color,
            opacity=opacity,
            name=name,
            yaxis=side.axis,
            showlegend=False,
            hoverinfo="skip",
        )


def hole_traces(side: Side, failed: NDArray[np.bool_], x: Numbers) -> Iterator[go.Scatter]:
    """Mark at the bottom where a curve of this side isn't finite."""
    finite = [np.isfinite(curve.values).all(axis=0) for curve in side.curves]
    if (gone := side.measured & ~np.all(finite, axis=0)).any():
        yield go.Scatter(
            x=x[gone],
            y=np.full(int(gone.sum()), side.frame[0]),
            mode="markers",
            marker={"symbol": "x-thin", "size": 6, "line": {"color": colors.HATCH, "width": 1.5}},
            name="not finite",
            cliponaxis=False,
            showlegend=False,
            text=np.where(failed[gone], "failed", "not finite"),
            hovertemplate="x %{x:.4~g}<br>%{text}<extra></extra>",
        )


def doubt_traces(side: Side, unconverged: NDArray[np.bool_], x: Numbers) -> Iterator[go.Scatter]:
    """Cross the values that did not converge."""
    if unconverged.any():
        yield go.Scatter(
            x=x[unconverged],
            y=side.heights(side.curves[0].values[0])[unconverged],
            mode="markers",
            marker={"symbol": "x-thin", "size": 8, "line": {"color": colors.TEXT, "width": 1.5}},
            name="not converged",
            cliponaxis=False,
            showlegend=False,
            hovertemplate="x %{x:.4~g}<br>not converged<extra></extra>",
        )


def _interpolated(side: Side, curve: Curve, x: Numbers) -> go.Scatter:
    return go.Scatter(
        x=x,
        y=side.heights(curve.values[0]),
        customdata=curve.values[0],
        mode="lines",
        line={
            "color": colors.mix(side.color, colors.PAPER, colors.LIGHTER_LINE),
            "dash": curve.dash,
            "width": 2,
        },
        name=f"{curve.title}, interpolated",
        yaxis=side.axis,
        showlegend=False,
        hovertemplate=f"x %{{x:.4~g}}<br>{curve.title} %{{customdata:.4~g}}, interpolated<extra></extra>",
    )
