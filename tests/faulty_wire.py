"""A page at the end of a wire that loses, doubles and swaps what a widget sends, and what the page says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import numpy as np

from landscape_widget.live.widget import LandscapeWidget
from tests.fake_host import Later

Sent = tuple[dict[str, Any], list[bytes]]


class Wire:
    """Carries the messages of a widget to a page, when and as the test says."""

    def __init__(self, widget: LandscapeWidget, later: Later) -> None:
        self.waiting: list[Sent] = []
        self.page = Page()
        self._widget = widget
        self._later = later
        widget.send = lambda content, buffers=None: self.waiting.append((content, list(buffers or [])))

    def carry(self, at: Callable[[list[Sent]], list[Sent]] = lambda sent: sent) -> None:
        """Deliver what waits, as ``at`` makes it: fewer, more, in another order."""
        sent, self.waiting = self.waiting, []
        for content, buffers in at(sent):
            self.page.hear(content, buffers)

    def say(self, times: int = 1, **content: Any) -> None:
        """What the page says, as one message of Jupyter that arrives so often."""
        message = self._message({"method": "custom", "content": content})
        for _ in range(times):
            self._widget._handle_msg(message)

    def set(self, times: int = 1, **state: Any) -> None:
        """Move controls of the page."""
        message = self._message({"method": "update", "state": state, "buffer_paths": []})
        for _ in range(times):
            self._widget._handle_msg(message)

    def acknowledge(self) -> None:
        """Say that the last message that arrived was drawn."""
        if self.page.last is not None:
            self.say(kind="ack", **self.page.last)

    def settle(self) -> None:
        """Deliver all from now on, with acknowledgements, until nothing comes any more, however late."""
        while True:
            while self.waiting:
                self.carry()
                self.acknowledge()
            self._later.pass_time()
            if not self.waiting:
                return

    def _message(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"header": {"msg_id": uuid4().hex}, "content": {"data": data}, "buffers": []}


class Page:
    """Keeps the newest generation's surface, as js/src/store does."""

    def __init__(self) -> None:
        self.generation = -1
        self.last: Mapping[str, int] | None = None
        self.numbers: set[int] = set()
        self.told: Mapping[str, Any] = {}
        self.loss = np.empty(0, np.float32)
        self.states = np.empty(0, np.uint8)
        self.x = np.empty(0)

    def hear(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        """Take a message, unless it belongs to an older surface."""
        if content["kind"] == "pong":
            self.told = content["told"]
        if content["kind"] not in ("surface", "patch"):
            return
        self.last = {"generation": content["generation"], "sequence": content["sequence"]}
        self.numbers.add(content["sequence"])
        if content["kind"] == "surface" and content["generation"] >= self.generation:
            self.generation = content["generation"]
            self.x = np.frombuffer(buffers[0], "<f8")
            self.states = np.frombuffer(buffers[7], "u1").copy()
            self.loss = np.frombuffer(buffers[5], "<f4")[: len(self.states)].copy()
        elif content["generation"] == self.generation:
            cells, states = np.frombuffer(buffers[0], "<i4"), np.frombuffer(buffers[3], "u1")
            measured = states == 1
            self.loss[cells[measured]] = np.frombuffer(buffers[1], "<f4")[: len(cells)][measured]
            self.states[cells[measured]] = 1
