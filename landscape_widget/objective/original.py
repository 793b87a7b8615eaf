"""Where are a model's own weights while others are in their place? In a file, mapped into memory."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from landscape_widget.objective.pieces import pieces

PREFIX, SUFFIX = "landscape-weights-", ".pt"


@dataclass(frozen=True, eq=False)
class Original:
    """Tensors as they were, for who takes the model's place or is killed while it does.

    Attributes:
        path: of the file, which `torch.load` reads.
        tensors: the same, mapped from it; nobody may write to them.
        nbytes: of the file.
    """

    path: Path
    tensors: Mapping[str, Tensor]
    nbytes: int


def keep_original(tensors: Mapping[str, Tensor], folder: Path | None = None) -> Original:
    """Write tensors to a file and map it, so that they need no memory.

    Args:
        folder: where; None: that of the system for temporary files.

    Raises:
        OSError: where the disk has no room for them, or doesn't take them.
    """
    folder = folder or Path(tempfile.gettempdir())
    plain = {name: tensor.detach() for name, tensor in tensors.items()}
    storages = {tensor.untyped_storage().data_ptr(): tensor.untyped_storage() for tensor in plain.values()}
    needed = sum(storage.nbytes() for storage in storages.values())
    if needed > (free := shutil.disk_usage(folder).free):
        raise OSError(
            f"copy=False keeps the weights that move in a file meanwhile: expected {needed / 1e9:.3g} GB of "
            f"free disk in {folder}, got {free / 1e9:.3g} GB. Make room there, or name another folder in the "
            "environment variable TMPDIR before Python starts."
        )
    handle, name = tempfile.mkstemp(SUFFIX, PREFIX, folder)
    os.close(handle)
    path = Path(name)
    try:
        torch.save(plain, name)  # by its name: torch would make bytes of each tensor for an open file
        mapped = torch.load(name, map_location="cpu", mmap=True, weights_only=True)
    except BaseException as error:
        remove(path)
        if isinstance(error, RuntimeError):  # what torch makes of a disk that is full
            raise OSError(f"The weights that move could not be kept in {path}: {error}") from error
        raise
    return Original(path, mapped, path.stat().st_size)


def remove(path: Path) -> None:
    """Remove the file; what is mapped from it stays readable. Windows keeps it until nobody has it mapped."""
    with suppress(OSError):
        path.unlink()


def is_same(tensor: Tensor, original: Tensor) -> bool:
    """Tell whether they hold the same bytes, a piece at a time, where the first one is."""
    now, then = (one.detach().reshape(1) if one.ndim == 0 else one.detach() for one in (tensor, original))
    return all(torch.equal(_bytes(now[some]), _bytes(then[some].to(now.device))) for some in pieces(now))


def _bytes(tensor: Tensor) -> Tensor:
    return tensor.contiguous().view(torch.uint8)
