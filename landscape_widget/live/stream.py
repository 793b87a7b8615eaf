"""Where only traits travel: which surfaces are told whole, and how often?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from landscape_widget.live.outbox import Timer
from landscape_widget.live.protocol import Message
from landscape_widget.live.report import Report
from landscape_widget.live.telling import Key, everything, touched

Ticket = tuple[int, int]


class Stream:
    """Tells every surface that has grown as a whole, so that nothing is missed where a value is overtaken.

    What grows meanwhile waits, and leaves as it is then: when the last was drawn, but no sooner than
    ``spacing`` seconds after it; and where nobody says that it was drawn, ``patience`` seconds after it.

    Args:
        post: called with all surfaces that have grown, under the lock.
        later: ``later(seconds, callback)`` starts a `Timer`.
        lock: a reentrant one.
        numbers: of messages.
        spacing: seconds.
        patience: seconds, more than ``spacing``.
    """

    def __init__(
        self,
        post: Callable[[list[Message]], None],
        later: Callable[[float, Callable[[], None]], Timer],
        lock: Any,
        numbers: Iterator[int],
        spacing: float = 0.2,
        patience: float = 0.5,
    ) -> None:
        self._post = post
        self._later = later
        self._lock = lock
        self._numbers = numbers
        self._spacing = spacing
        self._patience = patience
        self._report: Report | None = None
        self._waiting: dict[Key, None] = {}
        self._under_way: Ticket | None = None
        self._is_drawn = False
        self._is_spaced = True
        self._timer: Timer | None = None
        self._closed = False

    def put(self, report: Report) -> None:
        """Tell what ``report`` knows, where it has news."""
        with self._lock:
            if self._report is not None and report.generation != self._report.generation:
                self._waiting = {}
            self._report = report
            self._waiting |= dict.fromkeys(touched(report))
            self._flush()

    def acknowledge(self, generation: int, sequence: int) -> None:
        """The browser has drawn this message, or dropped it as obsolete."""
        with self._lock:
            if self._under_way == (generation, sequence):
                self._is_drawn = True
                self._flush()

    def close(self) -> None:
        """Tell nothing more, and drop what waits."""
        with self._lock:
            self._closed = True
            self._report, self._waiting = None, {}
            if self._timer is not None:
                self._timer.cancel()

    def _flush(self) -> None:
        is_free = self._under_way is None or (self._is_drawn and self._is_spaced)
        if self._closed or self._report is None or not self._waiting or not is_free:
            return
        if self._timer is not None:
            self._timer.cancel()
        messages = [everything(self._report, next(self._numbers), key) for key in self._waiting]
        last = messages[-1].content
        ticket = (last["generation"], last["sequence"])
        self._waiting, self._under_way = {}, ticket
        self._is_drawn = self._is_spaced = False
        self._post(messages)
        self._timer = self._later(self._spacing, partial(self._rested, ticket))

    def _rested(self, ticket: Ticket) -> None:
        with self._lock:
            if self._under_way != ticket or self._closed:
                return
            self._is_spaced = True
            if self._is_drawn:
                self._flush()
            else:
                self._timer = self._later(self._patience - self._spacing, partial(self.acknowledge, *ticket))
