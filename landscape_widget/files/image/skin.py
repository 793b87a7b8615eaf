"""Which lit tiles make the skin of a surface, and which lines run on it and below it?

Matplotlib knows no depth: what lies behind is drawn first. So tiles and the lines upon them are one
collection, sorted together; lines stand a little nearer to the eye than the tiles they lie on.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from mpl_toolkits.mplot3d.art3d import Line3DCollection, Poly3DCollection
from numpy.typing import NDArray

from landscape_widget.export import colors
from landscape_widget.export.axes import slenderness
from landscape_widget.export.isolines import isolines
from landscape_widget.export.layers import skin_layers
from landscape_widget.export.levels import chosen_levels, even_levels, level_heights
from landscape_widget.export.scene import Scene
from landscape_widget.export.space import HEIGHT, LIGHTING
from landscape_widget.files.image.flat import colormap
from landscape_widget.surface.under import between

Numbers = NDArray[np.float64]

FINE = 120  # tiles along each side at least, so that colours run smoothly
LIGHT = (-0.37, -0.74, 0.56)  # plotly's light position, one long
NEARER = 0.02  # of the width
THIN = 0.5  # points


def skin(scene: Scene, view: Numbers) -> Poly3DCollection:
    """Return tiles and level lines as one collection.

    Args:
        scene: with something to draw.
        view: float64[3], towards the eye, in the sides of the box.
    """
    corners, inks = tiles(scene)
    lines = _upright(_lines(scene), view * NEARER / _scales(scene))
    dark = np.broadcast_to(_rgba(colors.MUTED), (len(lines), 4))
    return Poly3DCollection(
        [*corners, *lines],
        facecolors=np.concatenate([inks, np.zeros_like(dark)]),
        edgecolors=np.concatenate([inks, dark]),
        linewidths=np.repeat([0.25, THIN], [len(corners), len(lines)]),
        zorder=2,
        rasterized=True,
        clip_on=False,  # the box may be wider than its axes
        label="skin",
    )


def floor_lines(scene: Scene) -> list[Line3DCollection]:
    """Return the level lines once more, on the floor."""
    pieces = _lines(scene)
    pieces[..., 2] = scene.floor
    line = {"colors": colors.MUTED, "linewidths": THIN, "zorder": 1, "clip_on": False, "label": "floor"}
    return [Line3DCollection(list(pieces), **line)] if len(pieces) else []


def levels_of(scene: Scene) -> list[float]:
    """Return the heights of the lines: those asked for, or even steps."""
    if (levels := chosen_levels(scene)) is not None:
        return level_heights(scene, levels)
    steps = even_levels(scene)
    return np.arange(steps["start"], steps["end"] + steps["size"] / 2, steps["size"]).tolist()


def tiles(scene: Scene) -> tuple[Numbers, Numbers]:
    """Return float64[m, 4, 3] corners and float64[m, 4] inks; no tile where a corner has no height."""
    x, y, heights = _mesh(scene, scene.heights)
    shade = _shade(scene, x, y, heights)
    corners = _corners(np.stack([*np.meshgrid(x, y), heights], axis=-1))
    inks = np.full((len(corners), 4), np.nan)
    low, high = scene.tone_range
    for layer in skin_layers(scene):
        tones = _corners(_mesh(scene, layer.pick(scene.tones))[2][..., None])[..., 0].mean(axis=1)
        held = np.isfinite(tones)
        inks[held] = colormap(layer.colorscale)((tones[held] - low) / (high - low))
    lit = _corners(shade[..., None])[..., 0].mean(axis=1)
    inks[:, :3] = np.clip(inks[:, :3] * lit[:, None], 0, 1)
    whole = np.isfinite(corners).all(axis=(1, 2)) & np.isfinite(inks).all(axis=1)
    return corners[whole], inks[whole]


def _shade(scene: Scene, x: Numbers, y: Numbers, heights: Numbers) -> Numbers:
    """Lambert's law, with plotly's light."""
    across, along, up = _scales(scene)
    down, right = np.gradient(heights * up, y * along, x * across)
    normal = np.stack([-right, -down, np.ones_like(right)], axis=-1)
    facing = normal @ np.array(LIGHT) / np.linalg.norm(normal, axis=-1)
    facing = np.where(np.isfinite(facing), facing, LIGHT[2])
    return LIGHTING["ambient"] + LIGHTING["diffuse"] * np.clip(facing, 0, 1)


def _scales(scene: Scene) -> Numbers:
    """Sides of the box for each unit along its axes."""
    reaches = np.array([np.ptp(scene.x), np.ptp(scene.y), scene.height_range[1] - scene.floor])
    return np.array([1.0, 1 / slenderness(scene), HEIGHT * scene.view.height]) / reaches


def _lines(scene: Scene) -> Numbers:
    """Return float64[m, 2, 3], the pieces of all level lines; they lie on the tiles."""
    pieces = [np.empty((0, 2, 3))]
    mesh = _mesh(scene, scene.heights)
    for height in levels_of(scene):
        flat = np.stack(isolines(*mesh, height), axis=-1).reshape(-1, 3, 2)[:, :2]
        pieces.append(np.concatenate([flat, np.full((*flat.shape[:2], 1), height)], axis=-1))
    return np.concatenate(pieces)


def _mesh(scene: Scene, cells: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return columns, rows and what is straight between the cells, fine enough to draw."""
    x, y = _finer(scene.x), _finer(scene.y)
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return x, y, between([scene.x, scene.y], cells, places).reshape(len(y), len(x))


def _upright(pieces: Numbers, nearer: Numbers) -> Numbers:
    """Return each piece as a polygon without breadth, nearer to the eye."""
    return np.concatenate([pieces, pieces[:, ::-1]], axis=1) + nearer


def _finer(places: Numbers) -> Numbers:
    """Return all places, and between each two as many more as make the tiles small."""
    parts = max(1, -(-FINE // max(len(places) - 1, 1)))
    share = np.arange(parts) / parts
    inner = places[:-1, None] + share * np.diff(places)[:, None]
    return np.append(inner.ravel(), places[-1])


def _corners(grid: Numbers) -> Numbers:
    """Return float64[m, 4, …], around each tile."""
    around = [grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]]
    return np.stack(around, axis=2).reshape(-1, 4, grid.shape[-1])


def _rgba(color: str) -> Any:
    return [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)] + [1.0]
