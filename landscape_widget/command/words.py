"""How is a run, or what came of it, said in one line?"""

from __future__ import annotations

import numpy as np

from landscape_widget.export.numbers import format_duration, format_number
from landscape_widget.live.report import Report
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State


def standing(report: Report, pace: float | None) -> str:
    """Return where a run stands: ``33×33 of 51×51 · 1,089 of 2,601 cells · 143 cells/s · 11 s left · …``.

    Args:
        pace: cells a second, None while nobody knows.
    """
    if (surface := report.surface) is None:
        return "preparing the directions"
    left = f"{format_duration(report.remaining)} left" if report.remaining else ""
    if (key := charted(report)) is not None:
        return joined(f"map {key!r}", extent(surface.maps[key]), left)
    return joined(extent(surface), "" if pace is None else _speed(pace), left, lowest(surface))


def charted(report: Report) -> str | None:
    """Return the map that is under way, None where it is the picture itself."""
    under_way = [one.key for one in report.maps if one.phase == "measuring"]
    return under_way[0] if report.task == "map" and under_way else None


def extent(surface: Surface) -> str:
    """Return how far it is, ``33×33 of 51×51 · 1,089 of 2,601 cells``, and how many cells failed."""
    known, size = int(surface.known.sum()), surface.grid.size
    failed = int(np.count_nonzero(surface.state == State.FAILED))
    without = f", {failed:,} failed" if failed else ""
    if known == size:
        return f"{_drawn(surface)} · {size:,} cells{without}"
    level = f"{_drawn(surface)} of " if surface.level >= 0 else ""
    return f"{level}{_name(surface)} · {known:,} of {size:,} cells{without}"


def lowest(surface: Surface) -> str:
    """Return the lowest finite loss of all cells and points, ``lowest loss 0.0123``; empty without one."""
    finite = surface.values[0][np.isfinite(surface.values[0])]
    return f"lowest {surface.metrics[0].name} {format_number(float(finite.min()))}" if finite.size else ""


def _name(surface: Surface) -> str:
    return "×".join(f"{axis.points:,}" for axis in surface.grid.axes)


def _drawn(surface: Surface) -> str:
    return "×".join(f"{int((axis.level <= surface.level).sum()):,}" for axis in surface.grid.axes)


def _speed(pace: float) -> str:
    return f"{format_number(pace, 2)} cells/s" if pace >= 1 else f"{format_number(1 / pace, 2)} s a cell"


def joined(*parts: str) -> str:
    """Return parts side by side, without those that are empty."""
    return " · ".join(part for part in parts if part)
