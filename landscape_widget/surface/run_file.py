"""How does a landscape reach its file as it grows, so that no kill, full disk or stranger costs a cell?"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import IO

from landscape_widget.atomic import unwritable
from landscape_widget.surface import files
from landscape_widget.surface.growing import content_of, journal_of, read_grown, signature_of
from landscape_widget.surface.journal import MAGIC, Journal, Record, Stranger, read_records
from landscape_widget.surface.only_writer import Taken, only_writer
from landscape_widget.surface.records import have_one_frame, news
from landscape_widget.surface.surface import Surface

SECONDS = 1.0
"""Between two times that the disk is waited for."""

PATIENCE = 60.0
"""Seconds after which what failed is tried again, if no level is done before."""

TRIED_AGAIN = "; it is tried again at the next level."


class RunFile:
    """The one who writes a file and its journal; `growing` says what lies there.

    All methods may be called from any thread.

    Attributes:
        path: of the file.
        known: what was there when it was opened, until something is written; None where there was nothing.
        trouble: why not everything is saved; empty while it is.
        moved: where the file is kept that was there before, if it had to make room.
    """

    def __init__(
        self,
        path: str | Path,
        clock: Callable[[], float],
        *,
        others: MutableMapping[Path, RunFile],
        anew: bool = False,
        opened: Callable[[Path], IO[bytes]] = only_writer,
        save: Callable[[Surface, Path], object] = files.save,
    ) -> None:
        """Open a file to write to; one of the same process that writes there gives it up.

        Args:
            path: ``.npz`` is added if missing; nothing is written before the first `append`.
            clock: seconds, monotonic.
            others: those of this process.
            anew: nothing is read of what is there; it stays until it is replaced.
            opened: opens a journal for writing at its end.
            save: writes a whole surface.

        Raises:
            ValueError: where somebody else writes there, or what is there can't be read.
            OSError: where the journal can't be written.
        """
        self.path = files.with_suffix(Path(path)).resolve()
        self.known: Surface | None = None
        self.trouble = ""
        self.moved: Path | None = None
        self._lock = threading.Lock()
        self._clock, self._opened, self._save = clock, opened, save
        self._is_given_up = False
        if (other := others.get(self.path)) is not None:
            other.give_up("another landscape of this process writes there now")
        self._journal: Journal | None = self._open()
        self._is_begun, self._is_whole, self._end = False, True, 0
        try:
            if self.path.exists() and not anew:
                grown = read_grown(self.path)
                self.known, self._end = grown.surface, grown.end
                self._is_whole = grown.end <= len(MAGIC)
        except BaseException:
            self._journal.close()
            raise
        others[self.path] = self
        self._saved = None if self.known is None else _light(self.known)
        self._note_signature()
        self._synced, self._failed, self._level = clock(), clock(), -1
        self._unfinished: Surface | None = None

    @property
    def saved(self) -> Surface | None:
        """What a reader finds."""
        return self._saved

    def append(self, surface: Surface) -> None:
        """Write what is new; where that fails `trouble` says so, and all of it is written later."""
        with self._lock:
            self._attempt(surface, self._put)

    def finish(self, surface: Surface) -> None:
        """Have the file hold everything, and remove the journal."""
        with self._lock:
            self._finish(surface)

    def give_up(self, reason: str) -> None:
        """Write nothing more, and say why."""
        with self._lock:
            self._end_with(f"It is no longer written, since {reason}.")

    def close(self) -> None:
        """Wait for the disk, and let others write."""
        with self._lock:
            if self._unfinished is not None:
                self._finish(self._unfinished)
            self._end_with(self.trouble.replace(TRIED_AGAIN, "."))

    def _finish(self, surface: Surface) -> None:
        self._failed = -PATIENCE  # what went wrong before is tried again now
        self._attempt(surface, self._put_whole)
        self._unfinished = surface if self.trouble else None

    def _attempt(self, surface: Surface, put: Callable[[Surface], None]) -> None:
        """Write, unless it has failed lately or is given up; no trouble with a disk gets any further."""
        level = surface.exact_level + sum(held.exact_level for held in surface.maps.values())
        rises, now = level > self._level, self._clock()
        self._level = level
        if self._is_given_up or (self.trouble and not rises and now < self._failed + PATIENCE):
            return
        try:
            put(surface)
            if rises or now >= self._synced + SECONDS:
                self._sync()
                self._synced = now
            self.trouble = ""
        except Stranger:
            self._end_with("It is no longer written, since somebody else has written there too.")
        except (OSError, TypeError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            self.trouble = f"What is new could not be written ({why}){TRIED_AGAIN}"
            self._failed = now

    def _put(self, surface: Surface) -> None:
        self._look()
        if self._saved is None or not have_one_frame(self._saved, surface):
            self._replace(surface)
        elif records := news(self._saved, surface):
            self._go_on().append(records)
            self._saved, self._is_whole = _light(surface), False
        self.known = None

    def _put_whole(self, surface: Surface) -> None:
        self._put(surface)
        if not self._is_whole:
            self._replace(surface)
        if self._journal is not None:
            self._journal.remove()
            self._journal = None

    def _replace(self, surface: Surface) -> None:
        """Put a whole surface in the place of what is there; the journal belongs to that no longer."""
        if self.known is not None and not have_one_frame(self.known, surface):
            self._save(self.known, free := _free_name(self.path))
            self.moved = free
        self.known = None
        self._save(surface, self.path)
        self._note_signature()
        self._saved, self._is_whole, self._is_begun, self._end = _light(surface), True, False, 0

    def _go_on(self) -> Journal:
        """Return the journal, ready for what is new."""
        if self._journal is None:
            self._journal, self._is_begun = self._open(), False
        if not self._is_begun:
            self._journal.start(self._end)
            who = {"pid": os.getpid(), "host": socket.gethostname()}
            self._journal.append([Record({"kind": "begin", "file": content_of(self.path), **who})])
            self._is_begun = True
        return self._journal

    def _look(self) -> None:
        """Begin anew where somebody has removed the file or the journal.

        Raises:
            Stranger: where somebody has replaced the file.
        """
        is_there = self.path.exists() and (not self._is_begun or journal_of(self.path).exists())
        if self._saved is not None and not is_there:
            if self._journal is not None:
                self._journal.close()
            self._journal, self._saved = None, None
        elif self._saved is not None and signature_of(self.path) != self._signature:
            raise Stranger(f"{self.path} has been replaced")

    def _sync(self) -> None:
        if self._journal is not None and self._is_begun:
            try:
                self._journal.sync()
            except OSError:
                self._saved = None  # nobody knows what the disk holds
                raise

    def _note_signature(self) -> None:
        self._signature = signature_of(self.path) if self.path.exists() else (0, 0, 0)

    def _end_with(self, trouble: str) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        self.trouble, self._is_given_up = trouble, True

    def _open(self) -> Journal:
        path = journal_of(self.path)
        try:
            return Journal(self._opened(path), path)
        except Taken as error:
            raise ValueError(
                f"{self.path} is being written by {_writer(path)}. Let that end or stop it, or give another "
                "name; `lw.load` reads meanwhile what is there."
            ) from error
        except OSError as error:
            raise unwritable(self.path, error) from error


def _light(surface: Surface) -> Surface:
    """What tells what is new, without tensors that nobody else may need any more."""
    return replace(surface, directions=(), origin={})


def _writer(journal: Path) -> str:
    """Who has said last that they write there."""
    try:
        begins = [record.head for record in read_records(journal)[0] if record.head["kind"] == "begin"]
        return f"process {begins[-1]['pid']} on {begins[-1]['host']}"
    except (LookupError, OSError, ValueError):
        return "another process"


def _free_name(path: Path) -> Path:
    names = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(1))
    return next(name for name in names if not name.exists())
