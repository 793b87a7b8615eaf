"""How does a value become a height or a colour, and what stands beside it? Twin: js/src/numbers/scale.ts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape_widget.export.numbers import format_number, format_together
from landscape_widget.export.ticks import by_decades, evenly
from landscape_widget.names import one_of

SCALES = ("auto", "linear", "log", "paper")
TWO_DECADES = 100
SIGNED_DECADES = 1e-3
SMALLEST_POWER = 1e-300
LARGEST = 1e300  # that bears a label


@dataclass(frozen=True)
class Ticks:
    """Where marks stand, in drawn units, and what they say, in raw ones."""

    values: list[float]
    labels: list[str]

    @property
    def layout(self) -> dict[str, Any]:
        """As an axis or a colour bar of plotly takes them."""
        return {"tickmode": "array", "tickvals": self.values, "ticktext": self.labels}


class Scale(Protocol):
    """Between raw values and drawn ones."""

    @property
    def label(self) -> str:
        """What the axis has to say about it; empty when there is nothing to say."""
        ...

    def forward(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return drawn values."""
        ...

    def inverse(self, drawn: ArrayLike) -> NDArray[np.float64]:
        """Return raw values."""
        ...

    def ticks(self, low: float, high: float, count: int = 6) -> Ticks:
        """Return about ``count`` round raw values between two drawn ones."""
        ...


def choose(scale: str, values: ArrayLike) -> Scale:
    """Return the scale asked for, as far as the finite values allow it.

    ``"log"`` is log10(value), of value + a stated shift where some are 0, and gives way to asinh(value /
    unit) where some are negative. ``"auto"`` is ``"log"`` when none is negative and they pass two decades.
    ``"paper"`` is ln(value + 0.1), whatever the values.
    """
    if one_of(scale, SCALES, "scale") == "paper":
        return Paper()
    finite = np.asarray(values, float)
    finite = finite[np.isfinite(finite)]
    smallest = np.abs(finite[finite != 0]).min(initial=math.inf)
    low, high = finite.min(initial=math.inf), finite.max(initial=-math.inf)
    wide = low >= 0 and high / TWO_DECADES > smallest
    if scale == "linear" or (scale == "auto" and not wide) or smallest == math.inf:
        return Linear()
    if low < 0:
        return Asinh(_power_below(SIGNED_DECADES * max(-low, high)))
    return Log(0.0 if low > 0 else _power_below(smallest))


def is_flat(low: float, high: float) -> bool:
    """Tell whether what differs is no more than what float32 rounds away."""
    return high - low <= 1e-6 * max(abs(low), abs(high))


@dataclass(frozen=True)
class Linear:
    """As it is."""

    label = ""

    def forward(self, values: ArrayLike) -> NDArray[np.float64]:
        return np.asarray(values, float)

    def inverse(self, drawn: ArrayLike) -> NDArray[np.float64]:
        return np.asarray(drawn, float)

    def ticks(self, low: float, high: float, count: int = 6) -> Ticks:
        return _place(self, evenly(low, high, count))


@dataclass(frozen=True)
class Log:
    """log10(value + shift); what lies at or below −shift has no height (NaN)."""

    shift: float = 0.0

    @property
    def label(self) -> str:
        return f"log of value + {format_number(self.shift)}" if self.shift else "log"

    def forward(self, values: ArrayLike) -> NDArray[np.float64]:
        return np.log10(_above_zero(values, self.shift))

    def inverse(self, drawn: ArrayLike) -> NDArray[np.float64]:
        return np.power(10.0, drawn) - self.shift

    def ticks(self, low: float, high: float, count: int = 6) -> Ticks:
        return _from_zero(self, low, high, count)


@dataclass(frozen=True)
class Paper:
    """ln(value + 0.1), as Li et al. (2018) draw surfaces; at and below −0.1 there is no height (NaN)."""

    shift: float = 0.1

    label = "ln(value + 0.1)"

    def forward(self, values: ArrayLike) -> NDArray[np.float64]:
        return np.log(_above_zero(values, self.shift))

    def inverse(self, drawn: ArrayLike) -> NDArray[np.float64]:
        return np.exp(drawn) - self.shift

    def ticks(self, low: float, high: float, count: int = 6) -> Ticks:
        return _from_zero(self, low, high, count)


@dataclass(frozen=True)
class Asinh:
    """asinh(value / unit): linear within one unit of 0, logarithmic far from it on both sides."""

    unit: float

    label = "asinh, as some are negative"

    def forward(self, values: ArrayLike) -> NDArray[np.float64]:
        return np.arcsinh(np.asarray(values, float) / self.unit)

    def inverse(self, drawn: ArrayLike) -> NDArray[np.float64]:
        return self.unit * np.sinh(drawn)

    def ticks(self, low: float, high: float, count: int = 6) -> Ticks:
        bottom, top = (float(end) for end in self.inverse([low, high]))
        below = [-value for value in reversed(self._side(-bottom, count))]
        return _place(self, [v for v in [*below, 0.0, *self._side(top, count)] if bottom <= v <= top])

    def _side(self, end: float, count: int) -> list[float]:
        return by_decades(self.unit, end, math.ceil(count / 2)) if end > self.unit else []


def _above_zero(values: ArrayLike, shift: float) -> NDArray[np.float64]:
    shifted = np.asarray(values, float) + shift
    return np.where(shifted > 0, shifted, np.nan)


def _from_zero(scale: Log | Paper, low: float, high: float, count: int) -> Ticks:
    """Values by decades, and 0 where the axis comes near it."""
    with np.errstate(over="ignore"):
        bottom, top = (min(float(end), LARGEST) for end in scale.inverse([low, high]))
    touches_zero = scale.shift > 0 and bottom < scale.shift / 2
    above = by_decades(max(bottom, scale.shift, SMALLEST_POWER), top, count)
    return _place(scale, [0.0, *above] if touches_zero else above)


def _place(scale: Scale, values: Sequence[float]) -> Ticks:
    return Ticks(scale.forward(values).tolist(), format_together(values))


def _power_below(value: float) -> float:
    return 10.0 ** math.floor(math.log10(max(value, SMALLEST_POWER)))
