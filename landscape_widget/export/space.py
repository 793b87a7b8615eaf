"""How does a plane look as a lit surface in space?"""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from landscape_widget.export import colors
from landscape_widget.export.axes import cells_of, coordinates, slenderness, value_ticks
from landscape_widget.export.isolines import isolines
from landscape_widget.export.landmarks import mark_traces
from landscape_widget.export.layers import dots, skin_layers
from landscape_widget.export.levels import chosen_levels, even_levels, level_heights
from landscape_widget.export.marks import (
    dot_marks,
    doubt_marks,
    hole_marks,
    triangle,
    triangle_line,
)
from landscape_widget.export.path import path_in_space
from landscape_widget.export.pins import pin_marks, under_pins
from landscape_widget.export.scene import Scene
from landscape_widget.export.titles import in_space
from landscape_widget.surface.under import between

HAIR = 0.002  # of the height; of two sheets the upper lies so much higher, or they would flicker
LIFT = 0.01  # of the height; what lies on the ground stands so much above it
HEIGHT = 0.6  # of the width
LIGHTING = {"ambient": 0.6, "diffuse": 0.7, "specular": 0.08, "roughness": 0.9, "fresnel": 0.05}
CAMERA = {"eye": {"x": 1.2, "y": -1.4, "z": 0.85}, "center": {"x": 0, "y": 0, "z": -0.12}}
WALLS = {
    "showbackground": True,
    "backgroundcolor": colors.WALL,
    "gridcolor": colors.GRID,
    "showspikes": False,
    "zeroline": False,
    "tickfont": {"size": 11},
}


def surface_figure(scene: Scene) -> go.Figure:
    """Lit softly from one side, with contours on the floor."""
    low, high = scene.height_range
    floor, top = scene.floor, high + 0.02 * (high - low)
    levels = chosen_levels(scene)
    figure = go.Figure(_sheets(scene, is_lined=levels is None))
    if levels:
        figure.add_scatter3d(**_level_lines(scene, levels, floor))
    if (shown := dots(scene)).any():
        lifted = scene.heights[shown] + LIFT * (high - low)
        figure.add_scatter3d(**dot_marks(scene, shown, 2), z=lifted)
    if scene.holes.any():
        figure.add_scatter3d(**hole_marks(scene, "x", 2), z=np.full(int(scene.holes.sum()), floor))
    if scene.unconverged.any():
        lifted = scene.heights[scene.unconverged & ~scene.holes] + LIFT * (high - low)
        figure.add_scatter3d(**doubt_marks(scene, "x", 3), z=lifted)
    if (sides := triangle(scene)) is not None:
        over = between([scene.x, scene.y], scene.heights, sides) + LIFT * (high - low)
        figure.add_scatter3d(x=sides[:, 0], y=sides[:, 1], z=over, **triangle_line(colors.TEXT))
    figure.add_traces(path_in_space(scene))
    for marks in mark_traces(scene):
        heights = scene.height(np.array(marks["customdata"])) + LIFT * (high - low)
        marks["text"] = [in_space(label) for label in marks["text"]]
        standing = np.where(np.isfinite(heights), heights, floor)
        figure.add_scatter3d(**marks, z=standing, textfont={"size": 11})
    if scene.view.pins and scene.values.size:
        pins = pin_marks(scene.surface, scene.view.pins)
        pins["text"] = [in_space(note) for note in pins["text"]]
        under = under_pins([scene.x, scene.y], scene.heights, pins) + LIFT * (high - low)
        figure.add_scatter3d(**pins, z=np.where(np.isfinite(under), under, floor))
    value_axis = {
        "title": {"text": in_space(scene.title)},
        "range": [floor, top],
        **value_ticks(scene).layout,
    }
    figure.update_layout(
        scene={
            "xaxis": WALLS | _named(coordinates(scene, 0)),
            "yaxis": WALLS | _named(coordinates(scene, 1)),
            "zaxis": WALLS | value_axis,
            "aspectmode": "manual",
            "aspectratio": {"x": 1, "y": 1 / slenderness(scene), "z": HEIGHT * scene.view.height},
            "camera": CAMERA,
        }
    )
    return figure


def _named(axis: dict[str, Any]) -> dict[str, Any]:
    return axis | {"title": axis["title"] | {"text": in_space(axis["title"]["text"])}}


def _sheets(scene: Scene, *, is_lined: bool) -> list[go.Surface]:
    low, high = scene.height_range
    return [
        go.Surface(
            z=layer.pick(scene.heights) + (HAIR * (high - low) if layer.is_above else 0),
            surfacecolor=layer.pick(scene.tones),
            cmin=scene.tone_range[0],
            cmax=scene.tone_range[1],
            contours={
                "z": {
                    **even_levels(scene),
                    "show": is_lined,
                    "color": colors.MUTED,
                    "project": {"z": is_lined and not layer.is_above},
                }
            },
            lighting=LIGHTING,
            lightposition={"x": -2000, "y": -4000, "z": 3000},
            **cells_of(scene, layer),
        )
        for layer in skin_layers(scene)
    ]


def _level_lines(scene: Scene, levels: tuple[float, ...], floor: float) -> dict[str, Any]:
    """Each level on the ground, and once more on the floor."""
    low, high = scene.height_range
    x, y, z = [], [], []
    for height in level_heights(scene, levels):
        across, along = isolines(scene.x, scene.y, scene.heights, height)
        for at in height, floor:
            x.append(across)
            y.append(along)
            z.append(np.full(len(across), at + HAIR * (high - low)))
    return {
        "x": np.concatenate(x),
        "y": np.concatenate(y),
        "z": np.concatenate(z),
        "mode": "lines",
        "line": {"color": colors.MUTED, "width": 1.5},
        "name": "levels",
        "meta": list(levels),
        "showlegend": False,
        "hoverinfo": "skip",
    }
