"""What is a measured number, how often is it taken, and does it reach its goal?"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

T = TypeVar("T")


@dataclass(frozen=True)
class Goal:
    """At most ``seconds``, by the median of what was measured or by its 95th percentile."""

    seconds: float
    by: Literal["median", "p95"] = "median"


@dataclass(frozen=True)
class Measurement:
    """One row of the report; values in seconds."""

    what: str
    values: Sequence[float]
    goal: Goal | None = None

    @property
    def median(self) -> float:
        return float(np.median(self.values))

    @property
    def p95(self) -> float:
        """A value that was seen, not one between two."""
        return float(np.quantile(self.values, 0.95, method="higher"))

    @property
    def measured(self) -> str:
        return f"{as_text(self.median)}, {as_text(self.p95)}, {len(self.values)}"

    @property
    def judged(self) -> str:
        """The goal, and whether it is reached."""
        if self.goal is None:
            return "–"
        value = self.median if self.goal.by == "median" else self.p95
        verdict = "reached" if value <= self.goal.seconds else "**missed**"
        return f"{self.goal.by} ≤ {as_text(self.goal.seconds)}: {verdict}"


def as_text(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def repeat(measure: Callable[[], T], times: int, seconds: float) -> list[T]:
    """Call ``measure`` so many times; less often, but once, where that takes longer than ``seconds``."""
    began = time.monotonic()
    values: list[T] = []
    while not values or (len(values) < times and time.monotonic() - began < seconds):
        values.append(measure())
    return values
