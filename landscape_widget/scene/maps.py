"""Which of the metrics asked for are maps, on a grid of their own, and how is each measured in a scene?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from landscape_widget.curvature.door import check_curvature
from landscape_widget.curvature.hessian_extremes import HessianExtremes
from landscape_widget.curvature.place import all_names
from landscape_widget.facts import MetricFacts
from landscape_widget.live.maps import Map
from landscape_widget.objective.autocast import PRECISE
from landscape_widget.objective.objective import Objective
from landscape_widget.scene.measuring import Curving
from landscape_widget.subspace.subspace import Subspace

Maps = Mapping[str, HessianExtremes]


def maps_among(metrics: Any) -> tuple[Any, Maps]:
    """Return the metrics that every cell has, and those that are maps.

    Raises:
        TypeError: for a class that was meant to be called.
    """
    if not isinstance(metrics, Mapping):
        return metrics, {}
    for name, metric in metrics.items():
        if metric is HessianExtremes:
            raise TypeError(
                f"Expected metrics[{name!r}] as lw.HessianExtremes(...); got the class itself. "
                "Write lw.HessianExtremes()."
            )
    maps = {name: metric for name, metric in metrics.items() if isinstance(metric, HessianExtremes)}
    return {name: metric for name, metric in metrics.items() if name not in maps}, maps


def columns_of(maps: Maps, metrics: tuple[MetricFacts, ...], size: int) -> dict[str, tuple[MetricFacts, ...]]:
    """Return the columns of each map.

    Args:
        maps: by their keys.
        metrics: the columns that every cell has.
        size: number of samples in the data.

    Raises:
        ValueError: where two columns would have one name.
    """
    taken = [metric.name for metric in metrics]
    columns = {}
    for key, extremes in maps.items():
        columns[key] = extremes.columns(key, size)
        names = [metric.name for metric in columns[key]]
        if shared := [name for name in names if name in taken]:
            raise ValueError(
                f"Each metric has a name of its own; the map {key!r} has {', '.join(map(repr, names))}, and "
                f"{shared[0]!r} is taken. Give one of the two another name."
            )
        taken += names
    return columns


def check_curved(maps: Maps, objective: Objective) -> None:
    """Refuse a loss that can't be differentiated twice: one product at the origin tells.

    Raises:
        ValueError: saying why.
    """
    for parameters in dict.fromkeys(extremes.parameters for extremes in maps.values()):
        check_curvature(objective.precise, all_names(objective) if parameters == "all" else None)


def scene_maps(
    maps: Maps, objective: Objective, subspace: Subspace, curvature: Callable[..., Curving]
) -> dict[str, Map]:
    """Return how each map is measured; nothing is until its first cell is asked for.

    Args:
        curvature: see `landscape_widget.scene.measuring.Measurers`.
    """
    return {key: _map(curvature(objective, subspace, asked=one, name=key), one) for key, one in maps.items()}


def map_notes(maps: Maps, repeats: int, objective: Objective) -> list[str]:
    """Return what the user should read of maps that leave something out."""
    notes = [PRECISE] if maps and objective.autocast else []
    for key in maps:
        if repeats > 1:
            notes.append(f"The map {key!r} is measured along the first of the {repeats} draws.")
        if objective.batch_norm == "reestimate":
            notes.append(
                f"The map {key!r} has BatchNorm's statistics re-estimated at each cell, on its own samples; "
                "they stand still while the loss is differentiated."
            )
    return notes


def _map(measured: Curving, extremes: HessianExtremes) -> Map:
    points = extremes.resolution
    return Map(
        measured,
        measured.metrics,
        measured.samples,
        points if isinstance(points, tuple) else (points, points),
        measured.cost,
        extremes.seconds,
        {**asdict(extremes), **measured.settings},
        measured.close,
    )
