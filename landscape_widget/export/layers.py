"""What of the ground is solid, being measured, and what lies lighter below? Twin: js/src/figure/layers.ts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape_widget.export.colors import Colorscale, lighter
from landscape_widget.export.scene import Scene

MOST_DOTS = 1100  # more of them would be a net over the picture


@dataclass(frozen=True, eq=False)
class Layer:
    """Some of the cells, in their colours.

    Attributes:
        holds: bool[ny, nx], the cells that belong to it.
        is_above: whether it lies on top of the other layer.
        is_last: whether it is the uppermost, which the colour bar belongs to.
    """

    holds: NDArray[np.bool_]
    colorscale: Colorscale
    is_above: bool = False
    is_last: bool = True

    def pick(self, cells: NDArray[np.float64]) -> NDArray[np.float64]:
        """Leave out, as NaN, what belongs to the other layer."""
        return np.where(self.holds, cells, np.nan)


def tile_layers(scene: Scene) -> list[Layer]:
    """Cell by cell, for tiles."""
    solid = Layer(scene.measured, scene.colorscale)
    if scene.measured.all():
        return [solid]
    return [Layer(~scene.measured, lighter(scene.colorscale), is_last=False), solid]


def skin_layers(scene: Scene) -> list[Layer]:
    """For a skin drawn from corner to corner: lighter as a whole, what is measured without gaps on top."""
    if scene.measured.all():
        return [Layer(scene.measured, scene.colorscale)]
    core = _without_gaps(scene.measured)
    everything = np.ones_like(core)
    light = Layer(everything, lighter(scene.colorscale), is_last=not core.any())
    return [light, Layer(core, scene.colorscale, is_above=True)] if core.any() else [light]


def dots(scene: Scene) -> NDArray[np.bool_]:
    """The measured cells, while others are interpolated and these are few enough to be told apart."""
    if scene.measured.all() or np.count_nonzero(scene.measured) > MOST_DOTS:
        return np.zeros_like(scene.measured)
    return scene.measured & np.isfinite(scene.heights)


def _without_gaps(measured: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Measured, and so are all around it."""
    padded = np.pad(measured, 1, constant_values=True)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, (3, 3)).all(axis=(2, 3)))
