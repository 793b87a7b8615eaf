"""How does a widget show its surface, in the words of `Surface.figure`?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from landscape_widget.export.view import View
from landscape_widget.live.traits import CHECKED_VIEWING, Requesting
from landscape_widget.surface.comparable import common_extent
from landscape_widget.surface.surface import Surface

Taken = tuple[Surface, str, View]
"""What is drawn, as which kind, and how."""


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


def taken(widget: Requesting, surface: Surface | None) -> Taken:
    """Return what is shown, as which kind and how, for one who draws it.

    Raises:
        RuntimeError: before anything is known.
    """
    surface, options = seen(widget, surface)
    return surface, options.pop("kind"), View(**options)


def taken_together(widget: Requesting, surfaces: Sequence[Surface], shared: bool) -> list[Taken]:
    """Return several, on one scale where they share it."""
    drawn = [taken(widget, surface) for surface in surfaces]
    if not shared or widget.limits is not None:
        return drawn
    limits = common_extent([surface.map(view.metric) for surface, _, view in drawn], {widget.metric})
    return [(surface, kind, replace(view, limits=limits)) for surface, kind, view in drawn]


def posed(widget: Requesting, surface: Surface | None) -> tuple[Surface, dict[str, Any]]:
    """Return what is shown, and with which options of an image.

    Raises:
        RuntimeError: before anything is known.
    """
    surface, options = seen(widget, surface)
    options["exaggeration"] = options.pop("height")  # an image has a height of its own
    return surface, options | {"camera": widget.camera}
