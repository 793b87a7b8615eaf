"""Where notebooks treat comms badly: what gets from kernel to page and back, when, and what never?"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from ipywidgets.widgets.widget import _put_buffers

from landscape_widget.live.traits import Requesting


class Later:
    """Timers that go off when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, list[Any]]] = []

    def __call__(self, seconds: float, callback: Callable[[], None]) -> Any:
        entry = [callback, False]
        self.waiting.append((seconds, entry))

        class Timer:
            def cancel(self) -> None:
                entry[1] = True

        return Timer()

    def pass_time(self) -> None:
        """Let all go off that were started; not those that they start."""
        due, self.waiting = self.waiting, []
        for _, (callback, cancelled) in due:
            if not cancelled:
                callback()


class BetweenCells:
    """Carries traits when a cell ends, only the last value of each, and messages never."""

    def __init__(self, widget: Requesting) -> None:
        self.widget = widget
        self.lost = 0
        self._news: dict[str, Any] = {}
        self.page = Page(widget.get_state())
        assert widget.comm is not None
        widget.comm.publish_msg = self._hear

    def end_cell(self) -> None:
        """Deliver what the kernel has set, then what the page has set."""
        news, self._news = self._news, {}
        self.page.receive(news)
        self.widget.set_state(self.page.written())

    def _hear(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **_: Any
    ) -> None:
        if msg_type != "comm_msg":
            return
        if data["method"] == "update":
            state = json.loads(json.dumps(data["state"]))
            _put_buffers(state, data["buffer_paths"], buffers)
            self._news |= state
        self.lost += data["method"] == "custom"


class Page:
    """What stands in for js/src/kernel: it reads letters, and says what it has drawn."""

    def __init__(self, state: Mapping[str, Any], name: str = "page") -> None:
        self.state = dict(state)
        self.surfaces: dict[str | None, Drawn] = {}
        self.heard: list[dict[str, Any]] = []
        self._name = name
        self._read = 0
        self._posted = 0
        self._messages: list[dict[str, Any]] = []
        self._writes: dict[str, Any] = {}

    def set(self, **traits: Any) -> None:
        """Move a control."""
        self._writes |= traits

    def say(self, **content: Any) -> None:
        """Post a message."""
        self._posted += 1
        self._messages = [*self._messages, {"number": self._posted, "content": content}]

    def receive(self, news: Mapping[str, Any]) -> None:
        """Take what came of the kernel's traits."""
        self.state |= news
        told = self.state["told"]
        answered = told["read"].get(self._name, 0)
        self._messages = [message for message in self._messages if message["number"] > answered]
        for letter in told["letters"]:
            if letter["number"] > self._read:
                self._read = letter["number"]
                self._open(bytes(letter["message"]))

    def written(self) -> dict[str, Any]:
        """What it has set since it was last asked."""
        writes, self._writes = self._writes, {}
        return {**writes, "asked": {"page": self._name, "read": self._read, "messages": self._messages}}

    def _open(self, letter: bytes) -> None:
        content, buffers = opened(letter)
        if content["kind"] == "surface":
            self.surfaces[content["map"]] = Drawn(content, buffers)
            self.say(kind="ack", generation=content["generation"], sequence=content["sequence"])
        else:
            self.heard.append(content)


class Drawn:
    """A surface as a page has it."""

    def __init__(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        self.content = content
        self.x, self.y = (np.frombuffer(buffers[axis], "<f8") for axis in (0, 1))
        cells = len(self.x) * len(self.y)
        self.loss = np.frombuffer(buffers[5], "<f4")[:cells].reshape(len(self.y), len(self.x))
        self.states = np.frombuffer(buffers[7], "u1")[:cells]


def opened(letter: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Read what `pack` wrote."""
    size = int.from_bytes(letter[:4], "little")
    content = json.loads(letter[4 : 4 + size])
    lengths = content.pop("lengths")
    starts = accumulate(map(_padded, lengths), initial=_padded(4 + size))
    return content, [
        letter[start : start + n] for (start, _), n in zip(pairwise(starts), lengths, strict=True)
    ]


def _padded(length: int) -> int:
    return -(-length // 8) * 8
