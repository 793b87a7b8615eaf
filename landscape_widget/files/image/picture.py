"""What stands on the paper: title, what is said of the picture, the picture, its settings in small print?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from landscape_widget.export import colors
from landscape_widget.export.axes import slenderness
from landscape_widget.export.figure import posed
from landscape_widget.export.scene import Scene
from landscape_widget.export.view import View
from landscape_widget.export.words import said_of, title, wrapped
from landscape_widget.files.image.chart import draw_chart
from landscape_widget.files.image.flat import draw_flat
from landscape_widget.files.image.footer import footer_of
from landscape_widget.files.image.space import draw_space
from landscape_widget.files.image.words import FONT, plain
from landscape_widget.surface.surface import Surface

ASPECTS = {"line": 0.68, "weights": 0.55, "surface": 0.86}
"""Height for width of what isn't seen from above."""

PLANE, AROUND = 0.72, 0.16  # of the width: a square plane, and what stands above and below
LOWEST, HIGHEST = 0.4, 1.1
INCH = 72.0  # points
TITLE, SAID, SMALL = 11.0, 7.5, 5.0  # points
LINE = 1.35  # of the size of the type
MARGIN = 0.12  # inches
LETTER = 0.52  # of the size of the type, the width of one


def picture(
    surface: Surface,
    kind: str,
    view: View,
    preset: str | None,
    width: float,
    height: float | None,
    camera: Mapping[str, Any] | None = None,
) -> Figure:
    """Draw a kind that fits the surface; sizes are inches, and only what stands in space has a camera."""
    drawn, scene = posed(surface, kind, view, preset)
    height = width * _aspect(kind, scene) if height is None else height
    paper = Figure(figsize=(width, height), facecolor=colors.PAPER)
    heading = surface.settings.get("name") or "weights" if scene is None else plain(title(scene))
    said = [] if scene is None else _lines(said_of(scene), width, SAID)
    small = _lines(footer_of(surface if scene is None else scene.surface), width, SMALL)
    top = _above(paper, str(heading), said)
    bottom = _below(paper, small)
    box = (0.0, bottom, 1.0, top - bottom)
    if scene is None or kind == "line":
        draw_chart(paper, drawn, box)
    elif kind == "surface":
        draw_space(paper, drawn, scene, box, camera)
    else:
        draw_flat(paper, drawn, scene, kind, box)
    return paper


def _aspect(kind: str, scene: Scene | None) -> float:
    if kind in ASPECTS or scene is None:
        return ASPECTS[kind]
    return min(max(PLANE / slenderness(scene), LOWEST), HIGHEST) + AROUND


def _above(paper: Figure, heading: str, said: list[str]) -> float:
    """Write title and what is said; return where they end, a share of the height."""
    height = paper.get_figheight()
    top = height - MARGIN
    for text, size, color in [(heading, TITLE, colors.TEXT), *((line, SAID, colors.MUTED) for line in said)]:
        _write(paper, text, top / height, size, color, "top")
        top -= LINE * size / INCH
    return (top - MARGIN / 2) / height


def _below(paper: Figure, small: list[str]) -> float:
    height = paper.get_figheight()
    bottom = MARGIN
    for text in reversed(small):
        _write(paper, text, bottom / height, SMALL, colors.MUTED, "bottom")
        bottom += LINE * SMALL / INCH
    return bottom / height


def _write(paper: Figure, text: str, y: float, size: float, color: str, side: str) -> None:
    x = MARGIN / paper.get_figwidth()
    paper.text(x, y, text, size=size, color=color, va=side, ha="left", family=FONT, parse_math=False)


def _lines(said: list[str], width: float, size: float) -> list[str]:
    """As many words a line as fit, on average."""
    length = int((width - 2 * MARGIN) * INCH / (LETTER * size))
    return plain(wrapped(said, length)).split("\n") if said else []
