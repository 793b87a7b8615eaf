"""Do the arrays fit the grid, and does what is told fit the surface? Refused here, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape_widget.surface.patch import Patch
from landscape_widget.track import Path

if TYPE_CHECKING:
    from landscape_widget.surface.surface import Surface


def check_arrays(surface: Surface) -> None:
    """Refuse arrays and points that don't fit the grid."""
    cells = surface.grid.size + len(surface.points)
    for name in ("values", "errors", "counts", "states"):
        array = getattr(surface, name)
        expected = (cells,) if name == "states" else (len(surface.metrics), cells)
        if array.shape != expected:
            raise ValueError(
                f"{name} must have the shape {expected} (metrics, cells and points); got {array.shape}. "
                "Start from Surface.empty(...) and tell it patches."
            )
    for point in surface.points:
        if len(point.coordinates) != len(surface.grid.axes):
            raise ValueError(
                f"The point {point.label!r} needs {len(surface.grid.axes)} coordinates, one a direction; "
                f"got {point.coordinates}."
            )


def check_patch(surface: Surface, patch: Patch) -> None:
    """Refuse a patch that was meant for another surface."""
    if len(patch.values) != len(surface.metrics):
        names = ", ".join(fact.name for fact in surface.metrics)
        raise ValueError(
            f"A patch of this surface has {len(surface.metrics)} metrics ({names}); "
            f"got {len(patch.values)}. The evaluator must answer every metric, in this order."
        )
    if len(patch.cells) and not 0 <= patch.cells.min() <= patch.cells.max() < len(surface.states):
        raise ValueError(
            f"Cells of this surface are numbered 0 to {len(surface.states) - 1:,}; got "
            f"{patch.cells.min():,} to {patch.cells.max():,}. Was the patch meant for another grid?"
        )


def check_path(surface: Surface, path: Path) -> None:
    """Refuse a path that was projected for another surface."""
    axes, metrics = len(surface.grid.axes), len(surface.metrics)
    expected = (len(path), axes), (metrics, len(path)), axes, axes
    came = path.coordinates.shape, path.values.shape, len(path.explained), len(path.by_chance)
    if came != expected:
        raise ValueError(
            f"A path of {len(path)} checkpoints on this surface has coordinates of shape {expected[0]}, "
            f"values of shape {expected[1]}, and explained and by_chance for each axis; got {came}. "
            "Project the trajectory onto this surface's directions."
        )
