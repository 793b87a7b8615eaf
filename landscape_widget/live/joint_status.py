"""Where do several landscapes stand, in the words of one?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

PHASES = ("computing", "preparing", "paused", "stopped", "done")
MAP_PHASES = ("measuring", "waiting", "done")


def joint_status(statuses: Sequence[Mapping[str, Any]], size: int) -> dict[str, Any]:
    """Return where all stand: as coarse as the coarsest, as far as all of them; ``size`` counts samples."""
    running = [status for status in statuses if status["phase"] in ("preparing", "computing")]
    behind = min(running or statuses, key=lambda status: status["level"])
    places = dict.fromkeys(status["where"] for status in statuses if status["where"])
    return {
        **behind,
        "phase": _first([status["phase"] for status in statuses], PHASES, "failed"),
        "generation": max(status["generation"] for status in statuses),
        "known": sum(status["known"] for status in statuses),
        "cells": sum(status["cells"] for status in statuses),
        "samples": max(status["samples"] for status in statuses),
        "size": size,
        "remaining": _most(status["remaining"] for status in running),
        "settled": any(status["settled"] for status in statuses),
        "preview": max(status["preview"] for status in statuses),
        "where": ", ".join(places),
        "surplus": None,
        "barrier": None,
        "sensitivity": None,
        "how": None,
        "first_error": next((status["first_error"] for status in statuses if status["first_error"]), ""),
        "facts": None,
        "maps": _joint_maps([one for status in statuses for one in status["maps"]]),
    }


def _joint_maps(maps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One entry a key: what all of that name cost together, and how far they are."""
    return [
        _joint_map([one for one in maps if one["key"] == key])
        for key in dict.fromkeys(m["key"] for m in maps)
    ]


def _joint_map(maps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    costs = [one["cost"] for one in maps if one["cost"] is not None]
    return {
        **maps[0],
        "phase": _first([one["phase"] for one in maps], MAP_PHASES, "skipped"),
        "cost": sum(costs) if costs else None,
        "remaining": _most(one["remaining"] for one in maps),
        "note": " ".join(dict.fromkeys(one["note"] for one in maps if one["note"])),
        **{name: sum(one[name] for one in maps) for name in ("known", "cells", "unconverged")},
        "level": min(one["level"] for one in maps),
        "samples": max(one["samples"] for one in maps),
    }


def _first(phases: Sequence[str], order: Sequence[str], otherwise: str) -> str:
    """What runs comes first; failed, or skipped, only where nobody got through."""
    return next((phase for phase in order if phase in phases), otherwise)


def _most(seconds: Iterable[float | None]) -> float | None:
    """They share the engine, so each is slower for the others already."""
    known = [one for one in seconds if one is not None]
    return max(known) if known else None
