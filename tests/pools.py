"""Workers that all tests share, as all widgets of a process do."""

from __future__ import annotations

import atexit
from functools import cache

from landscape_widget.evaluate.workers import Workers


@cache
def pool(count: int = 2) -> Workers:
    """So many workers; closed when Python exits."""
    workers = Workers(count)
    atexit.register(workers.close)
    return workers
