"""How do the cells of a surface, or of one of its maps, lie in a file?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from landscape_widget.facts import MetricFacts, Point
from landscape_widget.surface.archive import Archive
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.values import State

if TYPE_CHECKING:
    from landscape_widget.surface.surface import Surface

Value = TypeVar("Value")

DTYPES = {"values": np.float64, "errors": np.float64, "counts": np.int64, "states": np.uint8}


def cell_arrays(surface: Surface, prefix: str = "") -> dict[str, NDArray[Any]]:
    """Return the arrays, by the names they have in the file."""
    return {f"{prefix}{name}": getattr(surface, name) for name in DTYPES}


def cell_entry(surface: Surface) -> dict[str, Any]:
    """Return what the manifest says of them."""
    return {
        "axes": [asdict(axis) for axis in surface.grid.axes],
        "metrics": [asdict(metric) for metric in surface.metrics],
        "points": [asdict(point) for point in surface.points],
        "samples": surface.samples,
        "settings": surface.settings,
    }


def read_cells(archive: Archive, entry: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the attributes of a `Surface` that an entry speaks of; each array has the size that follows.

    Raises:
        KeyError, TypeError, ValueError: for an entry that is none.
    """
    grid = Grid(*(Axis(**axis) for axis in entry["axes"]))
    metrics = tuple(_metric(metric) for metric in entry["metrics"])
    points = tuple(
        Point(_of(str, point["label"]), tuple(map(float, point["coordinates"]))) for point in entry["points"]
    )
    shape = len(metrics), grid.size + len(points)
    arrays = {
        name: archive.array(f"{prefix}{name}", np.dtype(dtype), shape[1:] if name == "states" else shape)
        for name, dtype in DTYPES.items()
    }
    if unknown := set(np.unique(arrays["states"]).tolist()) - set(State):
        raise archive.refusal(
            f"an archive with cells in the state {max(unknown)}, which this version doesn't know"
        )
    known = {"samples": _of(int, entry["samples"]), "settings": _of(dict, entry["settings"])}
    return {"grid": grid, "metrics": metrics, "points": points, **known, **arrays}


def _metric(entry: Mapping[str, Any]) -> MetricFacts:
    limits = entry.get("limits")
    metric = MetricFacts(**{**entry, "limits": limits if limits is None else _pair(limits)})
    for text in (metric.name, metric.unit, metric.label, metric.colors):
        _of(str, text)
    for number in (metric.size, metric.repeat):
        _of(int, number)
    return metric


def _pair(limits: list[Any]) -> tuple[float, float]:
    low, high = map(float, limits)
    return low, high


def _of(kind: type[Value], value: Any) -> Value:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"{value!r:.80} where {kind.__name__} belongs")
    return value
