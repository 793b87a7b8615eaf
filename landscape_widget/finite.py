"""Is this a number that can be drawn, sent and stored?"""

from __future__ import annotations

import math
from numbers import Real
from typing import Any


def is_finite_number(value: Any) -> bool:
    """Tell whether it is a finite number, Python's or numpy's, that a float can hold."""
    try:
        return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:
        return False
