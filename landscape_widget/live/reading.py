"""What does a person see while their data is being read? A line in the output that goes when it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 0.5
"""Seconds that pass in silence."""


@contextmanager
def reading_note(
    clock: Callable[[], float], show: Callable[[str], Callable[[str], None]]
) -> Iterator[Callable[[int], None]]:
    """Hand out a function to be called with the samples read so far; Ctrl+C and "interrupt" stop the reading.

    Args:
        clock: seconds, monotonic.
        show: puts a sentence on the screen and returns what changes it.
    """
    started = said = clock()
    change: Callable[[str], None] | None = None

    def read(samples: int) -> None:
        nonlocal said, change
        now = clock()
        if now - started < PATIENCE or (change is not None and now - said < PATIENCE / 2):
            return
        said = now
        sentence = f"reading data: {samples:,} samples so far (interrupt the kernel to stop)"
        if change is None:
            change = show(sentence)
        else:
            change(sentence)

    try:
        yield read
    finally:
        if change is not None:
            change("")


def in_output(sentence: str) -> Callable[[str], None]:
    """Show a sentence in the running cell's output; in silence where there is none."""
    from IPython.core.getipython import get_ipython
    from IPython.display import DisplayHandle

    if get_ipython() is None:
        return lambda text: None
    handle = DisplayHandle()
    handle.display({"text/plain": sentence}, raw=True)
    return lambda text: handle.update({"text/plain": text}, raw=True)
