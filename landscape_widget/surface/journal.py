"""What has become known since a file was written? Records, one after the other, each whole or not there.

A journal begins with `MAGIC`. A record is the length of its payload and the payload's CRC-32 (uint32 each,
little-endian), and the payload: the length of its head (uint32), the head (a JSON object with a ``"kind"``),
and a body, whose size follows from the head. A record that is cut off, or isn't what was written, is the end:
it and what follows it is left out.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from landscape_widget.surface.only_writer import given_back

MAGIC = b"landscape-widget journal 1\n"
LONGEST_HEAD = 2 << 20
"""Bytes; JSON takes many times as much memory."""

FRAME = struct.Struct("<II")
LENGTH = struct.Struct("<I")


@dataclass(frozen=True)
class Record:
    """One thing that became known.

    Attributes:
        head: JSON-able; ``"kind"`` says what it is.
        body: arrays, back to back.
    """

    head: Mapping[str, Any]
    body: bytes = b""


class Stranger(OSError):
    """Somebody else has written to the journal."""


class Journal:
    """A journal that this process writes to.

    Args:
        file: unbuffered, writes at its end, and is read from anywhere; closed with the journal.
        path: where it is.
    """

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self.path = path
        self._file = file
        self._end = 0
        self._is_torn = True  # until whatever is there has been cut off

    def start(self, end: int = 0) -> None:
        """Cut off what lies behind ``end``, 0 for everything: a new journal, or one to go on with."""
        self._end, self._is_torn = end, True
        self._mend()
        if end == 0:
            self._write(MAGIC)

    def append(self, records: Iterable[Record]) -> None:
        """Write records, all of them or none.

        Raises:
            Stranger: where somebody else has written, or has put another file in its place.
            FileNotFoundError: where it is gone.
            OSError: whatever writing raises, a full disk for one.
        """
        self._mend()
        here, there = os.fstat(self._file.fileno()), self.path.stat()
        if here.st_size != self._end or not os.path.samestat(here, there):
            raise Stranger(f"{self.path} has grown by somebody else's hand")
        self._write(b"".join(map(encoded, records)))

    def sync(self) -> None:
        """Return when what was written is on the disk."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Wait for the disk and give the file back; an empty one is removed. Once more does nothing."""
        if self._file.closed:
            return
        with suppress(OSError):
            self.sync()
            if os.fstat(self._file.fileno()).st_size == 0:
                self.remove()
        given_back(self._file)

    def remove(self) -> None:
        """Remove the file, before it is given back where that can be: nobody else gets it then."""
        with suppress(OSError):
            self.path.unlink()
        given_back(self._file)
        if os.name == "nt":
            with suppress(OSError):
                self.path.unlink()

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        self._is_torn = True
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            with suppress(OSError):
                self._mend()
            raise
        self._end += len(data)
        self._is_torn = False

    def _mend(self) -> None:
        """Cut off what a write that failed has left."""
        if self._is_torn:
            self._file.truncate(self._end)
            self._is_torn = False


def encoded(record: Record) -> bytes:
    """Return a record as it lies in a journal."""
    head = json.dumps(record.head).encode()
    if len(head) > LONGEST_HEAD:
        raise ValueError(f"settings of {len(head):,} bytes, where {LONGEST_HEAD:,} may be written")
    payload = LENGTH.pack(len(head)) + head + record.body
    return FRAME.pack(len(payload), zlib.crc32(payload)) + payload


def read_records(path: Path, start: int = 0) -> tuple[list[Record], int]:
    """Return the whole records from a place on, and where the next one will begin.

    Args:
        start: 0, or what an earlier call returned.

    Raises:
        FileNotFoundError: where there is no journal.
        ValueError: where it isn't one, or one of a version that is not known here.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if start == 0:
            start = _begin(file, path)
        file.seek(start)
        records = []
        while (record := _next(file, size - start)) is not None:
            start = file.tell()
            records.append(record)
        return records, start


def _begin(file: IO[bytes], path: Path) -> int:
    came = file.read(len(MAGIC))
    if not MAGIC.startswith(came):
        raise ValueError(
            f"{path} should be the journal of a surface that grows; it begins with {came!r}. "
            "Move it away, or read it with the landscape-widget that wrote it."
        )
    return len(came) if came == MAGIC else 0


def _next(file: IO[bytes], left: int) -> Record | None:
    """Return a whole record, if one is there; nothing larger than what is ``left`` is read."""
    frame = file.read(FRAME.size)
    if len(frame) < FRAME.size:
        return None
    length, check = FRAME.unpack(frame)
    if not LENGTH.size <= length <= left - FRAME.size:
        return None
    payload = file.read(length)
    if len(payload) < length or zlib.crc32(payload) != check:
        return None
    (size,) = LENGTH.unpack_from(payload)
    if size > min(LONGEST_HEAD, length - LENGTH.size):
        return None
    try:
        head = json.loads(payload[LENGTH.size : LENGTH.size + size])
    except (RecursionError, ValueError):
        return None
    return Record(head, payload[LENGTH.size + size :]) if isinstance(head, dict) else None
