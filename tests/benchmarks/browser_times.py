"""What does a person at the screen wait for? In a real JupyterLab, in a real Chromium, all on one clock."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from itertools import count
from pathlib import Path

from chromium import chromium
from desk import EXPLORE, Desk, Seen, desk
from lab import jupyter_lab
from measurement import Goal, Measurement, repeat

OpenDesk = Callable[[str], AbstractContextManager[Desk]]


def measure_browser() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as folder, jupyter_lab(Path(folder)) as lab, chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 1200})
        open_desk = partial(desk, lab, context)
        first = first_call(open_desk)
        with open_desk("later.ipynb") as later:
            return [*first, *later_calls(later), *reactions(later)]


def first_call(open_desk: OpenDesk) -> list[Measurement]:
    """In 3-D, as it is without further words; plotly still has to come to the page."""
    names = (f"first-{number}.ipynb" for number in count())
    software: list[bool] = []

    def first() -> Seen:
        with open_desk(next(names)) as fresh:
            software.append(fresh.draws_in_software())
            return fresh.explore(EXPLORE)

    calls = repeat(first, times=4, seconds=40)
    return pictures("first in its kernel, 3-D" + (" drawn in software" if any(software) else ""), calls)


def later_calls(at: Desk) -> list[Measurement]:
    """Of a cell that is run again, once its surface is whole."""
    at.explore()
    return pictures("later, contours", repeat(at.explore, times=8, seconds=25))


def pictures(which: str, calls: Sequence[Seen]) -> list[Measurement]:
    known, drawn, whole = ([seen[event] for seen in calls] for event in ("known", "drawn", "whole"))
    return [
        Measurement(f"`explore()` to first patch known in the page ({which})", known, Goal(0.300)),
        Measurement("… to first level drawn", drawn, Goal(0.300)),
        Measurement("… to 51×51 known in the page", whole, Goal(4.0)),
    ]


def reactions(at: Desk) -> list[Measurement]:
    """Of the page and the kernel to a person; the surface is whole by now."""
    idle = repeat(at.run_cell, times=30, seconds=5)
    moves = repeat(at.move_slider, times=30, seconds=12)
    answers = repeat(at.run_cell_meanwhile, times=40, seconds=12)
    return [
        Measurement("slider to first new level drawn (contours)", moves, Goal(0.200)),
        Measurement("a trivial cell while the surface computes (contours)", answers, Goal(0.100, by="p95")),
        Measurement("… while nothing computes", idle),
    ]
