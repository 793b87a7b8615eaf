"""How does a line look: loss left, accuracy right, the training set solid, the test set dashed?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import plotly.graph_objects as go

from landscape_widget.export import colors
from landscape_widget.export.axes import coordinates
from landscape_widget.export.barrier import add_barrier
from landscape_widget.export.curves import curve_traces, doubt_traces, error_bands, hole_traces
from landscape_widget.export.ground import places
from landscape_widget.export.landmarks import landmarks
from landscape_widget.export.path import path_on_line
from landscape_widget.export.pins import pin_marks, under_pins
from landscape_widget.export.plain import plain
from landscape_widget.export.repeats import draw_bands, draw_traces
from landscape_widget.export.scene import Scene
from landscape_widget.export.sides import TEST, Side, sides_of
from landscape_widget.export.titles import value_title


def line_figure(scene: Scene) -> go.Figure:
    """Draw along the first direction; ``scene`` is a line, or a plane's cut."""
    surface = scene.surface
    x = places(surface)[0]
    sides = sides_of(surface, scene.view)
    traces: list[Any] = [*hole_traces(sides[0], scene.failed, x)]
    for side in sides:
        for curve in side.curves:
            traces += (error_bands if len(curve.values) == 1 else draw_bands)(side, curve, x)
        for curve in side.curves:
            traces += (curve_traces if len(curve.values) == 1 else draw_traces)(side, curve, x)
    figure = go.Figure(traces)
    figure.add_traces([*doubt_traces(sides[0], scene.unconverged, x), *path_on_line(scene, sides[0])])
    figure.update_layout(
        xaxis={"gridcolor": colors.GRID, "zeroline": False, **coordinates(scene, 0, " ")},
        yaxis=_value_axis(sides[0]) | {"gridcolor": colors.GRID},
        legend={"orientation": "h", "x": 0.5, "xanchor": "center", "y": -0.16, "yanchor": "top"},
    )
    for right in sides[1:]:
        figure.update_layout(
            yaxis2=_value_axis(right) | {"side": "right", "overlaying": "y", "showgrid": False}
        )
    if scene.view.pins and not scene.is_cut and x.size:
        pins = pin_marks(surface, scene.view.pins)
        heights = sides[0].heights(sides[0].curves[0].values[0])
        figure.add_scatter(**pins | {"y": under_pins([x], heights, pins)})
    if not scene.is_cut and not scene.metric.label:
        add_barrier(figure, surface, sides[0])
    for mark in landmarks(scene):
        figure.add_vline(
            mark.coordinates[0],
            line={"color": colors.MUTED, "width": 1, "dash": "dot"},
            annotation={
                "text": plain(mark.label).replace("\n", "<br>"),
                "font": {"color": colors.MUTED, "size": 11},
            },
        )
    return figure


def _value_axis(side: Side) -> dict[str, Any]:
    first = side.curves[0].metric
    fact = replace(first, name=first.name.removeprefix(TEST))
    return {
        "title": {"text": value_title(fact, side.scale), "font": {"color": side.color}, "standoff": 8},
        "tickfont": {"color": side.color},
        "range": side.frame,
        "automargin": True,
        "zeroline": False,
        **side.scale.ticks(*side.reach).layout,
    }
