"""How many cores may the engine's thread take? One: the notebook, the browser and training keep theirs."""

from __future__ import annotations

from collections.abc import Callable

import torch


def with_one_torch_thread(start: Callable[[Callable[[], None]], None]) -> None:
    """Start a thread that computes with one torch thread, and leave every other thread's count as it was.

    torch's count belongs to the thread that sets it, once the process has one; but threads made later inherit
    the last count that was set anywhere, hence the restoring. Beside a busy process, one thread is several
    times faster than two that wait for each other.

    Args:
        start: starts the thread, calls what it is handed on it first, and returns when that is done.
    """
    count = torch.get_num_threads()
    start(_take_one)
    torch.set_num_threads(count)


def _take_one() -> None:
    torch.set_num_threads(1)
    torch.get_num_threads()  # makes the count this thread's own; until then it would follow the next one set
