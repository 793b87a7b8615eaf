"""How do saved surfaces, and the directions of the paper's code, come back as tensors?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from landscape_widget.files import load as files
from landscape_widget.files.hdf5_directions import GROUPS, read_directions
from landscape_widget.subspace.direction_files import named
from landscape_widget.surface.surface import Surface


def load(
    path: str | Path,
    *,
    projection: str | Path | None = None,
    directions: str | Path | Sequence[Mapping[str, Any]] | None = None,
) -> Surface:
    """Read a surface that `Surface.save` wrote as ``.npz``, or a surface file (``.h5``) of the paper's code.

    One that ``resume=`` writes is read as far as it has grown, also after its process was killed.
    Its directions and origin are CPU tensors again. In a surface file each value is placed where it was
    measured, though the code of Li et al. (2018) scrambles grids that aren't square; ``min_eig`` and
    ``max_eig`` become the map ``"curvature"``.

    Args:
        path: the file.
        projection: a projection file (``…_proj_cos.h5``), drawn as the path of a trajectory.
        directions: the direction file, or what `load_directions` made of it; by it the projection's lengths
            become coordinates.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if a file isn't what it should be, is truncated, of a newer version, or they don't fit
            together.
        ModuleNotFoundError: for ``.h5`` without the package h5py.
    """
    return with_tensors(files.load(path, projection, directions))


def with_tensors(surface: Surface) -> Surface:
    """Return the surface with directions and origin as CPU tensors, where a file has numpy's arrays."""
    *vectors, origin = map(_tensors, (*surface.directions, surface.origin))
    return replace(surface, directions=tuple(vectors), origin=origin)


def load_directions(path: str | Path, model: nn.Module) -> list[dict[str, Tensor]]:
    """Read a direction file (``directions.h5``) of the paper's code, to be given as ``directions=``.

    Its arrays have an order and no names: that of the model's parameters, or of its state_dict; then floating
    BatchNorm statistics move too, where they are interpolated (``batch_norm="interpolate"``).

    Args:
        path: the file.
        model: the network it was made for; only names and shapes are looked at.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no such file, or for another network.
        ModuleNotFoundError: without the package h5py.
    """
    lists = read_directions(Path(path)).lists
    pairs = zip(GROUPS, lists, strict=False)
    return [named(arrays, model, f"{group!r} in {path}") for group, arrays in pairs]


def _tensors(arrays: Mapping[str, Any]) -> dict[str, Tensor]:
    return {name: torch.as_tensor(array) for name, array in arrays.items()}
