"""How does a line look: loss left, accuracy right, the training set solid, the test set dashed?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from landscape_widget.export import colors
from landscape_widget.export.scale import Linear, Scale, choose
from landscape_widget.export.scene import (
    Extent,
    Scene,
    create_scene,
    extent,
    metric_title,
    places,
    value_title,
)
from landscape_widget.export.words import direction_title
from landscape_widget.facts import MetricFacts
from landscape_widget.surface.surface import Surface

TEST = "test_"
ACCURACY = "accuracy"
PERCENT = (0.0, 100.0)
MARGIN = 0.04  # of the height, above and below


@dataclass(frozen=True, eq=False)
class Side:
    """The curves that share one axis of the chart: a metric on the training set, on the test set.

    Attributes:
        values: float64[metric, nx], raw; errors the same.
        measured: bool[nx], interpolated elsewhere.
        clip: the largest raw value to draw.
        reach: the lowest and highest drawn value.
    """

    metrics: list[MetricFacts]
    values: NDArray[np.float64]
    errors: NDArray[np.float64]
    measured: NDArray[np.bool_]
    scale: Scale
    clip: float
    reach: Extent
    color: str
    axis: str

    def heights(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return drawn units: NaN where not finite, flat at the clip."""
        return self.scale.forward(np.where(np.isfinite(values), np.minimum(values, self.clip), np.nan))


def line_figure(scene: Scene, scale: str) -> go.Figure:
    """Draw along the first direction; ``scene`` is a line, or a plane's cut."""
    surface, main = scene.surface, scene.metric.name.removeprefix(TEST)
    x = places(surface)[0]
    left = _side(surface, main, scale, scene.clip, colors.LEFT, "y")
    right = _side(surface, ACCURACY, "linear", np.inf, colors.RIGHT, "y2")
    sides = [left] if main == ACCURACY or not right.metrics else [left, replace(right, reach=PERCENT)]
    figure = go.Figure([*_holes(left, x), *(trace for side in sides for trace in _traces(side, x))])
    low, high = surface.grid.x.low, surface.grid.x.high
    figure.update_layout(
        xaxis={
            "title": {"text": direction_title(surface, 0)},
            "range": [low, high],
            "gridcolor": colors.GRID,
            "zeroline": False,
            **Linear().ticks(low, high).layout,
        },
        yaxis=_value_axis(left) | {"gridcolor": colors.GRID},
        legend={"orientation": "h", "x": 0.5, "xanchor": "center", "y": -0.16, "yanchor": "top"},
    )
    if len(sides) == 2:
        figure.update_layout(
            yaxis2=_value_axis(sides[1]) | {"side": "right", "overlaying": "y", "showgrid": False}
        )
    for point, _ in scene.points:
        figure.add_vline(
            point.coordinates[0],
            line={"color": colors.MUTED, "width": 1, "dash": "dot"},
            annotation={
                "text": escape(point.label, quote=False),
                "font": {"color": colors.MUTED, "size": 11},
            },
        )
    return figure


def _side(surface: Surface, metric: str, scale: str, clip: float, color: str, axis: str) -> Side:
    metrics = [fact for fact in surface.metrics if fact.name.removeprefix(TEST) == metric]
    scenes = [create_scene(surface, fact.name, "linear", None, "grey").cut() for fact in metrics]
    values, errors = [scene.values.ravel() for scene in scenes], [scene.errors.ravel() for scene in scenes]
    if scale == "auto" and any(fact.unit == "%" for fact in metrics):
        scale = "linear"
    measured = scenes[0].measured.ravel() if scenes else np.empty(0, np.bool_)
    capped = np.minimum([column[measured] for column in values], clip)
    chosen = choose(scale, capped)
    reach = extent(chosen.forward(np.where(np.isfinite(capped), capped, np.nan)))
    return Side(metrics, np.array(values), np.array(errors), measured, chosen, clip, reach, color, axis)


def _traces(side: Side, x: NDArray[np.float64]) -> Iterator[go.Scatter]:
    for values, errors in zip(side.values, side.errors, strict=True):
        yield from _band(side, x[side.measured], values[side.measured], errors[side.measured])
    for fact, values, errors in zip(side.metrics, side.values, side.errors, strict=True):
        name, dash = metric_title(fact), "dash" if fact.name.startswith(TEST) else "solid"
        error = " ± %{customdata[1]:.2~g}" if np.any(errors > 0) else ""
        if not side.measured.all():
            yield _interpolated(side, x, values, name, dash)
        yield go.Scatter(
            x=x,
            y=np.where(side.measured, side.heights(values), np.nan),
            customdata=np.stack([values, errors], axis=-1),
            mode="lines" if side.measured.all() else "lines+markers",
            marker={"size": 4},
            line={"color": side.color, "dash": dash, "width": 2},
            connectgaps=False,
            name=name,
            yaxis=side.axis,
            hovertemplate=f"x %{{x:.4~g}}<br>{name} %{{customdata[0]:.4~g}}{error}<extra></extra>",
        )


def _interpolated(
    side: Side, x: NDArray[np.float64], values: NDArray[np.float64], name: str, dash: str
) -> go.Scatter:
    """The whole curve, lighter; what is measured lies on top."""
    return go.Scatter(
        x=x,
        y=side.heights(values),
        customdata=values,
        mode="lines",
        line={"color": colors.mix(side.color, colors.PAPER, colors.LIGHTER_LINE), "dash": dash, "width": 2},
        name=f"{name}, interpolated",
        yaxis=side.axis,
        showlegend=False,
        hovertemplate=f"x %{{x:.4~g}}<br>{name} %{{customdata:.4~g}}, interpolated<extra></extra>",
    )


def _band(
    side: Side, x: NDArray[np.float64], values: NDArray[np.float64], errors: NDArray[np.float64]
) -> Iterator[go.Scatter]:
    """Yield a polygon for each run of cells with an error, down to the frame where there is no height."""
    bottom = _frame(side)[0]
    cells = np.flatnonzero(np.isfinite(values) & np.isfinite(errors) & (errors > 0))
    for run in np.split(cells, np.flatnonzero(np.diff(cells) > 1) + 1):
        if not run.size:
            continue
        upper, lower = side.heights((values + errors)[run]), side.heights((values - errors)[run])
        yield go.Scatter(
            x=np.concatenate([x[run], x[run][::-1]]),
            y=np.concatenate([upper, np.fmax(lower, bottom)[::-1]]),
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillcolor=side.color,
            opacity=0.18,
            name="± standard error",
            yaxis=side.axis,
            showlegend=False,
            hoverinfo="skip",
        )


def _holes(side: Side, x: NDArray[np.float64]) -> Iterator[go.Scatter]:
    """Mark at the bottom where a curve of this side isn't finite."""
    if (gone := side.measured & ~np.isfinite(side.values).all(axis=0)).any():
        yield go.Scatter(
            x=x[gone],
            y=np.full(int(gone.sum()), _frame(side)[0]),
            mode="markers",
            marker={"symbol": "x-thin", "size": 6, "line": {"color": colors.HATCH, "width": 1.5}},
            name="not finite",
            cliponaxis=False,
            showlegend=False,
            hovertemplate="x %{x:.4~g}<br>not finite<extra></extra>",
        )


def _frame(side: Side) -> Extent:
    low, high = side.reach
    return low - MARGIN * (high - low), high + MARGIN * (high - low)


def _value_axis(side: Side) -> dict[str, Any]:
    fact = replace(side.metrics[0], name=side.metrics[0].name.removeprefix(TEST))
    return {
        "title": {"text": value_title(fact, side.scale), "font": {"color": side.color}, "standoff": 8},
        "tickfont": {"color": side.color},
        "range": _frame(side),
        "automargin": True,
        "zeroline": False,
        **side.scale.ticks(*side.reach).layout,
    }
