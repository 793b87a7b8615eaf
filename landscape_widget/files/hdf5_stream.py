"""How does HDF5 write to a disk that may be full? Through a stream that tells it of no failure."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from landscape_widget.atomic import replaced


class Unfailing(io.RawIOBase):
    """A file whose first failure is kept; nothing is written or read after it.

    HDF5 can't let go of a file that it couldn't write: it tries again when the file is forgotten, in memory
    it has freed, and that ends the process, long after the error was handled (h5py #1642, #2160).

    Attributes:
        failure: what was raised first, a `KeyboardInterrupt` for one; None as long as all is well.
    """

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self.failure: BaseException | None = None

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._tried(self._file.seek, offset, whence)

    def readinto(self, buffer: Any) -> int:
        return self._tried(self._file.readinto, buffer)  # pyright: ignore[reportAttributeAccessIssue]

    def write(self, data: Any) -> int:
        self._tried(self._file.write, data)
        return memoryview(data).nbytes

    def truncate(self, size: int | None = None) -> int:
        return self._tried(self._file.truncate, size)

    def flush(self) -> None:
        self._tried(self._file.flush)

    def _tried(self, act: Callable[..., int | None], *given: Any) -> int:
        try:
            return (self.failure is None and act(*given)) or 0
        except BaseException as error:
            self.failure = error
            return 0


@contextmanager
def written(path: Path, opened: Callable[..., Any]) -> Iterator[Any]:
    """Yield an HDF5 file to write, which takes the place of ``path`` when the block ends.

    Args:
        opened: `h5py.File`, or what opens a stream as that does.

    Raises:
        OSError: where the path can't be written, as `replaced` says it.
    """
    with replaced(path) as file:
        stream = Unfailing(file)
        try:
            with opened(stream, "w") as hdf5:
                yield hdf5
        finally:
            if stream.failure is not None:
                raise stream.failure
