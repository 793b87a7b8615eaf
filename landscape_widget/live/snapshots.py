"""What of a landscape is kept in its saved state, and when is it written?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from landscape_widget.live.outbox import Timer
from landscape_widget.live.protocol import pack
from landscape_widget.live.report import Report
from landscape_widget.live.telling import Key, everything

KEPT_AFTER = 1.0
"""Seconds from news of a path to the snapshot that holds it."""


class Snapshots:
    """Keeps each surface at each of its levels, and soon after its path has grown.

    Args:
        keep: called with the traits that are new, under the lock: ``snapshot`` of the picture's own surface,
            ``snapshots`` of its maps.
        later: ``later(seconds, callback)`` starts a `Timer`.
        lock: a reentrant one.
    """

    def __init__(
        self,
        keep: Callable[[Mapping[str, Any]], None],
        later: Callable[[float, Callable[[], None]], Timer],
        lock: Any,
    ) -> None:
        self._keep = keep
        self._later = later
        self._lock = lock
        self._report: Report | None = None
        self._maps: dict[str, bytes] = {}
        self._timer: Timer | None = None
        self._closed = False

    def take(self, report: Report, finished: list[Key]) -> None:
        """Keep the surfaces that have a level more; maps of an older picture are none of this one's."""
        with self._lock:
            if self._closed:
                return
            is_new = self._report is None or report.generation != self._report.generation
            self._report = report
            maps = {} if is_new else dict(self._maps)
            maps |= {key: pack(everything(report, 0, key)) for key in finished if key is not None}
            if maps != self._maps:
                self._maps = maps
                self._keep({"snapshots": maps})
            if None in finished:
                self._keep({"snapshot": pack(everything(report, 0))})
            elif report.path is not None:
                self._take_soon()

    def close(self) -> None:
        """Keep nothing more, and drop what is kept."""
        with self._lock:
            self._closed = True
            self._report, self._maps = None, {}
            self._keep({"snapshot": b"", "snapshots": {}})
            if self._timer is not None:
                self._timer.cancel()

    def _take_soon(self) -> None:
        """A path may grow many times a second, and each snapshot is the whole surface."""
        if self._timer is None:
            self._timer = self._later(KEPT_AFTER, self._take)

    def _take(self) -> None:
        with self._lock:
            self._timer = None
            if not self._closed and self._report is not None and self._report.surface is not None:
                self._keep({"snapshot": pack(everything(self._report, 0))})
