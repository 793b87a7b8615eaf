"""What does a session need of what it runs?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from landscape_widget.live.report import Cancelled, Report
from landscape_widget.live.request import Request
from landscape_widget.surface.surface import Surface


class Working(Protocol):
    """Runs one request at a time, step by step; `landscape_widget.live.work.Work` measures it.

    All but `listen` are called on the engine's thread, or under its lock.
    """

    @property
    def listen(self) -> Callable[[Callable[[], None]], Callable[[], None]]:
        """Has a function called, on any thread, when `follow` has something to tell; until the result is."""
        ...

    @property
    def borrows(self) -> bool:
        """Whether the user's own model is measured: who halts waits until it is given back."""
        ...

    def known(self, request: Request) -> Surface | None:
        """What is known for this very request."""
        ...

    def steps(self, request: Request, generation: int, cancelled: Cancelled) -> Iterator[Report]:
        """Yield a report a step."""
        ...

    def follow(self, report: Report, cancelled: Cancelled) -> Iterator[Report]:
        """Take up what is new since a report after which nothing was under way."""
        ...

    def probe(
        self, request: Request, generation: int, factor: float, cancelled: Cancelled
    ) -> Iterator[Report]:
        """Find how far to look, and go on with the request."""
        ...

    def fit(
        self, request: Request, generation: int, cancelled: Cancelled, coming: Request | None = None
    ) -> Iterator[Report]:
        """Find where the trajectory runs, and go on with the request."""
        ...

    def read_out(self, request: Request, generation: int, cancelled: Cancelled) -> Iterator[Report]:
        """Measure how sharp the origin is, and go on with the request."""
        ...

    def close(self) -> None:
        """End what it holds elsewhere."""
        ...
