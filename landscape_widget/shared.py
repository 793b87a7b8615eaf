"""What is there once a process, and made when it is first needed?"""

from __future__ import annotations

import atexit
from collections.abc import MutableMapping
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from landscape_widget.evaluate.workers import Workers
from landscape_widget.live.cells import Cells, in_ipython, running_cell
from landscape_widget.live.engine import Engine
from landscape_widget.objective.torch_threads import leaving_one_core
from landscape_widget.objective.turns import turns as made_turns
from landscape_widget.surface.run_file import RunFile


@cache
def engine() -> Engine:
    """The thread that all widgets share."""
    made = Engine()
    leaving_one_core(made.start)
    atexit.register(made.close)
    return made


@cache
def pool(count: int | None = None) -> Workers:
    """The workers that all evaluators share, or a number of them: one for each of several devices."""
    made = Workers(count)
    atexit.register(made.close)
    return made


@cache
def turns() -> AbstractContextManager[object]:
    """What is held by who moves the user's own model, or copies one."""
    return made_turns()


@cache
def cells() -> Cells:
    """Which notebook cell made which widget."""
    return Cells(running_cell)


@cache
def run_files() -> MutableMapping[Path, RunFile]:
    """Who of this process writes to which file."""
    return WeakValueDictionary()


def library() -> Any:
    """Return the widget that carries face and plotly.js; another one where somebody closed it.

    marimo serves each page by a kernel of its own in the one process, which knows no other's widgets, and its
    browser evaluates the same module once: there each landscape has its own, which closes with it.
    """
    from landscape_widget.live.library import Library

    if not in_ipython():
        return Library(is_shared=False)
    if _library().comm is None:
        _library.cache_clear()
    return _library()


@cache
def _library() -> Any:
    from landscape_widget.live.library import Library

    return Library()
