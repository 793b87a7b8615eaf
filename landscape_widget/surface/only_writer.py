"""Who may write to a file, where several processes want to? Whoever opened it first, until it is closed."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

FAR = 2**40
"""Where a byte is locked on Windows, since nobody else may read a locked one there."""

TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


class Taken(OSError):
    """Somebody else writes to the file."""


def only_writer(path: Path) -> IO[bytes]:
    """Open a file for reading and for writing at its end, made if need be, and lock it until it is closed.

    The system gives the lock back when the process ends, however it does; `given_back` does before. On disks
    that know no locks the file is opened without one.

    Raises:
        Taken: while somebody else has it open, in this process or another.
        OSError: where it can't be opened.
    """
    while True:
        file = path.open("a+b", buffering=0)
        try:
            _lock(file)
            if _is_at(path, file):
                return file
        except BaseException:
            file.close()
            raise
        given_back(file)  # who had it before has removed it meanwhile


def given_back(file: IO[bytes]) -> None:
    """Let others write, even where a process that was forked meanwhile holds the file open too; close it."""
    if sys.platform != "win32" and not file.closed:
        import fcntl

        with suppress(OSError):  # where there was no lock
            fcntl.flock(file, fcntl.LOCK_UN)
    file.close()


def _is_at(path: Path, file: IO[bytes]) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _lock(file: IO[bytes]) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(FAR)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in TAKEN:
            raise Taken(error.errno, "somebody else writes to it") from error
