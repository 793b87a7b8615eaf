"""Where is progress written: over one line of a terminal, or line by line into a log?"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TextIO

BACK, ERASED = "\r", "\x1b[K"


class Screen(Protocol):
    """Takes what is only true for a moment, what stays, and each finished level."""

    def now(self, text: str) -> None:
        """Say where it stands; overtaken by the next."""
        ...

    def level(self, text: str) -> None:
        """Say where it stands, since that is a good moment to keep."""
        ...

    def say(self, text: str) -> None:
        """Say something once."""
        ...

    def close(self) -> None:
        """Leave the line to others."""
        ...


@dataclass(eq=False)
class Terminal:
    """Rewrites one line, never wider than the terminal: a longer one would break and stay.

    Attributes:
        columns: how many letters fit.
    """

    stream: TextIO
    columns: Callable[[], int]
    _line: str = field(default="", init=False)

    def now(self, text: str) -> None:
        room = self.columns() - 1  # in the last column some terminals break the line already
        self._line = text if len(text) <= room else f"{text[: max(0, room - 1)]}…"
        self._write(f"{BACK}{self._line}{ERASED}")

    def level(self, text: str) -> None:
        self.now(text)

    def say(self, text: str) -> None:
        self._write(f"{BACK}{ERASED}{text}\n{self._line}")

    def close(self) -> None:
        if self._line:
            self._line = ""
            self._write(f"{BACK}{ERASED}")

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()


@dataclass(frozen=True)
class Log:
    """Writes a line at each level, for files that people read later."""

    stream: TextIO

    def now(self, text: str) -> None:
        pass

    def level(self, text: str) -> None:
        self.say(text)

    def say(self, text: str) -> None:
        print(text, file=self.stream, flush=True)

    def close(self) -> None:
        pass


class Silence:
    """Writes nothing."""

    def now(self, text: str) -> None:
        pass

    def level(self, text: str) -> None:
        pass

    def say(self, text: str) -> None:
        pass

    def close(self) -> None:
        pass


def screen_on(stream: TextIO, *, quiet: bool) -> Screen:
    """Return who writes progress to a stream."""
    if quiet:
        return Silence()
    return Terminal(stream, lambda: _columns(stream)) if stream.isatty() else Log(stream)


def _columns(stream: TextIO) -> int:
    """Return how wide the terminal is now; a window may be drawn wider. Some say 0 where they don't know."""
    return os.get_terminal_size(stream.fileno()).columns or 80
