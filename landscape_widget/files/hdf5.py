"""Is what an HDF5 file of the paper's code says of itself true? Each size is checked before it is read."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.files.packages import needed

NUMBERS = "iuf"
UNPACKED = 32
"""How many times as large as the file its numbers may be in memory, where they are compressed."""

ALWAYS = 32 << 20
"""Bytes that numbers may take in memory however small the file is."""

LONGEST_TEXT = 1 << 20
"""Bytes."""


class ForeignFile(ValueError):
    """An HDF5 file that isn't what it should be, or not what it says of itself."""


class Hdf5:
    """An HDF5 file opened for reading; whatever is wrong with it is a `ForeignFile` that names it.

    Links to other files are refused, and numbers that lie in them.

    Attributes:
        what: what the file should be, as people read it.
    """

    def __init__(self, file: Any, path: Path, what: str) -> None:
        self.file, self.path, self.what = file, path, what
        self._h5py = needed("h5py", "hdf5")
        self._read = 0

    @property
    def names(self) -> list[str]:
        """What lies at the top of the file; where a name is no text, its bytes as far as they are letters."""
        return [name.decode(errors="replace") if isinstance(name, bytes) else name for name in self.file]

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of a dataset of real numbers that the file holds whole."""
        if (dataset := self._held(name)) is None:
            known = ", ".join(map(repr, sorted(self.names))) or "nothing"
            raise self.refusal(f"has no {name!r}, but {known}")
        if not isinstance(dataset, self._h5py.Dataset) or dataset.dtype.kind not in NUMBERS:
            kind = dataset.dtype if isinstance(dataset, self._h5py.Dataset) else "a group"
            raise self.refusal(f"has {name!r} as {kind}, where real numbers belong")
        if dataset.is_virtual or dataset.external:
            raise self.refusal(f"has {name!r} in another file")
        held = min(dataset.id.get_storage_size(), self.path.stat().st_size)
        if dataset.shape is None or (held < dataset.nbytes and dataset.compression is None):
            raise self.refusal(f"has {name!r} of shape {dataset.shape}, but holds {held:,} bytes of it")
        return dataset.shape

    def numbers(self, name: str, shape: tuple[int, ...] | None = None) -> NDArray[np.float64]:
        """Return a dataset of real numbers, of one shape if told."""
        came = self.shape(name)
        if shape is not None and came != shape:
            raise self.refusal(f"has {name!r} of shape {came}, where {shape} belongs")
        self._read += 8 * math.prod(came)
        if self._read > max(ALWAYS, UNPACKED * self.path.stat().st_size):
            raise self.refusal(f"unpacks to {self._read:,} bytes or more")
        return np.asarray(self.file[name][()], np.float64)

    def text(self, name: str) -> str:
        """Return a text, empty where there is none."""
        if (dataset := self._held(name)) is None:
            return ""
        try:
            if dataset.shape != () or dataset.dtype.itemsize > LONGEST_TEXT:
                raise ValueError(f"{dataset.dtype} of shape {dataset.shape}")
            return str(dataset.asstr()[()])
        except (AttributeError, TypeError, ValueError) as error:
            raise self.refusal(f"has no readable text as {name!r} ({error})") from error

    def list(self, name: str) -> list[str]:
        """Return the names of a group's datasets ``0``, ``1``, …, in order."""
        if not isinstance(group := self._held(name), self._h5py.Group):
            known = ", ".join(map(repr, sorted(self.names))) or "nothing"
            raise self.refusal(f"has no group {name!r}, but {known}")
        numbered = [str(index) for index in range(len(group))]
        if missing := [number for number in numbered if number not in group]:
            raise self.refusal(f"has a group {name!r} of {len(group)} without {missing[0]!r} in it")
        return [f"{name}/{number}" for number in numbered]

    def _held(self, name: str) -> Any:
        """Return what the file itself holds under a name, None where there is nothing."""
        place = self.file
        for part in name.split("/"):
            link = place.get(part, getlink=True) if isinstance(place, self._h5py.Group) else None
            if link is None:
                return None
            if not isinstance(link, self._h5py.HardLink):
                raise self.refusal(f"has a link in place of {name!r}")
            place = place[part]
        return place

    def refusal(self, came: str) -> ForeignFile:
        """Say what the file should be, what it is, and what to do."""
        return ForeignFile(
            f"{self.path} should be {self.what}, as the code of Li et al. (2018) writes it; it {came}. "
            "Check that it is the right file, and copy it again."
        )


@contextmanager
def opened(path: Path, what: str) -> Iterator[Hdf5]:
    """Open an HDF5 file for reading.

    Raises:
        FileNotFoundError: if there is no such file.
        ForeignFile: if it is no HDF5 file, or cut off.
    """
    h5py = needed("h5py", "hdf5")
    with path.open("rb") as stream:
        try:
            file = h5py.File(stream, "r")
        except Exception as error:
            is_ours = stream.seek(0) == 0 and is_hdf5(stream.read(8))
            came = f"is cut off or damaged ({error})" if is_ours else "is no HDF5 file"
            raise Hdf5(None, path, what).refusal(came) from error
        with file:
            read = Hdf5(file, path, what)
            try:
                yield read
            except (LookupError, OSError, RuntimeError, TypeError) as error:  # HDF5's ways to say it
                raise read.refusal(f"is cut off or damaged ({error})") from error


def is_hdf5(start: bytes) -> bool:
    """Tell from the first eight bytes of a file."""
    return start == b"\x89HDF\r\n\x1a\n"
