"""How is a file replaced so that nobody ever finds half of it?"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import uuid4

FULL = (errno.ENOSPC, errno.EDQUOT)
"""Of a disk, or of a user's share of it."""


@contextmanager
def replaced(path: str | Path) -> Iterator[IO[bytes]]:
    """Yield an open file to write (and read) beside ``path``; put it in its place when the block ends.

    Where the block raises, or the process is killed in it, an older file stays as it was. A link is followed.

    Raises:
        OSError: of the right kind where the path can't be written, before the block begins; and whatever
            writing raises, a full disk for one.
    """
    path = Path(path).resolve()
    unfinished = path.with_name(f".{uuid4().hex}")
    file = _opened(path, unfinished)
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except OSError as error:
        if not is_of_a_full_disk(error):
            raise
        raise OSError(
            errno.ENOSPC,
            f"{path} can't be written: the disk is full. What was there before is as it was. "
            "Make room, or choose another place",
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def is_of_a_full_disk(error: BaseException | None) -> bool:
    """Tell whether a full disk is behind it; libraries raise errors of their own."""
    return error is not None and (
        (isinstance(error, OSError) and error.errno in FULL)
        or is_of_a_full_disk(error.__cause__ or error.__context__)
    )


def _opened(path: Path, unfinished: Path) -> IO[bytes]:
    if path.is_dir():
        raise IsADirectoryError(
            errno.EISDIR, f"{path} can't be written: it is a directory. Add the name of a file"
        )
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, f"{path} can't be written: it is no ordinary file. Choose another name")
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(
            errno.EACCES, f"{path} can't be written: it is read-only. Choose another name, or allow writing"
        )
    try:
        return unfinished.open("x+b")
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> OSError:
    """Return what opening a file beside ``path`` has raised, in words."""
    return OSError(error.errno, f"{path} can't be written: {_why(path.parent, error)}")


def _why(folder: Path, error: OSError) -> str:
    if not folder.exists():
        return f"there is no directory {folder}. Make it first"
    if not folder.is_dir():
        return f"{folder} is no directory. Choose another place"
    return f"nothing can be made in {folder} ({error.strerror}). Choose another place"
