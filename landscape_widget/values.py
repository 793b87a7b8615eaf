"""What passes between the two legs: coordinates go in, values come out, and nobody needs torch for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

STOP, SKIP = "stop", "skip"
"""What may follow where a loss raises at a cell: the run ends, or goes on without it."""


class State(IntEnum):
    """What is known of a cell; a diverging loss *is* NaN, so NaN can't mean "not yet".

    A preview is measured on fewer samples than were asked for, and is to be replaced. What did not converge
    holds the best values there are and is as final as what is exact; what failed, as its loss raised, has no
    value and isn't asked for again in this run. 3 is the wire's, for interpolated ground.
    """

    UNKNOWN = 0
    EXACT = 1
    PREVIEW = 2
    UNCONVERGED = 4
    FAILED = 5


FINAL = (State.EXACT, State.UNCONVERGED, State.FAILED)
"""Of cells that are never asked for again."""


@dataclass(frozen=True)
class How:
    """How cells were computed: what was chosen, and what was left because it was wrong.

    Attributes:
        where: device and workers, as people read it.
        choices: sentences about what was chosen, for who asks.
        settings: the same, JSON-able, for the saved file.
        notes: sentences the user should read.
        error: what the first cell that failed raised, as ``"ValueError: …"``; empty where none did.
    """

    where: str
    choices: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    error: str = ""


class Withdrawn(Exception):
    """What was answered before may be wrong, since a fast path disagreed with the plain one and is gone now.

    Ask for everything again.
    """


@dataclass(frozen=True, eq=False)
class Values:
    """The answer for some of the coordinates asked for.

    Attributes:
        cells: int64[m], rows of the coordinates that were asked for.
        mean: float64[m, metrics]; NaN and infinities are values like any other.
        standard_error: float64[m, metrics], the population's ``sd / sqrt(n)``; NaN where it can't be known.
        count: int64[m, metrics], samples measured.
        state: uint8[m], a `State` each.
        how: how they were computed; None where there is nothing to say.
    """

    cells: NDArray[np.int64]
    mean: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    count: NDArray[np.int64]
    state: NDArray[np.uint8]
    how: How | None = None


class Evaluate(Protocol):
    """The one thing the numpy leg asks of the torch leg."""

    def __call__(
        self, coordinates: NDArray[np.float64], samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]:
        """Yield values as they get ready, about every 100 ms; end early once ``cancelled()`` is true.

        Args:
            coordinates: float64[n, k] in units of the k direction vectors; neighbours that share the
                second coordinate are cheaper next to each other.
            samples: size of the fixed, seeded subset of the training data; of test data at most as many.
            cancelled: asked between batches, on any thread.

        Raises:
            Withdrawn: where earlier answers may be wrong.
        """
        ...
