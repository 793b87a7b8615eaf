"""How do lines, markers, bands and names of a plotly figure look on paper?"""

from __future__ import annotations

from itertools import repeat
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patheffects import Stroke
from mpl_toolkits.mplot3d.proj3d import proj_transform

from landscape_widget.export import colors
from landscape_widget.files.image.inside import inside, limits_of, pieces
from landscape_widget.files.image.words import FONT, plain

POINT = 0.72  # points a pixel: a picture of 700 pixels is seven inches wide
DASHES = {"dash": (0, (5, 2.5)), "dot": (0, (1.2, 2)), "solid": "solid"}
SYMBOLS = {"x-thin": "x", "x": "x", "circle": "o", "square": "s", "diamond": "D"}
LIFTED = 4.0  # pixels a name stands above its marker

Ink = tuple[float, float, float, float]


def ink(color: Any, opacity: float | None = None) -> Ink:
    """Return a colour of plotly's, ``rgba(255,255,255,0.1)`` too."""
    if isinstance(color, str) and color.startswith("rgba("):
        red, green, blue, alpha = (float(part) for part in color[5:-1].split(","))
        return red / 255, green / 255, blue / 255, alpha if opacity is None else alpha * opacity
    return to_rgba(color, opacity)


def add_trace(axes: Any, trace: Any, order: float) -> None:
    """Draw a scatter of plotly's, flat or in space, as lines, band, markers, names: whatever it has.

    Nothing of it leaves the axes, whose limits are set before; marks on their edge are whole.
    """
    at = [_numbers(trace[name]) for name in ("x", "y", "z") if name in trace]
    places, limits = np.stack(at, axis=1), limits_of(axes, len(at))
    mode = trace.mode or "lines"
    if "lines" in mode and "fill" in trace and trace.fill == "toself":
        axes.fill(*at, color=ink(trace.fillcolor, trace.opacity), linewidth=0, zorder=order)
    elif "lines" in mode and trace.line.width != 0:
        axes.plot(*pieces(places, limits).T, **_line(trace), zorder=order, label=f"{trace.name}")
    held = inside(places, limits)
    if "markers" in mode and held.any():
        axes.scatter(
            *np.where(held[:, None], places, np.nan).T,
            **_markers(trace, len(at)),
            zorder=order,
            label=f"{trace.name} marks",
        )
    if "text" in mode:
        sides = trace.textposition if isinstance(trace.textposition, tuple) else repeat(trace.textposition)
        for place, text, side, is_held in zip(places, trace.text or (), sides, held, strict=False):
            if is_held:
                add_name(axes, _seen(axes, place), text, trace, order, side)


def add_name(
    axes: Any, place: tuple[float, float], text: str, trace: Any, order: float, side: str | None = None
) -> None:
    """In a halo, beside its marker; the halo is a shape, the name itself text."""
    up, across = (side or "top center").split()
    is_below = up == "bottom"
    lifted = (LIFTED if "markers" in trace.mode else 0) * POINT * (-1 if is_below else 1)
    color = trace.textfont.color or colors.TEXT
    around = colors.PAPER if color == colors.TEXT else colors.TEXT
    halo = [Stroke(linewidth=2.2, foreground=ink(around, 0.75))]
    for effects in (halo, None):
        axes.annotate(
            plain(text),
            place,
            (0, lifted),
            textcoords="offset points",
            ha={"left": "right", "right": "left"}.get(across, "center"),
            va=("top" if is_below else "bottom") if lifted else "center",
            size=(trace.textfont.size or 13) * POINT,
            color=color,
            family=FONT,
            parse_math=False,
            path_effects=effects,
            zorder=order,
        )


def _line(trace: Any) -> dict[str, Any]:
    return {
        "color": ink(trace.line.color, trace.opacity),
        "linewidth": (trace.line.width or 2) * POINT,
        "linestyle": DASHES[trace.line.dash or "solid"],
        "solid_capstyle": "round",
    }


def _markers(trace: Any, dimensions: int) -> dict[str, Any]:
    marker = trace.marker
    sizes = np.asarray(6.0 if marker.size is None else marker.size, float) * POINT
    fill = next(color for color in (marker.color, trace.line.color, marker.line.color) if color is not None)
    symbol = SYMBOLS[marker.symbol or "circle"]
    inks = [ink(one) for one in fill] if isinstance(fill, tuple | list | np.ndarray) else [ink(fill)]
    edge = {} if symbol == "x" else {"edgecolors": [ink(marker.line.color or colors.PAPER)]}
    width = marker.line.width
    return {
        "s": sizes**2,
        "c": inks,
        "marker": symbol,
        "linewidths": (0.0 if width is None else float(width)) * POINT,
        "clip_on": False,
        **edge,
        **({"depthshade": False} if dimensions == 3 else {}),
    }


def _seen(axes: Any, place: np.ndarray) -> tuple[float, float]:
    """Return where a place in space stands on the paper."""
    x, y = place[:2] if len(place) == 2 else proj_transform(place[0], place[1], place[2], axes.get_proj())[:2]
    return float(x), float(y)


def _numbers(values: Any) -> np.ndarray:
    return np.asarray([] if values is None else values, float)


def dress(axes: Axes) -> None:
    """Thin quiet lines around the picture."""
    for spine in axes.spines.values():
        spine.set(color=colors.MUTED, linewidth=0.6)
    axes.tick_params(length=2.5, width=0.6, color=colors.MUTED)
