"""Which arrays are in a direction file of the paper's code? It numbers them and keeps no names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.files.hdf5 import opened
from landscape_widget.files.hdf5_stream import written
from landscape_widget.files.packages import needed
from landscape_widget.surface.surface import Surface

GROUPS = ("xdirection", "ydirection")
EXPLAINED = "explained_variance_ratio_"

Direction = Sequence[NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Directions:
    """One or two lists of arrays, in the order of the parameters or of the state_dict.

    Attributes:
        lists: one a direction, each array in the shape it has in the network.
        explained: the share of the trajectory's variance of each, None where it is no principal component.
    """

    lists: tuple[Direction, ...]
    explained: tuple[float | None, ...]

    @property
    def gram(self) -> NDArray[np.float64]:
        """float64[k, k], inner products; numbers that are no arrays, such as counters, don't take part."""
        return gram([[array for array in arrays if array.ndim] for arrays in self.lists])


def read_directions(path: Path) -> Directions:
    """Read a direction file.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no such file, cut off, or its directions differ in shape or are not finite.
    """
    with opened(path, "directions") as file:
        groups = GROUPS[: 2 if GROUPS[1] in file.names else 1]
        lists = tuple([file.numbers(name) for name in file.list(group)] for group in groups)
        shapes = [[array.shape for array in arrays] for arrays in lists]
        if shapes[0] != shapes[-1] or not shapes[0]:
            raise file.refusal(f"has directions of {' and '.join(f'{len(one)} arrays' for one in shapes)} "
                               "that don't fit together")  # fmt: skip
        for group, arrays in zip(groups, lists, strict=True):
            for number, array in enumerate(arrays):
                if not np.isfinite(array).all():
                    raise file.refusal(f"has NaN or infinities in '{group}/{number}'")
        explained: list[float | None] = [None] * len(groups)
        if EXPLAINED in file.names and len(shape := file.shape(EXPLAINED)) == 1 and shape[0] >= len(groups):
            shares = file.numbers(EXPLAINED)
            explained = [float(share) if np.isfinite(share) else None for share in shares[: len(groups)]]
    return Directions(lists, tuple(explained))


def write_directions(surface: Surface, path: Path) -> None:
    """Write the directions of a surface, numbered; and what each explains, where it has a path.

    Raises:
        ValueError: if the surface has none, as some that were read from files.
    """
    if not surface.directions:
        raise ValueError(
            "A surface without its directions can't write them; it was read from a file without. "
            "Leave out `directions=`."
        )
    h5py = needed("h5py", "hdf5")
    with written(path, h5py.File) as file:
        for group, direction in zip(GROUPS, surface.directions, strict=False):
            for number, tensor in enumerate(direction.values()):
                file[f"{group}/{number}"] = np.asarray(tensor)
        if surface.path is not None:
            shares = [np.nan if share is None else share for share in surface.path.explained]
            file[EXPLAINED] = np.array(shares)


def gram(lists: Sequence[Sequence[Any]]) -> NDArray[np.float64]:
    """Return float64[k, k], inner products of lists of arrays."""
    return np.array([[sum(map(_inner, one, other)) for other in lists] for one in lists], np.float64)


def arrays_of(direction: Mapping[str, Any]) -> Direction:
    """Return a mapping's tensors as float64."""
    return [np.asarray(tensor, np.float64) for tensor in direction.values()]


def _inner(one: Any, other: Any) -> float:
    return float(np.vdot(other, one).real)
