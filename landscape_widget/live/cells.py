"""Which notebook cell made which widget, so that running a cell again closes what it made before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Closable(Protocol):
    """Something that can be closed."""

    def close(self) -> None: ...


class Cells:
    """Remembers the widgets of each cell's last run.

    Args:
        running: the running cell and its run, such as ``("a1b2", "message 7")``; None outside a notebook.
    """

    def __init__(self, running: Callable[[], tuple[str, str] | None]) -> None:
        self._running = running
        self._made: dict[str, tuple[str, list[Closable]]] = {}

    def made(self, widget: Closable) -> None:
        """Note that the running cell made ``widget``; close what an earlier run of that cell made."""
        running = self._running()
        if running is None:
            return
        cell, run = running
        earlier_run, widgets = self._made.get(cell, (run, []))
        if earlier_run != run:
            for earlier in widgets:
                earlier.close()
            widgets = []
        self._made[cell] = (run, [*widgets, widget])


def running_cell() -> tuple[str, str] | None:
    """The cell that runs in this kernel and the message that started it; None outside a notebook."""
    from IPython.core.getipython import get_ipython

    get_parent = getattr(get_ipython(), "get_parent", None)  # a terminal's IPython has none
    if get_parent is None or not (parent := get_parent()):
        return None
    cell = parent.get("metadata", {}).get("cellId")
    return (cell, parent["header"]["msg_id"]) if cell else None


def in_ipython() -> bool:
    """Tell whether this process is one kernel, as Jupyter's are; marimo's is not."""
    from IPython.core.getipython import get_ipython

    return get_ipython() is not None
