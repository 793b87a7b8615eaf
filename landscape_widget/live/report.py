"""Where does a session stand? Made on the engine's thread, frozen, so that any thread may read it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from landscape_widget.facts import Facts, Sensitivity
from landscape_widget.live.maps import Standing
from landscape_widget.live.request import Request
from landscape_widget.sharpness_values import Sharpness
from landscape_widget.surface.interpolate import Surplus
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.surface import Surface
from landscape_widget.track import Path
from landscape_widget.values import How

Phase = Literal["preparing", "computing", "paused", "stopped", "done", "failed"]
Task = Literal["directions", "cells", "range", "path", "map", "sharpness"]
Cancelled = Callable[[], bool]
UNDER_WAY = ("preparing", "computing")
Found = tuple[tuple[float, float] | str, ...]
"""A range for each axis, or why there is none."""


@dataclass(frozen=True, eq=False)
class Failure:
    """What the user's code, or ours, raised."""

    error: BaseException
    message: str
    traceback: str

    @classmethod
    def of(cls, error: BaseException) -> Failure:
        """Read the traceback while it is there."""
        text = "".join(traceback.format_exception(error))
        return cls(error, f"{type(error).__name__}: {error}", text)


@dataclass(frozen=True, eq=False)
class Report:
    """Where a session stands.

    Attributes:
        generation: counts the requests of this session.
        surface: all that is known for the request, None before the directions are ready.
        patch: the cells that are new since the last report.
        path: the trajectory, if it grew or was measured since the last report.
        opens: whether a listener should start over from ``surface``, whatever it heard before.
        remaining: seconds until the surface is done, None while nobody can know.
        surplus: how far the level before the finest exact one was off, None while that is unknown.
        settled: whether it is done because the tolerance is reached, with cells left that nobody measured.
        how: how the cells were computed, None before the first.
        sensitivity: how much the treatment of BatchNorm matters, None while that is unknown.
        ranges: the answer of an automatic range, once.
        coming: what the ranges were found for, where nobody has asked for it yet.
        maps: how far each map of the scene is.
        map: whose cells the patch holds; None for those of the picture itself.
        sharpness: what is known of it, if that is more than at the last report.
        refusals: name of a control → why what was asked of it can't be had, once.
        kept: in which file it is kept as it grows, in short, and sentences on it; empty where it is in none.
        turn: counts starts, pauses and stops; a report of an older turn is obsolete.
    """

    generation: int
    phase: Phase
    task: Task | None = None
    request: Request | None = None
    surface: Surface | None = None
    facts: Facts | None = None
    patch: Patch | None = None
    path: Path | None = None
    opens: bool = False
    failure: Failure | None = None
    remaining: float | None = None
    surplus: Surplus | None = None
    settled: bool = False
    how: How | None = None
    sensitivity: Sensitivity | None = None
    ranges: Found | None = None
    coming: Request | None = None
    maps: tuple[Standing, ...] = ()
    map: str | None = None
    sharpness: Sharpness | None = None
    refusals: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    turn: int = 0
