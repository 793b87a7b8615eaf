"""What is there once a process, and made when it is first needed?"""

from __future__ import annotations

import atexit
from functools import cache
from typing import Any

from landscape_widget.evaluate.workers import Workers
from landscape_widget.live.cells import Cells, in_ipython, running_cell
from landscape_widget.live.engine import Engine
from landscape_widget.objective.torch_threads import leaving_one_core


@cache
def engine() -> Engine:
    """The thread that all widgets share."""
    made = Engine()
    leaving_one_core(made.start)
    atexit.register(made.close)
    return made


@cache
def pool() -> Workers:
    """The workers that all evaluators share."""
    made = Workers()
    atexit.register(made.close)
    return made


@cache
def cells() -> Cells:
    """Which notebook cell made which widget."""
    return Cells(running_cell)


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
