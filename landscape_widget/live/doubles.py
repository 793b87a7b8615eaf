"""Has this message come before? A line that is taken up again may tell the last ones twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

REMEMBERED = 256


class Doubles:
    """Knows messages of Jupyter by their ids, as many as a line may hold back."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._seen: deque[str] = deque(maxlen=remembered)

    def is_new(self, message: Mapping[str, Any]) -> bool:
        """Tell whether it is, and remember it; one without an id always is."""
        number = message.get("header", {}).get("msg_id")
        if number in self._seen:
            return False
        if number is not None:
            self._seen.append(number)
        return True
