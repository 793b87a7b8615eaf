"""How does a surface grow? Ask for cells, evaluate them, tell the surface; one step at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from landscape_widget.surface.interpolate import surplus
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.preview import preview_samples
from landscape_widget.surface.refine import CoarseToFine, Refine
from landscape_widget.surface.surface import Surface
from landscape_widget.values import FINAL, Evaluate, How, State, Values

FEWEST = 8
"""Cells to ask for at least, once the first is known: several threads share them."""

GROWTH = 8
"""How many times larger an ask may be than the last: the first cell of a row is dearer than the rest."""


@dataclass(frozen=True, eq=False)
class Step:
    """The surface after one answer, what was new in it, and how it was computed where that was said."""

    surface: Surface
    patch: Patch
    how: How | None = None


def sample(
    surface: Surface,
    evaluate: Evaluate,
    *,
    refine: Refine = CoarseToFine(),
    tolerance: float | None = None,
    preview: float | None = None,
    clock: Callable[[], float] = time.monotonic,
    cancelled: Callable[[], bool] = lambda: False,
    seconds: float = 2.0,
    at_once: int = 1,
    previews: Evaluate | None = None,
) -> Iterator[Step]:
    """Yield a step for every answer, until the surface is done or ``cancelled()`` is true.

    Runs in the thread that iterates. It asks for one cell first, so that a slow one is seen at once, unless a
    preview has told; then for as many as fit into ``seconds`` at the speed just measured. What ``evaluate``
    raises passes through; the last step then holds what is known.

    Args:
        surface: what is known.
        evaluate: measures cells.
        refine: which cells next.
        tolerance: it ends at the first level whose measured interpolation error is below this share of the
            drawn range.
        preview: seconds a first picture may take; where the first level would take longer, it is measured on
            fewer samples before. None for no preview.
        clock: seconds, monotonic.
        cancelled: asked before every answer.
        seconds: the time an ask should take.
        at_once: cells that ``evaluate`` measures at the same time; it is asked for twice as many at least.
        previews: measures a preview; None: ``evaluate`` does.

    Raises:
        RuntimeError: when ``evaluate`` leaves cells unanswered though nobody cancelled.
    """
    fewest = max(FEWEST, 2 * at_once)
    budget, level = 1 if at_once <= FEWEST else at_once, -1  # one cell would leave many workers idle
    if preview is not None and surface.level < 0:
        cells = _first_level(surface)
        previews = previews or evaluate
        samples = preview_samples(surface, previews, cells, preview, clock, cancelled)
        budget = fewest
        if samples == surface.samples:
            budget = len(cells)
        elif not cancelled():
            for step in _ask(surface, previews, cells, samples, cancelled):
                surface = step.surface
                yield step
    while not cancelled():
        if surface.exact_level > level:
            level = surface.exact_level
            if tolerance is not None and is_within(surface, tolerance):
                return
        if not len(cells := refine(surface, budget)):
            return
        spent, began = 0.0, clock()
        for step in _ask(surface, evaluate, cells, surface.samples, cancelled):
            surface = step.surface
            spent += clock() - began
            yield step
            began = clock()
        budget = _next_budget(len(cells), spent, seconds, fewest)


def is_within(surface: Surface, tolerance: float) -> bool:
    """Tell whether the finest exact level was predicted to within a share of the drawn range."""
    measured = surplus(surface)
    return measured is not None and measured.worst < tolerance


def _first_level(surface: Surface) -> NDArray[np.int64]:
    """The points, and the cells of the first level, of which nothing is known."""
    levels = np.append(surface.grid.cell_levels, np.zeros(len(surface.points)))
    return np.flatnonzero((levels == 0) & (surface.states == State.UNKNOWN))


def _ask(
    surface: Surface,
    evaluate: Evaluate,
    cells: NDArray[np.int64],
    samples: int,
    cancelled: Callable[[], bool],
) -> Iterator[Step]:
    answered = 0
    for values in evaluate(surface.coordinates(cells), samples, cancelled):
        patch = Patch.of(cells, _preview_values(values) if samples < surface.samples else values)
        surface = _told_how(surface.tell(patch), values.how)
        answered += int(np.count_nonzero(patch.state != State.UNKNOWN))
        yield Step(surface, patch, values.how)
    if answered < len(cells) and not cancelled():
        raise RuntimeError(
            f"The evaluator answered {answered} of {len(cells)} cells and ended. An evaluator must yield "
            "Values for every coordinate it is given unless cancelled() is true."
        )


def _preview_values(values: Values) -> Values:
    state = np.where(np.isin(values.state, FINAL), State.PREVIEW, values.state)
    return replace(values, state=state.astype(np.uint8))


def _told_how(surface: Surface, how: How | None) -> Surface:
    """Let the surface say how it was computed, and what the first cell that failed raised."""
    if how is None:
        return surface
    engine = {**how.settings, "error": how.error} if how.error else dict(how.settings)
    if surface.settings.get("engine") == engine:
        return surface
    return replace(surface, settings={**surface.settings, "engine": engine})


def _next_budget(cells: int, spent: float, seconds: float, fewest: int) -> int:
    """As many cells as fit, within bounds."""
    return int(np.clip(cells * seconds / max(spent, 1e-9), fewest, max(fewest, GROWTH * cells)))
