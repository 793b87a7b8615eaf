"""How much memory is free now?"""

from __future__ import annotations

import os
from pathlib import Path


def free_memory(meminfo: Path = Path("/proc/meminfo")) -> int | None:
    """Return the bytes that are free, None where the system doesn't say."""
    return _available(meminfo) or _free_pages()


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
