"""What is a note that is pinned to a picture? Checked at the door, and text wherever it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from textwrap import wrap
from typing import Any

from landscape_widget.export.plain import plain
from landscape_widget.finite import is_finite_number

MOST = 200  # notes
LONGEST = 200  # letters of a note
LETTERS = 28  # a line

Pin = Mapping[str, Any]


def checked_pins(value: Any) -> tuple[dict[str, Any], ...]:
    """Return notes in their one true form: ``{"x": 0.5, "y": -0.2, "text": "…"}``, on a line with y None.

    Raises:
        ValueError: saying what was expected, what came and what to do.
    """
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise ValueError(f'pins are notes such as ({{"x": 0.5, "y": 0, "text": "flat"}},); got {value!r}.')
    if len(entries := list(islice(value, MOST + 1))) > MOST:
        raise ValueError(f"A picture has at most {MOST} pins; got more. Say it in the captions of a lesson.")
    return tuple(_checked(entry) for entry in entries)


def note_of(number: int, text: str) -> str:
    """Return a note as plotly writes it: numbered, broken into lines, and nothing in it is markup."""
    pieces = [word[at : at + LETTERS] for word in text.split() for at in range(0, len(word), LETTERS)]
    lines = wrap(" ".join(pieces), LETTERS, break_on_hyphens=False)
    return f"{number}  " + "<br>".join(plain(line) for line in lines)


def _checked(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, Mapping) or not {"x", "text"} <= entry.keys() <= {"x", "y", "text"}:
        raise ValueError(
            f'A pin is {{"x": 0.5, "y": 0, "text": "flat"}}, on a line without y; got {entry!r}.'
        )
    text, x, y = entry["text"], entry["x"], entry.get("y")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        raise ValueError(
            f"The text of a pin has 1 to {LONGEST} letters; got {text!r:.80}. "
            "Say more in the caption of a step."
        )
    text.encode()  # or half a letter could reach the wire
    return {"x": _coordinate(x), "y": None if y is None else _coordinate(y), "text": text.strip()}


def _coordinate(value: Any) -> float:
    if not is_finite_number(value):
        raise ValueError(f"A pin stands at finite numbers, in units of the directions; got {value!r}.")
    return float(value)
