"""How is a picture asked for? Checked at the door."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from numbers import Integral, Real
from typing import Any

from landscape_widget.export.colors import STOPS
from landscape_widget.export.notes import Pin, checked_pins
from landscape_widget.export.scale import SCALES
from landscape_widget.facts import MetricFacts
from landscape_widget.names import one_of
from landscape_widget.paper import PRESETS, as_in_the_paper

LEVELS = ("auto", "paper")
LOWEST, HIGHEST = 0.25, 4  # of the height of a surface in space
LEVELS_ARE = "levels are 'auto', 'paper', or values of the metric that rise, such as (0.1, 0.5, 1.0)"


@dataclass(frozen=True)
class View:
    """All but the kind that a picture of a surface depends on.

    Attributes:
        clip: the largest raw value to draw, None for no clip.
        limits: raw values at both ends of the heights and of the colours, None for those of the values.
        levels: of contour lines: ``"auto"``, ``"paper"``, or raw values.
        moment: how many checkpoints of a path are drawn, None for all.
        height: how many times as high a surface stands in space, from 0.25 to 4.
        pins: notes at places, ``{"x": 0.5, "y": 0, "text": "flat"}``, on a line without y.
        preset: the one that has been applied, if any.

    Raises:
        ValueError: naming what was expected, what came and the nearest that is known.
    """

    metric: str = "loss"
    scale: str = "auto"
    clip: float | None = None
    limits: tuple[float, float] | None = None
    levels: str | tuple[float, ...] = "auto"
    colors: str = "cividis"
    moment: int | None = None
    height: float = 1.0
    pins: tuple[Pin, ...] = ()
    preset: str | None = None

    def __post_init__(self) -> None:
        one_of(self.scale, SCALES, "scale")
        one_of(self.colors, STOPS, "colors")
        if self.clip is not None and not _is_finite(self.clip):
            raise ValueError(
                f"clip is the largest value to draw, a finite number, or None; got {self.clip!r}."
            )
        object.__setattr__(self, "limits", _limits(self.limits))
        object.__setattr__(self, "levels", _levels(self.levels))
        object.__setattr__(self, "pins", checked_pins(self.pins))
        if not (_is_finite(self.height) and LOWEST <= self.height <= HIGHEST):
            raise ValueError(
                f"height is how many times as high a surface is drawn, from {LOWEST} to {HIGHEST}; "
                f"got {self.height!r}."
            )
        if self.moment is not None and not (_is_whole(self.moment) and self.moment >= 0):
            raise ValueError(
                f"moment counts checkpoints from 0, or is None for the whole path; got {self.moment!r}."
            )

    @property
    def is_paper(self) -> bool:
        """Whether shares of the variance are written as in the paper."""
        return self.preset is not None or self.levels == "paper"

    @property
    def limit(self) -> float:
        """The clip, infinite for none."""
        return math.inf if self.clip is None else float(self.clip)

    def of(self, metric: MetricFacts) -> View:
        """Return the view with the metric's own limits and colours, where nobody has chosen any."""
        colors = metric.colors if metric.colors and self.colors == View.colors else self.colors
        return replace(self, limits=self.limits or metric.limits, colors=colors)

    def with_preset(self, preset: str | None, kind: str, metric: MetricFacts) -> View:
        """Return the view with what the preset says of whatever was left as it is by default.

        What suits a loss says nothing of a share in percent, nor of curvature.
        """
        is_other = metric.unit == "%" or bool(metric.label)
        if preset is None:
            return self
        one_of(preset, PRESETS, "preset")
        plain = {field.name: field.default for field in fields(View)}
        changes: dict[str, Any] = {
            name: value
            for name, value in as_in_the_paper(kind).items()
            if getattr(self, name) == plain[name] and not is_other
        }
        return replace(self, **changes, preset=preset)


def _limits(limits: Any) -> tuple[float, float] | None:
    if limits is None:
        return None
    ends = list(limits) if isinstance(limits, Iterable) and not isinstance(limits, str) else []
    if not (len(ends) == 2 and all(map(_is_finite, ends)) and ends[0] < ends[1]):
        raise ValueError(
            "limits are the lowest and the highest value to draw, such as (0, 5), or None for those of the "
            f"surface; got {limits!r}."
        )
    return float(ends[0]), float(ends[1])


def _levels(levels: Any) -> str | tuple[float, ...]:
    if isinstance(levels, str):
        return one_of(levels, LEVELS, "levels")
    numbers: Sequence[Any] = list(levels) if isinstance(levels, Iterable) else []
    if not numbers or not all(map(_is_finite, numbers)) or any(b <= a for a, b in pairwise(numbers)):
        raise ValueError(f"{LEVELS_ARE}; got {levels!r}.")
    return tuple(map(float, numbers))


def _is_finite(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)
