"""Who computes, for those who want something computed?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Pool(Protocol):
    """What `Workers` are, and what `Inline` is.

    Attributes:
        count: workers with one torch thread each, numbered from 0.
        threads: torch threads of the wide one.
    """

    @property
    def count(self) -> int: ...

    @property
    def threads(self) -> int: ...

    def run(self, take: Callable[[int], Callable[[], T] | None], *, wide: bool = False) -> Iterator[T]:
        """Yield the results of tasks as they get ready, until there are no more."""
        ...

    def together(self, tasks: Callable[[int], T], count: int) -> list[T]:
        """Call ``tasks(worker)`` on the first ``count`` workers at the same time; return what they return."""
        ...
