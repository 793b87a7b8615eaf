"""Who gets which cells? Rows stay together, for their cells share sums; at the end they help each other."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

Cell = tuple[int, Sequence[float]]


class Shares:
    """Cells to be handed out one by one to several workers. Threads need no lock for it."""

    def __init__(self, cells: Iterable[Cell], workers: int) -> None:
        """Take numbered points; neighbours with the same second coordinate are one row."""
        self._rows = deque(deque(row) for _, row in groupby(cells, key=lambda cell: tuple(cell[1][1:])))
        self._own: list[deque[Cell]] = [deque() for _ in range(workers)]

    def of(self, worker: int) -> Iterator[Cell]:
        """Yield cells for a worker until all are handed out."""
        while (cell := self._next(worker)) is not None:
            yield cell

    def _next(self, worker: int) -> Cell | None:
        while True:
            try:
                return self._own[worker].popleft()
            except IndexError:
                pass
            try:
                self._own[worker] = self._rows.popleft()
                continue
            except IndexError:
                pass
            richest = max(self._own, key=len)
            try:
                return richest.pop()
            except IndexError:
                return None

    def __bool__(self) -> bool:
        """Whether there are cells left."""
        return bool(self._rows) or any(map(len, self._own))
