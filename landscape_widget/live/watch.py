"""When is it time to look again? Now and then, until nobody wants to know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from landscape_widget.live.outbox import Timer


class Watch:
    """Looks every ``pause`` seconds, on timers' threads, from `start` until `close` or until all is seen.

    Args:
        look: what to do; tells whether to go on.
        later: ``later(seconds, callback)`` starts a `Timer`.
        lock: a reentrant one.
        pause: seconds between two looks.
    """

    def __init__(
        self,
        look: Callable[[], bool],
        later: Callable[[float, Callable[[], None]], Timer],
        lock: Any,
        pause: float,
    ) -> None:
        self._look = look
        self._later = later
        self._lock = lock
        self._pause = pause
        self._timer: Timer | None = None
        self._closed = False

    def start(self) -> None:
        """Look for the first time when a pause has passed."""
        with self._lock:
            if not self._closed:
                self._timer = self._later(self._pause, self._turn)

    def close(self) -> None:
        """Look no more."""
        with self._lock:
            self._closed = True
            if self._timer is not None:
                self._timer.cancel()

    def _turn(self) -> None:
        if not self._closed and self._look():
            self.start()
