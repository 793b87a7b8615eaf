"""One landscape: what is asked for goes to the engine, what is known goes to the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from tempfile import TemporaryDirectory
from typing import Any

from landscape_widget.files.image.small import small_png
from landscape_widget.live.channel import Channel
from landscape_widget.live.engine import Engine
from landscape_widget.live.kept import Kept
from landscape_widget.live.lesson import LESSON
from landscape_widget.live.library import STATIC, Library
from landscape_widget.live.outbox import Timer
from landscape_widget.live.presets import changes_of, chosen
from landscape_widget.live.protocol import (
    Acknowledge,
    Action,
    Apply,
    AutoRange,
    Command,
    Message,
    Photographed,
    Ping,
    is_factor,
)
from landscape_widget.live.report import UNDER_WAY, Found, Report
from landscape_widget.live.request import Choices, Request, request_of, turned_to
from landscape_widget.live.search import Search
from landscape_widget.live.seen import posed, seen, taken
from landscape_widget.live.session import Session
from landscape_widget.live.snapshots import Snapshots
from landscape_widget.live.status import status_content
from landscape_widget.live.telling import finished_since
from landscape_widget.live.traits import COMPUTING, READING, daemon_timer, shared_lock
from landscape_widget.live.working import Working
from landscape_widget.surface.surface import Surface


class LandscapeWidget(Kept):
    """A live loss landscape.

    Made by `landscape_widget.explore`. Request traits may be set from Python, by the controls, and linked
    with ipywidgets; a value that makes no sense raises `traitlets.TraitError`. All methods may be called from
    any thread.
    """

    # of a path, anywidget keeps every widget alive
    _esm = (STATIC / "landscape.js").read_text(encoding="utf-8")

    _session: Session | None = None

    def __init__(
        self,
        engine: Engine,
        work: Working,
        choices: Choices,
        request: Mapping[str, Any],
        library: Library,
        later: Callable[[float, Callable[[], None]], Timer] | None = None,
        lock: Any = None,
    ) -> None:
        """Open a session at ``engine`` and ask for ``request``, a value for each trait not at its default."""
        self._report = Report(0, "preparing")
        self._search = Search()
        later, lock = later or daemon_timer, lock or shared_lock()
        self._channel = Channel(self._post, self._post_letters, later, lock)
        self._snapshots = Snapshots(self._set_together, later, lock)
        status = status_content(self._report, choices.size)
        super().__init__(choices, lock, later, _library=library, status=status, **request)
        self.on_msg(self._received)
        self._session = engine.session(work, self._told)
        self.observe(self._ask, names=list(COMPUTING))
        self.observe(self._tell_all, names="transport")
        self._ask()

    @property
    def surface(self) -> Surface | None:
        """What is known so far, immutable; None before the first cell's directions are ready."""
        return self._report.surface

    def wait(self) -> Surface:
        """Block until the surface is done and return it; after `stop`, the partial one. Ctrl+C gets through.

        Raises:
            RuntimeError: if paused, since that would never end, or closed.
            BaseException: whatever the loss raised.
        """
        report = self._at_work().wait()
        self._at_work()  # or it was closed while we waited
        if report.failure is not None:
            raise report.failure.error
        if report.surface is None:
            raise RuntimeError("The run was stopped before its first cell; call resume() and wait again.")
        return report.surface

    def pause(self) -> None:
        """Compute nothing until `resume`; what is known stays."""
        self._at_work().pause()

    def resume(self) -> None:
        """Go on where a pause or a stop left off."""
        self._at_work().resume()
        self._search.again()

    def stop(self) -> None:
        """Compute nothing more for this request."""
        self._search.end()
        self._at_work().stop()

    def auto_range(self, factor: float = 10.0) -> None:
        """Set the ranges to where the loss has risen to ``factor`` (above 1) times its value here."""
        if not is_factor(factor):
            raise ValueError(f"factor is a finite number above 1; got {factor!r}. Try 10.")
        self._search.begin(lambda: self._at_work().probe(float(factor)))

    def preset(self, key: str) -> None:
        """Set several controls at once.

        Args:
            key: ``"paper"`` draws this kind of picture as Li et al. (2018) do; with a trajectory also
                ``"principal components"``, ``"two random axes"``, ``"start and random"`` and
                ``"start and random, zoomed"`` (their figures 8 and 9).

        Raises:
            ValueError: for an unknown key, with the nearest known one.
        """
        preset = chosen(self._offered.presets, key)
        self._set_together(changes_of(preset, self.kind, len(self.directions)))
        if preset.fits:
            self.fit_path()

    def fit_path(self) -> None:
        """Set the ranges to where the trajectory runs, and 15 % more on each side."""
        self._search.begin(lambda: self._at_work().fit())

    def refit(self) -> None:
        """Look along the principal components of the trajectory as it is by now, where it runs."""
        if not self._offered.has_trajectory:
            raise RuntimeError("There is no trajectory; give one with explore(…, trajectory=trajectory).")
        seen = 0 if self.surface is None or self.surface.path is None else len(self.surface.path)
        keys = [f"principal {rank}" for rank in range(2)]
        self._look({"directions": [{"key": key, "seed": seen, "normalization": None} for key in keys]})

    def measure_sharpness(self) -> None:
        """Measure how sharp the origin is; `sharpness` fills as its parts get known."""
        self._at_work().read_out()

    def save_html(self, path: str | FilePath, **options: Any) -> FilePath:
        """Write a page of what is known, as it is shown now but for ``options``; see `Surface.save_html`."""
        surface, shown = seen(self, self.surface)
        shown |= {"camera": self.camera, "sharpness": self.sharpness}
        shown |= {name: getattr(self, name) for name in READING}
        shown["lesson"] = {name: getattr(self, name) for name in LESSON}
        return surface.save_html(path, **shown | options)

    def save_png(self, path: str | FilePath, **options: Any) -> FilePath:
        """Write a PNG of what is known, as it is shown now but for ``options``; see `Surface.save_png`."""
        surface, shown = posed(self, self.surface)
        return surface.save_png(path, **shown | options)

    def close(self) -> None:
        """Stop computing and remove the views."""
        self._search.end()
        if self._session is not None:
            self._session.close()
            self._session.wait_for_model()
            self._session = None
            self._channel.close()
        super().close()
        self._snapshots.close()

    def _at_work(self) -> Session:
        if self._session is None or self._session.closed:
            raise RuntimeError("This widget is closed; call explore() again.")
        return self._session

    def _ask(self, change: Any = None) -> None:
        self._at_work().show(self._request({}))
        if change is not None:
            self._search.changed(change["name"])

    def _look(self, changes: Mapping[str, Any]) -> None:
        """Look along other directions, where the trajectory runs; both change at once, when it is found."""
        self._search.begin(lambda: self._at_work().fit(self._request(changes)), {*changes, "x", "y"})

    def _request(self, changes: Mapping[str, Any]) -> Request:
        return request_of({name: getattr(self, name) for name in COMPUTING} | dict(changes))

    def _told(self, report: Report) -> None:
        """Take a report, on the engine's thread or the one that paused; pass on what is new."""
        with self._lock:
            if report.turn < self._report.turn:
                return
            last, self._report = self._report, report
            finished = finished_since(last, report)
            self._channel.put(self.transport, report, finished)
            self._snapshots.take(report, finished)
            if report.sharpness is not None:
                self.sharpness = report.sharpness.content()
            for name, reason in report.refusals.items():
                self._refuse(name, reason)
            failure = report.failure
            self.error = (
                None if failure is None else {"message": failure.message, "traceback": failure.traceback}
            )
            self.status = status_content(report, self._offered.size)
            if report.phase not in UNDER_WAY:
                self.photograph.renew()
            if report.phase == "failed":
                self._search.end()
            if report.ranges is not None and self._search.is_on:
                self._search.end()
                self._take_ranges(report.ranges, report.coming)

    def _tell_all(self, _change: Any = None) -> None:
        """Tell all that is known, to who has just come."""
        with self._lock:
            opens = self._report.surface is not None
            everything = replace(self._report, patch=None, path=None, opens=opens)
            self._channel.put(self.transport, everything, [])

    def _photographed(self) -> bytes | None:
        report = self._report
        is_moving = report.phase in UNDER_WAY or report.surface is None or report.surface.level < 0
        return None if is_moving else small_png(*taken(self, report.surface), self.camera)

    def _take_ranges(self, ranges: Found, coming: Request | None) -> None:
        found = dict(zip(("x", "y"), ranges, strict=False))
        for name, reason in found.items():
            if isinstance(reason, str):
                self._refuse(name, reason)
        ends = {name: ends for name, ends in found.items() if not isinstance(ends, str)}
        self._set_together(ends if coming is None else turned_to(coming.scene) | ends)

    def _apply(self, key: str) -> None:
        """Set a preset as one change, its ranges included."""
        preset = chosen(self._offered.presets, key)
        if preset.fits:
            self._look(changes_of(preset, self.kind, len(self.directions)))
        else:
            self.preset(key)

    def _send_page(self) -> None:
        """Send what `save_html` writes."""
        try:
            with TemporaryDirectory() as folder:
                page = self.save_html(FilePath(folder) / "page.html").read_bytes()
        except (RuntimeError, ValueError) as error:
            self._refuse("message", str(error))
            return
        self._post(Message({"kind": "page"}, (page,)))

    def _act(self, action: Action) -> None:
        match action:
            case Acknowledge(generation, sequence):
                self._channel.acknowledge(generation, sequence)
            case Ping(ping):
                with self._lock:
                    self._answer(ping, self._report.generation, self._channel.sequence)
            case AutoRange(factor):
                self.auto_range(factor)
            case Apply(key) if key in {preset.key for preset in self._offered.presets}:
                self._apply(key)
            case Apply(key):
                self._refuse("message", f"Expected a preset on offer; got {key[:80]!r}.")
            case Photographed(hidden):
                self.photograph.hidden(hidden)
            case Command("hello"):
                self._tell_traits()
                self._tell_all()
            case Command("refine_further") if self._report.settled:
                self.tolerance = None
            case Command("refine_further"):
                self.resolution = tuple(2 * points - 1 for points in self.resolution)
            case Command("sharpness"):
                self.measure_sharpness()
            case Command("page"):
                self._send_page()
            case Command("refit"):
                self.refit()
            case Command("fit_path"):
                self.fit_path()
            case Command("retry"):
                self._at_work().retry()
            case Command(kind):
                getattr(self, kind)()
