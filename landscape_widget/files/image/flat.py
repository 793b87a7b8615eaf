"""How does a plane look from above, on paper: as contours, as a heat map?"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from landscape_widget.export import colors
from landscape_widget.export.axes import bar_ticks, ratio
from landscape_widget.export.colors import Colorscale
from landscape_widget.export.ground import drawn as drawn_part
from landscape_widget.export.layers import Layer, skin_layers, tile_layers
from landscape_widget.export.scene import Scene
from landscape_widget.files.image.strokes import add_trace, dress
from landscape_widget.files.image.words import AXIS, TICKS, broken, plain
from landscape_widget.surface.under import between
from landscape_widget.values import State

Numbers = NDArray[np.float64]

FINE = 600  # pixels along each side that contours' colours are drawn with
LENGTH = 60  # letters a line of an axis title
BAR = (1.03, 0.07, 0.035, 0.86)  # beside the picture, shares of it
HOLE, CLOSE = "//////", "\\\\\\\\"
Box = tuple[float, float, float, float]


def draw_flat(paper: Figure, drawn: Any, scene: Scene, kind: str, box: Box) -> None:
    """Draw the ground, hatch where there is none or it is not to be trusted, and all marks upon it.

    Args:
        paper: what it stands on.
        drawn: the same picture as plotly has it.
        scene: what both are drawn from.
        kind: ``"contour"`` or ``"heatmap"``.
        box: left, bottom, width and height, shares of the paper.
    """
    paper.set_layout_engine("constrained", rect=box, w_pad=0.08, h_pad=0.06)
    axes = paper.add_subplot(facecolor=colors.UNKNOWN)
    grounds = _smooth if kind == "contour" else _tiles
    layers = (skin_layers if kind == "contour" else tile_layers)(scene) if scene.values.size else []
    _hatch(axes, scene, scene.holes, HOLE, order=1, reach=1.0 if kind == "contour" else 0.5)
    for layer in layers:
        shown = grounds(axes, scene, layer)
        if layer.is_last and not scene.is_empty:
            _bar(paper, axes, scene, shown)
    _hatch(axes, scene, _unconverged(scene), CLOSE, order=3)
    for side, name in ("xaxis", "x"), ("yaxis", "y"):
        layout = drawn.layout[side]
        axes.set(**{f"{name}lim": layout.range})
        getattr(axes, f"set_{name}ticks")(layout.tickvals, layout.ticktext, **TICKS)
        getattr(axes, f"set_{name}label")(broken(layout.title.text, LENGTH), **AXIS)
    for number, trace in enumerate(drawn.data):
        if trace.type == "scatter" and trace.name != "not finite":
            add_trace(axes, trace, order=4 + number)
    for note in drawn.layout.annotations:
        axes.text(0.5, 0.5, plain(note.text), transform=axes.transAxes, ha="center", **AXIS)
    axes.set_aspect(ratio(scene))
    dress(axes)


def colormap(scale: Colorscale) -> LinearSegmentedColormap:
    """Return plotly's colour scale as matplotlib's."""
    stops: list[Any] = [(float(share), str(color)) for share, color in scale]
    return LinearSegmentedColormap.from_list("scene", stops, N=1024)


def _smooth(axes: Axes, scene: Scene, layer: Layer) -> Any:
    """Straight between the cells."""
    across, along = (np.linspace(side[0], side[-1], FINE) for side in (scene.x, scene.y))
    places = np.stack(np.meshgrid(across, along), axis=-1).reshape(-1, 2)
    tones = between([scene.x, scene.y], layer.pick(scene.tones), places).reshape(FINE, FINE)
    return axes.imshow(
        np.ma.masked_invalid(tones),
        origin="lower",
        extent=(scene.x[0], scene.x[-1], scene.y[0], scene.y[-1]),
        interpolation="nearest",
        **_look(scene, layer),
    )


def _tiles(axes: Axes, scene: Scene, layer: Layer) -> Any:
    tones = np.ma.masked_invalid(layer.pick(scene.tones))
    return axes.pcolormesh(_edges(scene.x), _edges(scene.y), tones, rasterized=True, **_look(scene, layer))


def _look(scene: Scene, layer: Layer) -> dict[str, Any]:
    low, high = scene.tone_range
    cmap = colormap(layer.colorscale)
    return {"cmap": cmap, "vmin": low, "vmax": high, "zorder": 2}


def _bar(paper: Figure, axes: Axes, scene: Scene, shown: Any) -> None:
    ticks = bar_ticks(scene)
    bar = paper.colorbar(shown, cax=axes.inset_axes(BAR))
    bar.outline.set_visible(False)  # type: ignore[operator]
    bar.ax.set_yticks(ticks.values, ticks.labels, **TICKS)
    bar.ax.set_ylabel(plain(scene.title), **AXIS)
    bar.ax.tick_params(length=2, width=0.5, color=colors.MUTED)
    bar.ax.minorticks_off()


def _unconverged(scene: Scene) -> NDArray[np.bool_]:
    return drawn_part(scene.surface, scene.surface.state) == State.UNCONVERGED


def _hatch(
    axes: Axes, scene: Scene, cells: NDArray[np.bool_], hatch: str, *, order: int, reach: float = 0.5
) -> None:
    """Hatch some cells, ``reach`` of the way to those beside them."""
    if not cells.any():
        return
    rows, columns = np.nonzero(cells)
    (left, right), (low, high) = _around(scene.x, reach), _around(scene.y, reach)
    x = np.stack([left[columns], right[columns], right[columns], left[columns]], axis=-1)
    y = np.stack([low[rows], low[rows], high[rows], high[rows]], axis=-1)
    axes.add_collection(
        PolyCollection(
            np.stack([x, y], axis=-1),  # type: ignore[arg-type]
            facecolor="none",
            edgecolor=colors.HATCH,
            linewidth=0,
            hatch=hatch,
            zorder=order,
            label="not finite" if hatch == HOLE else "not converged",
        ),
        autolim=False,
    )


def _around(places: Numbers, reach: float) -> tuple[Numbers, Numbers]:
    before, after = np.diff(places, prepend=np.nan), np.diff(places, append=np.nan)
    before, after = np.where(np.isnan(before), after, before), np.where(np.isnan(after), before, after)
    return places - reach * before, places + reach * after


def _edges(places: Numbers) -> Numbers:
    low, high = _around(places, 0.5)
    return np.append(low, high[-1:])
