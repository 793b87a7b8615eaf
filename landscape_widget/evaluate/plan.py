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
        together: cells in one forward; more than one only without rewrites.
    """

    limit: int | None = None
    channels_last: bool = False
    rewrites: frozenset[str] = frozenset()
    wide: bool = False
    together: int = 1

    @property
    def has_guests(self) -> bool:
        """Whether it isn't the plain way, batches and threads apart."""
        return self.channels_last or bool(self.rewrites) or self.together > 1
