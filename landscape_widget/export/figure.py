"""What does a surface look like, as a plotly figure?"""

from __future__ import annotations

import plotly.graph_objects as go

from landscape_widget.export import colors as palette
from landscape_widget.export.line import line_figure
from landscape_widget.export.plane import contour_figure, heatmap_figure, surface_figure
from landscape_widget.export.scale import SCALES
from landscape_widget.export.scene import create_scene
from landscape_widget.export.words import nothing_to_draw, subtitle, title
from landscape_widget.names import one_of
from landscape_widget.surface.surface import Surface

PLANES = {"surface": surface_figure, "contour": contour_figure, "heatmap": heatmap_figure}
KINDS = (*PLANES, "line")
MARGIN = {"l": 70, "r": 30, "t": 96, "b": 70}
MARGIN_3D = {"l": 10, "r": 10, "t": 80, "b": 10}


def figure(
    surface: Surface,
    kind: str | None = None,
    scale: str = "auto",
    *,
    metric: str = "loss",
    clip: float | None = None,
    colors: str = "cividis",
) -> go.Figure:
    """Draw the finest finished level of a surface and, lighter, the interpolated ground between its cells.

    A dot marks each measured cell while others aren't and there are at most 1,100 of them.
    Heights and colours are transformed, ticks and hover are raw values. Cells that are not finite are holes
    marked by grey crosses; they and clipped cells are counted in the subtitle.

    Args:
        surface: drawn as far as it is known.
        kind: ``"surface"`` (the default of a plane), ``"contour"``, ``"heatmap"``, or ``"line"``: the only
            kind for one direction; a plane is cut along the row nearest to the centre.
        scale: ``"linear"``, ``"log"`` (a stated shift where values are 0, asinh where some are negative) or
            ``"auto"``: log when the values pass two decades.
        metric: a name from ``surface.metrics``.
        clip: the largest value to draw.
        colors: ``"cividis"``, ``"viridis"``, ``"diverging"`` or ``"grey"``.

    Raises:
        ValueError: when one of these is unknown, naming the nearest, or doesn't fit the surface.
    """
    one_of(scale, SCALES, "scale")
    kind = _kind(surface, kind)
    scene = create_scene(surface, metric, scale, clip, colors)
    scene = scene.cut() if kind == "line" else scene
    drawn = line_figure(scene, scale) if kind == "line" else PLANES[kind](scene)
    drawn.update_layout(
        template="none",
        title={
            "text": title(scene),
            "subtitle": {"text": subtitle(scene), "font": {"color": palette.MUTED, "size": 12}},
            "x": 0.02,
            "xanchor": "left",
            "y": 0.95,
            "yanchor": "top",
        },
        font={"family": "system-ui, sans-serif", "size": 13, "color": palette.TEXT},
        margin=MARGIN_3D if kind == "surface" else MARGIN,
        paper_bgcolor="white",
    )
    if sentence := nothing_to_draw(scene):
        middle = {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper"}
        drawn.add_annotation(text=sentence, showarrow=False, bgcolor="white", **middle)
    return drawn


def _kind(surface: Surface, kind: str | None) -> str:
    is_line = surface.grid.y is None
    if kind is None:
        return "line" if is_line else "surface"
    if one_of(kind, KINDS, "kind") != "line" and is_line:
        raise ValueError(
            f"A surface with one direction is drawn as a line; got kind {kind!r}. "
            "Leave kind out, or compute with two directions."
        )
    return kind
