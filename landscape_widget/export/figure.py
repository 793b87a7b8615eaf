"""What does a surface look like, as a plotly figure?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from landscape_widget.export import colors as palette
from landscape_widget.export.line import line_figure
from landscape_widget.export.plane import contour_figure, heatmap_figure
from landscape_widget.export.scene import Scene, create_scene
from landscape_widget.export.space import surface_figure
from landscape_widget.export.view import View
from landscape_widget.export.weights import weights_figure
from landscape_widget.export.words import nothing_to_draw, subtitle, title
from landscape_widget.names import one_of
from landscape_widget.surface.surface import Surface

PLANES = {"surface": surface_figure, "contour": contour_figure, "heatmap": heatmap_figure}
KINDS = (*PLANES, "line", "weights")
MARGIN = {"l": 70, "r": 30, "t": 96, "b": 70}
LINE_HEIGHT = 16  # of the subtitle's third line and further ones
MARGIN_3D = {"l": 10, "r": 10, "t": 80, "b": 10}


def figure(
    surface: Surface,
    kind: str | None = None,
    scale: str = "auto",
    *,
    metric: str = "loss",
    clip: float | None = None,
    limits: tuple[float, float] | None = None,
    levels: str | Sequence[float] = "auto",
    preset: str | None = None,
    colors: str = "cividis",
    moment: int | None = None,
    height: float = 1.0,
    pins: Sequence[Mapping[str, Any]] = (),
) -> go.Figure:
    """Draw the finest finished level of a surface and, lighter, the interpolated ground between its cells.

    A dot marks each measured cell while others aren't and there are at most 1,100 of them.
    Heights and colours are transformed, ticks and hover are raw values. Cells that are not finite are holes
    marked by grey crosses; they, clipped cells, and those that did not converge, crossed too, are counted in
    the subtitle. A path is drawn in all kinds
    but a plane's cut, each checkpoint at its own value where there are heights.

    Args:
        surface: drawn as far as it is known.
        kind: ``"surface"`` (the default of a plane), ``"contour"``, ``"heatmap"``, or ``"line"``: the only
            kind for one direction; a plane is cut along the row nearest to the centre. ``"weights"``: how
            large the weights of the models are, and ‖θ‖ along training (Li et al. 2018, figure 2).
        scale: ``"linear"``, ``"log"`` (a stated shift where values are 0, asinh where some are negative),
            ``"paper"``: ln(value + 0.1), or ``"auto"``: log when the values pass two decades.
        metric: a name from ``surface.metrics``, or of a map, whose own limits and colours are drawn unless
            you give others.
        clip: the largest value to draw.
        limits: values at both ends of heights and colours, of a line's left axis; what lies outside is drawn
            at the end.
        levels: of contour lines: ``"auto"``, ``"paper"`` (0.1, 0.6, …, 9.6; beside a path also 10, 100, …,
            10⁸), or values that rise.
        preset: ``"paper"``: scale, clip, levels and limits as Li et al. (2018) draw this kind, where you
            don't give your own.
        colors: ``"cividis"``, ``"viridis"``, ``"diverging"`` or ``"grey"``.
        moment: how many checkpoints of a path to draw; all by default.
        height: of a surface in space: 2 is twice as high, from 0.25 to 4.
        pins: notes at places, ``{"x": 0.5, "y": 0, "text": "flat"}``, on a line without y.

    Raises:
        ValueError: when one of these is unknown, naming the nearest, or doesn't fit the surface.
    """
    kind, asked = kind_for(surface, kind), levels if isinstance(levels, str) else tuple(levels)
    view = View(metric, scale, clip, limits, asked, colors, moment, height, tuple(pins))
    drawn, scene = posed(surface, kind, view, preset)
    if scene is None:
        return dressed(drawn, {})
    said = subtitle(scene)
    margin = MARGIN_3D if kind == "surface" else MARGIN
    room = LINE_HEIGHT * max(0, said.count("<br>") - 1)
    layout = {"title": heading(title(scene), said), "margin": margin | {"t": margin["t"] + room}}
    return dressed(drawn, layout)


def posed(surface: Surface, kind: str, view: View, preset: str | None) -> tuple[go.Figure, Scene | None]:
    """Return the picture without what stands around it, and what it was drawn from; weights have no scene."""
    if kind == "weights":
        return weights_figure(surface), None
    held = surface.map(view.metric)
    fact = held.metrics[held.row(view.metric)]
    drawn, scene = draw(held, kind, view.with_preset(preset, kind, fact))
    if sentence := nothing_to_draw(scene):
        middle = {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper"}
        drawn.add_annotation(text=sentence, showarrow=False, bgcolor="white", **middle)
    return drawn, scene


def draw(surface: Surface, kind: str, view: View) -> tuple[go.Figure, Scene]:
    """Return the bare picture of a kind that fits the surface, and what it was drawn from."""
    scene = create_scene(surface, view)
    if kind == "line":
        scene = scene.cut()
        return line_figure(scene), scene
    return PLANES[kind](scene), scene


def heading(text: str, subtitle: str) -> dict[str, Any]:
    """Title and subtitle, at the left above the picture."""
    return {
        "text": text,
        "subtitle": {"text": subtitle, "font": {"color": palette.MUTED, "size": 12}},
        "x": 0.02,
        "xanchor": "left",
        "y": 0.95,
        "yanchor": "top",
    }


def dressed(drawn: go.Figure, layout: dict[str, Any]) -> go.Figure:
    """Give a picture our type and paper."""
    font = {"family": "system-ui, sans-serif", "size": 13, "color": palette.TEXT}
    return drawn.update_layout(template="none", font=font, paper_bgcolor="white", **layout)


def kind_for(surface: Surface, kind: str | None) -> str:
    """Return the kind asked for, or the usual one.

    Raises:
        ValueError: when it is unknown, or doesn't fit the surface.
    """
    is_line = surface.grid.y is None
    if kind is None:
        return "line" if is_line else "surface"
    if one_of(kind, KINDS, "kind") in PLANES and is_line:
        raise ValueError(
            f"A surface with one direction is drawn as a line; got kind {kind!r}. "
            "Leave kind out, or compute with two directions."
        )
    return kind
