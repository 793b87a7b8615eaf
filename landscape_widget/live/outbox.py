"""Back-pressure: at most one message under way to the browser, and what waits is merged into one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

import numpy as np

from landscape_widget.live.protocol import Message, patch_message, path_message
from landscape_widget.surface.patch import Patch
from landscape_widget.track import Path


class Timer(Protocol):
    """Something that can still be called off."""

    def cancel(self) -> None: ...


@dataclass
class _Waiting:
    """Cells of one surface that wait, and how far it is with them."""

    patches: list[Patch] = field(default_factory=list)
    level: int = -1
    preview: int = 0


class Outbox:
    """Sends what is new, one message at a time, from any thread.

    A kernel's send queue is unbounded and never blocks, so a browser that draws slower than the kernel
    computes would fall behind without end. Here the next message leaves when the last one is acknowledged, or
    after ``patience`` seconds: under older kernels no acknowledgement arrives while a cell runs.

    Args:
        send: called with a message, under no lock; must be safe from any thread.
        later: ``later(seconds, callback)`` starts a `Timer`.
        numbers: of messages, from 1.
        patience: seconds after which a missing acknowledgement no longer holds anything back.
    """

    def __init__(
        self,
        send: Callable[[Message], None],
        later: Callable[[float, Callable[[], None]], Timer],
        numbers: Iterator[int] | None = None,
        patience: float = 0.5,
    ) -> None:
        self._send = send
        self._later = later
        self._patience = patience
        self._lock = threading.Lock()
        self._generation = 0
        self._numbers = numbers or count(1)
        self._openings: list[Callable[[int], Message]] = []
        self._waiting: dict[str | None, _Waiting] = {}
        self._path: Path | None = None
        self._under_way: tuple[int, int] | None = None
        self._timer: Timer | None = None
        self._closed = False

    def open(self, generation: int, *openings: Callable[[int], Message]) -> None:
        """Start a generation; each ``opening(sequence)`` makes one of its first messages.

        What waited is dropped.
        """
        with self._lock:
            self._generation, self._openings, self._waiting = generation, list(openings), {}
            self._path = None
        self._flush()

    def put(
        self, generation: int, patch: Patch, level: int, preview: int = 0, map: str | None = None
    ) -> None:
        """Add cells of the present generation; those of an older one are dropped. See `patch_message`."""
        with self._lock:
            if generation != self._generation:
                return
            waiting = self._waiting.setdefault(map, _Waiting())
            waiting.patches.append(patch)
            waiting.level, waiting.preview = level, preview
        self._flush()

    def put_path(self, generation: int, path: Path) -> None:
        """Replace the trajectory of the present generation; one that still waits is dropped."""
        with self._lock:
            if generation != self._generation:
                return
            self._path = path
        self._flush()

    def acknowledge(self, generation: int, sequence: int) -> None:
        """The browser has drawn this message, or dropped it as obsolete."""
        with self._lock:
            if self._under_way != (generation, sequence):
                return
            self._under_way = None
        self._flush()

    def close(self) -> None:
        """Send nothing more, and drop what waits."""
        with self._lock:
            self._closed = True
            self._openings, self._waiting, self._path = [], {}, None
            if self._timer is not None:
                self._timer.cancel()

    def _flush(self) -> None:
        with self._lock:
            if self._closed or self._under_way is not None:
                return
            message = self._next()
            if message is None:
                return
            if self._timer is not None:
                self._timer.cancel()
            self._under_way = ticket = (message.content["generation"], message.content["sequence"])
            self._timer = self._later(self._patience, lambda: self.acknowledge(*ticket))
        self._send(message)

    def _next(self) -> Message | None:
        if self._openings:
            return self._openings.pop(0)(next(self._numbers))
        if self._waiting:
            map = next(iter(self._waiting))
            waiting = self._waiting.pop(map)
            patch, number = merged(waiting.patches), next(self._numbers)
            return patch_message(patch, waiting.level, waiting.preview, self._generation, number, map)
        if self._path is not None:
            path, self._path = self._path, None
            return path_message(path, self._generation, next(self._numbers))
        return None


def merged(patches: list[Patch]) -> Patch:
    """All cells of several patches in one."""
    if len(patches) == 1:
        return patches[0]
    return Patch(
        cells=np.concatenate([patch.cells for patch in patches]),
        values=np.concatenate([patch.values for patch in patches], axis=1),
        errors=np.concatenate([patch.errors for patch in patches], axis=1),
        counts=np.concatenate([patch.counts for patch in patches], axis=1),
        state=np.concatenate([patch.state for patch in patches]),
    )
