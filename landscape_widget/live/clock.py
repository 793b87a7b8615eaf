"""Who calls back after some seconds? One thread for all, since some libraries keep things a thread."""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache


@dataclass(order=True)
class Alarm:
    """A callback that waits; a `Timer`."""

    due: float
    number: int
    callback: Callable[[], None] | None = field(compare=False)

    def cancel(self) -> None:
        """Don't call back, and let go of what would have been called."""
        self.callback = None


class Clock:
    """Calls back one after the other, on a daemon thread that is there from the first alarm on.

    matplotlib opens its fonts anew for each thread that draws, and a message a thread is many threads.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._alarms: list[Alarm] = []
        self._count = 0
        self._thread: threading.Thread | None = None

    def later(self, seconds: float, callback: Callable[[], None]) -> Alarm:
        """Call back after some seconds; any thread may ask for it."""
        with self._changed:
            self._count += 1
            alarm = Alarm(time.monotonic() + seconds, self._count, callback)
            heapq.heappush(self._alarms, alarm)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="landscape clock", daemon=True)
                self._thread.start()
            self._changed.notify()
        return alarm

    def _run(self) -> None:
        while True:
            callback = self._next().callback
            try:
                if callback is not None:
                    callback()
            except Exception:
                logging.getLogger(__name__).exception("What was to be done later failed.")
            del callback  # or what it belongs to would stay in memory until the next one

    def _next(self) -> Alarm:
        """Wait until one is due."""
        with self._changed:
            while True:
                self._alarms = [alarm for alarm in self._alarms if alarm.callback is not None]
                heapq.heapify(self._alarms)
                if not self._alarms:
                    self._changed.wait()
                elif (left := self._alarms[0].due - time.monotonic()) > 0:
                    self._changed.wait(left)
                else:
                    return heapq.heappop(self._alarms)


@cache
def clock() -> Clock:
    """The one of this process."""
    return Clock()
