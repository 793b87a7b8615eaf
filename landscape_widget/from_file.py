"""How is a landscape shown that lies in a file, be it done or still growing?"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape_widget import shared
from landscape_widget.files.load import load_grown
from landscape_widget.load import with_tensors
from landscape_widget.surface.following import Following

if TYPE_CHECKING:
    from landscape_widget.live.file_widget import FileWidget


def from_file(path: str | os.PathLike[str], given: Mapping[str, Any]) -> FileWidget:
    """Show what a file holds, and what somebody still writes to it.

    Args:
        path: of a surface.
        given: what else was asked for, by name; nothing may be.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it isn't what it should be.
        TypeError: where something else is asked for.
    """
    if given:
        name = next(iter(given))
        raise TypeError(
            f"explore(path) shows a file as it was computed, and takes nothing else; got {name} beside "
            f"{os.fspath(path)!r}. Leave it out, or give a model, a loss and data."
        )
    following = Following(load_grown(Path(path)))
    from landscape_widget.live.file_widget import FileWidget  # Jupyter's part takes longest to import
    from landscape_widget.live.followed import Followed
    from landscape_widget.live.traits import daemon_timer, shared_lock

    work = Followed(following, with_tensors, time.time, daemon_timer, shared_lock())
    widget = FileWidget(shared.engine(), work, following.surface, following.path.name, shared.library())
    shared.cells().made(widget)
    return widget
