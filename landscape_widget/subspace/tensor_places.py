"""Where in a file does each tensor lie? Of files that safetensors wrote, and that ``torch.save`` wrote."""

from __future__ import annotations

import json
import operator
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import torch
from torch import Tensor

from landscape_widget.subspace.tensor_file import Place

SAFETENSORS = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "C64": torch.complex64,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}


LONGEST_HEAD = 2 << 20
"""Bytes; where the tensors are larger it may be as large as they."""


def safetensors_places(path: Path) -> dict[str, Place]:
    """Read the head of a ``.safetensors`` file (https://github.com/huggingface/safetensors#format).

    Raises:
        ValueError: where it is none, or holds a type of numbers that is unknown here.
    """
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            size = path.stat().st_size - 8 - length
            if size < 0:
                raise EOFError("its head is longer than the file")
            if length > max(LONGEST_HEAD, size):
                raise ValueError("its head is longer than its tensors")
            head = json.loads(file.read(length))
        entries = {name: entry for name, entry in head.items() if name != "__metadata__"}
        return {name: _safetensors_place(entry, 8 + length, size) for name, entry in entries.items()}
    except (
        ArithmeticError,
        AttributeError,
        EOFError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:
        raise ValueError(
            f"Expected a complete .safetensors file at {path}; reading its head raised "
            f"{type(error).__name__}: {error}. Write it with `safetensors.torch.save_file`."
        ) from error


def archive_places(
    path: Path, tensors: Mapping[str, Tensor], storages: Sequence[torch.UntypedStorage]
) -> dict[str, Place] | None:
    """Find in an archive of ``torch.save`` what ``torch.load(path, mmap=True)`` returned; None if not found.

    A memory map keeps the distances of the file, so the storages must fall on the archive's records, all of
    them: the one shift for which they do says where each tensor lies.

    Args:
        storages: all that were loaded, also those that belong to none of the tensors.
    """
    mapped = sorted({(storage.data_ptr(), storage.nbytes()) for storage in storages if storage.nbytes()})
    records = _records(path)
    if not mapped or len(mapped) != len(records):
        return None
    shift = mapped[0][0] - records[0][0]
    plain = all(tensor.layout == torch.strided and not tensor.is_conj() for tensor in tensors.values())
    if not plain or [(pointer - shift, size) for pointer, size in mapped] != records:
        return None
    return {
        name: Place(tensor.data_ptr() - shift, tensor.dtype, tensor.shape, tensor.stride())
        for name, tensor in tensors.items()
    }


def _records(path: Path) -> list[tuple[int, int]]:
    """Offset and size of each storage in an archive; nothing where they can't be read as they lie."""
    places = []
    with ZipFile(path) as archive, path.open("rb") as file:
        for entry in archive.infolist():
            folder, _, name = entry.filename.rpartition("/")
            if name == "byteorder" and archive.read(entry) != b"little":
                return []
            if folder.rpartition("/")[2] == "data" and entry.file_size:
                if entry.compress_type != ZIP_STORED:
                    return []
                file.seek(entry.header_offset + 26)  # the lengths of the name and of the extra field
                lengths = file.read(4)
                gap = int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
                places.append((entry.header_offset + 30 + gap, entry.file_size))
    return sorted(places)


def _safetensors_place(entry: Mapping[str, Any], start: int, size: int) -> Place:
    shape = torch.Size(entry["shape"])
    begin, end = map(operator.index, entry["data_offsets"])
    place = Place(
        start + begin, SAFETENSORS[entry["dtype"]], shape, torch.empty(shape, device="meta").stride()
    )
    if end - begin != shape.numel() * place.dtype.itemsize:
        raise ValueError("a tensor's size doesn't fit its shape")
    if not 0 <= begin <= end <= size:
        raise ValueError("a tensor lies outside of the file")
    return place
