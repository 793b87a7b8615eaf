"""How does a map grow? After the loss, announced in seconds, coarse to fine, and within its time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from landscape_widget.facts import Facts, MetricFacts
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.refine import CoarseToFine
from landscape_widget.surface.sampling import sample
from landscape_widget.surface.surface import Surface
from landscape_widget.values import Evaluate, Withdrawn

Cancelled = Callable[[], bool]
MapPhase = Literal["waiting", "measuring", "done", "skipped"]


@dataclass(frozen=True, eq=False)
class Map:
    """Metrics that are too dear for every cell of the picture, and how they are measured.

    Attributes:
        evaluate: measures cells of the map.
        metrics: the columns of every answer.
        samples: size of the subset they are measured on.
        resolution: cells along x and y.
        cost: how many seconds a number of cells will take; None where it was cancelled.
        seconds: no level begins that wouldn't be done by then; None: as long as it takes.
        settings: JSON-able, for the page and the saved file.
        close: ends what ``evaluate`` holds elsewhere.
    """

    evaluate: Evaluate
    metrics: tuple[MetricFacts, ...]
    samples: int
    resolution: tuple[int, int]
    cost: Callable[[int, Cancelled], float | None]
    seconds: float | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    close: Callable[[], None] = lambda: None

    def on(self, grid: Grid) -> Grid:
        """Return the map's own cells in the ranges of a picture."""
        axes = zip(grid.axes, self.resolution, strict=False)
        return Grid(*(Axis(axis.low, axis.high, points) for axis, points in axes))


@dataclass(frozen=True)
class Standing:
    """How far a map is; its cells are counted on the surface.

    Attributes:
        cost: seconds that what was missing would take, announced before it began; None while nobody knows.
        remaining: seconds until it is done, None while nobody can know.
        note: why it was skipped, or ended early, and what happened on the way; empty where nothing did.
    """

    key: str
    phase: MapPhase = "waiting"
    cost: float | None = None
    remaining: float | None = None
    note: str = ""


@dataclass(frozen=True, eq=False)
class Growth:
    """One map after a step, and the cells that are new."""

    standing: Standing
    surface: Surface
    patch: Patch | None = None


def with_maps(surface: Surface, maps: Mapping[str, Map], facts: Facts) -> Surface:
    """Return the surface with a place for each map it lacks; nothing is known there yet."""
    for key, wanted in maps.items():
        if key not in surface.maps:
            empty = Surface.empty(
                wanted.on(surface.grid),
                wanted.metrics,
                points=facts.points,
                samples=wanted.samples,
                settings={key: dict(wanted.settings)},
            )
            surface = surface.with_map(key, empty)
    return surface


def grow(
    key: str, wanted: Map, surface: Surface, clock: Callable[[], float], cancelled: Cancelled
) -> Iterator[Growth]:
    """Yield what a map will cost, then a step for every answer, until it is done or its time is up.

    What its evaluator raises ends the map, not the picture: it is said in the note.

    Args:
        key: of the map.
        wanted: how it is measured.
        surface: the map as far as it is known.
        clock: seconds, monotonic; what others do between two steps doesn't count.
        cancelled: asked before every answer and within.
    """
    standing = Standing(key)
    try:
        for growth in _measured(standing, wanted, surface, clock, cancelled):
            standing, surface = growth.standing, growth.surface
            yield growth
    except Withdrawn:
        raise
    except Exception as error:
        logging.getLogger(__name__).info("The map %r failed.", key, exc_info=error)
        said = f"{type(error).__name__}: {error}"
        yield Growth(replace(standing, phase="skipped", remaining=None, note=said), surface)


class _TimeBox:
    """Coarse to fine, as long as the next level will be done in time; see `Refine`."""

    def __init__(self, seconds: float | None, cost: float | None, missing: int) -> None:
        self._seconds = seconds
        self._announced = (cost or 0.0) / max(missing, 1)
        self._level = -1
        self.spent, self.cells, self.note = 0.0, 0, ""
        self._coarse = CoarseToFine()

    @property
    def pace(self) -> float:
        """Seconds a cell: as measured, before that as announced."""
        return self.spent / self.cells if self.cells else self._announced

    def __call__(self, surface: Surface, budget: int) -> NDArray[np.int64]:
        level = surface.exact_level + 1
        if self._seconds is not None and level > self._level:
            coming = len(self._coarse(surface, surface.states.size))
            needed = coming * self.pace
            if coming and self.spent + needed > self._seconds:
                self.note = (
                    f"Stopped before level {level + 1} of {surface.grid.levels}: its {coming:,} cells would "
                    f"take about {needed:.3g} s, and {self.spent:.3g} of {self._seconds:.3g} s are gone."
                )
                return np.empty(0, np.int64)
            self._level = level
        return self._coarse(surface, budget)


def _measured(
    standing: Standing, wanted: Map, surface: Surface, clock: Callable[[], float], cancelled: Cancelled
) -> Iterator[Growth]:
    if surface.is_done:
        yield Growth(replace(standing, phase="done", remaining=0.0), surface)
        return
    yield Growth(standing, surface)
    missing = int(np.count_nonzero(~surface.final))
    cost = wanted.cost(missing, cancelled)
    if cancelled():
        return
    standing = replace(standing, cost=cost, remaining=cost)
    yield Growth(standing, surface)
    standing = replace(standing, phase="measuring")
    box = _TimeBox(wanted.seconds, cost, missing)
    began = clock()
    for step in sample(surface, wanted.evaluate, refine=box, clock=clock, cancelled=cancelled):
        box.spent += clock() - began
        surface = step.surface
        left = int(np.count_nonzero(~surface.final))
        box.cells = missing - left
        if step.how is not None:
            standing = replace(standing, note=" ".join(step.how.notes))
        yield Growth(replace(standing, remaining=box.pace * left), surface, step.patch)
        began = clock()
    if not cancelled():
        phase: MapPhase = "done" if surface.level >= 0 else "skipped"
        note = " ".join(filter(None, (box.note, standing.note)))
        yield Growth(replace(standing, phase=phase, remaining=0.0, note=note), surface)
