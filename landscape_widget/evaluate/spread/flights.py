"""Which cells go next, which tasks are under way, and what has come back?"""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from typing import Any

from landscape_widget.evaluate.shares import Cell
from landscape_widget.evaluate.spread.worker import Answer


@dataclass(frozen=True, eq=False)
class Order:
    """Cells for one task.

    Attributes:
        tries: how often it was sent in vain.
        laden: whether everything that a worker needs goes along.
    """

    cells: list[Cell]
    tries: int = 0
    laden: bool = False


class Orders:
    """What is still to be sent, in its order; what was sent in vain goes first."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self._rest = deque(cells)
        self._again: deque[Order] = deque()

    def __bool__(self) -> bool:
        return bool(self._rest or self._again)

    @property
    def cells(self) -> list[Cell]:
        """All of them."""
        return [*(cell for order in self._again for cell in order.cells), *self._rest]

    def next(self, size: Callable[[int], int]) -> Order:
        """Take the next; ``size`` says how many of so many cells it should have."""
        if self._again:
            return self._again.popleft()
        return Order([self._rest.popleft() for _ in range(min(size(len(self._rest)), len(self._rest)))])

    def again(self, order: Order, *, laden: bool = False) -> None:
        """Take one back that was sent in vain."""
        self._again.append(replace(order, tries=order.tries + 1, laden=laden))


@dataclass(frozen=True, eq=False)
class Landing:
    """A task that came back: with an answer, or with what went wrong on its way."""

    order: Order
    answer: Answer | None
    error: BaseException | None = None


class Flights:
    """The tasks of one request. What comes back after `cancel` is heard by nobody.

    Args:
        submit: hands an order to the executor; returns its future.
        clock: seconds, monotonic.
    """

    def __init__(self, submit: Callable[[Order], Any], clock: Callable[[], float]) -> None:
        self._submit = submit
        self._clock = clock
        self._landed: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._under_way: dict[int, tuple[Order, Any, float]] = {}

    def __len__(self) -> int:
        return len(self._under_way)

    @property
    def laden(self) -> int:
        """How many of the tasks took along all that a worker needs."""
        return sum(order.laden for order, _, _ in self._under_way.values())

    @property
    def cells(self) -> list[Cell]:
        """All that are under way."""
        return [cell for order, _, _ in self._under_way.values() for cell in order.cells]

    def send(self, order: Order) -> None:
        """Send a task; what ``submit`` raises passes through."""
        future = self._submit(order)
        self._under_way[id(future)] = order, future, self._clock()
        future.add_done_callback(self._landed.put)

    def landings(self, seconds: float) -> Iterator[Landing]:
        """Yield what has come back, waiting at most so long for the first."""
        wait = seconds
        while self._under_way:
            try:
                future = self._landed.get(timeout=wait) if wait else self._landed.get_nowait()
            except queue.Empty:
                return
            wait = 0.0
            if (found := self._under_way.pop(id(future), None)) is not None:
                yield _landing(*found[:2])

    def overdue(self, patience: Callable[[int], float | None]) -> list[Order]:
        """Give up the tasks that take longer than ``patience`` has with so many cells, and return them."""
        now = self._clock()
        late = [
            number
            for number, (order, _, since) in self._under_way.items()
            if (limit := patience(len(order.cells))) is not None and now - since > limit
        ]
        given_up = [self._under_way.pop(number) for number in late]
        for _, future, _ in given_up:
            future.cancel()
        return [order for order, _, _ in given_up]

    def cancel(self) -> None:
        """Give up all."""
        for _, future, _ in self._under_way.values():
            future.cancel()
        self._under_way.clear()


def _landing(order: Order, future: Any) -> Landing:
    try:
        return Landing(order, future.result())
    except (Exception, CancelledError) as error:
        return Landing(order, None, error)
