"""How does a spectrum look? Its density, the single eigenvalues beside it, and what it can't tell."""

from __future__ import annotations

import textwrap

import numpy as np
import plotly.graph_objects as go

from landscape_widget.export import colors
from landscape_widget.export.numbers import format_number
from landscape_widget.export.scale import Linear
from landscape_widget.sharpness_values import CAVEAT, Sharpness

DECADES = 8
"""How far below its highest point a density is drawn."""
CHARACTERS = 150
"""A line of the caveat."""
MARGIN = {"l": 80, "r": 30, "t": 70, "b": 140}


def spectrum_figure(known: Sharpness) -> go.Figure:
    """Draw the density on a logarithmic axis, the outliers as labelled marks, the caveat under it.

    Raises:
        ValueError: where no spectrum is known.
    """
    spectrum = known.spectrum
    if spectrum is None:
        raise ValueError(
            "There is no spectrum to draw: expected a `Sharpness` whose spectrum is known; got one without. "
            "Measure it with `lw.sharpness(model, loss, data)`, to its end."
        )
    figure = go.Figure()
    highest = float(spectrum.density.max())
    floor = highest * 10.0**-DECADES
    figure.add_scatter(
        x=spectrum.grid,
        y=np.maximum(spectrum.density, floor),
        mode="lines",
        fill="tozeroy",
        line={"color": colors.LEFT, "width": 1.5},
        name="density",
        showlegend=False,
        hovertemplate="λ %{x:.3~g}<br>density %{y:.2~e}<extra></extra>",
    )
    if len(spectrum.outliers):
        at = np.interp(spectrum.outliers, spectrum.grid, spectrum.density)
        figure.add_scatter(
            x=spectrum.outliers,
            y=np.maximum(at, floor),
            mode="markers+text",
            marker={"color": colors.RIGHT, "size": 8, "symbol": "triangle-down"},
            text=[format_number(value) for value in spectrum.outliers.tolist()],
            textposition="top center",
            name="outliers",
            showlegend=False,
            hovertemplate="outlier: λ %{text}<extra></extra>",
        )
    low, high = float(spectrum.grid[0]), float(spectrum.grid[-1])
    caveat = "<br>".join(textwrap.wrap(CAVEAT, CHARACTERS))
    figure.update_layout(
        title={"text": _title(known), "x": 0.02, "xanchor": "left"},
        margin=MARGIN,
        plot_bgcolor=colors.PAPER,
        xaxis={
            "title": {"text": "eigenvalue λ of the Hessian", "standoff": 8},
            "range": [low, high],
            "gridcolor": colors.GRID,
            "zeroline": True,
            **Linear().ticks(low, high).layout,
        },
        yaxis={
            "title": {"text": "density"},
            "type": "log",
            "range": [np.log10(floor), np.log10(highest) + 1],
            "gridcolor": colors.GRID,
            "exponentformat": "power",
        },
    )
    figure.add_annotation(
        text=caveat,
        **{"xref": "paper", "yref": "paper", "x": 0, "y": 0, "xanchor": "left", "yanchor": "top"},
        yshift=-55,  # below the axis and its title, however high the picture is
        align="left",
        showarrow=False,
        font={"size": 11, "color": colors.MUTED},
    )
    return figure


def _title(known: Sharpness) -> str:
    parts = ["Spectrum of the Hessian at the origin"]
    if known.parameters:
        parts.append(f"{known.parameters:,} weights")
    if known.samples and known.size:
        parts.append(f"{known.samples:,} of {known.size:,} samples")
    if known.spectrum is not None:
        count = len(known.spectrum.outliers)
        parts.append(f"{count} outlier{'' if count == 1 else 's'}")
    return " · ".join(parts)
