"""How many threads may torch take here? On all cores they wait for each other beside a busy process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_torch_thread() -> Iterator[None]:
    """Compute with one torch thread in the calling thread; what little there is needs no more."""
    with torch_threads(1):
        yield


@contextmanager
def torch_threads(wanted: int) -> Iterator[None]:
    """Compute with so many torch threads in the calling thread; every other thread keeps its count."""
    count = torch.get_num_threads()
    torch.set_num_threads(wanted)
    try:
        yield
    finally:
        torch.set_num_threads(count)


def leaving_one_core(start: Callable[[Callable[[], None]], None]) -> None:
    """Start a thread that computes with one torch thread fewer; every other thread keeps its count.

    torch's count belongs to the thread that sets it, once the process has one; but threads made later inherit
    the last count that was set anywhere, hence the restoring. Beside a busy process, torch threads on all
    cores wait for each other and are several times slower than on all but one.

    Args:
        start: starts the thread, calls what it is handed on it first, and returns when that is done.
    """
    count = torch.get_num_threads()

    def take() -> None:
        torch.set_num_threads(max(1, count - 1))
        torch.get_num_threads()  # makes the count this thread's own; until then it follows the next one set

    start(take)
    torch.set_num_threads(count)
