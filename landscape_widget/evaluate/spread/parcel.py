"""How does something large travel? As bytes that are told by their fingerprint, in a file beside."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch


@dataclass(frozen=True)
class Parcel:
    """What a task says of something that it needs.

    Attributes:
        fingerprint: SHA-256 of the bytes, in hex.
        nbytes: how many there are.
        path: a file that holds them, on the machine where they were packed.
    """

    fingerprint: str
    nbytes: int
    path: str

    def read(self) -> bytes | None:
        """Return the bytes; None where there is no such file, as on another machine."""
        try:
            packed = Path(self.path).read_bytes()
        except OSError:
            return None
        return packed if hashlib.sha256(packed).hexdigest() == self.fingerprint else None


def pack(parts: Mapping[str, Any], folder: Path) -> Parcel:
    """Write named parts into a file, classes and functions of a notebook by value.

    Raises:
        ImportError: without cloudpickle.
        ValueError: naming the part that can't travel.
        OSError: where there is no room for it.
    """
    try:
        packed = _bytes(dict(parts))
    except Exception:
        for name, part in parts.items():
            _try(name, part)
        raise
    digest = hashlib.sha256(packed).hexdigest()
    path = folder / f"{digest}.job"
    try:
        path.write_bytes(packed)
    except OSError as error:
        raise OSError(
            f"What the workers need, {len(packed) / 1e6:,.3g} MB, can't be written to {folder} ({error}). "
            "Make room there, or set TMPDIR to a folder that has it."
        ) from error
    return Parcel(digest, len(packed), str(path))


def unpack(packed: bytes, device: str | None) -> dict[str, Any]:
    """Return the parts, with all tensors on ``device``; None: where they were.

    The bytes are code as much as data: they come from who started the worker, and from nobody else.
    """
    return torch.load(io.BytesIO(packed), map_location=device, weights_only=False)


def pickler() -> Any:
    """Return what packs classes and functions of a notebook.

    Raises:
        ImportError: without cloudpickle.
    """
    try:
        import cloudpickle
    except ImportError as error:
        raise ImportError(
            "An executor's workers get the model by cloudpickle, which isn't installed. "
            "Run `pip install 'landscape-widget[executors]'`."
        ) from error
    return cloudpickle


def _bytes(content: Any) -> bytes:
    """Tensors that share memory share it there as well, which plain pickle would not see to."""
    buffer, by = io.BytesIO(), pickler()
    torch.save(content, buffer, pickle_module=by, pickle_protocol=by.DEFAULT_PROTOCOL)
    return buffer.getvalue()


def _try(name: str, part: Any) -> None:
    try:
        _bytes(part)
    except Exception as error:
        raise ValueError(
            f"Expected {name} to be something that can travel to an executor's workers; packing it raised "
            f"{type(error).__name__}: {error} Keep open files, locks and connections out of it, or leave "
            "`executor` out."
        ) from error
