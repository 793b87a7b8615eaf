"""Which options has `explore` been given that no control shows, and which code gives them again?"""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import Any

from landscape_widget.values import STOP

PLAIN: Mapping[str, Any] = {
    "parameters": "trainable",
    "one_dimensional": "fixed",
    "orthogonalize": None,
    "mode": "eval",
    "repeats": 1,
    "device": None,
    "dtype": None,
    "autocast": None,
    "memory": None,
    "compile": False,
    "copy": True,
    "on_error": STOP,
    "resume": None,
    "seed": 0,
    "transport": "messages",
}
"""Name → its default."""

SAVED = ("parameters", "one_dimensional", "mode", "seed")
"""Those that a surface's settings hold as they were given."""

NAMED = ("filter_axes", "metrics", "test_data", "executor")
"""What a person has under a name of their own; that of the option stands for it."""

Given = tuple[tuple[str, str], ...]


def given(options: Mapping[str, Any]) -> Given:
    """Return name and code of the options that aren't at their defaults."""
    plain = (
        (name, options[name]) for name, default in PLAIN.items() if options.get(name, default) != default
    )
    named = ((name, options[name]) for name in NAMED if options.get(name) is not None)
    return (
        *((name, _code(value)) for name, value in plain),
        *((name, "{}" if isinstance(value, Mapping) and not value else name) for name, value in named),
    )


def _code(value: Any) -> str:
    """Return Python for a text, a number, a truth value or a list; a dtype is its own name, else a text."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_code, value))}]"
    if isinstance(value, bool | str):
        return repr(value)
    if isinstance(value, Integral):
        return str(int(value))
    text = str(value)
    return text if text.startswith("torch.") else repr(text)
