"""Who computes where a thread is given? The caller itself, as a pool of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import torch

T = TypeVar("T")


class Inline:
    """Serves as `landscape_widget.evaluate.workers.Workers` does, in the thread that asks for results.

    Attributes:
        count: it is alone.
    """

    count = 1

    @property
    def threads(self) -> int:
        """Torch threads of the calling thread."""
        return torch.get_num_threads()

    def run(self, take: Callable[[int], Callable[[], T] | None], *, wide: bool = False) -> Iterator[T]:
        """Yield the results of tasks, one after the other, until there are no more."""
        while (task := take(0)) is not None:
            yield task()

    def together(self, tasks: Callable[[int], T], count: int) -> list[T]:
        """Call the one that there is."""
        return [tasks(0)]
