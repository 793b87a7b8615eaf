"""A faster way through a part of the model: found in a recording, proved before use, shown out when wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from landscape_widget.evaluate.working_copy import WorkingCopy
from landscape_widget.objective.objective import Portions
from landscape_widget.objective.trial import Trial


class Installed(Protocol):
    """A rewrite in one worker's copy; off until it is switched on."""

    def switch(self, on: bool) -> None:
        """Take the fast way from now on, or the model's own."""
        ...

    def moved(self, point: Sequence[float]) -> None:
        """The copy has been put at a point."""
        ...

    def measuring(self, trial: Trial) -> Trial:
        """Return how a batch is measured while the rewrite is on."""
        ...


class Rewrite(Protocol):
    """A guest: exact but for rounding, or it has no business here.

    Attributes:
        name: in the settings of a surface.
        sentence: what it does, as people read it.
    """

    @property
    def name(self) -> str: ...

    @property
    def sentence(self) -> str: ...

    def nbytes(self, samples: int, limit: int, workers: int) -> int:
        """Return how much memory it needs for ``samples`` in batches of at most ``limit``."""
        ...

    def prepare(self, portions: Portions) -> None:
        """Compute once what all cells share; called before cells are measured on these batches."""
        ...

    def install(self, copy: WorkingCopy) -> Installed:
        """Become part of a worker's copy."""
        ...
