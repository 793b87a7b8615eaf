"""May this be asked for? Each value in its one true form, or a sentence that says why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice, pairwise
from numbers import Integral
from typing import Any

from landscape_widget.export.notes import checked_pins
from landscape_widget.export.view import HIGHEST, LOWEST
from landscape_widget.finite import is_finite_number
from landscape_widget.live.controls import checked_controls
from landscape_widget.live.lesson import checked_steps
from landscape_widget.live.request import COLORS, KINDS, LEVELS, SCALES, TRANSPORTS, Choices
from landscape_widget.names import one_of
from landscape_widget.surface.grid import Axis, Grid

MOST_LEVELS = 1_000
LONGEST_NAME = 1_000  # letters

_LEVELS_ARE = "levels are 'auto', 'paper', or values of the metric that rise, such as (0.1, 0.5, 1.0)"


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
            columns, rows = (value, value) if is_finite_number(value) else _pair(name, value)
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
        case "batch_norm":
            return _batch_norm(value, choices)
        case "directions":
            return _directions(value, choices)
        case "third" if value is not None:
            return _direction(value, choices)
        case "rotation":
            return _angle(value)
        case "levels":
            return _levels(value)
        case "limits" if value is not None:
            low, high = _pair(name, value)
            Axis(low, high, 2)
            return (low, high)
        case "moment" if value is not None:
            if not (_is_whole(value) and value >= 0):
                raise ValueError(
                    f"moment counts checkpoints from 0, or is None for the whole trajectory; got {value!r}."
                )
            return int(value)
        case "metric":
            return one_of(value, choices.drawable, "metric")
        case "kind":
            return one_of(value, KINDS, "kind")
        case "scale":
            return one_of(value, SCALES, "scale")
        case "colors":
            return one_of(value, COLORS, "colors")
        case "transport":
            return one_of(value, TRANSPORTS, "transport")
        case "height":
            return _height(value)
        case "camera" if value is not None:
            return _camera(value)
        case "name":
            return _name(value)
        case "cuts" | "covered" | "big_type" | "linked":
            return _flag(name, value)
        case "pins":
            return checked_pins(value)
        case "steps":
            return checked_steps(value, lambda trait, wanted: checked(trait, wanted, choices))
        case "step" if value is not None:
            if not (_is_whole(value) and value >= 0):
                raise ValueError(f"step counts from 0, or is None outside the lesson; got {value!r}.")
            return int(value)
        case "locked" | "hidden":
            return checked_controls(name, value)
        case "marked" if value is not None:
            return _pair(name, value)
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
    own = entry.get("normalization")
    if own is not None:
        one_of(own, [option.key for option in choices.normalizations], "a direction's normalization")
    return {"key": key, "seed": int(seed), "normalization": own}


def _batch_norm(value: Any, choices: Choices) -> str | None:
    if not choices.batch_norms:
        if value is None:
            return None
        raise ValueError(f"The model has no BatchNorm with statistics to treat; got batch_norm={value!r}.")
    return one_of(value, [option.key for option in choices.batch_norms], "batch_norm")


def _angle(value: Any) -> float:
    if not (is_finite_number(value) and 0 <= value <= 90):
        raise ValueError(
            "rotation turns the second axis towards the third direction, in degrees from 0 to 90; "
            f"got {value!r}."
        )
    return float(value)


def _height(value: Any) -> float:
    if not (is_finite_number(value) and LOWEST <= value <= HIGHEST):
        raise ValueError(
            f"height is how many times as high a surface is drawn, from {LOWEST} to {HIGHEST}; got {value!r}."
        )
    return float(value)


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name} is True or False; got {value!r}.")
    return value


def _name(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_NAME:
        raise ValueError(f"name is a title of up to {LONGEST_NAME:,} letters; got {value!r:.80}.")
    value.encode()  # or half a letter could reach the wire
    return value


def _camera(value: Any) -> dict[str, dict[str, float]]:
    """Where one looks from, to and with what up; what isn't given is as plotly has it."""
    if not isinstance(value, Mapping) or not {"eye"} <= value.keys() <= {"eye", "center", "up"}:
        raise ValueError(
            "camera is {'eye': {'x': 1, 'y': -1, 'z': 1}}, also with 'center' and 'up'; "
            f"got {value!r:.80}."
        )
    usual = {"center": {"x": 0, "y": 0, "z": 0}, "up": {"x": 0, "y": 0, "z": 1}}
    return {name: _vector(name, place) for name, place in {**usual, **value}.items()}


def _vector(name: str, value: Any) -> dict[str, float]:
    expected = f"{name} of the camera is {{'x': 0, 'y': 0, 'z': 1}}"
    if not isinstance(value, Mapping) or value.keys() != {"x", "y", "z"}:
        raise ValueError(f"{expected}; got {value!r:.80}.")
    return {side: _number(value[side], expected) for side in "xyz"}


def _levels(value: Any) -> str | tuple[float, ...]:
    """Contour levels: a name, or values of the metric that rise."""
    if isinstance(value, str):
        return one_of(value, LEVELS, "levels")
    items = list(islice(value, MOST_LEVELS + 1)) if isinstance(value, Iterable) else []
    if len(items) > MOST_LEVELS:
        raise ValueError(f"{_LEVELS_ARE}, at most {MOST_LEVELS:,}; got more.")
    numbers = tuple(_number(item, _LEVELS_ARE) for item in items)
    if not numbers or any(b <= a for a, b in pairwise(numbers)):
        raise ValueError(f"{_LEVELS_ARE}; got {value!r}.")
    return numbers


def _pair(name: str, value: Any) -> tuple[float, float]:
    several = isinstance(value, Iterable) and not isinstance(value, str | Mapping)
    if len(items := list(islice(value, 3)) if several else []) != 2:
        raise ValueError(f"{name} is a pair of two numbers; got {value!r}.")
    first, second = (_number(item, f"{name} is a pair of two numbers") for item in items)
    return first, second


def _number(value: Any, expected: str) -> float:
    if not is_finite_number(value):
        raise ValueError(f"{expected}; got {value!r}.")
    return float(value)


def _share(value: Any) -> float:
    if not (is_finite_number(value) and 0 < value < 1):
        raise ValueError(
            "tolerance is a share of the drawn range between 0 and 1, such as 0.01, "
            f"or None to measure every cell; got {value!r}."
        )
    return float(value)


def _is_whole(value: Any) -> bool:
    """Tell whether it is a whole number, be it Python's, numpy's, or a page's 51.0."""
    return is_finite_number(value) and (isinstance(value, Integral) or float(value).is_integer())
