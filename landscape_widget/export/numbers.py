"""How is a number written, so that a person reads it at a glance? The twin of js/src/numbers/format.ts."""

from __future__ import annotations

import math
from collections.abc import Sequence

MINUS = "−"
MOST_DIGITS = 9
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def format_number(value: float, significant: int = 3) -> str:
    """Three significant digits, never fewer than the whole part: 0.00123, 4.2 × 10⁻⁷, 1,797, −0.5."""
    if math.isnan(value):
        return "NaN"
    sign, size = MINUS if value < 0 else "", abs(value)
    if size == math.inf:
        return f"{sign}∞"
    if size == 0:
        return "0"
    mantissa, _, power = f"{size:.{significant - 1}e}".partition("e")
    exponent = int(power)
    if exponent < -3 or exponent > 5:
        digits = _trim(mantissa)
        return f"{sign}{'' if digits == '1' else f'{digits} × '}10{str(exponent).translate(SUPERSCRIPTS)}"
    return sign + _trim(f"{size:,.{max(0, significant - 1 - exponent)}f}")


def format_together(values: Sequence[float]) -> list[str]:
    """Just enough digits, and at least three, that values which differ look different."""
    different = len(set(values))
    labels: list[str] = []
    for significant in range(3, MOST_DIGITS + 1):
        labels = [format_number(value, significant) for value in values]
        if len(set(labels)) == different:
            break
    return labels


def format_error(error: float) -> str:
    """One digit, two where one would round coarsely: "± 0.004"; "± ?" where it can't be known."""
    if math.isnan(error):
        return "± ?"
    return f"± {format_number(error, 2 if f'{error:.0e}'[0] < '3' else 1)}"


def format_duration(seconds: float) -> str:
    """In two units at most: under 1 s, 59 s, 1 min 5 s, 2 h 5 min."""
    if seconds < 1:
        return "under 1 s"
    whole = _rounded(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return _two(whole // 60, "min", whole % 60, "s")
    minutes = _rounded(whole / 60)
    return _two(minutes // 60, "h", minutes % 60, "min")


def _rounded(value: float) -> int:
    """Halves go up, as in the browser; `round` would take them to the next even number."""
    return math.floor(value + 0.5)


def _two(large: int, unit: str, small: int, small_unit: str) -> str:
    return f"{large:,} {unit}" + (f" {small} {small_unit}" if small else "")


def _trim(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
