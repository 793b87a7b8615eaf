"""What do the words after `--set` say?"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any


def settings_of(words: Iterable[str]) -> dict[str, Any]:
    """Return name → value of each ``name=value``; of a name given twice the last.

    A value is a literal of Python, or else a text; nothing in it is executed.

    Raises:
        ValueError: for what is no ``name=value``.
    """
    found = {}
    for word in words:
        name, equals, value = (part.strip() for part in word.partition("="))
        if not (name and equals):
            raise ValueError(f"--set takes name=value, such as --set resolution=101; got {word!r}.")
        found[name] = _value(value)
    return found


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):  # what its manual warns of
        return text
