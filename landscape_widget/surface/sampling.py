"""How does a surface grow? Ask for cells, evaluate them, tell the surface; one step at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from landscape_widget.surface.patch import Patch
from landscape_widget.surface.refine import CoarseToFine, Refine
from landscape_widget.surface.surface import Surface
from landscape_widget.values import Evaluate, State


@dataclass(frozen=True, eq=False)
class Step:
    """The surface after one answer, and what was new in it."""

    surface: Surface
    patch: Patch


def sample(
    surface: Surface,
    evaluate: Evaluate,
    *,
    refine: Refine = CoarseToFine(),
    clock: Callable[[], float] = time.monotonic,
    cancelled: Callable[[], bool] = lambda: False,
    seconds: float = 0.08,
) -> Iterator[Step]:
    """Yield a step for every answer, until the surface is done or ``cancelled()`` is true.

    Runs in the thread that iterates. It asks for one cell first, so that a slow one is seen at once, then for
    as many as fit into ``seconds`` at the speed just measured. What ``evaluate`` raises passes through; the
    last step then holds what is known.

    Raises:
        RuntimeError: when ``evaluate`` leaves cells unanswered though nobody cancelled.
    """
    budget = 1
    while not cancelled() and len(cells := refine(surface, budget)):
        answered, spent, began = 0, 0.0, clock()
        for values in evaluate(surface.coordinates(cells), surface.samples, cancelled):
            patch = Patch.of(cells, values)
            surface = surface.tell(patch)
            answered += int(np.count_nonzero(patch.state != State.UNKNOWN))
            spent += clock() - began
            yield Step(surface, patch)
            began = clock()
        if answered < len(cells) and not cancelled():
            raise RuntimeError(
                f"The evaluator answered {answered} of {len(cells)} cells and ended. An evaluator must yield "
                "Values for every coordinate it is given unless cancelled() is true."
            )
        budget = _next_budget(len(cells), spent, seconds)


def _next_budget(cells: int, spent: float, seconds: float) -> int:
    """As many cells as fit, at most four times the last: the first cell of a row is dearer than the rest."""
    return int(np.clip(cells * seconds / max(spent, 1e-9), 1, 4 * cells))
