"""How does a plane look from above: as contours, as a heat map?"""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from landscape_widget.export import colors
from landscape_widget.export.axes import cells_of, coordinates, ratio
from landscape_widget.export.isolines import isolines
from landscape_widget.export.landmarks import LABEL, mark_traces
from landscape_widget.export.layers import dots, skin_layers, tile_layers
from landscape_widget.export.level_names import level_names
from landscape_widget.export.levels import chosen_levels, level_heights, round_levels
from landscape_widget.export.marks import (
    dot_marks,
    doubt_marks,
    hole_marks,
    triangle,
    triangle_line,
)
from landscape_widget.export.numbers import format_number
from landscape_widget.export.path import flat_path
from landscape_widget.export.pins import pin_marks
from landscape_widget.export.scene import Scene

EDGES = {
    "showgrid": False,
    "zeroline": False,
    "constrain": "domain",
    "ticks": "outside",
    "ticklen": 4,
    "automargin": True,
}
LINE = {"color": colors.CONTOUR, "width": 0.7}
NO_LINE = {"width": 0}  # plotly heeds showlines beside filled bands only


def contour_figure(scene: Scene) -> go.Figure:
    """Round values, or the levels asked for, drawn thin on their colours and named."""
    chosen = chosen_levels(scene)
    levels = round_levels(scene) if chosen is None else chosen
    traces: list[Any] = [
        go.Contour(
            z=layer.pick(scene.tones),
            zmin=scene.tone_range[0],
            zmax=scene.tone_range[1],
            contours={"coloring": "heatmap"},
            line=NO_LINE,
            connectgaps=False,
            **cells_of(scene, layer),
        )
        for layer in skin_layers(scene)
    ]
    return _flat(scene, [*traces, *(_level_lines(scene, levels) if levels else [])])


def heatmap_figure(scene: Scene) -> go.Figure:
    """One rectangle a cell."""
    low, high = scene.tone_range
    traces = [
        go.Heatmap(
            z=layer.pick(scene.tones), zmin=low, zmax=high, hoverongaps=False, **cells_of(scene, layer)
        )
        for layer in tile_layers(scene)
    ]
    return _flat(scene, traces, room=0.5)


def _level_lines(scene: Scene, levels: tuple[float, ...]) -> list[go.Scatter]:
    lines = [isolines(scene.x, scene.y, scene.heights, level) for level in level_heights(scene, levels)]
    names = level_names(lines, scene.x, scene.y)
    quiet: dict[str, Any] = {"showlegend": False, "hoverinfo": "skip"}
    return [
        go.Scatter(
            x=np.concatenate([x for x, _ in lines]),
            y=np.concatenate([y for _, y in lines]),
            mode="lines",
            line=LINE,
            name="levels",
            meta=list(levels),
            **quiet,
        ),
        go.Scatter(
            x=[x for _, x, _ in names],
            y=[y for _, _, y in names],
            text=[format_number(levels[number]) for number, _, _ in names],
            mode="text",
            textfont=LABEL | {"size": 10},
            name="names of levels",
            **quiet,
        ),
    ]


def _flat(scene: Scene, traces: list[Any], room: float = 0.0) -> go.Figure:
    """Lay a picture flat, with ``room`` of a drawn step around its outermost cells."""
    figure = go.Figure(traces)
    if (shown := dots(scene)).any():
        figure.add_scatter(**dot_marks(scene, shown, 3), cliponaxis=False)
    if scene.holes.any():
        figure.add_scatter(**hole_marks(scene, "x-thin", 6), cliponaxis=False)
    if scene.unconverged.any():
        figure.add_scatter(**doubt_marks(scene, "x", 6), cliponaxis=False)
    if (sides := triangle(scene)) is not None:
        figure.add_scatter(x=sides[:, 0], y=sides[:, 1], **triangle_line("white"))
    figure.add_traces(flat_path(scene))
    for marks in mark_traces(scene):
        figure.add_scatter(**marks, textfont=LABEL, cliponaxis=False)
    if scene.view.pins:
        figure.add_scatter(**pin_marks(scene.surface, scene.view.pins), textfont=LABEL, cliponaxis=False)
    x, y = (EDGES | coordinates(scene, axis) for axis in (0, 1))
    for side, places in (x, scene.x), (y, scene.y):
        edge = room * float(np.diff(places[:2]).sum())
        side["range"] = [side["range"][0] - edge, side["range"][1] + edge]
    y |= {"scaleanchor": "x", "scaleratio": ratio(scene)}
    figure.update_layout(xaxis=x, yaxis=y, plot_bgcolor=colors.UNKNOWN)
    return figure
