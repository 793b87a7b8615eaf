"""What may be asked of a landscape? One checked trait a control, for one landscape or several."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import partial
from typing import Any
from uuid import uuid4

import anywidget
import traitlets

from landscape_widget.live.checks import checked
from landscape_widget.live.clock import Alarm, clock
from landscape_widget.live.controls import refusal_of_action, refusal_of_change
from landscape_widget.live.doubles import Doubles
from landscape_widget.live.lesson import LESSON, STEPPED, check_among, view_at, with_step
from landscape_widget.live.library import STATIC
from landscape_widget.live.mail import NOTHING, Mail
from landscape_widget.live.presets import with_preset
from landscape_widget.live.protocol import Action, Message, parse_action
from landscape_widget.live.request import MESSAGES, TRAITS, Choices
from landscape_widget.live.subshell import keep_subshell

COMPUTING = (
    "x",
    "y",
    "resolution",
    "samples",
    "normalization",
    "batch_norm",
    "directions",
    "third",
    "rotation",
    "tolerance",
)
CHECKED_VIEWING = (
    "metric",
    "kind",
    "scale",
    "clip",
    "limits",
    "levels",
    "colors",
    "moment",
    "height",
    "pins",
)
"""What `Surface.figure` takes too."""
READING = ("cuts", "marked", "big_type")
"""What only a live picture has."""
LEADING = ("locked", "hidden")
"""What a page is told, but can't set."""
HOST = ("layout", "tabbable", "tooltip")
"""What ipywidgets gives every widget, and only Python sets."""
REFUSED = (RuntimeError, ValueError, traitlets.TraitError)
"""What is told to the page that asked for it, and is no failure of the kernel."""
LONGEST_REASON = 1_000  # letters
REQUESTED = (*COMPUTING, *CHECKED_VIEWING, *READING, *LESSON, "linked", "camera", "name")
TOLD_AGAIN = ("status", "error", "sharpness", "choices")
RESULTS = ("status", "error", "snapshot", "snapshots", "sharpness", "choices", "told", "address")


def shared_lock() -> Any:
    """Return a lock for several widgets that set each other's traits."""
    return threading.RLock()


def daemon_timer(seconds: float, callback: Callable[[], None]) -> Alarm:
    """Call back after some seconds, on the thread that all timers share."""
    return clock().later(seconds, callback)


class Asked(traitlets.TraitType[Any, Any]):
    """A request trait whose every value is checked; `traitlets.Any` would let None through."""

    def set(self, obj: Any, value: Any) -> None:
        """Wait while another thread holds notifications: what is set meanwhile would be told as one."""
        with obj._lock:
            super().set(obj, value)


class Optional(Asked):
    """One that may be None."""

    allow_none = True


class Requesting(anywidget.AnyWidget):
    """Request traits in, result traits and messages out.

    Request traits may be set from Python, by the controls, and linked with ipywidgets; a value that makes no
    sense raises `traitlets.TraitError`.
    """

    _css = (STATIC / "widget.css").read_text(encoding="utf-8")
    _library: Any = anywidget.WidgetTrait().tag(sync=True)

    x = Asked(help="range of the first axis in units of its direction").tag(sync=True)
    y = Asked(help="range of the second axis").tag(sync=True)
    linked = traitlets.Bool(True, help="whether the controls move both ranges together").tag(sync=True)
    resolution = Asked(help="cells along x and y").tag(sync=True)
    samples = Asked(help="size of the fixed subset of the data").tag(sync=True)
    normalization = Asked(help="of random directions without one of their own").tag(sync=True)
    batch_norm = Optional(
        None, help="frozen, reestimate or interpolate; None for a model without BatchNorm"
    ).tag(sync=True)
    directions = Asked(help="one or two of {'key': 'random', 'seed': 0}").tag(sync=True)
    third = Optional(None, help="a direction that the second axis is turned towards").tag(sync=True)
    rotation = Asked(0.0, help="how far it is turned, in degrees from 0 to 90").tag(sync=True)
    tolerance = Optional(
        None, help="interpolation error to stop at, a share of the drawn range; None: measure every cell"
    ).tag(sync=True)
    metric = Asked("loss", help="which metric is drawn").tag(sync=True)
    kind = Asked("surface", help="surface, contour, heatmap or line").tag(sync=True)
    scale = Asked("auto", help="auto, linear, log, or paper: ln(value + 0.1)").tag(sync=True)
    clip = Optional(None, help="values above are drawn flat; None for no clip").tag(sync=True)
    limits = Optional(None, help="lowest and highest value drawn; None: what there is").tag(sync=True)
    levels = Asked("auto", help="of contours: auto, paper, or the values").tag(sync=True)
    colors = Asked("cividis", help="colour map").tag(sync=True)
    camera = Optional(None, help="where one looks from; None for the preset").tag(sync=True)
    moment = Optional(None, help="how many checkpoints of the trajectory are drawn; None: all").tag(sync=True)
    height = Asked(1.0, help="of a surface in space: 2 is twice as high, from 0.25 to 4").tag(sync=True)
    cuts = Asked(False, help="whether two cuts through the marked point stand below a plane").tag(sync=True)
    marked = Optional(None, help="the point that is kept, as (x, y); None for none").tag(sync=True)
    big_type = Asked(False, help="whether type and strokes are large, for a projector").tag(sync=True)
    pins = Asked((), help="notes at places: {'x': 0.5, 'y': 0, 'text': 'flat'}, on a line without y").tag(
        sync=True
    )
    steps = Asked((), help="an ordered lesson: {'caption': '…', 'view': {'kind': 'contour'}}").tag(sync=True)
    step = Optional(None, help="which step is shown, from 0; None outside the lesson").tag(sync=True)
    covered = Asked(False, help="whether the values are hidden until somebody reveals them").tag(sync=True)
    locked = Asked((), help="controls, or groups of them, that only Python changes").tag(sync=True)
    hidden = Asked((), help="controls, or groups of them, that aren't shown").tag(sync=True)
    name = traitlets.Unicode("", help="title").tag(sync=True)

    status = traitlets.Dict(help="how far and how true; written by the kernel only").tag(sync=True)
    error = traitlets.Dict(default_value=None, allow_none=True, help="of what failed").tag(sync=True)
    snapshot = traitlets.Bytes(b"", help="the surface at its last finished level").tag(sync=True)
    snapshots = traitlets.Dict(help="the same for each map, by its key").tag(sync=True)
    sharpness = traitlets.Dict(
        default_value=None, allow_none=True, help="of the origin, as far as it is known"
    ).tag(sync=True)
    choices = traitlets.Dict(help="what the controls offer").tag(sync=True)

    address = traitlets.Unicode(help="of this widget's model").tag(sync=True)
    transport = Asked(MESSAGES, help="how what is new travels: messages, or traits alone").tag(sync=True)
    told = traitlets.Dict(NOTHING, help="unread letters of the kernel, see Mail").tag(sync=True)
    asked = traitlets.Dict(help="unread messages of a page").tag(sync=True, echo_update=False)

    def __init__(self, choices: Choices, lock: Any = None, **traits: Any) -> None:
        """Offer ``choices``; widgets that set each other's traits share one reentrant ``lock``."""
        self._lock = lock or shared_lock()
        self._offered = choices
        self._mail = Mail(partial(setattr, self, "told"))
        self._doubles = Doubles()
        address = uuid4().hex
        super().__init__(model_id=address, address=address, choices=choices.content(), **traits)
        self.observe(self._lead, names=["steps", "step"])
        self._library.enter(address)

    def close(self) -> None:
        """Remove the views, and what only they needed."""
        super().close()
        self.layout.close()  # ipywidgets makes one for each widget, and closes none
        self._library.leave(self.address)

    def open(self) -> None:
        """Open the comm, which ipywidgets calls once."""
        super().open()
        keep_subshell(self.comm)

    def _handle_msg(self, msg: dict[str, Any]) -> None:
        """Take what a page sends, once."""
        if self._doubles.is_new(msg):
            super()._handle_msg(msg)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the browser asks for; what is refused is answered with the old value and the reason."""
        with self._lock:
            accepted = {}
            for name, value in sync_data.items():
                if name in (*RESULTS, *LEADING, *HOST, "asked") or name[:1] == "_" or name not in self.keys:
                    continue
                try:
                    if reason := refusal_of_change(name, sync_data, self.locked):
                        raise ValueError(reason)
                    accepted[name] = self._in_form(name, value, sync_data.get("steps", self.steps))
                except REFUSED as error:
                    self.send_state(name)
                    self._refuse(name, str(error))
            super().set_state(accepted)
        if "asked" in sync_data:
            self._opened(sync_data["asked"])

    def notify_change(self, change: Any) -> None:
        """Tell observers and the browser; under the lock, since two threads on one HasTraits lose updates."""
        with self._lock, self.hold_sync() if change["name"] == "step" else nullcontext():
            super().notify_change(change)

    def _set_together(self, changes: Mapping[str, Any]) -> None:
        """Set several request traits as one change: observers, and the page's undo, see one step."""
        with self._lock, self.hold_sync(), self.hold_trait_notifications():
            for name, value in changes.items():
                setattr(self, name, value)

    def pin(self, x: float, y: float | None = None, text: str = "") -> None:
        """Pin a note to a place of the picture, in units of the directions; on a line without ``y``."""
        self.pins = (*self.pins, {"x": x, "y": y, "text": text})

    def add_step(self, caption: str, **view: Any) -> None:
        """Add a step to the lesson.

        Args:
            caption: says what to look at.
            view: the traits that it sets, such as ``kind="contour"``; what it doesn't name stays as the steps
                before have it. None given: all of the view as it is now, the plane too, as the first step
                remembers in any case. ``covered=True`` hides the values until somebody reveals them.

        Raises:
            ValueError: for a trait that no step sets, with the nearest that one does.
            traitlets.TraitError: for a value that makes no sense.
        """
        present = {name: getattr(self, name) for name in STEPPED}
        self.steps = with_step(self.steps, caption, view, present)

    def add_preset(self, key: str, **view: Any) -> None:
        """Offer several traits to be set at once: in the menu of presets, and by ``preset(key)``.

        Raises:
            ValueError: for a name that is taken, a trait that no preset sets, a value that makes no sense.
        """
        self._offered = with_preset(self._offered, key, view)
        self.choices = self._offered.content()

    def _lead(self, change: Any) -> None:
        """Show the step; without one of that number, the last there is."""
        with self._lock:
            if self.step is not None and self.step >= len(self.steps):
                self.step = len(self.steps) - 1 if self.steps else None
            elif self.step is not None and change["name"] == "step":
                self._set_together(view_at(self.steps, self.step))

    @traitlets.validate(*COMPUTING, *CHECKED_VIEWING, *READING, *LESSON, "camera", "name")
    def _check(self, proposal: Any) -> Any:
        try:
            return self._in_form(proposal["trait"].name, proposal["value"], self.steps)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None

    def _in_form(self, name: str, value: Any, steps: Any) -> Any:
        value = checked(name, value, self._offered)
        if isinstance(trait := self.traits()[name], traitlets.Bool | traitlets.Int):
            trait.validate(self, value)
        if name == "step":
            check_among(value, steps)
        return value

    def _received(self, _widget: Any, content: Any, _buffers: Any) -> None:
        """Take a message from the browser, on whatever thread it comes."""
        try:
            action = parse_action(content)
            if reason := refusal_of_action(action, self.locked, self._offered.presets):
                self._refuse("message", reason)
            else:
                self._act(action)
        except REFUSED as error:
            self._refuse("message", str(error))

    def _opened(self, asked: Any) -> None:
        """Take messages that come in a trait, on whatever thread they come."""
        try:
            with self._lock:
                messages = self._mail.take(asked)
        except REFUSED as error:
            self._refuse("message", str(error))
            return
        for content in messages:
            self._received(self, content, [])

    def _act(self, action: Action) -> None:
        """Do what the browser says."""
        raise NotImplementedError

    def _answer(self, ping: int, generation: int = 0, sequence: int = 0) -> None:
        """Say how far it is with telling, so that a page knows what got lost; under the lock."""
        told = {"generation": generation, "sequence": sequence, "phase": self.status["phase"]}
        self._post(Message({"kind": "pong", "ping": ping, "told": told}))

    def _tell_traits(self) -> None:
        """Tell all traits that are small, whatever a page has missed."""
        with self._lock:
            self.send_state([*REQUESTED, *TOLD_AGAIN])

    def _refuse(self, name: str, reason: str) -> None:
        said = reason[:LONGEST_REASON].encode(errors="replace").decode()
        self._post(Message({"kind": "refusal", "name": name, "reason": said}))

    def _post(self, message: Message) -> None:
        if self.transport == TRAITS:
            self._post_letters([message])
        else:
            self.send(message.content, list(message.buffers))

    def _post_letters(self, messages: list[Message]) -> None:
        with self._lock:
            self._mail.post(messages)
