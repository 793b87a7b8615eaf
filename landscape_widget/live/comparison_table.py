"""What does each network reach, and how wide is its valley? One row a member, as far as it is known."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from landscape_widget.live.comparing import Entry
from landscape_widget.surface.comparable import title_words
from landscape_widget.surface.level_set import LevelSet, level_set_width
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State

RISES = (0.1, 1.0)
"""Above the loss at the origin, where a valley's edge is."""


def table_row(entry: Entry, picture: Surface | None, lines: Surface | None) -> dict[str, Any]:
    """Return what is known of one member; None where it isn't known yet, no entry where it never will be.

    Args:
        picture: its own surface, with the values at the origin.
        lines: along several random directions.
    """
    is_measured = picture is not None and picture.states[picture.grid.size] == State.EXACT
    at_origin: Mapping[str, float] = picture.at("origin") if picture is not None and is_measured else {}
    values = {name: at_origin.get(name) for name in (metric.name for metric in entry.choices.metrics)}
    row: dict[str, Any] = {"title": title_words(entry.title), "about": entry.about}
    row |= {name: values[name] for name in ("loss", "accuracy") if name in values}
    if "test_accuracy" in values:
        accuracy = values["test_accuracy"]
        row["test_error"] = None if accuracy is None else 100.0 - accuracy
    row["norm"] = entry.norm
    for rise in RISES:
        row |= _widths(f"width_{rise}", lines, rise)
    return row


def _widths(name: str, lines: Surface | None, rise: float) -> dict[str, Any]:
    """The median over the directions, the lowest and the highest; open: the loss hadn't risen at the end."""
    entries = dict.fromkeys((name, f"{name}_low", f"{name}_high", f"{name}_open"))
    if lines is None or not lines.is_done:
        return entries
    found = [level_set_width(lines.x, values, rise) for values in lines.repeated("loss")]
    known = sorted((one for one in found if not math.isnan(one.width)), key=lambda one: one.width)
    if not known:
        return entries
    widths = [one.width for one in known]
    middle: list[LevelSet] = known[(len(known) - 1) // 2 : len(known) // 2 + 1]
    values = (float(np.median(widths)), widths[0], widths[-1], any(one.is_open for one in middle))
    return dict(zip(entries, values, strict=True))


def as_json(table: Sequence[Mapping[str, Any]], _widget: Any = None) -> list[dict[str, Any]]:
    """JSON knows no infinity, nor NaN: their names go to the browser."""
    return [{name: _named(value) for name, value in row.items()} for row in table]


def _named(value: Any) -> Any:
    if not isinstance(value, float) or math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
