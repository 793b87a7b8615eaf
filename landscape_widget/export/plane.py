"""How does a plane look: as a lit surface, as contours, as a heat map?"""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from landscape_widget.export import colors
from landscape_widget.export.layers import Layer, dots, skin_layers, tile_layers
from landscape_widget.export.numbers import format_number
from landscape_widget.export.scale import Linear, Ticks
from landscape_widget.export.scene import Scene
from landscape_widget.export.words import direction_title

CONTOURS = 15
MOST_SLENDER = 3.0  # sides of a picture; beyond that, equal aspect hides more than it shows
HAIR = 0.002  # of the height; of two sheets the upper lies so much higher, or they would flicker
LIFT = 0.01  # of the height; dots stand so much above the ground
FLOOR = 0.2  # of the height, below the lowest point
LIGHTING = {"ambient": 0.6, "diffuse": 0.7, "specular": 0.08, "roughness": 0.9, "fresnel": 0.05}
CAMERA = {"eye": {"x": 1.2, "y": -1.4, "z": 0.85}, "center": {"x": 0, "y": 0, "z": -0.12}}
LABEL = {"color": "white", "shadow": f"0 0 3px {colors.TEXT}, 0 0 5px {colors.TEXT}"}
WALLS = {
    "showbackground": True,
    "backgroundcolor": colors.WALL,
    "gridcolor": colors.GRID,
    "showspikes": False,
    "zeroline": False,
    "tickfont": {"size": 11},
}
EDGES = {
    "showgrid": False,
    "zeroline": False,
    "constrain": "domain",
    "ticks": "outside",
    "ticklen": 4,
    "automargin": True,
}


def surface_figure(scene: Scene) -> go.Figure:
    """Lit softly from one side, with contours on the floor."""
    low, high = scene.height_range
    floor, top = low - FLOOR * (high - low), high + 0.02 * (high - low)
    sheets = [
        go.Surface(
            z=layer.pick(scene.heights) + (HAIR * (high - low) if layer.is_above else 0),
            surfacecolor=layer.pick(scene.tones),
            cmin=scene.tone_range[0],
            cmax=scene.tone_range[1],
            contours={
                "z": {
                    **_levels(scene),
                    "show": True,
                    "color": colors.MUTED,
                    "project": {"z": not layer.is_above},
                }
            },
            lighting=LIGHTING,
            lightposition={"x": -2000, "y": -4000, "z": 3000},
            **_common(scene, layer),
        )
        for layer in skin_layers(scene)
    ]
    heights = scene.scale.forward([min(value, scene.clip) for _, value in scene.points])
    figure = go.Figure(sheets)
    if (shown := dots(scene)).any():
        lifted = scene.heights[shown] + LIFT * (high - low)
        figure.add_scatter3d(**_dots(scene, shown, 2), z=lifted)
    if scene.not_finite.any():
        figure.add_scatter3d(**_holes(scene, "x", 2), z=np.full(int(scene.not_finite.sum()), floor))
    figure.add_scatter3d(**_points(scene), z=np.where(np.isfinite(heights), heights, floor))
    value_axis = {"title": {"text": scene.title}, "range": [floor, top], **_value_ticks(scene).layout}
    figure.update_layout(
        scene={
            "xaxis": WALLS | _coordinates(scene, 0, "<br>"),
            "yaxis": WALLS | _coordinates(scene, 1, "<br>"),
            "zaxis": WALLS | value_axis,
            "aspectmode": "manual",
            "aspectratio": {"x": 1, "y": 1 / _slenderness(scene), "z": 0.6},
            "camera": CAMERA,
        }
    )
    return figure


def contour_figure(scene: Scene) -> go.Figure:
    """Even steps of height, drawn thin on their colours."""
    traces = [
        go.Contour(
            z=layer.pick(scene.tones),
            zmin=scene.tone_range[0],
            zmax=scene.tone_range[1],
            autocontour=False,
            contours={**_levels(scene), "coloring": "heatmap"},
            line={"color": colors.CONTOUR, "width": 0.7},
            connectgaps=False,
            **_common(scene, layer),
        )
        for layer in skin_layers(scene)
    ]
    return _flat(scene, traces)


def heatmap_figure(scene: Scene) -> go.Figure:
    """One rectangle a cell."""
    low, high = scene.tone_range
    traces = [
        go.Heatmap(z=layer.pick(scene.tones), zmin=low, zmax=high, hoverongaps=False, **_common(scene, layer))
        for layer in tile_layers(scene)
    ]
    return _flat(scene, traces, room=0.5)


def _flat(scene: Scene, traces: list[Any], room: float = 0.0) -> go.Figure:
    """Lay a picture flat, with ``room`` of a drawn step around its outermost cells."""
    figure = go.Figure(traces)
    if (shown := dots(scene)).any():
        figure.add_scatter(**_dots(scene, shown, 3), cliponaxis=False)
    if scene.not_finite.any():
        figure.add_scatter(**_holes(scene, "x-thin", 6), cliponaxis=False)
    figure.add_scatter(**_points(scene), textfont=LABEL, cliponaxis=False)
    x, y = (EDGES | _coordinates(scene, axis, "<br>") for axis in (0, 1))
    for side, places in (x, scene.x), (y, scene.y):
        edge = room * float(np.diff(places[:2]).sum())
        side["range"] = [side["range"][0] - edge, side["range"][1] + edge]
    y |= {"scaleanchor": "x", "scaleratio": _ratio(scene)}
    figure.update_layout(xaxis=x, yaxis=y, plot_bgcolor=colors.UNKNOWN)
    return figure


def _common(scene: Scene, layer: Layer) -> dict[str, Any]:
    """What every trace of cells has: places, colours, and raw values to read."""
    is_whole = bool(scene.measured.all())
    guessed = {} if is_whole else {"text": np.where(scene.measured, "", "<br>interpolated")}
    error = " ± %{customdata[1]:.2~g}" if np.any(scene.errors > 0) else ""
    bar = {"thickness": 12, "len": 0.86, "outlinewidth": 0, **_bar_ticks(scene).layout}
    return {
        "x": scene.x,
        "y": scene.y,
        "customdata": np.stack([scene.values, scene.errors], axis=-1),
        "colorscale": layer.colorscale,
        "showscale": layer.is_last and not scene.is_empty,
        "colorbar": {"title": {"text": scene.title, "side": "right"}, **bar},
        "name": scene.metric.name,
        "hovertemplate": "x %{x:.4~g}, y %{y:.4~g}<br>"
        f"{scene.metric_title} %{{customdata[0]:.4~g}}{error}{'' if is_whole else '%{text}'}<extra></extra>",
        **guessed,
    }


def _levels(scene: Scene) -> dict[str, float]:
    low, high = scene.height_range
    size = (high - low) / CONTOURS
    return {"start": low + size / 2, "end": high - size / 2, "size": size}


def _value_ticks(scene: Scene) -> Ticks:
    return scene.scale.ticks(*scene.height_range)


def _bar_ticks(scene: Scene) -> Ticks:
    """Raw values beside the colours; the end of the bar says where cells are cut off."""
    ticks = _value_ticks(scene)
    if not scene.clipped.any():
        return ticks
    clip = float(scene.scale.forward(scene.clip))
    below = [(v, label) for v, label in zip(ticks.values, ticks.labels, strict=True) if v < clip]
    marks = [*below, (clip, f"> {format_number(scene.clip)}")]
    return Ticks([value for value, _ in marks], [label for _, label in marks])


def _coordinates(scene: Scene, axis: int, gap: str) -> dict[str, Any]:
    low, high = _ends(scene, axis)
    return {
        "title": {"text": direction_title(scene.surface, axis, gap)},
        "range": [low, high],
        **Linear().ticks(low, high).layout,
    }


def _ends(scene: Scene, axis: int) -> tuple[float, float]:
    return scene.surface.grid.axes[axis].low, scene.surface.grid.axes[axis].high


def _ratio(scene: Scene) -> float:
    """Pixels a unit of y for each pixel a unit of x: 1, or what keeps the picture from being a sliver."""
    (left, right), (low, high) = _ends(scene, 0), _ends(scene, 1)
    return (right - left) / (high - low) / _slenderness(scene)


def _slenderness(scene: Scene) -> float:
    """Width over height of the picture."""
    (left, right), (low, high) = _ends(scene, 0), _ends(scene, 1)
    return float(np.clip((right - left) / (high - low), 1 / MOST_SLENDER, MOST_SLENDER))


def _holes(scene: Scene, symbol: str, size: int) -> dict[str, Any]:
    """A grey cross on every cell that isn't finite."""
    rows, columns = np.nonzero(scene.not_finite)
    return {
        "x": scene.x[columns],
        "y": scene.y[rows],
        "mode": "markers",
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": colors.HATCH,
            "line": {"color": colors.HATCH, "width": 1},
        },
        "name": "not finite",
        "showlegend": False,
        "hovertemplate": "x %{x:.4~g}, y %{y:.4~g}<br>not finite<extra></extra>",
    }


def _dots(scene: Scene, shown: NDArray[np.bool_], size: int) -> dict[str, Any]:
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


def _points(scene: Scene) -> dict[str, Any]:
    """A white dot on every labelled point within the picture."""
    return {
        "x": [point.coordinates[0] for point, _ in scene.points],
        "y": [point.coordinates[1] for point, _ in scene.points],
        "text": [escape(point.label, quote=False) for point, _ in scene.points],
        "mode": "markers+text",
        "textposition": "top center",
        "marker": {
            "symbol": "circle",
            "size": 6,
            "color": "white",
            "line": {"color": colors.TEXT, "width": 1},
        },
        "name": "points",
        "showlegend": False,
        "hoverinfo": "text",
    }
