"""What does a spreadsheet read? One row a cell, then one a labelled point, under a line of names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from landscape_widget.atomic import replaced
from landscape_widget.surface.precision import unseen_error
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a formula begins with, in one spreadsheet or the other."""


def write_csv(surface: Surface, path: Path) -> None:
    """Write coordinates, point, state, and of each metric the value, standard error and samples.

    Every number reads back as the same float64. What isn't known, or failed, is empty; ``nan`` and ``inf``
    were measured. A name that a spreadsheet would compute, as ``=HYPERLINK(…)``, has an apostrophe before it.
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(_rows(surface))
    with replaced(path) as file:
        file.write(text.getvalue().encode())


def _rows(surface: Surface) -> Iterator[list[Any]]:
    names = (fact.name for fact in surface.metrics)
    columns = [column for name in names for column in (name, f"{name} standard error", f"{name} samples")]
    yield [*("x", "y")[: len(surface.grid.axes)], "point", "state", *map(_name, columns)]
    everywhere = np.arange(len(surface.states))
    labels = [""] * surface.grid.size + [_name(point.label) for point in surface.points]
    errors = [
        unseen_error(error, count, fact.size)
        for fact, error, count in zip(surface.metrics, surface.errors, surface.counts, strict=True)
    ]
    for cell, place in enumerate(surface.coordinates(everywhere).tolist()):
        state = State(surface.states[cell])
        row = [*place, labels[cell], state.name.lower()]
        for value, error, count in zip(surface.values[:, cell], errors, surface.counts[:, cell], strict=True):
            known = state not in (State.UNKNOWN, State.FAILED)
            row += [float(value), float(error[cell]), int(count)] if known else ["", "", 0]
        yield row


def _name(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULAS) else text
