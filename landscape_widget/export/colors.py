"""Which colour stands for how much? The twin of js/src/figure/colors.ts and of the light theme."""

from __future__ import annotations

import numpy as np

from landscape_widget.names import one_of

STOPS = {
    "cividis": "00204c 002a66 00346e 273f6c 3c4a6b 4c556b 5b5f6d 686a70 757575 "
    "838178 928c78 a19876 b0a572 c0b16d d1bf66 e1cc5c f3db4f ffe945",
    "viridis": "440154 48186a 472d7b 424086 3b528b 33638d 2c728e 26828e 21918c "
    "1fa088 28ae80 3fbc73 5ec962 84d44b addc30 d8e219 fde725",
    "diverging": "053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f",
    "grey": "303030 5c5c5c 878787 b0b0b0 d6d6d6 f7f7f7",
}
TEXT, MUTED, GRID, WALL = "#1f2328", "#5f6670", "#d9dce1", "#f3f4f6"
UNKNOWN, HATCH, CLIPPED, CONTOUR = "#e2e4e8", "#8b929c", "#bcae9e", "#ffffff"
LIGHTER, LIGHTER_LINE = (
    0.3,
    0.55,
)  # how far interpolated ground, and a thin line of it, goes towards wall or paper
PAPER = "#ffffff"
LEFT, RIGHT = "#0b62a4", "#b35900"
RED = "#c1121f"  # of the accuracy in the paper
EARLY, LATE, DROP = "#efe3ff", "#4a1486", "#e0202c"  # the checkpoints of a path
TRAIL, HALO = "#2a1a45", "rgba(255,255,255,0.1)"

Colorscale = list[list[float | str]]


def colorscale(colors: str, clipped_share: float = 0.0) -> Colorscale:
    """Return the map as plotly takes it; its uppermost ``clipped_share`` has the colour of clipped cells."""
    stops = STOPS[one_of(colors, STOPS, "colors")].split()
    top = 1 - clipped_share
    scale: Colorscale = [[top * i / (len(stops) - 1), f"#{stop}"] for i, stop in enumerate(stops)]
    return [*scale, [top, CLIPPED], [1.0, CLIPPED]] if clipped_share else scale


def lighter(scale: Colorscale) -> Colorscale:
    """Return the map for ground that is interpolated."""
    return [[share, mix(str(color), WALL, LIGHTER)] for share, color in scale]


def mix(first: str, second: str, share: float) -> str:
    """``share`` of the second colour in the first; both #rrggbb."""
    a, b = (np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) for color in (first, second))
    return "#" + "".join(f"{int(channel):02x}" for channel in np.floor(a + (b - a) * share + 0.5))
