"""How large are the weights of both ends, and ‖θ‖ along training? As in figure 2 of Li et al. (2018)."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from landscape_widget.export import colors
from landscape_widget.export.numbers import format_number
from landscape_widget.export.plain import plain
from landscape_widget.export.scale import Linear
from landscape_widget.surface.surface import Surface
from landscape_widget.track import Path

GAP = 0.12  # between two panels, of the width
LINES = (colors.LEFT, colors.RIGHT, colors.EARLY, colors.MUTED)
MARGIN = {"l": 70, "r": 30, "t": 90, "b": 70}


def weights_figure(surface: Surface) -> go.Figure:
    """One panel for the histograms, one for the norm along the path, as far as the surface has them.

    Raises:
        ValueError: when it has neither.
    """
    has_histograms, path = bool(surface.histograms), surface.path
    if not has_histograms and path is None:
        raise ValueError(
            "There are no weights to draw: expected a surface with histograms of its models or with the path "
            "of a trajectory; got neither. Compute it with `trajectory=…`, or along a `TowardsModel`."
        )
    figure = go.Figure()
    both = has_histograms and path is not None
    half = (1 - GAP) / 2
    figure.update_layout(
        title={"text": _title(surface), "x": 0.02, "xanchor": "left"},
        margin=MARGIN,
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
    )
    if has_histograms:
        _add_histograms(figure, surface, (0.0, half) if both else (0.0, 1.0))
    if path is not None:
        _add_norms(figure, path, (1 - half, 1.0) if both else (0.0, 1.0), "2" if both else "")
    return figure


def _title(surface: Surface) -> str:
    name = surface.settings.get("name")
    return f"{plain(name)}: weights" if name else "weights"


def _add_histograms(figure: go.Figure, surface: Surface, domain: tuple[float, float]) -> None:
    """Outlines, so that one doesn't hide the other."""
    for index, histogram in enumerate(surface.histograms):
        label = plain(histogram.label)
        figure.add_scatter(
            x=np.repeat(histogram.edges, 2),
            y=np.concatenate([[0], np.repeat(histogram.counts, 2), [0]]),
            mode="lines",
            line={"color": LINES[index % len(LINES)], "width": 1.8},
            name=f"{label}: ‖θ‖ = {format_number(histogram.norm)}",
            hovertemplate=f"{label}<br>weight %{{x:.3~g}}: %{{y:,}}<extra></extra>",
        )
    low, high = surface.histograms[0].edges[[0, -1]].tolist()
    most = max(int(histogram.counts.max(initial=1)) for histogram in surface.histograms)
    figure.update_layout(
        xaxis=_axis("weight", low, high) | {"domain": domain},
        yaxis=_axis("number of weights", 0.0, 1.05 * most),
    )


def _add_norms(figure: go.Figure, path: Path, domain: tuple[float, float], number: str) -> None:
    """By epoch where all are known, by step otherwise; dotted where the learning rate drops."""
    is_by_epoch = bool(np.isfinite(path.epochs).all())
    times = path.epochs if is_by_epoch else path.steps.astype(float)
    unit = "epoch" if is_by_epoch else "step"
    figure.add_scatter(
        x=times,
        y=path.norms,
        xaxis=f"x{number}",
        yaxis=f"y{number}",
        mode="lines",
        line={"color": colors.LEFT, "width": 2},
        name="‖θ‖ along training",
        showlegend=False,
        hovertemplate=f"{unit} %{{x:,}}<br>‖θ‖ %{{y:.4~g}}<extra></extra>",
    )
    low, high = float(path.norms.min()), float(path.norms.max())
    room = 0.05 * (high - low) or 0.1 * abs(high) or 1.0
    first, last = float(times.min()), float(times.max())
    figure.update_layout(
        {
            f"xaxis{number}": _axis(unit, first, last if last > first else first + 1)
            | {"domain": domain, "anchor": f"y{number}"},
            f"yaxis{number}": _axis("‖θ‖", low - room, high + room) | {"anchor": f"x{number}"},
        }
    )
    for drop in path.drops:
        at = float(times[drop])
        figure.add_shape(
            type="line",
            xref=f"x{number}",
            yref=f"y{number} domain",
            **{"x0": at, "x1": at, "y0": 0, "y1": 1},
            line={"color": colors.DROP, "width": 1, "dash": "dot"},
        )


def _axis(title: str, low: float, high: float) -> dict[str, object]:
    return {
        "title": {"text": title, "standoff": 8},
        "range": [low, high],
        "gridcolor": colors.GRID,
        "zeroline": False,
        "automargin": True,
        **Linear().ticks(low, high).layout,
    }
