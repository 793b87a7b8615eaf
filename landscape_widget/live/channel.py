"""By which way do surfaces reach the page: in messages, or in traits where only those travel?"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from landscape_widget.live.outbox import Outbox, Timer
from landscape_widget.live.protocol import Message
from landscape_widget.live.report import Report
from landscape_widget.live.request import TRAITS
from landscape_widget.live.stream import Stream
from landscape_widget.live.telling import Key, send_cells


class Channel:
    """Tells what is new the way that the page hears.

    Args:
        post: sends a message.
        post_letters: puts messages into a trait.
        later: ``later(seconds, callback)`` starts a `Timer`.
        lock: a reentrant one.
    """

    def __init__(
        self,
        post: Callable[[Message], None],
        post_letters: Callable[[list[Message]], None],
        later: Callable[[float, Callable[[], None]], Timer],
        lock: Any,
    ) -> None:
        self._numbers = Numbers()
        self._outbox = Outbox(post, later, self._numbers)
        self._stream = Stream(post_letters, later, lock, self._numbers)

    @property
    def sequence(self) -> int:
        """The number of the last message that was told; 0 before the first."""
        return self._numbers.last

    def put(self, transport: str, report: Report, finished: list[Key]) -> None:
        """Tell what a report brings; ``finished`` are the surfaces that have a level more."""
        if transport == TRAITS:
            self._stream.put(report)
        else:
            send_cells(self._outbox, report, finished)

    def acknowledge(self, generation: int, sequence: int) -> None:
        """The browser has drawn this message, or dropped it as obsolete."""
        self._outbox.acknowledge(generation, sequence)
        self._stream.acknowledge(generation, sequence)

    def close(self) -> None:
        """Tell nothing more."""
        self._outbox.close()
        self._stream.close()


class Numbers:
    """Counts from 1, and knows how far it is; for several threads."""

    def __init__(self) -> None:
        self._count = count(1)
        self.last = 0

    def __iter__(self) -> Numbers:
        return self

    def __next__(self) -> int:
        self.last = next(self._count)
        return self.last
