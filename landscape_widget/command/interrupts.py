"""How does a run end between two batches, when somebody says so?"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

BY_HAND, BY_THE_SYSTEM = signal.SIGINT, signal.SIGTERM


class Interrupts:
    """While entered, Ctrl+C and SIGTERM are remembered instead of raised; a second Ctrl+C is raised.

    Only the main thread may enter it.
    """

    def __init__(self) -> None:
        self._came: signal.Signals | None = None
        self._before: dict[signal.Signals, object] = {}

    def __call__(self) -> bool:
        """Whether one has come."""
        return self._came is not None

    @property
    def code(self) -> int:
        """What a shell expects of who was ended by it: 130, 143; 0 where none has come."""
        return 0 if self._came is None else 128 + self._came

    def __enter__(self) -> Interrupts:
        self._before = {one: signal.signal(one, self._take) for one in (BY_HAND, BY_THE_SYSTEM)}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one, before in self._before.items():
            signal.signal(one, before)  # type: ignore[arg-type]

    def _take(self, number: int, _frame: FrameType | None) -> None:
        if self._came is not None and number == BY_HAND:
            raise KeyboardInterrupt
        self._came = signal.Signals(number)


@contextmanager
def unheeded() -> Iterator[None]:
    """Ignore Ctrl+C for a moment; processes that are started in it ignore it from the first on."""
    before = signal.signal(BY_HAND, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(BY_HAND, before)


def leave_to_the_parent() -> None:
    """Ignore Ctrl+C, which a terminal sends to worker processes too."""
    signal.signal(BY_HAND, signal.SIG_IGN)
