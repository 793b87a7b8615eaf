"""A landscape before it is a member of a comparison: what may be asked of it, and who measures it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from landscape_widget.live.comparing import Entry
from landscape_widget.live.work import Work


@dataclass(frozen=True, eq=False)
class Candidate:
    """What a comparison is made of; it keeps the entry, and what measures only until it is closed.

    Attributes:
        entry: what was read and checked at the door.
        work: measures its picture.
        lines: makes what measures the lines that the widths in the table come from.
    """

    entry: Entry
    work: Work
    lines: Callable[[], Work]
