"""How many cells make a task, and how long may one take? Learned from those that came back."""

from __future__ import annotations

from collections import deque
from statistics import median

SECONDS = 0.2
"""What a task should take: short beside a picture's patience, long beside what it costs to send one."""

AHEAD = 2
"""Tasks a worker has at most: one under way and the next at hand."""

PATIENCE = 20.0
"""How many times longer than expected a task may take before it counts as lost."""
LEAST_PATIENCE = 60.0
"""Seconds it may take whatever was expected."""
STARTING = 5.0
"""How many times longer where its worker may just have begun: it has torch to import, and a job to unpack."""


class Sizes:
    """What the tasks so far say of the next."""

    def __init__(self, seconds: float = SECONDS, least_patience: float = LEAST_PATIENCE) -> None:
        """Know nothing yet.

        Args:
            seconds: what a task should take.
            least_patience: seconds that every task may take.
        """
        self._seconds = seconds
        self._least_patience = least_patience
        self._paces: deque[float] = deque(maxlen=32)

    @property
    def pace(self) -> float | None:
        """Seconds that one worker needs for a cell; None before the first."""
        return median(self._paces) if self._paces else None

    def tell(self, cells: int, seconds: float) -> None:
        """Learn how long a task took its worker."""
        self._paces.append(seconds / max(cells, 1))

    def next(self, rest: int, workers: int) -> int:
        """Return how many of the ``rest`` go into the next task: one until the first has come back.

        Towards the end they get smaller, so that all workers are done at about the same time.
        """
        if self.pace is None:
            return 1
        fitting = int(self._seconds / max(self.pace, 1e-9))
        return max(1, min(fitting, -(-rest // (AHEAD * workers))))

    def patience(self, cells: int, *, starting: bool) -> float | None:
        """Return the seconds after which a task counts as lost; None while nobody can know.

        Args:
            starting: whether there are workers that haven't answered yet.
        """
        if self.pace is None:
            return None
        least = self._least_patience * (STARTING if starting else 1.0)
        return max(least, PATIENCE * AHEAD * self.pace * cells)
