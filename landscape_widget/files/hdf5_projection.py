"""Where did training go, by a projection file of the paper's code, which may keep lengths for coordinates?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape_widget.files.hdf5 import opened
from landscape_widget.files.hdf5_directions import Directions
from landscape_widget.files.hdf5_stream import written
from landscape_widget.files.packages import needed
from landscape_widget.surface.surface import Surface
from landscape_widget.track import Path as Track

COORDINATES = ("proj_xcoord", "proj_ycoord")
METHOD = "method"
"""What we add: ``"lstsq"`` where the numbers are coordinates."""

LENGTHS = (
    "The trajectory's places are lengths along each direction, as the projection 'cos' of the paper's code "
    "keeps them: in these coordinates only where both directions have length 1 and are orthogonal. "
    "Give the direction file too: lw.load(…, projection=…, directions=…)."
)


def with_projection(surface: Surface, path: Path, directions: Directions | None) -> Surface:
    """Return the surface with the path in a projection file, in units of its directions.

    ``p_i = ⟨w, d_i⟩ / ‖d_i‖`` is what the projection ``cos`` keeps; coordinates c solve
    ``Σ_j ⟨d_i, d_j⟩ c_j = p_i ‖d_i‖``. Where there are no directions to mend it by, a note says so.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no such file, cut off, for a line, or the directions are parallel.
    """
    axes = len(surface.grid.axes)
    with opened(path, "a projection") as file:
        if axes != len(COORDINATES):
            raise file.refusal("is for a plane, where this surface is a line")
        shape = file.shape(COORDINATES[0])
        if len(shape) != 1 or not shape[0]:
            raise file.refusal(f"has {COORDINATES[0]!r} of shape {shape}, where a list belongs")
        kept = np.stack([file.numbers(name, shape) for name in COORDINATES], axis=1)
        is_mended = file.text(METHOD) == "lstsq" or "_proj_lstsq" in path.name
    notes = surface.settings.get("notes", [])
    if not is_mended and directions is not None:
        kept = _mended(kept, directions.gram, path)
    elif not is_mended:
        notes = [*notes, LENGTHS]
    explained = directions.explained if directions else (None,) * axes
    return replace(
        surface.with_path(_track(kept, len(surface.metrics), explained)),
        settings={**surface.settings, "notes": notes},
    )


def write_projection(surface: Surface, path: Path) -> None:
    """Write the path in coordinates, which is what the plots of the paper's code lay over the surface.

    Raises:
        ValueError: if there is no path on a plane.
    """
    if surface.path is None or surface.grid.y is None:
        raise ValueError(
            "A projection file holds the path of a trajectory on a plane; this surface has none. "
            "Compute it with `trajectory=…` and two directions, or leave out `projection=`."
        )
    h5py = needed("h5py", "hdf5")
    with written(path, h5py.File) as file:
        for name, coordinates in zip(COORDINATES, surface.path.coordinates.T, strict=True):
            file[name] = coordinates
        file[METHOD] = "lstsq"


def _mended(lengths: NDArray[np.float64], gram: NDArray[np.float64], path: Path) -> NDArray[np.float64]:
    if len(gram) != 2 or abs(np.linalg.det(gram)) <= 1e-12 * gram[0, 0] * gram[-1, -1]:
        raise ValueError(
            f"The trajectory in {path} needs two directions that differ, neither of them zero; "
            f"got {len(gram)} with the inner products {gram.tolist()}. Are these its directions?"
        )
    return np.asarray(np.linalg.solve(gram, (lengths * np.sqrt(np.diag(gram))).T).T, np.float64)


def _track(coordinates: NDArray[np.float64], metrics: int, explained: tuple[float | None, ...]) -> Track:
    size = len(coordinates)
    unknown = np.full(size, np.nan)
    return Track(
        coordinates,
        unknown,
        unknown,
        np.arange(size),
        unknown,
        unknown,
        np.full((metrics, size), np.nan),
        np.zeros(size, np.bool_),
        explained,
        (None,) * coordinates.shape[1],
    )
