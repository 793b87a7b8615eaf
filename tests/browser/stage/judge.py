"""Is a picture the one that was accepted? Its pixels tell, and of a plot its data and its colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

TOLERANCE = 32
"""Of 255, by which a colour may differ: what indexed colours and a rasterizer's rounding take."""

SHARE = 0.0001
"""Of all pixels, as many may differ by more: less than a letter takes."""

FINE = 0.02
"""Of the plotted pixels, by which a colour's share may differ."""

STEPS = 4
"""Shades of red, green and blue that are told apart when colours are counted."""

DIGITS = 4
NOTHING = 1e-12  # of a range
PALETTE = 128


@dataclass(frozen=True)
class Drawn:
    """One picture.

    Attributes:
        page: the widget, its plot left out.
        data: what is plotted, in JSON: traces and axes.
        colors: what it looks like: colour → its share of the plotted pixels.
    """

    page: Image.Image
    data: Any
    colors: Mapping[str, float]


def differences(expected: Drawn, actual: Drawn) -> list[str]:
    """Return what differs, a sentence each."""
    found = []
    if expected.page.size != actual.page.size:
        sizes = [" × ".join(map(str, drawn.page.size)) for drawn in (expected, actual)]
        found.append(f"the widget was {sizes[0]} px, and is {sizes[1]} px")
    elif (share := float(difference(expected.page, actual.page).mean())) > SHARE:
        found.append(f"{share:.2%} of the pixels differ")
    if expected.data != actual.data:
        found.append(f"what is plotted differs: {first_difference(expected.data, actual.data)}")
    shades = expected.colors.keys() | actual.colors.keys()
    for shade in sorted(shades):
        was, now = expected.colors.get(shade, 0.0), actual.colors.get(shade, 0.0)
        if abs(was - now) > FINE:
            found.append(f"{shade} took {was:.1%} of the plot, and takes {now:.1%}")
    return found


def difference(expected: Image.Image, actual: Image.Image) -> np.ndarray:
    """Return bool[y, x]: where two pictures of one size differ by more than is tolerated."""
    one, other = (np.asarray(picture.convert("RGB"), np.int16) for picture in (expected, actual))
    return np.any(np.abs(one - other) > TOLERANCE, axis=2)


def first_difference(expected: Any, actual: Any, where: str = "") -> str:
    """Return where two JSON values begin to differ, and how."""
    match expected, actual:
        case dict(), dict() if expected.keys() == actual.keys():
            pairs = [(f"{where}.{key}", expected[key], actual[key]) for key in expected]
        case list(), list() if len(expected) == len(actual):
            pairs = [
                (f"{where}[{index}]", *pair) for index, pair in enumerate(zip(expected, actual, strict=True))
            ]
        case _:
            return f"{where.lstrip('.')} was {str(expected)[:80]}, and is {str(actual)[:80]}"
    return next(first_difference(was, now, place) for place, was, now in pairs if was != now)


def colors_of(plots: Sequence[Image.Image]) -> dict[str, float]:
    """Return which shades plots have, and the share of pixels of each that is worth mentioning."""
    if not plots:
        return {}
    pixels = np.concatenate([np.asarray(plot.convert("RGB")).reshape(-1, 3) for plot in plots])
    shades, counts = np.unique(pixels.astype(int) * STEPS // 256, axis=0, return_counts=True)
    shares = {f"shade {r}{g}{b}": n / len(pixels) for (r, g, b), n in zip(shades, counts, strict=True)}
    return {shade: round(float(share), DIGITS) for shade, share in shares.items() if share > FINE / 4}


def outlined(figure: Any) -> Any:
    """Return the same data, each list of numbers by its length, ends and mean: what can be kept and read."""
    match figure:
        case dict():
            return {name: outlined(value) for name, value in figure.items()}
        case [*values] if values and _are_numbers(values):
            return _outline(values)
        case [*values]:
            return [outlined(value) for value in values]
        case float() | int() if not isinstance(figure, bool):
            return _rounded(figure)
    return figure


def _are_numbers(values: list[Any]) -> bool:
    flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return len(flat) > DIGITS and all(one is None or isinstance(one, int | float) for one in flat)


def _outline(values: list[Any]) -> dict[str, Any]:
    flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
    known = [one for one in flat if one is not None]
    outline = {"size": len(flat), "missing": len(flat) - len(known)}
    if not known:
        return outline
    low, high, mean = min(known), max(known), sum(known) / len(known)
    if abs(mean) < NOTHING * (high - low):  # Python 3.12 sums more exactly
        mean = 0.0
    told = {"first": known[0], "low": low, "high": high, "mean": mean}
    return outline | {name: _rounded(value) for name, value in told.items()}


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def compact(picture: Image.Image) -> Image.Image:
    """Return a picture in few colours, which takes little room."""
    return picture.convert("RGB").quantize(PALETTE, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
