"""What is a surface among labelled arrays? An xarray Dataset, and through it NetCDF."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.facts import MetricFacts
from landscape_widget.files.hdf5_stream import written
from landscape_widget.files.packages import needed
from landscape_widget.surface.precision import unseen_error
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State

if TYPE_CHECKING:
    from xarray import Dataset

Variables = dict[str, tuple[tuple[str, ...], NDArray[Any], dict[str, Any]]]


def to_dataset(surface: Surface) -> Dataset:
    """Return a Dataset with the dimensions ``(y, x)``, ``(x,)`` for a line, and ``point`` for labelled ones.

    Each metric comes with ``…_standard_error`` and ``…_samples``, and at the points as ``…_at_point``; a map
    has dimensions of its own, ``y_curvature`` and ``x_curvature``. The attribute ``settings`` is JSON.

    Raises:
        ModuleNotFoundError: without the package xarray.
        ValueError: where a metric has the name of something else.
    """
    xarray = needed("xarray", "xarray")
    variables, coordinates = _variables(surface, "")
    for key, held in surface.maps.items():
        more, places = _variables(held, f"_{key}")
        _refuse_taken(more, variables.keys() | coordinates.keys())
        variables, coordinates = variables | more, coordinates | places
    _refuse_taken(variables, coordinates.keys())
    attributes = {"samples": surface.samples, "settings": json.dumps(dict(surface.settings))}
    return xarray.Dataset(variables, coordinates, attributes)


def write_netcdf(surface: Surface, path: Path) -> None:
    """Write the Dataset as NetCDF 4; a slash in a name, which stands for a group there, becomes ``_``.

    Raises:
        ModuleNotFoundError: without the packages xarray and h5netcdf.
    """
    h5netcdf = needed("h5netcdf", "xarray")
    dataset = to_dataset(surface)
    plain = dataset.rename(
        {name: str(name).replace("/", "_") for name in dataset.data_vars if "/" in str(name)}
    )
    stores = needed("xarray.backends", "xarray")
    with written(path, h5netcdf.File) as file:
        plain.dump_to_store(stores.H5NetCDFStore(file))


def _variables(surface: Surface, suffix: str) -> tuple[Variables, Variables]:
    """Return what is measured, and where."""
    axes = [f"{name}{suffix}" for name in ("x", "y")[: len(surface.grid.axes)]]
    dimensions, point = tuple(reversed(axes)), f"point{suffix}"
    labels = surface.settings.get("labels", ())
    named = {axis: str(label) for axis, label in zip(axes, labels, strict=False)}
    coordinates: Variables = {
        name: ((name,), axis.coordinates, {"long_name": named.get(name, name)})
        for name, axis in zip(axes, surface.grid.axes, strict=True)
    }
    if surface.points:
        coordinates[point] = ((point,), np.array([str(one.label) for one in surface.points]), {})
        places = np.array([one.coordinates for one in surface.points], np.float64)
        coordinates |= {f"point_{name}": ((point,), places[:, i], {}) for i, name in enumerate(axes)}
    meanings = {"flag_values": [*map(int, State)], "flag_meanings": " ".join(s.name.lower() for s in State)}
    variables: Variables = {f"state{suffix}": (dimensions, surface.state, meanings)}
    for name, numbers, about in _columns(surface):
        _refuse_taken([name], variables.keys())
        variables[name] = (dimensions, numbers[: surface.grid.size].reshape(surface.grid.shape), about)
        if surface.points:
            variables[f"{name}_at_point"] = ((point,), numbers[surface.grid.size :], about)
    return variables, coordinates


def _columns(surface: Surface) -> Iterator[tuple[str, NDArray[Any], dict[str, Any]]]:
    for row, fact in enumerate(surface.metrics):
        error = unseen_error(surface.errors[row], surface.counts[row], fact.size)
        yield fact.name, surface.values[row], _about(fact)
        yield f"{fact.name}_standard_error", error, {"units": fact.unit}
        yield f"{fact.name}_samples", surface.counts[row], {"size": fact.size}


def _about(fact: MetricFacts) -> dict[str, Any]:
    return {"units": fact.unit, "long_name": fact.label or fact.name}


def _refuse_taken(names: Any, taken: Any) -> None:
    if both := [name for name in names if name in taken]:
        raise ValueError(
            f"In a Dataset {both[0]!r} is something else already. Give the metric or the map another name."
        )
