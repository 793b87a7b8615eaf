"""How much memory may a landscape take, and how many workers fit into it?"""

from __future__ import annotations

import os
from numbers import Integral
from pathlib import Path
from typing import Any

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
    return int(SHARE * (_available(meminfo) or _free_pages() or UNKNOWN / SHARE))


def fitting_workers(budget: int, shared: int, own: int, workers: int) -> int:
    """Return how many of the workers fit, at least one.

    Args:
        shared: bytes of what all use: the data, the centre and the directions.
        own: bytes that each needs for itself.
    """
    return max(1, min(workers, (budget - shared) // max(own, 1)))


def _available(meminfo: Path) -> int | None:
    try:
        lines = meminfo.read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)


def _free_pages() -> int | None:
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
