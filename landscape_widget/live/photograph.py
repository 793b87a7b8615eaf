"""What is left of a widget in a notebook that has no kernel? A picture, in an output of its own."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any, ClassVar, Protocol

import numpy as np

from landscape_widget.files.png import encode, inscribed, inscription, width_of
from landscape_widget.live.traits import shared_lock

REST = 3.0
"""Seconds from news to the picture of it, so that nobody waits for pictures while they play."""

WIDEST = 700
"""Pixels on the page, though the picture may have more."""

BLANK = encode(np.full((1, 1, 3), 255, np.uint8))
Bundle = dict[str, Any]


class Output(Protocol):
    """An output that isn't the widget's own."""

    def display(self, bundle: Bundle, metadata: Bundle) -> None:
        """Show it in the running cell."""

    def update(self, bundle: Bundle, metadata: Bundle) -> None:
        """Show it wherever it was displayed before."""

    def close(self) -> None:
        """Say no more when cells end."""


Outputs = Callable[[str, Callable[[], None]], Output | None]


class Photograph:
    """Stands beside the widget wherever that is displayed, and is seen where that isn't there.

    The page of a live widget hides it, and knows it by what is inscribed. The widget's own output is never
    updated, since each time would leave one more view behind.
    """

    _one_at_a_time: ClassVar[Any] = shared_lock()

    def __init__(
        self,
        key: str,
        alternative: Callable[[], str],
        take: Callable[[], bytes | None],
        later: Callable[[float, Callable[[], None]], Any],
        outputs: Outputs | None = None,
    ) -> None:
        """Take none yet.

        Args:
            key: the widget's own.
            alternative: what it shows, in words.
            take: returns a PNG; None while there is nothing to show, or it is about to change.
            later: calls back after some seconds, on another thread.
            outputs: makes an output by a key, and calls back when a cell ends; None where nobody sees any.
        """
        self.inscription = inscription(key)
        self._key = key
        self._alternative = alternative
        self._take = take
        self._later = later
        self._outputs = outputs or in_notebook
        self._output: Output | None = None
        self._png = BLANK
        self._is_stale = True
        self._is_hidden: bool | None = None
        self._is_coming = False

    def hang(self) -> None:
        """Show it in the running cell, from now on kept up to date; not where a page would show it twice."""
        if self._is_hidden is False:
            return
        if self._output is None:
            self._output = self._outputs(self._key, self._cell_ended)
        if self._output is not None:
            self._output.display(*self._bundle())
            self.renew()

    def renew(self) -> None:
        """There is news: take another one soon."""
        self._is_stale = True
        if self._output is not None and not self._is_coming:
            self._is_coming = True
            self._later(REST, self._come)

    def develop(self) -> None:
        """Take one now if there is news, on this thread."""
        with self._one_at_a_time:
            if self._output is None or not self._is_stale:
                return
            self._is_stale = False
            try:
                png = self._take()
            except Exception:  # of a library that draws; a picture that fails is nobody's concern but its own
                png = None
            if png is None:
                self._is_stale = True
            elif (output := self._output) is not None:
                self._png = png
                output.update(*self._bundle())

    def hidden(self, is_hidden: bool) -> None:
        """Hear from a page whether it hides the picture; where it doesn't, the picture goes."""
        self._is_hidden = is_hidden
        if not is_hidden and self._output is not None:
            self._output.update({"text/plain": ""}, {})
            self.close()

    def close(self) -> None:
        """Leave what hangs as it is."""
        if self._output is not None:
            self._output.close()
            self._output = None

    def _come(self) -> None:
        self._is_coming = False
        self.develop()

    def _cell_ended(self) -> None:
        """Who runs a notebook without a page reads its outputs only as long as the cell runs."""
        if self._is_hidden is None:
            self.develop()

    def _bundle(self) -> tuple[Bundle, Bundle]:
        shown = {"width": min(WIDEST, width_of(self._png))}
        image = b64encode(inscribed(self._png, self._key)).decode()
        return {"image/png": image, "text/plain": self._alternative()}, {"image/png": shown}


def in_notebook(key: str, cell_ended: Callable[[], None]) -> Output | None:
    """Make an output of a notebook's kernel; elsewhere there is none."""
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    return NotebookOutput(shell, key, cell_ended) if getattr(shell, "kernel", None) is not None else None


class NotebookOutput:
    """An output of the kernel that this runs in."""

    def __init__(self, shell: Any, key: str, cell_ended: Callable[[], None]) -> None:
        """Call ``cell_ended`` after each cell from now on."""
        from IPython.display import DisplayHandle

        self._shell = shell
        self._handle = DisplayHandle(display_id=f"photograph-{key}")
        self._heard = lambda _result: cell_ended()
        shell.events.register("post_run_cell", self._heard)

    def display(self, bundle: Bundle, metadata: Bundle) -> None:
        """Show it in the running cell."""
        self._handle.display(bundle, metadata=metadata, raw=True)

    def update(self, bundle: Bundle, metadata: Bundle) -> None:
        """Show it wherever it was displayed before; any thread may."""
        self._handle.update(bundle, metadata=metadata, raw=True)

    def close(self) -> None:
        """Hear of no more cells."""
        self._shell.events.unregister("post_run_cell", self._heard)
