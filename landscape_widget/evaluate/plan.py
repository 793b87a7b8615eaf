"""How may cells be computed? One candidate of the race."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """What a worker does with a cell.

    Attributes:
        limit: samples a batch at most; None: the batches as the data came.
        channels_last: whether images and convolutions lie that way in memory.
        rewrites: names of those that are on.
        wide: one worker with torch's own threads, instead of many with one each.
    """

    limit: int | None = None
    channels_last: bool = False
    rewrites: frozenset[str] = frozenset()
    wide: bool = False
