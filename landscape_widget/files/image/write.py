"""How does a picture get into a PNG or SVG file, with the same bytes each time?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from numbers import Real
from pathlib import Path
from typing import Any

from landscape_widget.atomic import replaced
from landscape_widget.export.figure import kind_for
from landscape_widget.export.view import View
from landscape_widget.surface.surface import Surface

MISSING = (
    "Writing PNG and SVG needs matplotlib, which is not installed. "
    'Install it with `pip install "landscape-widget[image]"`, or save the page (.html).'
)
SAME_BYTES: Any = {"svg.hashsalt": "landscape-widget", "svg.fonttype": "none"}
"""Names inside an SVG follow from its content, and its text stays text."""

SMALLEST, LARGEST = 2.0, 40.0


def write_image(
    surface: Surface,
    path: Path,
    *,
    kind: str | None = None,
    scale: str = "auto",
    metric: str = "loss",
    clip: float | None = None,
    limits: tuple[float, float] | None = None,
    levels: str | Sequence[float] = "auto",
    preset: str | None = None,
    colors: str = "cividis",
    moment: int | None = None,
    exaggeration: float = 1.0,
    pins: Sequence[Mapping[str, Any]] = (),
    camera: Mapping[str, Any] | None = None,
    width: float = 7.0,
    height: float | None = None,
    dpi: float = 200,
) -> None:
    """Write what `Surface.figure` shows as PNG or SVG, by the suffix, with its settings in small print.

    Args:
        surface: drawn as far as it is known.
        path: ends in ``.png`` or ``.svg``.
        kind: this and the options up to ``moment`` are those of `Surface.figure`.
        scale: of heights and colours.
        metric: a name from ``surface.metrics``.
        clip: the largest value to draw.
        limits: values at both ends of heights and colours.
        levels: of contour lines.
        preset: ``"paper"``, as Li et al. (2018) draw this kind.
        colors: a colour map.
        moment: how many checkpoints of a path to draw.
        exaggeration: the ``height`` of `Surface.figure`: how many times as high a surface stands in space.
        pins: notes at places, as `Surface.figure` has them.
        camera: where one looks from, as the widget's trait has it; None for the usual place.
        width: in inches.
        height: in inches; None for what suits the kind.
        dpi: dots an inch of a PNG, and of the lit surface within an SVG.

    Raises:
        ImportError: without matplotlib.
        ValueError: where an option makes no sense.
    """
    kind = kind_for(surface, kind)
    asked = levels if isinstance(levels, str) else tuple(levels)
    view = View(metric, scale, clip, limits, asked, colors, moment, exaggeration, tuple(pins))
    for name, inches in ("width", width), ("height", height):
        if inches is not None and not (_is_number(inches) and SMALLEST <= inches <= LARGEST):
            raise ValueError(f"{name} is from {SMALLEST:g} to {LARGEST:g} inches; got {inches!r}.")
    if not (_is_number(dpi) and 10 <= dpi <= 2400):
        raise ValueError(f"dpi counts dots an inch, from 10 to 2,400; got {dpi!r}.")
    try:
        from matplotlib import rc_context
    except ImportError as error:
        raise ImportError(MISSING) from error
    from landscape_widget.files.image.picture import picture

    drawn = picture(surface, kind, view, preset, width, height, camera)
    is_svg = path.suffix.lower() == ".svg"
    with replaced(path) as file:
        if is_svg:
            with rc_context(SAME_BYTES):
                drawn.savefig(file, format="svg", dpi=dpi, metadata={"Date": None})
        else:
            drawn.savefig(file, format="png", dpi=dpi)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
