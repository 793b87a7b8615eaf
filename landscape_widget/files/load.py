"""Which file is this, ours or the paper's code's, and what comes with it?"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from landscape_widget.files.hdf5 import is_hdf5
from landscape_widget.files.hdf5_directions import Directions, arrays_of, read_directions
from landscape_widget.files.hdf5_projection import with_projection
from landscape_widget.files.hdf5_surface import read_hdf5
from landscape_widget.surface.growing import Grown, read_grown, signature_of
from landscape_widget.surface.surface import Surface

HDF5 = (".h5", ".hdf5")
ONE_WAY = (".csv", ".vtp", ".nc", ".png", ".svg", ".html")

Given = str | os.PathLike[str] | Sequence[Mapping[str, Any]]


def load(path: str | Path, projection: str | Path | None = None, directions: Given | None = None) -> Surface:
    """Read a surface of ours, or of the paper's code with its projection and directions if told.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if one of the files isn't what it should be, or they don't fit together.
    """
    surface = load_grown(path).surface
    given = None if directions is None else _directions(directions)
    if given is not None:
        surface = _with_directions(surface, given, directions)
    if projection is not None:
        known = given or _own(surface)
        surface = with_projection(surface, Path(projection), known)
    return surface


def load_grown(path: str | Path) -> Grown:
    """Read a surface of ours, which may still grow, or one of the paper's code; see `load`."""
    path = Path(path)
    if path.suffix.lower() in ONE_WAY:
        raise ValueError(
            f"A surface is read back from .npz or .h5; {path.name!r} is made for other programs. "
            "Save it as .npz too: that keeps everything."
        )
    if not _is_hdf5(path):
        return read_grown(path)
    return Grown(path, read_hdf5(path), grows=False, end=0, signature=signature_of(path))


def _is_hdf5(path: Path) -> bool:
    if path.is_file() and path.suffix.lower() not in HDF5:
        with path.open("rb") as file:
            return is_hdf5(file.read(8))
    return path.suffix.lower() in HDF5


def _directions(given: Given) -> Directions:
    if isinstance(given, str | os.PathLike):
        return read_directions(Path(given))
    lists = tuple(arrays_of(direction) for direction in given)
    return Directions(lists, (None,) * len(lists))


def _own(surface: Surface) -> Directions | None:
    return _directions(surface.directions) if surface.directions else None


def _with_directions(surface: Surface, directions: Directions, given: Any) -> Surface:
    axes = len(surface.grid.axes)
    if len(directions.lists) != axes:
        raise ValueError(
            f"A surface has a direction for each axis, here {axes}; got {len(directions.lists)}. "
            "Are they from the same run?"
        )
    is_file = isinstance(given, str | os.PathLike)
    own = f"from {Path(given).name}" if is_file else "own direction"
    ranks = zip(("1st PC", "2nd PC"), directions.explained, strict=False)
    labels = [own if share is None else rank for rank, share in ranks]
    numbered = [{str(i): array for i, array in enumerate(arrays)} for arrays in directions.lists]
    settings = {**surface.settings, "labels": labels, "gram": directions.gram.tolist()}
    return replace(surface, directions=tuple(numbered if is_file else given), settings=settings)
