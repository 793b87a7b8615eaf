"""Where a widget stands, as JSON for the status line."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import numpy as np

from landscape_widget.files.image.footer import footer_of
from landscape_widget.live.maps import Standing
from landscape_widget.live.protocol import facts_content
from landscape_widget.live.report import UNDER_WAY, Report
from landscape_widget.surface.grid import Grid
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State

IN_USE = "your model is in use: wait, pause or stop before you train or use it"


def status_content(report: Report, size: int) -> dict[str, Any]:
    """How true and how ready the picture is; ``size`` counts the training samples."""
    surface, request, facts, how = report.surface, report.request, report.facts, report.how
    grid = request.grid if request is not None else None
    level = -1 if surface is None else surface.level
    return {
        "phase": report.phase,
        "task": report.task,
        "generation": report.generation,
        "level": level,
        "known": 0 if surface is None else int(surface.known.sum()),
        "cells": 0 if grid is None else grid.size,
        "drawn": _drawn(grid, level) if grid is not None and level >= 0 else None,
        "resolution": [0, 0] if grid is None else _resolution(grid),
        "samples": 0 if request is None else request.samples,
        "size": size,
        "remaining": report.remaining,
        "settled": report.settled,
        "preview": 0 if surface is None else surface.preview,
        "surplus": None if report.surplus is None else asdict(report.surplus),
        "barrier": _barrier(surface),
        "sensitivity": _sensitivity(report),
        "how": None if how is None else {"choices": list(how.choices), "notes": list(how.notes)},
        "first_error": _first_error(surface),
        "where": _where(report),
        "kept": list(report.kept),
        "facts": None if facts is None else facts_content(facts),
        "settings": [] if surface is None else footer_of(surface),
        "maps": [] if surface is None else [_map(one, surface.maps[one.key]) for one in report.maps],
    }


def _map(standing: Standing, held: Surface) -> dict[str, Any]:
    """How far one map is, and what it costs."""
    return {
        "key": standing.key,
        "phase": standing.phase,
        "cost": standing.cost,
        "remaining": standing.remaining,
        "note": standing.note,
        "known": int(held.known.sum()),
        "cells": held.grid.size,
        "level": held.level,
        "resolution": _resolution(held.grid),
        "samples": held.samples,
        "unconverged": int(np.count_nonzero(held.state == State.UNCONVERGED)),
        "settings": dict(held.settings.get(standing.key, {})),
    }


def _resolution(grid: Grid) -> list[int]:
    return [grid.x.points, 1 if grid.y is None else grid.y.points]


def _barrier(surface: Surface | None) -> dict[str, Any] | None:
    """Between two models, on a line, once there is something between them."""
    names = [] if surface is None or surface.level < 0 else [fact.name for fact in surface.metrics]
    if surface is None or "loss" not in names or (barrier := surface.barrier("loss")) is None:
        return None
    return {name: _number(value) for name, value in asdict(barrier).items()} | {"metric": "loss"}


def _sensitivity(report: Report) -> dict[str, Any] | None:
    if (found := report.sensitivity) is None:
        return None
    losses = {mode: _number(loss) for mode, loss in found.losses.items()}
    return {"worst": _number(found.worst), "losses": losses, "at": list(found.at), "samples": found.samples}


def _number(value: Any) -> Any:
    """JSON knows no infinity, nor NaN."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _first_error(surface: Surface | None) -> str:
    """What the first cell that failed raised; empty where none did."""
    return "" if surface is None else str(surface.settings.get("engine", {}).get("error", ""))


def _where(report: Report) -> str:
    """As it turned out, or as it was meant."""
    if report.facts is None:
        return "" if report.how is None else report.how.where
    where = report.facts.where if report.how is None else report.how.where
    is_in_use = report.facts.in_place and report.phase in UNDER_WAY
    return f"{where}; {IN_USE}" if is_in_use else where


def _drawn(grid: Grid, level: int) -> list[int]:
    axes = (grid.x, grid.y)
    return [1 if axis is None else int((axis.level <= level).sum()) for axis in axes]
