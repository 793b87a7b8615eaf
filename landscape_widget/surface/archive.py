"""Is what a file says of itself true? Arrays out of an ``.npz``, each size checked before it is used."""

from __future__ import annotations

import json
import math
import zipfile
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

LONGEST_MANIFEST = 2 << 20
"""Bytes of a manifest; where the arrays are larger it may be as large as they."""

Claim = tuple[np.dtype[Any], tuple[int, ...]]


class DamagedFile(ValueError):
    """A file that isn't what it should be, or not what it says of itself."""


class Archive:
    """An ``.npz`` opened for reading; whatever is wrong with it is a `ValueError` that names the file.

    Nothing in the file is executed; its arrays must lie beside each other as they are, so that no part of it
    takes more memory than the file has bytes.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("rb")

    def __enter__(self) -> Archive:
        try:
            self._zip = zipfile.ZipFile(self._file)
        except Exception as error:
            start = self._file.seek(0) or self._file.read(2)
            self._file.close()
            raise self.refusal("a file cut off at the end" if start == b"PK" else "no .npz file") from error
        parts, self._size = self._zip.infolist(), self.path.stat().st_size
        if (
            len(set(self._zip.namelist())) < len(parts)
            or sum(part.compress_size for part in parts) > self._size
        ):
            self._file.close()
            raise self.refusal("an archive whose parts overlap")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def manifest(self, name: str) -> dict[str, Any]:
        """Return the JSON object in the bytes of an array."""
        if f"{name}.npy" not in self._zip.namelist():
            raise self.refusal("an archive without a manifest")
        came, length = self._claim(name)
        if length > max(LONGEST_MANIFEST, self._size - length):
            raise self.refusal(f"an archive with a manifest of {length:,} bytes, more than it speaks of")
        try:
            is_text = came == (np.dtype(np.uint8), (length,))
            content = json.loads(self._read(name).tobytes()) if is_text else None
        except (RecursionError, ValueError):
            content = None
        if not isinstance(content, dict):
            raise self.refusal("an archive with a manifest that is not ours")
        return content

    def array(self, name: str, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
        """Return an array whose header and length are those the manifest claims."""
        came, length = self._claim(name)
        if came != (dtype, shape) or length != dtype.itemsize * math.prod(shape):
            raise self.refusal(
                f"an archive with {name!r} as {_words(*came)}, {length:,} bytes, "
                f"where its manifest says {_words(dtype, shape)}"
            )
        return self._read(name)

    def refusal(self, came: str) -> DamagedFile:
        """Say what the file should be, what it is, and what to do."""
        return DamagedFile(
            f"{self.path} should be a surface written by Surface.save; it is {came}. "
            "Save it again, or copy it again."
        )

    def _claim(self, name: str) -> tuple[Claim, int]:
        """Return what an array says of itself, and how many bytes there are of it."""
        try:
            entry = self._zip.getinfo(f"{name}.npy")
            if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size:
                raise ValueError("compressed, which Surface.save never does")
            with self._zip.open(entry) as member:
                return _header(member), entry.file_size - member.tell()
        except Exception as error:
            raise self.refusal(f"an archive without a readable {name!r} ({error})") from error

    def _read(self, name: str) -> NDArray[Any]:
        try:
            with self._zip.open(f"{name}.npy") as member:
                return npy.read_array(member, allow_pickle=False)
        except Exception as error:
            raise self.refusal(f"an archive with a damaged {name!r} ({error})") from error


def _header(member: IO[bytes]) -> Claim:
    if (version := npy.read_magic(member)) != (1, 0):
        raise ValueError(f"written in version {version} of .npy, where Surface.save writes (1, 0)")
    shape, _, dtype = npy.read_array_header_1_0(member)
    return dtype, shape


def _words(dtype: np.dtype[Any], shape: tuple[int, ...]) -> str:
    return f"{dtype} of shape {shape}"
