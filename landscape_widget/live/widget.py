"""The widget: request traits in, result traits and messages out. The only file that knows traits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import anywidget
import traitlets

from landscape_widget.live.engine import Engine, Session
from landscape_widget.live.ground import ground
from landscape_widget.live.outbox import Outbox, merged
from landscape_widget.live.plotly_library import STATIC, PlotlyLibrary
from landscape_widget.live.protocol import (
    Acknowledge,
    AutoRange,
    Command,
    Message,
    Ping,
    ProtocolError,
    is_factor,
    pack,
    parse_action,
    surface_message,
)
from landscape_widget.live.request import Choices, checked, request_of
from landscape_widget.live.status import status_content
from landscape_widget.live.subshell import keep_subshell
from landscape_widget.live.work import Report, Work
from landscape_widget.surface.surface import Surface

COMPUTING = ("x", "y", "resolution", "samples", "normalization", "directions", "tolerance")
VIEWING = ("linked", "metric", "kind", "scale", "clip", "colors", "camera", "name")
NO_LEVELS = (-1, -1)
RESULTS = ("status", "error", "snapshot", "choices")


class Asked(traitlets.TraitType[Any, Any]):
    """A request trait whose every value is checked; `traitlets.Any` would let None through."""

    def set(self, obj: Any, value: Any) -> None:
        """Wait while another thread holds notifications: what is set meanwhile would be told as one."""
        with obj._lock:
            super().set(obj, value)


class Optional(Asked):
    """One that may be None."""

    allow_none = True


class LandscapeWidget(anywidget.AnyWidget):
    """A live loss landscape.

    Made by `landscape_widget.explore`. Request traits may be set from Python, by the controls, and linked
    with ipywidgets; a value that makes no sense raises `traitlets.TraitError`. All methods may be called from
    any thread.
    """

    _esm = (STATIC / "widget.js").read_text(encoding="utf-8")  # of a path, anywidget keeps every widget alive
    _css = (STATIC / "widget.css").read_text(encoding="utf-8")
    _library = anywidget.WidgetTrait().tag(sync=True)

    x = Asked(help="range of the first axis in units of its direction").tag(sync=True)
    y = Asked(help="range of the second axis").tag(sync=True)
    linked = traitlets.Bool(True, help="whether the controls move both ranges together").tag(sync=True)
    resolution = Asked(help="cells along x and y").tag(sync=True)
    samples = Asked(help="size of the fixed subset of the data").tag(sync=True)
    normalization = Asked(help="of random directions").tag(sync=True)
    directions = Asked(help="one or two of {'key': 'random', 'seed': 0}").tag(sync=True)
    tolerance = Optional(
        None, help="interpolation error to stop at, a share of the drawn range; None: measure every cell"
    ).tag(sync=True)
    metric = Asked("loss", help="which metric is drawn").tag(sync=True)
    kind = Asked("surface", help="surface, contour, heatmap or line").tag(sync=True)
    scale = Asked("auto", help="auto, linear or log").tag(sync=True)
    clip = Optional(None, help="values above are drawn flat; None for no clip").tag(sync=True)
    colors = Asked("cividis", help="colour map").tag(sync=True)
    camera = Optional(None, help="where one looks from; None for the preset").tag(sync=True)
    name = traitlets.Unicode("", help="title").tag(sync=True)

    status = traitlets.Dict(help="how far and how true; written by the kernel only").tag(sync=True)
    error = traitlets.Dict(default_value=None, allow_none=True, help="of what failed").tag(sync=True)
    snapshot = traitlets.Bytes(b"", help="the surface at its last finished level").tag(sync=True)
    choices = traitlets.Dict(help="what the controls offer").tag(sync=True)

    _session: Session | None = None

    def __init__(
        self,
        engine: Engine,
        work: Work,
        choices: Choices,
        request: Mapping[str, Any],
        library: PlotlyLibrary,
        later: Callable[[float, Callable[[], None]], threading.Timer] | None = None,
    ) -> None:
        """Open a session at ``engine`` and ask for ``request``, a value for each trait not at its default."""
        self._lock = threading.RLock()
        self._offered = choices
        self._report = Report(0, "preparing")
        self._outbox = Outbox(self._post, later or _daemon_timer)
        status = status_content(self._report, choices.size)
        super().__init__(_library=library, choices=choices.content(), status=status, **request)
        self.on_msg(self._received)
        self._session = engine.session(work, self._told)
        self.observe(self._ask, names=list(COMPUTING))
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

    def stop(self) -> None:
        """Compute nothing more for this request."""
        self._at_work().stop()

    def auto_range(self, factor: float = 10.0) -> None:
        """Set the ranges to where the loss has risen to ``factor`` (above 1) times its value here."""
        if not is_factor(factor):
            raise ValueError(f"factor is a finite number above 1; got {factor!r}. Try 10.")
        self._at_work().probe(float(factor))

    def close(self) -> None:
        """Stop computing and remove the views."""
        if self._session is not None:
            self._session.close()
            self._session = None
            self._outbox.close()
        super().close()

    def open(self) -> None:
        """Open the comm, which ipywidgets calls once."""
        super().open()
        keep_subshell(self.comm)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the browser asks for; what is refused is answered with the old value and the reason."""
        with self._lock:
            accepted = {}
            for name, value in sync_data.items():
                if name in RESULTS:
                    continue
                try:
                    accepted[name] = checked(name, value, self._offered)
                except ValueError as error:
                    self.send_state(name)
                    self._refuse(name, str(error))
            super().set_state(accepted)

    def notify_change(self, change: Any) -> None:
        """Tell observers and the browser; under the lock, since two threads on one HasTraits lose updates."""
        with self._lock:
            super().notify_change(change)

    @traitlets.validate(*COMPUTING, *(name for name in VIEWING if name not in ("linked", "name", "camera")))
    def _check(self, proposal: Any) -> Any:
        try:
            return checked(proposal["trait"].name, proposal["value"], self._offered)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None

    def _at_work(self) -> Session:
        if self._session is None or self._session.closed:
            raise RuntimeError("This widget is closed; call explore() again.")
        return self._session

    def _ask(self, _change: Any = None) -> None:
        self._at_work().show(request_of({name: getattr(self, name) for name in COMPUTING}))

    def _told(self, report: Report) -> None:
        """Take a report, on the engine's thread or the one that paused; pass on what is new."""
        with self._lock:
            if report.turn < self._report.turn:
                return
            last, self._report = self._report, report
            finished = _levels(report) > (
                _levels(last) if report.generation == last.generation else NO_LEVELS
            )
            self._send_cells(report, finished)
            if finished:
                self.snapshot = pack(self._everything(report, 0))
            failure = report.failure
            self.error = (
                None if failure is None else {"message": failure.message, "traceback": failure.traceback}
            )
            self.status = status_content(report, self._offered.size)
            if report.ranges is not None:
                self._take_ranges(report.ranges)

    def _send_cells(self, report: Report, finished: bool = False) -> None:
        """Send what is new, and with a finished level the ground that it gives."""
        if report.patch is not None and (surface := report.surface) is not None:
            patch = merged([report.patch, ground(surface)]) if finished else report.patch
            self._outbox.put(report.generation, patch, surface.level, surface.preview)
        elif report.opens and report.facts is not None:
            self._outbox.open(report.generation, lambda sequence: self._everything(report, sequence))

    def _everything(self, report: Report, sequence: int) -> Message:
        assert report.surface is not None and report.facts is not None
        return surface_message(
            report.surface, report.facts, report.generation, sequence, datetime.now(timezone.utc)
        )

    def _take_ranges(self, ranges: tuple[tuple[float, float] | None, ...]) -> None:
        with self.hold_trait_notifications():
            for name, found in zip(("x", "y"), ranges, strict=False):
                if found is not None:
                    setattr(self, name, found)
                else:
                    self._refuse(
                        name, "The loss doesn't rise that far along this axis; set the range by hand."
                    )

    def _received(self, _widget: Any, content: Any, _buffers: Any) -> None:
        try:
            self._act(parse_action(content))
        except ProtocolError as error:
            self._refuse("message", str(error))

    def _act(self, action: Acknowledge | Ping | AutoRange | Command) -> None:
        match action:
            case Acknowledge(generation, sequence):
                self._outbox.acknowledge(generation, sequence)
            case Ping(ping):
                self._post(Message({"kind": "pong", "ping": ping}))
            case AutoRange(factor):
                self._at_work().probe(factor)
            case Command("hello"):
                with self._lock:
                    self._send_cells(
                        replace(self._report, patch=None, opens=self._report.surface is not None)
                    )
            case Command("refine_further") if self._report.settled:
                self.tolerance = None
            case Command("refine_further"):
                self.resolution = tuple(2 * points - 1 for points in self.resolution)
            case Command(kind):
                getattr(self._at_work(), kind)()

    def _refuse(self, name: str, reason: str) -> None:
        self._post(Message({"kind": "refusal", "name": name, "reason": reason}))

    def _post(self, message: Message) -> None:
        self.send(message.content, list(message.buffers))


def _levels(report: Report) -> tuple[int, int]:
    """The finest level that can be drawn, and the finest that is exact."""
    return NO_LEVELS if report.surface is None else (report.surface.level, report.surface.exact_level)


def _daemon_timer(seconds: float, callback: Callable[[], None]) -> threading.Timer:
    timer = threading.Timer(seconds, callback)
    timer.daemon = True
    timer.start()
    return timer
