"""What does a job file leave behind?"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landscape_widget.names import one_of

NAMES = ("model", "loss", "data")
EVERY = (*NAMES, "options")
AS_MAIN = "__main__"
"""The job runs as a notebook's cells do, so that fingerprints agree, and workers get its classes by value."""


@dataclass(frozen=True, eq=False)
class Job:
    """What `landscape_widget.compute` is asked for.

    Attributes:
        options: by name.
    """

    model: Any
    loss: Any
    data: Any
    options: Mapping[str, Any]


def read_job(path: Path) -> Job:
    """Run a job file as ``python path`` would, with what lies beside it importable from then on.

    Raises:
        ValueError: where there is no such file, or it leaves something else behind.
        BaseException: whatever the file raises.
    """
    if not path.is_file():
        raise ValueError(f"Expected a job, a Python file; there is no file {path}.")
    sys.path.insert(0, str(path.resolve().parent))
    with _alone_on_the_command_line(path):
        names = runpy.run_path(str(path), run_name=AS_MAIN)
    if callable(made_by := names.get("landscape")):
        names = _made(made_by(), path)
    if missing := [name for name in NAMES if name not in names]:
        raise ValueError(
            f"{path} should leave model, loss and data behind; it has no {' and no '.join(missing)}. "
            "Give them these names at the top level, or return them as a dict from a function landscape()."
        )
    return Job(names["model"], names["loss"], names["data"], _options(names.get("options", {}), path))


def _made(made: Any, path: Path) -> dict[str, Any]:
    if not isinstance(made, Mapping):
        raise ValueError(
            f"landscape() in {path} should return a dict with model, loss and data; "
            f"it returned {type(made).__name__}."
        )
    return {one_of(name, EVERY, f"What landscape() in {path} returns"): value for name, value in made.items()}


def _options(options: Any, path: Path) -> Mapping[str, Any]:
    if not isinstance(options, Mapping):
        raise ValueError(
            f'options in {path} is a dict, such as {{"resolution": 101}}; got {type(options).__name__}.'
        )
    return options


@contextmanager
def _alone_on_the_command_line(path: Path) -> Iterator[None]:
    """What follows on the line is for us, not for a job that reads ``sys.argv``."""
    given, sys.argv = sys.argv, [str(path)]
    try:
        yield
    finally:
        sys.argv = given
