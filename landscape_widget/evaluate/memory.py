"""How much memory may a landscape take, and how many workers fit into it?"""

from __future__ import annotations

from numbers import Integral
from pathlib import Path
from typing import Any

from landscape_widget.objective.free_memory import free_memory

SHARE = 0.25
"""Of the free memory, where the user names no budget."""
UNKNOWN = 2**31
"""Where the system doesn't say how much is free."""


def checked_budget(memory: Any) -> int | None:
    """Return a user's budget.

    Raises:
        ValueError: where it is no number of bytes.
    """
    if memory is None:
        return None
    if isinstance(memory, Integral) and not isinstance(memory, bool) and int(memory) > 0:
        return int(memory)
    raise ValueError(
        f"memory is a number of bytes above 0, or None for a quarter of what is free; got {memory!r}. "
        "Try 2 * 2**30 for 2 GiB."
    )


def default_budget(meminfo: Path = Path("/proc/meminfo")) -> int:
    """Return a quarter of the memory that is free now, in bytes."""
    return int(SHARE * (free_memory(meminfo) or UNKNOWN / SHARE))


def fitting_workers(budget: int, shared: int, own: int, workers: int) -> int:
    """Return how many of the workers fit, at least one.

    Args:
        shared: bytes of what all use: the data, the centre and the directions.
        own: bytes that each needs for itself.
    """
    return max(1, min(workers, (budget - shared) // max(own, 1)))
