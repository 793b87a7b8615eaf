"""Which round values lie between two others, few enough to read? The twin of js/src/numbers/ticks.ts."""

from __future__ import annotations

import math

MULTIPLES = (range(1, 10), (1, 2, 5), (1, 3), (1,))
ROUNDING = 1e-9
TOLD_APART = 1e-11  # of their size: values closer than this would carry the same label


def evenly(low: float, high: float, count: int) -> list[float]:
    """Return multiples of 1, 2 or 5 times a power of ten, about ``count`` at most."""
    if not high - low > TOLD_APART * max(abs(low), abs(high)):
        return [low]
    step = _round_up((high - low) / count)
    first, last = math.ceil(low / step - ROUNDING), math.floor(high / step + ROUNDING)
    return [_tidy(index * step) for index in range(first, last + 1)]


def by_decades(low: float, high: float, count: int) -> list[float]:
    """Return at most ``count`` values that look even on a logarithmic axis; 0 < low < high."""
    if high / low < 10:
        return evenly(low, high, count)
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for multiples in MULTIPLES:
        values = [_tidy(multiple * 10.0**decade) for decade in decades for multiple in multiples]
        within = _within(values, low, high)
        if len(within) <= count:
            return within
    stride = math.ceil(len(decades) / count)
    return _within([_tidy(10.0**decade) for decade in decades if decade % stride == 0], low, high)


def _within(values: list[float], low: float, high: float) -> list[float]:
    return [value for value in values if low * (1 - ROUNDING) <= value <= high * (1 + ROUNDING)]


def _round_up(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return power * next((digit for digit in (1, 2, 5) if digit * power >= step * (1 - ROUNDING)), 10)


def _tidy(value: float) -> float:
    return float(f"{value:.12g}") + 0.0
