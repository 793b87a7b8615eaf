"""What is asked for, frozen and checked at the door: one value a control, one sentence a refusal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

from landscape_widget.names import one_of
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.values import MetricFacts

KINDS = ("surface", "contour", "heatmap", "line")
SCALES = ("auto", "linear", "log")
COLORS = ("cividis", "viridis", "diverging", "grey")


@dataclass(frozen=True)
class DirectionChoice:
    """One axis: the key of a direction on offer, and its seed where it draws."""

    key: str
    seed: int = 0


@dataclass(frozen=True)
class Scene:
    """What decides the directions; preparing one may cost a gradient, a change of range never does."""

    directions: tuple[DirectionChoice, ...]
    normalization: str


@dataclass(frozen=True)
class Request:
    """All that decides the cells to compute; what is only a matter of view isn't here.

    Attributes:
        scene: what the directions are.
        grid: where along them.
        samples: size of the fixed subset of the data.
        tolerance: the interpolation error at which no more cells are needed, a share of the drawn range; None
            where every cell is.
    """

    scene: Scene
    grid: Grid
    samples: int
    tolerance: float | None = None


@dataclass(frozen=True)
class Option:
    """A direction or a normalization on offer."""

    key: str
    label: str
    hint: str
    seeded: bool = False
    range: tuple[float, float] = (-1.0, 1.0)


@dataclass(frozen=True)
class Choices:
    """What the controls may offer; fixed for the life of a widget.

    Attributes:
        directions: what an axis may be.
        normalizations: what `Scene.normalization` may be.
        metrics: the columns that are computed.
        size: samples in the training data.
    """

    directions: tuple[Option, ...]
    normalizations: tuple[Option, ...]
    metrics: tuple[MetricFacts, ...]
    size: int

    def content(self) -> dict[str, Any]:
        """As JSON for the browser."""
        return {
            "directions": [vars(option) | {"range": list(option.range)} for option in self.directions],
            "normalizations": [{"key": o.key, "label": o.label, "hint": o.hint} for o in self.normalizations],
            "metrics": [vars(metric) for metric in self.metrics],
            "size": self.size,
        }


def request_of(traits: Mapping[str, Any]) -> Request:
    """Return the request that checked values of the computing traits make."""
    (left, right), (low, high), (columns, rows) = traits["x"], traits["y"], traits["resolution"]
    directions = tuple(DirectionChoice(entry["key"], entry["seed"]) for entry in traits["directions"])
    grid = Grid(Axis(left, right, columns), Axis(low, high, rows) if len(directions) == 2 else None)
    return Request(Scene(directions, traits["normalization"]), grid, traits["samples"], traits["tolerance"])


def checked(name: str, value: Any, choices: Choices) -> Any:
    """Return the value of one request trait in its one true form.

    Raises:
        ValueError: saying what was expected, what came and what to do.
    """
    match name:
        case "x" | "y":
            low, high = _pair(name, value)
            Axis(low, high, 2)
            return (low, high)
        case "resolution":
            columns, rows = (value, value) if _is_number(value) else _pair(name, value)
            if not (_is_whole(columns) and _is_whole(rows)):
                raise ValueError(f"resolution counts cells along x and y, such as (51, 51); got {value!r}.")
            Grid(Axis(0.0, 1.0, int(columns)), Axis(0.0, 1.0, int(rows)))
            return (int(columns), int(rows))
        case "samples":
            return checked_samples(value, choices.size)
        case "tolerance" if value is not None:
            return _share(value)
        case "normalization":
            return one_of(value, [option.key for option in choices.normalizations], "normalization")
        case "directions":
            return _directions(value, choices)
        case "metric":
            return one_of(value, [metric.name for metric in choices.metrics], "metric")
        case "kind":
            return one_of(value, KINDS, "kind")
        case "scale":
            return one_of(value, SCALES, "scale")
        case "colors":
            return one_of(value, COLORS, "colors")
        case "clip" if value is not None:
            return _number(value, "clip is a value of the metric, or None for no clip")
        case _:
            return value


def checked_samples(value: Any, size: int) -> int:
    """Return ``value`` if that many samples can be taken of ``size``."""
    if not (_is_whole(value) and 1 <= value <= size):
        raise ValueError(
            f"samples is a whole number from 1 to {size:,}, the size of the data; got {value!r}."
        )
    return int(value)


def _directions(value: Any, choices: Choices) -> list[dict[str, Any]]:
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= 2:
        count = len(value) if isinstance(value, list | tuple) else value
        raise ValueError(f"A picture has one direction (a line) or two (a plane); got {count!r}.")
    return [_direction(entry, choices) for entry in value]


def _direction(entry: Any, choices: Choices) -> dict[str, Any]:
    if not isinstance(entry, Mapping):
        raise ValueError(f"A direction is {{'key': 'random', 'seed': 0}}; got {entry!r}.")
    key = one_of(entry.get("key"), [option.key for option in choices.directions], "direction")
    seed = entry.get("seed", 0)
    if not _is_whole(seed):
        raise ValueError(f"seed is a whole number; got {seed!r}.")
    return {"key": key, "seed": int(seed)}


def _pair(name: str, value: Any) -> tuple[float, float]:
    several = isinstance(value, Iterable) and not isinstance(value, str | Mapping)
    if len(items := list(value) if several else []) != 2:
        raise ValueError(f"{name} is a pair of two numbers; got {value!r}.")
    first, second = (_number(item, f"{name} is a pair of two numbers") for item in items)
    return first, second


def _number(value: Any, expected: str) -> float:
    if not (_is_number(value) and math.isfinite(value)):
        raise ValueError(f"{expected}; got {value!r}.")
    return float(value)


def _share(value: Any) -> float:
    if not (_is_number(value) and 0 < value < 1):
        raise ValueError(
            "tolerance is a share of the drawn range between 0 and 1, such as 0.01, "
            f"or None to measure every cell; got {value!r}."
        )
    return float(value)


def _is_whole(value: Any) -> bool:
    """Tell whether it is a whole number, be it Python's, numpy's, or a page's 51.0."""
    return _is_number(value) and (isinstance(value, Integral) or float(value).is_integer())


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
