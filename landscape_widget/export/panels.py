"""How does a picture become one of several? Its axes get a number, and their place in the matrix."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from landscape_widget.export.matrix import Cell

FARTHER = 1.3
BAR = 0.012  # of the whole, between a picture and its colour bar


def add_panel(
    figure: go.Figure, picture: go.Figure, number: int, cell: Cell, *, has_bar: bool, is_shared: bool
) -> None:
    """Put a picture into a cell; the first one's legend and colour bar serve for all that share them."""
    axes = _axes_of(number)
    traces: tuple[Any, ...] = picture.data  # type: ignore[assignment]
    for trace in (shown.to_plotly_json() for shown in traces):
        changes = _placed(trace, axes, number) | _told(trace, number)
        if "showscale" in trace:
            bar = trace["colorbar"] | _bar(cell, is_shared)
            bar |= {"title": _sized(bar["title"], 12), "tickfont": {"size": 11}}
            changes |= {"showscale": bool(trace["showscale"] and has_bar), "colorbar": bar}
        figure.add_trace(trace | changes)
    layout = picture.layout.to_plotly_json()
    figure.update_layout(_numbered(layout, axes, number, cell))
    for kind in "annotations", "shapes":
        for mark in layout.get(kind, ()):
            refs = {name: _renamed(mark.get(name, name[0]), axes) for name in ("xref", "yref")}
            getattr(figure, f"add_{kind.removesuffix('s')}")(**{**mark, **refs})


def _placed(trace: dict[str, Any], axes: dict[str, str], number: int) -> dict[str, Any]:
    if trace["type"] in ("surface", "scatter3d"):
        return {"scene": f"scene{number}"}
    return {"xaxis": axes["x"], "yaxis": axes[trace.get("yaxis", "y")]}


def _told(trace: dict[str, Any], number: int) -> dict[str, Any]:
    """A curve is named once in the legend."""
    if trace["type"] != "scatter":
        return {}
    return {"legendgroup": trace["name"], "showlegend": trace.get("showlegend", True) and number == 1}


def _axes_of(number: int) -> dict[str, str]:
    """Each picture has one axis across, and two up: a line's accuracy stands on the second."""
    across, up = (str(index) if index > 1 else "" for index in (number, 2 * number - 1))
    return {"x": f"x{across}", "y": f"y{up}", "y2": f"y{2 * number}"}


def _numbered(layout: dict[str, Any], axes: dict[str, str], number: int, cell: Cell) -> dict[str, Any]:
    """The axes of one picture under their new names; titles at the outer edges only."""
    if "scene" in layout:
        return {f"scene{number}": _small(layout["scene"]) | {"domain": {"x": cell.x, "y": cell.y}}}
    across = layout["xaxis"] | {"domain": cell.x, "anchor": axes["y"]}
    up = layout["yaxis"] | {"domain": cell.y, "anchor": axes["x"]}
    if "scaleanchor" in up:
        up["scaleanchor"] = axes["x"]
    made = {_key(axes["x"]): _titled(across, cell.is_lowest), _key(axes["y"]): _titled(up, cell.is_first)}
    if "yaxis2" in layout:
        right = layout["yaxis2"] | {"anchor": axes["x"], "overlaying": axes["y"]}
        made[_key(axes["y2"])] = _titled(right, cell.is_last)
    kept = {name: layout[name] for name in ("plot_bgcolor",) if name in layout}
    return kept | made


def _titled(axis: dict[str, Any], is_outer: bool) -> dict[str, Any]:
    title = _sized(axis["title"], 12) if is_outer else {"text": ""}
    return axis | {"title": title, "tickfont": _sized({"font": axis.get("tickfont", {})}, 11)["font"]}


def _small(scene: dict[str, Any]) -> dict[str, Any]:
    """Space seen from farther away, directions by number only, the metric beside its colours alone."""
    eye = {side: FARTHER * at for side, at in scene["camera"]["eye"].items()}
    small = {"camera": scene["camera"] | {"eye": eye}}
    for axis in "xaxis", "yaxis", "zaxis":
        text = "" if axis == "zaxis" else scene[axis]["title"]["text"].partition(":")[0]
        small[axis] = scene[axis] | {"title": _sized({"text": text}, 10), "tickfont": {"size": 9}}
    return scene | small


def _sized(title: dict[str, Any], size: int) -> dict[str, Any]:
    return title | {"font": title.get("font", {}) | {"size": size}}


def _bar(cell: Cell, is_shared: bool) -> dict[str, Any]:
    """Right of everything, or right of its own picture."""
    if is_shared:
        return {"x": 1.0, "xpad": 16}
    tall = cell.y[1] - cell.y[0]
    return {"x": cell.x[1] + BAR, "xpad": 0, "y": sum(cell.y) / 2, "len": tall}


def _renamed(ref: str, axes: dict[str, str]) -> str:
    name, *domain = ref.split(" ")
    return " ".join([axes.get(name, name), *domain])


def _key(axis: str) -> str:
    """ "x3" is "xaxis3" in a layout."""
    return f"{axis[0]}axis{axis[1:]}"
