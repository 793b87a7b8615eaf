"""What is in a file that somebody still writes to, or whose writer was killed?

``run.npz`` is a surface as `Surface.save` writes it, of what was known when the run began, or went on. While
it grows, and after a kill, ``run.npz.journal`` lies beside it with what has become known since; its first
record names the content of the file that it goes with, and a journal of another content is left out. When the
run is done the whole surface takes the place of ``run.npz``, and the journal is removed.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from landscape_widget.surface import files
from landscape_widget.surface.archive import DamagedFile
from landscape_widget.surface.journal import Record, read_records
from landscape_widget.surface.records import replayed
from landscape_widget.surface.surface import Surface

Signature = tuple[int, int, int]

TRIES = 10
"""To read a file that is replaced meanwhile."""


@dataclass(frozen=True, eq=False)
class Grown:
    """What was read of a file.

    Attributes:
        path: of the file.
        surface: what it and its journal say.
        grows: whether there is a journal, be it empty: the run isn't done, be it under way or killed.
        end: how much of the journal has been read, in bytes.
        signature: tells the file from one that has taken its place.
    """

    path: Path
    surface: Surface
    grows: bool
    end: int
    signature: Signature


def journal_of(path: Path) -> Path:
    """Return where the journal of a file is: beside the file itself, where the path is a link."""
    path = path.resolve()
    return path.with_name(f"{path.name}.journal")


def load(path: str | Path) -> Surface:
    """Read what a surface file and its journal say, at any time; see `files.load`.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no saved surface, truncated, damaged, or of a newer version, or its journal is
            none.
    """
    return read_grown(path).surface


def read_grown(path: str | Path) -> Grown:
    """Read a file and its journal; `load` says what is refused."""
    path = files.found(path)
    grown = _read(path)
    for _ in range(TRIES):
        if grown.signature == signature_of(path):
            break
        grown = _read(path)
    return grown


def grown_further(grown: Grown) -> Grown | None:
    """Return what the file says by now, None where nothing is new; only what is new is read."""
    if grown.signature != signature_of(grown.path):
        return read_grown(grown.path)
    if not grown.grows:
        again = _with_journal(grown)
        return again if again.grows else None
    try:
        records, end = read_records(journal_of(grown.path), grown.end)
    except FileNotFoundError:
        return None
    return replace(grown, surface=_told(grown.path, grown.surface, records), end=end) if records else None


def signature_of(path: Path) -> Signature:
    """Return what tells a file from one that takes its place; cheap.

    Raises:
        FileNotFoundError: where there is none.
    """
    found = os.stat(path)
    return found.st_ino, found.st_size, found.st_mtime_ns


def content_of(path: Path) -> str:
    """Return the SHA-256 of names, sizes and checksums of a file's parts, which the file itself keeps."""
    with zipfile.ZipFile(path) as archive:
        parts = sorted((part.filename, part.file_size, part.CRC) for part in archive.infolist())
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _read(path: Path) -> Grown:
    signature = signature_of(path)
    return _with_journal(Grown(path, files.load(path), False, 0, signature))


def _with_journal(grown: Grown) -> Grown:
    try:
        records, end = read_records(journal_of(grown.path))
    except FileNotFoundError:
        return grown
    if not records:
        return replace(grown, grows=True, end=end)
    if records[0].head.get("file") != content_of(grown.path):
        return grown
    return replace(grown, surface=_told(grown.path, grown.surface, records), grows=True, end=end)


def _told(path: Path, surface: Surface, records: list[Record]) -> Surface:
    try:
        return replayed(surface, records)
    except ValueError as error:
        raise DamagedFile(
            f"{journal_of(path)} should be the journal of {path.name}; it holds {error}. "
            f"Move it away, and {path.name} is read as it was when it was begun."
        ) from error
