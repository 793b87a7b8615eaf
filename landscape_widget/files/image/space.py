"""How does a plane look as a lit surface in space, on paper?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from landscape_widget.export import colors
from landscape_widget.export.axes import bar_ticks, slenderness
from landscape_widget.export.layers import skin_layers
from landscape_widget.export.scene import Scene
from landscape_widget.export.space import CAMERA, HEIGHT
from landscape_widget.files.image.flat import colormap
from landscape_widget.files.image.skin import floor_lines, skin
from landscape_widget.files.image.strokes import add_trace
from landscape_widget.files.image.words import AXIS, TICKS, broken, plain

BAR, AWAY = 0.17, 0.04  # of the width, for the colour bar; room for the ticks beside it
LENGTH, SHORT = 36, 24  # letters a line of an axis title, and along a short side
ZOOM, SMALLER = 1.12, 0.08  # as large as fits, and less for each more that one side is longer
PAD = 5.0  # points between ticks and titles
Box = tuple[float, float, float, float]
Numbers = NDArray[np.float64]


def draw_space(
    paper: Figure, drawn: Any, scene: Scene, box: Box, camera: Mapping[str, Any] | None = None
) -> None:
    """Draw the skin from behind to the front, lines on the floor below it, marks and paths upon it."""
    left, bottom, width, height = box
    axes: Any = paper.add_axes((left, bottom, width - BAR, height), projection="3d", computed_zorder=False)
    eye = view_of(camera)
    _dress(axes, drawn, scene, eye)
    if scene.values.size:
        for line in floor_lines(scene):
            axes.add_collection(line, autolim=False)
        axes.add_collection(skin(scene, eye), autolim=False)
    for number, trace in enumerate(drawn.data):
        if trace.type == "scatter3d" and trace.name != "levels":
            add_trace(axes, trace, order=4 + number)
    for note in drawn.layout.annotations:
        axes.text2D(0.5, 0.5, plain(note.text), transform=axes.transAxes, ha="center", **AXIS)
    if not scene.is_empty:
        _bar(paper, scene, (left + width - BAR + AWAY, bottom + 0.2 * height, 0.018, 0.6 * height))


def view_of(camera: Mapping[str, Any] | None) -> Numbers:
    """Return float64[3], where a camera looks from, or the usual one, in the sides of the box."""
    eye = np.array([(camera or CAMERA)["eye"][side] for side in "xyz"], float)
    return eye / np.linalg.norm(eye)


def sides_of_box(scene: Scene) -> tuple[float, float, float]:
    """Width, depth and height, as plotly has them."""
    return 1.0, 1 / slenderness(scene), HEIGHT * scene.view.height


def _dress(axes: Any, drawn: Any, scene: Scene, eye: Numbers) -> None:
    x, y, z = eye
    axes.view_init(elev=float(np.degrees(np.arcsin(z))), azim=float(np.degrees(np.arctan2(y, x))))
    axes.set_proj_type("ortho")
    stretched = max(slenderness(scene), 1 / slenderness(scene)) - 1
    axes.set_box_aspect(sides_of_box(scene), zoom=ZOOM / (1 + SMALLER * stretched))
    for name in "xyz":
        layout = drawn.layout.scene[f"{name}axis"]
        axis = getattr(axes, f"{name}axis")
        getattr(axes, f"set_{name}lim")(layout.range)
        is_short = name == ("x" if slenderness(scene) < 1 else "y") and stretched > 1
        ticks = _sparse(layout) if is_short else (layout.tickvals, layout.ticktext)
        getattr(axes, f"set_{name}ticks")(*ticks, **TICKS)
        if name != "z":  # the colour bar bears that title
            title = broken(layout.title.text, SHORT if is_short else LENGTH)
            getattr(axes, f"set_{name}label")(
                title, **AXIS, labelpad=PAD * (1 + stretched * (0.5 if is_short else 1))
            )
        axis.set_pane_color(colors.WALL)
        axis.line.set(color=colors.GRID, linewidth=0.6)
        axis.set_tick_params(pad=0, length=0)
        axis._axinfo["grid"].update(color=colors.GRID, linewidth=0.6)
        axis._axinfo["tick"].update(inward_factor=0.0, outward_factor=0.0)


def _sparse(layout: Any) -> tuple[list[float], list[str]]:
    """Every second tick, 0 among them: there is room for no more."""
    first = list(layout.tickvals).index(0) % 2 if 0 in layout.tickvals else 0
    return list(layout.tickvals[first::2]), list(layout.ticktext[first::2])


def _bar(paper: Figure, scene: Scene, box: Box) -> None:
    low, high = scene.tone_range
    ticks = bar_ticks(scene)
    shown = ScalarMappable(Normalize(low, high), colormap(skin_layers(scene)[-1].colorscale))
    bar = paper.colorbar(shown, cax=paper.add_axes(box))
    bar.outline.set_visible(False)  # type: ignore[operator]
    bar.ax.set_yticks(ticks.values, ticks.labels, **TICKS)
    bar.ax.set_ylabel(plain(scene.title), **AXIS)
    bar.ax.tick_params(length=2, width=0.5, color=colors.MUTED)
    bar.ax.minorticks_off()
