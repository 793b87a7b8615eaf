"""How do the notes that are pinned to a picture stand in it? Twin: js/src/figure/pins.ts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.export import colors
from landscape_widget.export.notes import Pin, note_of
from landscape_widget.surface.surface import Surface
from landscape_widget.surface.under import between

Numbers = NDArray[np.float64]


def pin_marks(surface: Surface, pins: tuple[Pin, ...]) -> dict[str, Any]:
    """A square at the place of each note in the picture, its text above it in lines that can be read."""
    seen = [(number, pin) for number, pin in enumerate(pins, 1) if _is_seen(pin, surface)]
    return {
        "x": [pin["x"] for _, pin in seen],
        "y": [pin["y"] for _, pin in seen],
        "text": [note_of(number, pin["text"]) for number, pin in seen],
        "mode": "markers+text",
        "textposition": "top center",
        "marker": {
            "symbol": "square",
            "size": 6,
            "color": colors.TEXT,
            "line": {"color": "white", "width": 1},
        },
        "name": "pins",
        "showlegend": False,
        "hoverinfo": "skip",
    }


def under_pins(places: list[Numbers], heights: Numbers, marks: dict[str, Any]) -> Numbers:
    """Return float64[m], how high the ground is under each pin; NaN over a hole."""
    at = [marks[name] for name, _ in zip("xy", places, strict=False)]
    return between(places, heights, np.array(at, float).reshape(len(places), -1).T)


def _is_seen(pin: Pin, surface: Surface) -> bool:
    """A note of a line stands on lines, one of a plane on planes, and both within what was looked at."""
    axes = surface.grid.axes
    place = [pin["x"]] if pin["y"] is None else [pin["x"], pin["y"]]
    return len(place) == len(axes) and all(
        axis.low <= at <= axis.high for axis, at in zip(axes, place, strict=True)
    )
