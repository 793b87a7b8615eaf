"""One widget's place at the engine: what it wants, where it stands, and the lock between the two."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from landscape_widget.live.maps import Standing
from landscape_widget.live.report import Failure, Phase, Report
from landscape_widget.live.request import Request
from landscape_widget.live.working import Working

Listener = Callable[[Report], None]


class Session:
    """One widget's place at the engine; `Engine.session` makes it."""

    def __init__(
        self, changed: threading.Condition, work: Working, listener: Listener, is_patient: bool
    ) -> None:
        self._changed = changed
        self._work = work
        self._listener = listener
        self._request: Request | None = None
        self._start: Callable[[Callable[[], bool]], Iterator[Report]] | None = None
        self._steps: Iterator[Report] | None = None
        self._turn = 0  # counts everything that makes the running steps obsolete
        self._generation = 0
        self._report = Report(0, "preparing")
        self.served = 0
        self.is_patient = is_patient
        self.closed = self.ended = False
        self._stepper: int | None = None  # the thread on which a step runs
        self._has_news = False  # of a trajectory, or a file, at which nobody has looked
        self._deaf = work.listen(self._grown)

    @property
    def report(self) -> Report:
        """Where the session stands now."""
        return self._report

    @property
    def level(self) -> int:
        """Finest finished level of what is measured, −1 before the first."""
        surface, key = self._report.surface, self._mapped
        if surface is None or self._start is not None:
            return -1
        return surface.level if key is None else surface.maps[key].level

    @property
    def rank(self) -> int:
        """Who is served first: pictures, then who is patient, then maps, which take longest."""
        return 2 if self._mapped is not None else int(self.is_patient)

    @property
    def _mapped(self) -> str | None:
        """The map that is under way."""
        if self._report.task != "map" or self._start is not None:
            return None
        return next((one.key for one in self._report.maps if one.phase in ("waiting", "measuring")), None)

    def show(self, request: Request) -> None:
        """Make ``request`` the one that is wanted; the one before stops at its next batch."""
        with self._changed:
            if request == self._request and self._report.phase != "failed":
                return
            self._request = request
            self._generation += 1
            self._begin()

    def retry(self) -> None:
        """Run the present request again, from what is known."""
        with self._changed:
            if self._request is not None:
                self._generation += 1
                self._begin()

    def pause(self) -> None:
        """Compute nothing until `resume`; what is known stays."""
        self._halt("paused")
        self.wait_for_model()

    def stop(self) -> None:
        """Compute nothing more for this request; `resume` takes it up again."""
        self._halt("stopped")
        self.wait_for_model()

    def resume(self) -> None:
        """Go on where a pause or a stop left off."""
        with self._changed:
            if self._report.phase in ("paused", "stopped") and self._request is not None:
                self._begin()

    def probe(self, factor: float) -> None:
        """Find the ranges in which the loss rises to ``factor`` times its value at the origin; then go on."""
        self._look(partial(self._work.probe, factor=factor))

    def fit(self, coming: Request | None = None) -> None:
        """Find the ranges in which the trajectory runs, along the directions of ``coming``; then go on."""
        self._look(partial(self._work.fit, coming=coming))

    def read_out(self) -> None:
        """Measure how sharp the origin is; then go on."""
        self._look(self._work.read_out)

    def close(self) -> None:
        """End the session; its running step stops at its next batch."""
        self._deaf()
        with self._changed:
            self.closed = True
            self._turn += 1
            self._steps = self._start = None
            self._changed.notify_all()

    def wait(self) -> Report:
        """Block until the present request is done, stopped or failed; a Ctrl+C gets through.

        Raises:
            RuntimeError: if the session is paused, since that would never end.
        """
        with self._changed:
            while not self.closed:
                if not self.wants_step() and self._report.phase == "paused":
                    raise RuntimeError("A paused run won't end by itself; call resume() first, or stop().")
                if not self.wants_step() and self._report.phase in ("done", "stopped", "failed"):
                    break
                self._changed.wait(0.1)
            return self._report

    def wait_for_model(self) -> None:
        """Block until the step that runs has given the user's own model back, if that is measured."""
        with self._changed:
            while self._work.borrows and self._stepper not in (None, threading.get_ident()):
                self._changed.wait(0.1)

    def wants_step(self) -> bool:
        """Whether the engine should call `step`."""
        return not self.closed and (self._start is not None or self._steps is not None)

    def step(self) -> None:
        """Do one step; only the engine's thread calls this."""
        with self._changed:
            turn = self._turn
            if self._start is not None:
                start, self._start = self._start, None
                self._steps = start(lambda: turn != self._turn)
            steps = self._steps
            self._stepper = None if steps is None else threading.get_ident()
        if steps is None:
            return
        try:
            report = next(steps, None)
        except BaseException as error:  # the user's code may raise anything, and the thread serves others too
            report, steps = self._failed(error), None
        ended = report is None or steps is None
        with self._changed:
            self._stepper = None
            self._changed.notify_all()
            if turn != self._turn:
                return
            if report is not None:
                report = replace(report, turn=turn)
                self._report = _without_news(report)
        if report is not None:
            ended = not self._is_told(report) or ended
        with self._changed:  # whoever waits goes on only now, when the listener knows too
            if ended and turn == self._turn:
                self._steps = None
                self._follow()
            self._changed.notify_all()

    def end(self) -> None:
        """Let go of what a closed session holds; only the engine's thread calls this, when no step runs."""
        self.ended = True
        self._work.close()

    def _is_told(self, report: Report) -> bool:
        """Tell the listener; one that fails is told that it did, and nothing else that it could fail at."""
        try:
            self._listener(report)
            return True
        except Exception as error:
            logging.getLogger(__name__).exception("A listener failed; its session says so.")
            failure = error
        with self._changed:
            if report.turn != self._turn:
                return False
            self._report = failed = replace(self._failed(failure), opens=False)
        self._listener(failed)
        return False

    def _failed(self, error: BaseException) -> Report:
        return replace(self._standing("failed"), failure=Failure.of(error))

    def _standing(self, phase: Phase) -> Report:
        """A report of what is known, with nothing under way."""
        known = self._work.known(self._request) if self._request is not None else None
        last = (
            self._report if self._report.generation == self._generation else Report(self._generation, phase)
        )
        return Report(
            self._generation,
            phase,
            request=self._request,
            surface=known,
            opens=known is not None,
            facts=last.facts,
            surplus=last.surplus,
            how=last.how,
            sensitivity=last.sensitivity,
            maps=tuple(map(_waiting, last.maps)),
            kept=last.kept,
            turn=self._turn,
        )

    def _look(self, find: Callable[..., Iterator[Report]]) -> None:
        with self._changed:
            if (request := self._request) is None:
                return
            generation = self._generation
            self._turn += 1
            self._start = lambda cancelled: find(request, generation, cancelled=cancelled)
            self._changed.notify_all()

    def _grown(self) -> None:
        """The trajectory has a checkpoint more, or somebody has written to the file."""
        with self._changed:
            self._has_news = True
            self._follow()

    def _follow(self) -> None:
        """Look at the news, unless something runs, which looks by itself, or comes back here."""
        report = self._report
        is_idle = report.phase in ("computing", "done") and not self.wants_step()
        if self._has_news and is_idle and not self.closed:
            self._has_news = False
            self._start = lambda cancelled: self._work.follow(report, cancelled)
            self._changed.notify_all()

    def _begin(self) -> None:
        request, generation = self._request, self._generation
        assert request is not None
        self._turn += 1
        self._steps = None
        self._start = lambda cancelled: self._work.steps(request, generation, cancelled)
        self._changed.notify_all()

    def _halt(self, phase: Phase) -> None:
        with self._changed:
            if not self.wants_step() and self._report.phase != "computing":
                return
            self._turn += 1
            self._steps = self._start = None
            self._report = report = self._standing(phase)
            self._changed.notify_all()
        self._listener(report)


def _without_news(report: Report) -> Report:
    """What stays true of a report after it was told."""
    once = {"patch": None, "map": None, "path": None, "ranges": None, "coming": None, "sharpness": None}
    return replace(report, **once, opens=False, refusals={})


def _waiting(standing: Standing) -> Standing:
    """Of a map that was interrupted."""
    is_under_way = standing.phase == "measuring"
    return replace(standing, phase="waiting", remaining=None) if is_under_way else standing
