"""How does a widget show its surface, in the words of `Surface.figure`?"""

from __future__ import annotations

from typing import Any

from landscape_widget.live.traits import CHECKED_VIEWING, Requesting
from landscape_widget.surface.surface import Surface


def seen(widget: Requesting, surface: Surface | None) -> tuple[Surface, dict[str, Any]]:
    """Return what is shown, and with which options.

    Raises:
        RuntimeError: before anything is known.
    """
    if surface is None:
        raise RuntimeError("Nothing is known yet, so there is nothing to save; call wait() and save again.")
    options = {name: getattr(widget, name) for name in CHECKED_VIEWING}
    if surface.grid.y is None:
        options["kind"] = "line"
    return surface, options
