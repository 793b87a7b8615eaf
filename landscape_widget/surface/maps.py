"""Which surface holds a metric: the picture's own, or one of its maps, each on a grid of its own?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from landscape_widget.names import one_of
from landscape_widget.track import Path

if TYPE_CHECKING:
    from landscape_widget.surface.surface import Surface


def holder(surface: Surface, metric: str) -> Surface:
    """Return the surface that holds a metric: this one, or a map that knows where it lies.

    Raises:
        ValueError: when no such metric is known, naming the nearest.
    """
    own = [fact.name for fact in surface.metrics]
    keys = {fact.name: key for key, held in surface.maps.items() for fact in held.metrics}
    if one_of(metric, [*own, *keys], "A metric of this surface") in own:
        return surface
    held = surface.maps[keys[metric]]
    return replace(
        held,
        directions=surface.directions,
        origin=surface.origin,
        settings={**surface.settings, **held.settings},
        path=None if surface.path is None else _unmeasured(surface.path, len(held.metrics)),
        histograms=surface.histograms,
    )


def carried(surface: Surface, other: Surface) -> dict[str, Surface]:
    """Return the maps of a surface with what those of another know better; one it lacks comes along."""
    reach = [(axis.low, axis.high) for axis in surface.grid.axes]
    more = {
        key: held
        for key, held in other.maps.items()
        if key not in surface.maps and [(axis.low, axis.high) for axis in held.grid.axes] == reach
    }
    shared = {
        key: held.carry(other.maps[key]) if key in other.maps else held for key, held in surface.maps.items()
    }
    return shared | more


def check_maps(surface: Surface) -> None:
    """Refuse maps of another place, maps of maps, and metrics that two of them would hold."""
    names = [fact.name for fact in surface.metrics]
    for key, held in surface.maps.items():
        here, there = ([(axis.low, axis.high) for axis in one.grid.axes] for one in (surface, held))
        if here != there:
            raise ValueError(
                f"A map covers the ranges of its surface, {here}; the map {key!r} covers {there}. "
                "Give it the same ranges, its resolution may differ."
            )
        if held.maps:
            raise ValueError(
                f"The map {key!r} has maps of its own, {list(held.maps)}; give them to the surface."
            )
        if taken := [fact.name for fact in held.metrics if fact.name in names]:
            raise ValueError(
                f"Each metric has a name of its own; the map {key!r} has {taken[0]!r}, which is taken. "
                "Choose another key."
            )
        names += [fact.name for fact in held.metrics]


def _unmeasured(path: Path, metrics: int) -> Path:
    """The same way, of whose checkpoints a map's metrics are not known."""
    values = np.full((metrics, len(path)), np.nan)
    return replace(path, values=values, known=np.zeros(len(path), np.bool_))
