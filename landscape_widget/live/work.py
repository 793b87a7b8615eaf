"""One widget's work, step by step: the wanted request, what is known for it, and what was known before."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace

import numpy as np

from landscape_widget.facts import Sensitivity
from landscape_widget.live.journey import Journey, Measured, fitted
from landscape_widget.live.keeping import Keeping, Unkept
from landscape_widget.live.maps import Standing, grow
from landscape_widget.live.memory import Memory, Prepare, Prepared
from landscape_widget.live.report import Cancelled, Report
from landscape_widget.live.request import Request, Scene
from landscape_widget.sharpness_values import Sharpness
from landscape_widget.surface.auto_range import auto_range
from landscape_widget.surface.interpolate import surplus
from landscape_widget.surface.refine import CoarseToFine, Refine
from landscape_widget.surface.sampling import sample
from landscape_widget.surface.surface import Surface
from landscape_widget.values import How, Withdrawn

TOO_FLAT = "The loss doesn't rise that far along this axis; set the range by hand."

AT_ONCE = 8
"""Checkpoints that are measured between two answers about cells."""


class Work:
    """Runs one request at a time as a generator of reports; knows neither threads nor the notebook.

    Args:
        prepare: a scene to its `Evaluate` and `Facts`; may be slow, may raise.
        clock: seconds, monotonic.
        refine: which cells next.
        preview: seconds a first picture may take before it is drawn from fewer samples; None for no preview.
        growth: has a function called after each new checkpoint, on the training thread, until what it returns
            is called.
        sharpness: measures the read-outs of the origin, part by part; None where that can't be had.
        keeping: knows what was known before, and hears of all that becomes known.
        borrows: whether the user's own model is measured.
        let_go: called when nothing more will be measured.
    """

    def __init__(
        self,
        prepare: Prepare,
        clock: Callable[[], float],
        refine: Refine = CoarseToFine(),
        preview: float | None = None,
        growth: Callable[[Callable[[], None]], Callable[[], None]] = lambda heard: lambda: None,
        sharpness: Callable[[Cancelled], Iterator[Sharpness]] | None = None,
        keeping: Keeping = Unkept(),
        borrows: bool = False,
        let_go: Callable[[], None] = lambda: None,
    ) -> None:
        self.listen = growth
        self.borrows, self._let_go = borrows, let_go
        self._memory = Memory(prepare, keeping=keeping)
        self._keeping = keeping
        self._clock = clock
        self._refine = refine
        self._preview = preview
        self._hows: dict[Scene, How] = {}
        self._sensitivities: dict[Scene, Sensitivity] = {}
        self._checkpoints: dict[tuple[int, str | None], Measured] = {}
        self._standings: dict[str, Standing] = {}
        self._sharpness, self._is_sharpness_wanted = sharpness, False
        self._read: Sharpness | None = None

    def steps(self, request: Request, generation: int, cancelled: Cancelled) -> Iterator[Report]:
        """Yield a report a step, coarse first, until the surface is done or ``cancelled()``."""
        self._standings = {}
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
        report = self._standing(request, Report(generation, "preparing", "range"))
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
        report = self._standing(request, Report(generation, "preparing", "path"))
        yield report
        wanted = coming or request
        journey = self._journey(self._memory.scene(wanted.scene), wanted)
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

    def read_out(self, request: Request, generation: int, cancelled: Cancelled) -> Generator[Report]:
        """Measure how sharp the origin is, and go on with the request; once cancelled, it follows cells."""
        self._is_sharpness_wanted = True
        report = self._standing(request, Report(generation, "computing", "sharpness"))
        yield from self._read_out(report, cancelled)
        yield from self.steps(request, generation, cancelled)

    def _standing(self, request: Request, report: Report) -> Report:
        """Add where a request stands; of a scene that was dropped no surface: it comes with its facts."""
        how, maps = self._hows.get(request.scene), tuple(self._standings.values())
        report = replace(report, request=request, how=how, maps=maps, kept=self._keeping.said(request))
        if not self._memory.holds(request.scene):
            return report
        facts, surface = self._memory.scene(request.scene).facts, self.known(request)
        error = None if surface is None else surplus(surface)
        return replace(report, facts=facts, surface=surface, surplus=error)

    def _grow(self, report: Report, request: Request, cancelled: Cancelled) -> Iterator[Report]:
        """Open with what is known, and measure what isn't."""
        prepared = self._memory.scene(request.scene)
        evaluate, facts = prepared.evaluate, prepared.facts
        journey = self._journey(prepared, request)
        surface = self._memory.start(request, facts, prepared.maps)
        self._standings = {key: Standing(key) for key in prepared.maps} | self._standings
        if journey is not None:
            journey.take(surface.path)
            surface = replace(surface, path=journey.path())
        how = self._hows.get(request.scene)
        report = replace(report, phase="computing", task="cells", surface=surface, facts=facts, how=how)
        sensitivity = self._sensitivities.get(replace(request.scene, batch_norm=None))
        standings = tuple(self._standings.values())
        report = replace(report, surplus=surplus(surface), sensitivity=sensitivity, maps=standings)
        report = replace(report, kept=self._keeping.said(request))
        yield replace(report, opens=True)
        self._keeping.confirm(request, evaluate, cancelled)
        started, exact_before = self._clock(), _exact(surface)
        steps = sample(
            surface,
            evaluate,
            refine=self._refine,
            tolerance=request.tolerance,
            preview=self._preview,
            clock=self._clock,
            cancelled=cancelled,
            at_once=prepared.at_once,
            previews=prepared.preview,
        )
        for step in steps:
            if step.surface.exact_level > surface.exact_level:
                report = replace(report, surplus=surplus(step.surface))
            if step.how is not None:
                self._hows[request.scene] = step.how
                report = replace(report, how=step.how)
            surface = replace(step.surface, path=surface.path)
            self._memory.remember(request, surface)
            report = replace(report, surface=surface, patch=step.patch, kept=self._keeping.said(request))
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
        if self._is_sharpness_wanted and not cancelled():
            yield from self._read_out(report, cancelled)
        report = yield from self._chart(report, prepared, journey, cancelled)
        if not cancelled():
            self._keeping.finish(request, report.surface or surface)
            report = replace(report, settled=not surface.is_done, kept=self._keeping.said(request))
            yield replace(report, phase="done", task=None, patch=None, remaining=0.0)

    def _chart(
        self, report: Report, prepared: Prepared, journey: Journey | None, cancelled: Cancelled
    ) -> Generator[Report, None, Report]:
        """Measure the maps, one after the other."""
        request, surface = report.request, report.surface
        assert request is not None and surface is not None
        for key, wanted in prepared.maps.items():
            if cancelled():
                break
            for growth in grow(key, wanted, surface.maps[key], self._clock, cancelled):
                self._standings[key] = growth.standing
                surface = surface.with_map(key, growth.surface)
                self._memory.remember(request, surface)
                maps, left = tuple(self._standings.values()), growth.standing.remaining
                report = replace(report, task="map", surface=surface, maps=maps, remaining=left)
                report = replace(report, kept=self._keeping.said(request))
                yield replace(report, patch=growth.patch, map=None if growth.patch is None else key)
                report = yield from self._beside(report, prepared, journey, cancelled)
                surface = report.surface or surface
        return report

    def _read_out(self, report: Report, cancelled: Cancelled) -> Iterator[Report]:
        """Measure sharpness, telling each part; what it raises is said beside its control."""
        if self._sharpness is None:
            return
        report = replace(report, task="sharpness", patch=None, remaining=None)
        yield report
        try:
            parts = self._sharpness(cancelled) if self._read is None else iter([self._read])
            for found in parts:
                self._read = found if found.done else None
                yield replace(report, sharpness=found)
        except Exception as error:
            yield replace(report, refusals={"sharpness": f"{type(error).__name__}: {error}"})
        self._is_sharpness_wanted = cancelled()

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

    def close(self) -> None:
        """Drop its scenes, and what they hold elsewhere; what is known stays."""
        self._memory.close()
        self._keeping.close()
        self._let_go()

    def known(self, request: Request) -> Surface | None:
        """What is known for this very request."""
        return self._memory.surface(request)


def _exact(surface: Surface) -> int:
    return int(np.count_nonzero(surface.final))


def _rounded(ends: tuple[float, float] | None) -> tuple[float, float] | None:
    """Two significant digits, as a person would have typed it."""
    return None if ends is None else (float(f"{ends[0]:.2g}"), float(f"{ends[1]:.2g}"))
