"""What is in a file, in a few lines?"""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from landscape_widget.command.words import extent
from landscape_widget.export.numbers import format_duration, format_number
from landscape_widget.files.image.footer import footer_of
from landscape_widget.files.load import load_grown
from landscape_widget.surface.following import Following
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State


def info(asked: Namespace) -> int:
    """Say how far the surface is, what its values are, and what made them.

    Raises:
        ValueError, OSError: where the file is none of ours.
    """
    following = Following(load_grown(asked.file))
    for line in lines_of(following.surface):
        print(line)
    if following.grows:
        print(f"not done; last written {format_duration(time.time() - following.written())} ago")
    return 0


def lines_of(surface: Surface) -> Iterator[str]:
    """Yield how far it is, its cells by state, its metrics and maps, and what is needed to make it again."""
    name = surface.settings.get("name")
    yield f"{name} · {extent(surface)}" if name else extent(surface)
    yield f"cells: {_states(surface)}"
    yield from _metrics(surface)
    for key, held in surface.maps.items():
        yield f"map {key!r}: {extent(held)}"
        yield from _metrics(held)
    yield from footer_of(surface)


def _states(surface: Surface) -> str:
    counts = {state: int(np.count_nonzero(surface.state == state)) for state in State}
    return ", ".join(f"{count:,} {state.name.lower()}" for state, count in counts.items() if count)


def _metrics(surface: Surface) -> Iterator[str]:
    for fact in surface.metrics:
        finite = surface[fact.name][np.isfinite(surface[fact.name])]
        unit = f" {fact.unit}" if fact.unit else ""
        told = f"{_ends(finite)}{unit}" if finite.size else "no finite value"
        if "origin" in [point.label for point in surface.points]:
            told += f"; at the origin {format_number(surface.at('origin')[fact.name])}{unit}"
        yield f"{fact.name}: {told}"


def _ends(values: NDArray[np.float64]) -> str:
    return " to ".join(format_number(float(end)) for end in (values.min(), values.max()))
