"""Is what a file holds the landscape that is asked for, so that its cells can be taken up?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from landscape_widget.surface.surface import Surface
from landscape_widget.values import Evaluate, State

IDENTITY = "identity"
"""Where the settings hold the SHA-256 of each part of a landscape."""

MODEL = ("architecture", "weights", "buffers")
"""Parts that directions follow from."""

AXES = ("first direction", "second direction")

SAME_VECTOR = 1e-6
"""Of its length: what machines differ in when they compute one direction."""

SAME_LOSS = {"float16": 1e-3, "bfloat16": 1e-2}
"""Relative, by the precision it is computed in; elsewhere 1e-5."""


def differing(held: Surface, identity: Mapping[str, str]) -> list[str]:
    """Return which of the parts named aren't those of a file."""
    own = held.settings[IDENTITY]
    return [part for part, digest in identity.items() if own.get(part) != digest]


def differing_scene(held: Surface, wanted: Surface) -> list[str]:
    """Return which parts of a surface aren't those of a file; a direction may differ as machines do."""
    axes = dict(zip(AXES, zip(held.directions, wanted.directions, strict=False), strict=False))
    parts = differing(held, wanted.settings[IDENTITY])
    if len(held.grid.axes) != len(wanted.grid.axes):
        return ["number of directions"]
    if set(parts) & set(MODEL):
        parts = [part for part in parts if part not in AXES]
    parts = [part for part in parts if part not in axes or not _are_close(*axes[part])]
    if "seed" in parts and not _is_seeded(wanted):
        parts.remove("seed")
    if held.samples != wanted.samples:
        parts.append("number of samples")
    if len(held.metrics) != len(wanted.metrics) and not parts:
        parts.append("number of draws")
    return parts


def comparable(held: Surface, wanted: Surface) -> Surface:
    """Return a surface without the maps that are wanted in another way."""
    maps = {
        key: one
        for key, one in held.maps.items()
        if key not in wanted.maps or _way(key, one) == _way(key, wanted.maps[key])
    }
    return replace(held, maps=maps)


def without_failed(held: Surface) -> Surface:
    """Return a surface whose failed cells are unknown, and so asked for again."""
    failed = held.states == State.FAILED
    maps = {key: without_failed(one) for key, one in held.maps.items()}
    return replace(held, states=np.where(failed, State.UNKNOWN, held.states).astype(np.uint8), maps=maps)


def origin_differs(
    held: Surface, evaluate: Evaluate, cancelled: Callable[[], bool]
) -> tuple[float, float] | None:
    """Measure the loss at the origin; return the file's and the measured one where they are two."""
    labels = [point.label for point in held.points]
    if "origin" not in labels:
        return None
    cell = held.grid.size + labels.index("origin")
    if not held.final[cell]:
        return None
    for values in evaluate(held.coordinates(np.array([cell])), held.samples, cancelled):
        before, now = float(held.values[0, cell]), float(values.mean[0, 0])
        tolerance = max(SAME_LOSS.get(str(held.settings.get(name)), 1e-5) for name in ("dtype", "autocast"))
        if not np.isclose(now, before, rtol=tolerance, atol=1e-9, equal_nan=True):
            return before, now
    return None


def _way(key: str, held: Surface) -> tuple[Any, ...]:
    """How a map is measured: on how many cells, and for how long, is no part of it."""
    settings = {**held.settings.get(key, {}), "resolution": None, "seconds": None}
    return held.metrics, held.samples, settings


def says_what_it_is(held: Surface) -> bool:
    """Tell whether a file says what it was computed from."""
    return isinstance(held.settings.get(IDENTITY), Mapping)


def _is_seeded(wanted: Surface) -> bool:
    """Whether chance has a part in a cell: which samples, what a layer draws, how data are shuffled."""
    is_part = wanted.samples < wanted.metrics[0].size
    return is_part or wanted.settings.get("mode") == "train" or wanted.settings.get("calibration") is not None


def _are_close(held: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    if held.keys() != wanted.keys():
        return False
    apart, length = 0.0, 0.0
    for name in held:
        before, now = np.asarray(held[name]), np.asarray(wanted[name])
        if before.shape != now.shape:
            return False
        apart += float(np.sum(np.abs(before - now) ** 2))
        length += float(np.sum(np.abs(now) ** 2))
    return apart <= SAME_VECTOR**2 * length
