"""What lies in a file beside the cells: the path of a trajectory, histograms of weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.facts import Histogram
from landscape_widget.surface.archive import Archive
from landscape_widget.surface.surface import Surface
from landscape_widget.track import Path

DTYPES = {
    "coordinates": np.float64,
    "distances": np.float64,
    "norms": np.float64,
    "steps": np.int64,
    "epochs": np.float64,
    "learning_rates": np.float64,
    "values": np.float64,
    "known": np.bool_,
}
"""Of the arrays of a `Path`."""


def extra_arrays(surface: Surface) -> dict[str, NDArray[Any]]:
    """Return the arrays, by the names they have in the file."""
    arrays: dict[str, NDArray[Any]] = {}
    if surface.path is not None:
        arrays |= {f"path_{name}": np.asarray(getattr(surface.path, name), DTYPES[name]) for name in DTYPES}
    for index, histogram in enumerate(surface.histograms):
        arrays[f"histogram_{index}_edges"] = np.asarray(histogram.edges, np.float64)
        arrays[f"histogram_{index}_counts"] = np.asarray(histogram.counts, np.int64)
    return arrays


def extras(surface: Surface) -> dict[str, Any]:
    """Return what the manifest says of them."""
    path = surface.path and {
        "checkpoints": len(surface.path),
        "explained": list(surface.path.explained),
        "by_chance": list(surface.path.by_chance),
    }
    histograms = [
        {"label": histogram.label, "bins": len(histogram.counts), "norm": float(histogram.norm)}
        for histogram in surface.histograms
    ]
    return {"path": path, "histograms": histograms}


def read_path(archive: Archive, entry: Mapping[str, Any] | None, axes: int, metrics: int) -> Path | None:
    """Return the path the manifest speaks of; each array has the size that follows from it."""
    if entry is None:
        return None
    size = int(entry["checkpoints"])
    shapes = {"coordinates": (size, axes), "values": (metrics, size)}
    arrays = {
        name: archive.array(f"path_{name}", np.dtype(dtype), shapes.get(name, (size,)))
        for name, dtype in DTYPES.items()
    }
    explained, by_chance = (_shares(entry[name], axes) for name in ("explained", "by_chance"))
    return Path(**arrays, explained=explained, by_chance=by_chance)


def read_histograms(archive: Archive, entries: list[Mapping[str, Any]]) -> tuple[Histogram, ...]:
    """Return the histograms the manifest speaks of."""
    return tuple(
        Histogram(
            str(entry["label"]),
            archive.array(f"histogram_{index}_edges", np.dtype(np.float64), (int(entry["bins"]) + 1,)),
            archive.array(f"histogram_{index}_counts", np.dtype(np.int64), (int(entry["bins"]),)),
            float(entry["norm"]),
        )
        for index, entry in enumerate(entries)
    )


def _shares(values: list[float | None], axes: int) -> tuple[float | None, ...]:
    if len(values) != axes:
        raise ValueError(f"{len(values)} shares of the variance for {axes} axes")
    return tuple(None if value is None else float(value) for value in values)
