"""One widget's work, step by step: the wanted request, what is known for it, and what was known before."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from landscape_widget.live.memory import Memory, Prepare
from landscape_widget.live.request import Request
from landscape_widget.surface.auto_range import auto_range
from landscape_widget.surface.interpolate import Surplus
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.refine import CoarseToFine, Refine
from landscape_widget.surface.sampling import sample
from landscape_widget.surface.surface import Surface
from landscape_widget.values import Facts, How

Phase = Literal["preparing", "computing", "paused", "stopped", "done", "failed"]
Task = Literal["directions", "cells", "range"]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class Failure:
    """What the user's code, or ours, raised."""

    error: BaseException
    message: str
    traceback: str

    @classmethod
    def of(cls, error: BaseException) -> Failure:
        """Read the traceback while it is there."""
        text = "".join(traceback.format_exception(error))
        return cls(error, f"{type(error).__name__}: {error}", text)


@dataclass(frozen=True, eq=False)
class Report:
    """Where a session stands; made on the engine's thread, frozen, so any thread may read it.

    Attributes:
        generation: counts the requests of this session.
        surface: all that is known for the request, None before the directions are ready.
        patch: the cells that are new since the last report.
        opens: whether a listener should start over from ``surface``, whatever it heard before.
        remaining: seconds until the surface is done, None while nobody can know.
        surplus: how far the level before the finest exact one was off, None while that is unknown.
        settled: whether it is done because the tolerance is reached, with cells left that nobody measured.
        how: how the cells were computed, None before the first.
        ranges: the answer of an automatic range, once.
        turn: counts starts, pauses and stops; a report of an older turn is obsolete.
    """

    generation: int
    phase: Phase
    task: Task | None = None
    request: Request | None = None
    surface: Surface | None = None
    facts: Facts | None = None
    patch: Patch | None = None
    opens: bool = False
    failure: Failure | None = None
    remaining: float | None = None
    surplus: Surplus | None = None
    settled: bool = False
    how: How | None = None
    ranges: tuple[tuple[float, float] | None, ...] | None = None
    turn: int = 0


class Work:
    """Runs one request at a time as a generator of reports; knows neither threads nor the notebook.

    Args:
        prepare: a scene to its `Evaluate` and `Facts`; may be slow, may raise.
        clock: seconds, monotonic.
        refine: which cells next.
    """

    def __init__(self, prepare: Prepare, clock: Callable[[], float], refine: Refine = CoarseToFine()) -> None:
        self._memory = Memory(prepare)
        self._clock = clock
        self._refine = refine

    def steps(self, request: Request, generation: int, cancelled: Cancelled) -> Iterator[Report]:
        """Yield a report a step, coarse first, until the surface is done or ``cancelled()``."""
        report = Report(generation, "preparing", "directions", request)
        if not self._memory.holds(request.scene):
            yield report
        evaluate, facts = self._memory.scene(request.scene)
        surface = self._memory.start(request, facts)
        report = replace(report, phase="computing", task="cells", surface=surface, facts=facts)
        yield replace(report, opens=True)
        started, known_before = self._clock(), int(surface.known.sum())
        for step in sample(surface, evaluate, refine=self._refine, clock=self._clock, cancelled=cancelled):
            self._memory.remember(request, step.surface)
            report = replace(report, surface=step.surface, patch=step.patch)
            known = int(step.surface.known.sum())
            pace = (self._clock() - started) / max(known - known_before, 1)
            yield replace(report, remaining=pace * (step.surface.known.size - known))
        if not cancelled():
            yield replace(report, phase="done", task=None, patch=None, remaining=0.0)

    def probe(
        self, request: Request, generation: int, factor: float, cancelled: Cancelled
    ) -> Generator[Report]:
        """Find how far to look, yield it as ``ranges``, and go on with the request."""
        report = Report(generation, "preparing", "range", request, self.known(request))
        yield report
        evaluate, facts = self._memory.scene(request.scene)
        shown = zip(*(point.coordinates for point in facts.points), strict=True)
        stretches = [(min(places), max(places)) for places in shown]
        found = auto_range(evaluate, request.samples, factor, stretches, cancelled)
        yield replace(report, facts=facts, ranges=tuple(map(_rounded, found)))
        yield from self.steps(request, generation, cancelled)

    def known(self, request: Request) -> Surface | None:
        """What is known for this very request."""
        return self._memory.surface(request)


def _rounded(ends: tuple[float, float] | None) -> tuple[float, float] | None:
    """Two significant digits, as a person would have typed it."""
    return None if ends is None else (float(f"{ends[0]:.2g}"), float(f"{ends[1]:.2g}"))
