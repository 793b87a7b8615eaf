"""Which of the known names was meant?"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST = 200
"""Letters of what may be a name with a slip in it."""


def one_of(value: object, names: Iterable[str], what: str) -> str:
    """Return ``value`` if it is one of ``names``.

    Raises:
        ValueError: naming what was expected, what came and the nearest known name.
    """
    known = list(names)
    if isinstance(value, str) and value in known:
        return value
    word = value if isinstance(value, str) and len(value) <= LONGEST else ""
    nearest = get_close_matches(word, known, n=1, cutoff=0.4)
    meant = f" Did you mean {nearest[0]!r}?" if nearest else ""
    raise ValueError(f"{what} must be one of {', '.join(map(repr, known))}; got {value!r}.{meant}")
