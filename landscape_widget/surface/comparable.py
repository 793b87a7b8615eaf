"""May these landscapes share a scale, and which? Only where they are measured the same way."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import numpy as np

from landscape_widget.surface.surface import Surface

Settings = Mapping[str, Any]

NORMALIZATIONS = ("filter", "layer", "weight", "none")

SAME = 1e-6
"""Of their size: values that differ by less differ by rounding in float32."""


def differing(settings: Mapping[Any, Settings]) -> tuple[str, ...]:
    """Return one sentence for each setting in which members differ; none where one scale is honest.

    What a member doesn't have is no difference: the BatchNorm mode of a network without BatchNorm, the
    normalization of axes that aren't random.

    Args:
        settings: a member's title → the settings of its surface, with ``"samples"``.
    """
    sentences = []
    for name, read in RULES.items():
        members: dict[Hashable, list[str]] = {}
        for title, of_member in settings.items():
            if (value := read(of_member)) is not None:
                members.setdefault(value, []).append(repr(title_words(title)))
        if len(members) > 1:
            groups = (f"{_said(value)} for {_and(titles)}" for value, titles in members.items())
            sentences.append(f"{name}: {', '.join(groups)}")
    return tuple(sentences)


def common_extent(surfaces: Iterable[Surface], metrics: Iterable[str]) -> tuple[float, float] | None:
    """Return the lowest and highest finite value of some metrics on the finest finished levels of all.

    A metric that a surface doesn't have is left out there. Where all values are the same there is room on
    both sides; None while nothing is known.
    """
    found = [
        surface[metric][surface.grid.cell_levels.reshape(surface.grid.shape) <= surface.level]
        for surface in surfaces
        for metric in metrics
        if metric in [fact.name for fact in surface.metrics]
    ]
    values = np.concatenate([np.empty(0), *found])
    values = values[np.isfinite(values)]
    if not values.size:
        return None
    low, high = float(values.min()), float(values.max())
    room = 0.0 if high - low > SAME * max(abs(low), abs(high)) else abs(low) / 10 or 1.0
    return low - room, high + room


def normalization_of(axis: Settings, settings: Settings) -> str | None:
    """Return how a random axis is normalized: its own way, its rule's ("random, layer"), or the scene's."""
    named = str(axis.get("key", "")).split(", ")[1:]
    of_rule = next((word for word in named if word in NORMALIZATIONS), None)
    return axis.get("normalization") or of_rule or settings.get("normalization")


def title_words(title: Any) -> str:
    """Return a title, or the (row, column) of a matrix, as people read it."""
    return " · ".join(map(str, title)) if isinstance(title, tuple) else str(title)


def _normalization(settings: Settings) -> Hashable:
    """Of the random axes, one after the other."""
    axes = settings.get("directions") or ()
    random = [axis for axis in axes if str(axis.get("key", "")).startswith("random")]
    return " and ".join(dict.fromkeys(str(normalization_of(axis, settings)) for axis in random)) or None


def _one_dimensional(settings: Settings) -> Hashable:
    return settings.get("one_dimensional") if _normalization(settings) is not None else None


def _plain(name: str) -> Callable[[Settings], Hashable]:
    return lambda settings: settings.get(name)


RULES: Mapping[str, Callable[[Settings], Hashable]] = {
    "loss": _plain("loss"),
    "normalization": _normalization,
    "biases and gains": _one_dimensional,
    "BatchNorm": _plain("batch_norm"),
    "mode": _plain("mode"),
    "data": _plain("data_fingerprint"),
    "samples": _plain("samples"),
}
"""What must agree; a rule answers None where it doesn't apply."""

SAID = {"reestimate": "re-estimated", "interpolate": "interpolated"}
FINGERPRINT = 12
"""Characters of a long one that tell two apart."""


def _said(value: Hashable) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return SAID.get(str(value), str(value)[:FINGERPRINT] if len(str(value)) >= 32 else str(value))


def _and(titles: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(titles[:-1]), titles[-1]]))
