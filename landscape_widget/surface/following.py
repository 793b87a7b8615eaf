"""What has a file to tell that it hadn't when we last looked?"""

from __future__ import annotations

from pathlib import Path

from landscape_widget.surface.growing import Grown, grown_further, journal_of
from landscape_widget.surface.records import have_one_frame
from landscape_widget.surface.surface import Surface

Stamp = tuple[tuple[int, int, int] | None, ...]


class Following:
    """A file that another process may write to, from what was read of it on."""

    def __init__(self, grown: Grown) -> None:
        self._grown = grown
        self._seen = self._stamp()

    @property
    def path(self) -> Path:
        return self._grown.path

    @property
    def surface(self) -> Surface:
        """All that was in the file when we last looked."""
        return self._grown.surface

    @property
    def grows(self) -> bool:
        """Whether its run isn't done, be it under way or killed; files can't tell which."""
        return self._grown.grows

    def has_news(self) -> bool:
        """Whether file or journal have changed since we last looked; cheap, on any thread."""
        return self._stamp() != self._seen

    def written(self) -> float:
        """When somebody last wrote to it, in seconds since the epoch."""
        times = [stamp[2] for stamp in self._stamp() if stamp is not None]
        return max(times, default=0) / 1e9

    def news(self) -> Surface | None:
        """Return the surface with what is new, of which only that is read; None where nothing is.

        A file that can't be read just now, as on a network, has no news.

        Raises:
            ValueError: where it isn't any longer what it should be, or has become another landscape.
        """
        self._seen = self._stamp()
        try:
            grown = grown_further(self._grown)
        except OSError:
            return None
        if grown is None:
            return None
        self._check(grown)
        self._grown = grown
        return grown.surface

    def _check(self, grown: Grown) -> None:
        before, after = self._grown.surface, grown.surface
        if not have_one_frame(before, after) or _makers(before) != _makers(after):
            raise ValueError(
                f"{self.path} has become another landscape: its weights, data, directions or cells aren't "
                f"those that were shown. Show it with explore({str(self.path)!r})."
            )

    def _stamp(self) -> Stamp:
        return tuple(map(_stamped, (self.path, journal_of(self.path))))


def _stamped(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _makers(surface: Surface) -> tuple[object, ...]:
    """What made the values, as far as the file says."""
    return tuple(surface.settings.get(name) for name in ("origin", "fingerprints", "data_fingerprint"))
