"""How must a surface lie in a file so that the plotting scripts of the paper's code draw it right?"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape_widget.files.hdf5_columns import (
    AXES,
    DIRECTIONS_FILE,
    RATIO,
    SETTINGS,
    dataset_of,
    missing,
)
from landscape_widget.files.hdf5_directions import write_directions
from landscape_widget.files.hdf5_projection import write_projection
from landscape_widget.files.hdf5_stream import written
from landscape_widget.files.packages import needed
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State


def write_hdf5(
    surface: Surface,
    path: Path,
    *,
    directions: str | os.PathLike[str] | None = None,
    projection: str | os.PathLike[str] | None = None,
) -> None:
    """Write coordinates and metrics under the names of the paper's code, rows along x, (len(y), len(x)).

    So its plots are right for every grid, since they go by ``meshgrid``; the shape that its own computing
    makes, (len(x), len(y)), is the same for square grids and refused by matplotlib for others. −1 stands
    where a cell isn't measured on all samples asked for. Standard errors, labelled points and maps have no
    place in it: ``surface.map("curvature").save(…)`` writes ``max_eig`` and ``min_eig`` to a file of their
    own, which `plot_2d_eig_ratio` reads.

    Args:
        directions: where to write the directions, in the same layout.
        projection: where to write the path of the trajectory, in coordinates.
    """
    h5py = needed("h5py", "hdf5")
    datasets = _datasets(surface)
    settings = json.dumps({**surface.settings, "samples": surface.samples})
    if directions is not None:
        write_directions(surface, Path(directions))
    if projection is not None:
        write_projection(surface, Path(projection))
    with written(path, h5py.File) as file:
        file[DIRECTIONS_FILE] = "" if directions is None else os.fspath(directions)
        for name, axis in zip(AXES, surface.grid.axes, strict=False):
            file[name] = axis.coordinates
        for name, values in datasets.items():
            file[name] = values
        file[SETTINGS] = settings


def _datasets(surface: Surface) -> dict[str, NDArray[np.float64]]:
    datasets: dict[str, NDArray[np.float64]] = {}
    known = surface.state != State.UNKNOWN
    known &= surface.state != State.PREVIEW
    for fact in surface.metrics:
        name = dataset_of(fact)
        if name in datasets or name in (*AXES, DIRECTIONS_FILE, SETTINGS):
            raise ValueError(
                f"In the layout of the paper's code {fact.name!r} is called {name!r}, which is taken. "
                "Give the metric another name, or save as .npz."
            )
        if fact.label != RATIO:
            datasets[name] = np.where(known, surface[fact.name], missing(name))
    return datasets
