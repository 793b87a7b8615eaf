"""One widget's work, step by step: the wanted request, what is known for it, and what was known before."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from landscape_widget.facts import Facts, Sensitivity
from landscape_widget.live.journey import Journey, Measured, fitted
from landscape_widget.live.memory import Memory, Prepare, Prepared
from landscape_widget.live.request import Request, Scene
from landscape_widget.surface.auto_range import auto_range
from landscape_widget.surface.interpolate import Surplus, surplus
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.refine import CoarseToFine, Refine
from landscape_widget.surface.sampling import sample
from landscape_widget.surface.surface import Surface
from landscape_widget.track import Path
from landscape_widget.values import How, State, Withdrawn

Phase = Literal["preparing", "computing", "paused", "stopped", "done", "failed"]
Task = Literal["directions", "cells", "range", "path"]
Cancelled = Callable[[], bool]
Found = tuple[tuple[float, float] | str, ...]
"""A range for each axis, or why there is none."""

TOO_FLAT = "The loss doesn't rise that far along this axis; set the range by hand."

AT_ONCE = 8
"""Checkpoints that are measured between two answers about cells."""


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
        path: the trajectory, if it grew or was measured since the last report.
        opens: whether a listener should start over from ``surface``, whatever it heard before.
        remaining: seconds until the surface is done, None while nobody can know.
        surplus: how far the level before the finest exact one was off, None while that is unknown.
        settled: whether it is done because the tolerance is reached, with cells left that nobody measured.
        how: how the cells were computed, None before the first.
        sensitivity: how much the treatment of BatchNorm matters, None while that is unknown.
        ranges: the answer of an automatic range, once.
        coming: what the ranges were found for, where nobody has asked for it yet.
        turn: counts starts, pauses and stops; a report of an older turn is obsolete.
    """

    generation: int
    phase: Phase
    task: Task | None = None
    request: Request | None = None
    surface: Surface | None = None
    facts: Facts | None = None
    patch: Patch | None = None
    path: Path | None = None
    opens: bool = False
    failure: Failure | None = None
    remaining: float | None = None
    surplus: Surplus | None = None
    settled: bool = False
    how: How | None = None
    sensitivity: Sensitivity | None = None
    ranges: Found | None = None
    coming: Request | None = None
    turn: int = 0


class Work:
    """Runs one request at a time as a generator of reports; knows neither threads nor the notebook.

    Args:
        prepare: a scene to its `Evaluate` and `Facts`; may be slow, may raise.
        clock: seconds, monotonic.
        refine: which cells next.
        preview: seconds a first picture may take before it is drawn from fewer samples; None for no preview.
        growth: has a function called after each new checkpoint, on the training thread, until what it returns
            is called.
    """

    def __init__(
        self,
        prepare: Prepare,
        clock: Callable[[], float],
        refine: Refine = CoarseToFine(),
        preview: float | None = None,
        growth: Callable[[Callable[[], None]], Callable[[], None]] = lambda heard: lambda: None,
    ) -> None:
        self.listen = growth
        self._memory = Memory(prepare)
        self._clock = clock
        self._refine = refine
        self._preview = preview
        self._hows: dict[Scene, How] = {}
        self._sensitivities: dict[Scene, Sensitivity] = {}
        self._checkpoints: dict[tuple[int, str | None], Measured] = {}

    def steps(self, request: Request, generation: int, cancelled: Cancelled) -> Iterator[Report]:
        """Yield a report a step, coarse first, until the surface is done or ``cancelled()``."""
        report = Report(generation, "preparing", "directions", request)
        if not self._memory.holds(request.scene):
            yield report
        while True:
            try:
                yield from self._grow(report, request, cancelled)
                return
            except Withdrawn as withdrawn:
                self._forget(request.scene, str(withdrawn))

    def probe(
        self, request: Request, generation: int, factor: float, cancelled: Cancelled
    ) -> Generator[Report]:
        """Find how far to look, yield it as ``ranges``, and go on with the request."""
        surface, how = self.known(request), self._hows.get(request.scene)
        error = None if surface is None else surplus(surface)
        report = Report(generation, "preparing", "range", request, surface, surplus=error, how=how)
        yield report
        prepared = self._memory.scene(request.scene)
        evaluate, facts = prepared.evaluate, prepared.facts
        shown = zip(*(point.coordinates for point in facts.points), strict=True)
        stretches = [(min(places), max(places)) for places in shown]
        while True:
            try:
                found = auto_range(evaluate, request.samples, factor, stretches, cancelled)
                break
            except Withdrawn as withdrawn:
                self._forget(request.scene, str(withdrawn))
        yield replace(report, facts=facts, ranges=tuple(_rounded(ends) or TOO_FLAT for ends in found))
        yield from self.steps(request, generation, cancelled)

    def fit(
        self, request: Request, generation: int, cancelled: Cancelled, coming: Request | None = None
    ) -> Generator[Report]:
        """Find where the trajectory runs, yield it as ``ranges``, and go on with the request.

        Args:
            coming: look along the directions of this request, which is yielded with the ranges.
        """
        report = Report(generation, "preparing", "path", request, self.known(request))
        if self._memory.holds(request.scene):
            report = replace(report, facts=self._memory.scene(request.scene).facts)
        yield report
        wanted = coming or request
        journey = self._journey(self._memory.scene(wanted.scene), wanted)
        if journey is not None or coming is not None:
            ranges = () if journey is None else tuple(fitted(journey.path()))
            yield replace(report, ranges=ranges, coming=coming)
        yield from self.steps(request, generation, cancelled)

    def follow(self, report: Report, cancelled: Cancelled) -> Generator[Report]:
        """Take up what has been added to the trajectory since a report that said "done"."""
        request, surface = report.request, report.surface
        if request is None or surface is None:
            return
        journey = self._journey(self._memory.scene(request.scene), request)
        while journey is not None and not cancelled():
            surface = replace(surface, path=journey.path())
            self._memory.remember(request, surface)
            yield replace(report, surface=surface, path=surface.path)
            if not (journey.has_grown or journey.measure(AT_ONCE, cancelled)):
                return

    def _grow(self, report: Report, request: Request, cancelled: Cancelled) -> Iterator[Report]:
        """Open with what is known, and measure what isn't."""
        prepared = self._memory.scene(request.scene)
        evaluate, facts = prepared.evaluate, prepared.facts
        journey = self._journey(prepared, request)
        surface = self._memory.start(request, facts)
        if journey is not None:
            surface = replace(surface, path=journey.path())
        how = self._hows.get(request.scene)
        report = replace(report, phase="computing", task="cells", surface=surface, facts=facts, how=how)
        sensitivity = self._sensitivities.get(replace(request.scene, batch_norm=None))
        report = replace(report, surplus=surplus(surface), sensitivity=sensitivity)
        yield replace(report, opens=True)
        started, exact_before = self._clock(), _exact(surface)
        steps = sample(
            surface,
            evaluate,
            refine=self._refine,
            tolerance=request.tolerance,
            preview=self._preview,
            clock=self._clock,
            cancelled=cancelled,
        )
        for step in steps:
            if step.surface.exact_level > surface.exact_level:
                report = replace(report, surplus=surplus(step.surface))
            if step.how is not None:
                self._hows[request.scene] = step.how
                report = replace(report, how=step.how)
            surface = replace(step.surface, path=surface.path)
            self._memory.remember(request, surface)
            report = replace(report, surface=surface, patch=step.patch)
            exact = _exact(surface)
            pace = (self._clock() - started) / max(exact - exact_before, 1)
            remaining = pace * (surface.states.size - exact) if exact > exact_before else None
            report = replace(report, remaining=remaining)
            yield report
            if surface.level >= 0:
                report = yield from self._beside(report, prepared, journey, cancelled)
                surface = report.surface or surface
        while journey is not None and not journey.is_measured and not cancelled():
            report = yield from self._beside(report, prepared, journey, cancelled)
        if not cancelled():
            settled = not surface.is_done
            yield replace(report, phase="done", task=None, patch=None, remaining=0.0, settled=settled)

    def _beside(
        self, report: Report, prepared: Prepared, journey: Journey | None, cancelled: Cancelled
    ) -> Generator[Report, None, Report]:
        """Measure what isn't a cell: the treatments of BatchNorm once, and some checkpoints."""
        request, surface = report.request, report.surface
        assert request is not None and surface is not None
        plane = replace(request.scene, batch_norm=None)
        if prepared.sensitivity is not None and plane not in self._sensitivities and not cancelled():
            if (found := prepared.sensitivity(cancelled)) is None:
                return report
            self._sensitivities[plane] = found
        report = replace(report, patch=None, sensitivity=self._sensitivities.get(plane))
        if journey is None or cancelled() or not (journey.has_grown or journey.measure(AT_ONCE, cancelled)):
            return report
        surface = replace(surface, path=journey.path())
        self._memory.remember(request, surface)
        report = replace(report, surface=surface)
        yield replace(report, path=surface.path)
        return report

    def _journey(self, prepared: Prepared, request: Request) -> Journey | None:
        if prepared.track is None or not len(prepared.track):
            return None
        measured = self._checkpoints.setdefault((request.samples, request.scene.batch_norm), {})
        return Journey(prepared.track, measured, len(prepared.facts.metrics), request.samples)

    def _forget(self, scene: Scene, note: str) -> None:
        """Start a scene anew; why stands in its notes, until the evaluator says so itself."""
        self._memory.forget(scene)
        if note:
            how = self._hows.get(scene, How(self._memory.scene(scene).facts.where))
            self._hows[scene] = replace(how, notes=(*how.notes, note))

    def known(self, request: Request) -> Surface | None:
        """What is known for this very request."""
        return self._memory.surface(request)


def _exact(surface: Surface) -> int:
    return int(np.count_nonzero(surface.states == State.EXACT))


def _rounded(ends: tuple[float, float] | None) -> tuple[float, float] | None:
    """Two significant digits, as a person would have typed it."""
    return None if ends is None else (float(f"{ends[0]:.2g}"), float(f"{ends[1]:.2g}"))
