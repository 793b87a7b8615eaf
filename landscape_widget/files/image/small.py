"""How does a surface look in small, for a notebook to keep?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.export.view import View
from landscape_widget.files.image.pixels import pixels
from landscape_widget.files.png import encode
from landscape_widget.surface.surface import Surface

Pixels = NDArray[np.uint8]

WIDTH, DPI = 7.0, 120  # inches, dots an inch
ABREAST, COARSER = 5.5, 96  # of one among several
WHITE = 255


def small_png(surface: Surface, kind: str, view: View, camera: Mapping[str, Any] | None) -> bytes:
    """Return what `write_image` draws, as a PNG; without matplotlib a plain picture from above."""
    return encode(_drawn(surface, kind, view, camera, WIDTH, DPI))


def small_pngs(shown: Sequence[tuple[Surface, str, View]], camera: Mapping[str, Any] | None) -> bytes:
    """Return several pictures side by side, two in a row, as one PNG."""
    drawn = [_drawn(*one, camera, ABREAST, COARSER) for one in shown]
    height, width = (max(picture.shape[side] for picture in drawn) for side in (0, 1))
    even = [_on_paper(picture, height, width) for picture in drawn]
    even += [np.full_like(even[0], WHITE)] * (len(even) % 2)
    rows = [np.concatenate(pair, axis=1) for pair in zip(even[::2], even[1::2], strict=True)]
    return encode(np.concatenate(rows))


def _drawn(
    surface: Surface, kind: str, view: View, camera: Mapping[str, Any] | None, width: float, dpi: int
) -> Pixels:
    if find_spec("matplotlib") is None:
        return pixels(surface, kind, view)
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from landscape_widget.files.image.picture import picture

    paper = picture(surface, kind, view, None, width, None, camera)
    paper.set_dpi(dpi)
    canvas = FigureCanvasAgg(paper)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def _on_paper(picture: Pixels, height: int, width: int) -> Pixels:
    """With white below and to the right, so large."""
    paper = np.full((height, width, 3), WHITE, np.uint8)
    paper[: picture.shape[0], : picture.shape[1]] = picture
    return paper
