"""How soon does one see something, and does the kernel answer meanwhile? Without a browser."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from bench import Bench
from tables import Must, across
from workloads import Workload

import landscape_widget as lw
from landscape_widget.live.widget import LandscapeWidget

WITHIN = 120.0
LISTENS = 2.0
ABOUT = (
    "From the call to `explore`, of 51×51 cells in a warm kernel, until the whole first level is known, as a "
    "preview on some of the samples or exactly; medians. The answer is that of a trivial statement which the "
    "main thread runs every 5 ms while cells are computed."
)


def measure_first_picture(bench: Bench) -> list[str]:
    lw.explore(*bench.workloads[0].problem(), resolution=3).close()  # imports the widget
    columns: list[tuple[str, ...]] = [("", *HEADINGS)]
    for workload in bench.workloads:
        bench.say(f"the first picture of {workload.name}")
        columns.append((workload.name, *numbers(workload, bench.rounds)))
    return [ABOUT, "", *across(columns, "")]


HEADINGS = (
    "first picture, s",
    "… of which `explore` itself",
    "… on samples",
    "from another range to its first picture, s",
    "9×9 known, s",
    "a trivial statement meanwhile, ms, median",
    "… p95",
)


def numbers(workload: Workload, rounds: int) -> list[str]:
    problem = workload.problem()
    first, calls, changed, nine, late, samples = [], [], [], [], [], 0
    for _ in range(rounds):
        began = time.perf_counter()
        widget = lw.explore(*problem)
        calls.append(time.perf_counter() - began)
        first.append(until(widget, began, lambda s: s.level >= 0))
        if (surface := widget.surface) is not None:
            samples = surface.preview or surface.samples
        if workload.name in NINE:
            nine.append(until(widget, began, lambda s: s.level >= 1))
        late += lateness(widget)
        began = time.perf_counter()
        widget.x = widget.y = (-1.3, 1.3)
        changed.append(until(widget, began, lambda s: s.x[0] == -1.3 and s.level >= 0))
        widget.close()
    return [
        Must(1.0, at_most=True)(float(np.median(first)), "{:.2f}"),
        f"{np.median(calls):.2f}",
        f"{samples:,}",
        f"{np.median(changed):.2f}",
        Must(NINE[workload.name], at_most=True)(float(np.median(nine)), "{:.3f}") if nine else "–",
        f"{1000 * np.median(late):.2f}" if late else "–",
        Must(50.0, at_most=True)(1000 * float(np.quantile(late, 0.95)), "{:.1f}") if late else "–",
    ]


NINE = {"W1": 0.1}


def until(widget: LandscapeWidget, began: float, reached: Callable[[lw.Surface], bool]) -> float:
    """Seconds since ``began`` when the surface is as it should be."""
    while time.perf_counter() - began < WITHIN:
        if (surface := widget.surface) is not None and reached(surface):
            return time.perf_counter() - began
        time.sleep(0.001)
    raise TimeoutError(f"Nothing to see after {WITHIN:g} s: {dict(widget.status)}")


def lateness(widget: LandscapeWidget) -> list[float]:
    """Seconds that a statement takes from when it was due until it has run, while cells are computed."""
    late = []
    began = time.perf_counter()
    while time.perf_counter() - began < LISTENS:
        due = time.perf_counter() + 0.005
        time.sleep(0.005)
        assert sum(range(100)) == 4950
        if (surface := widget.surface) is not None and surface.is_done:
            break
        late.append(max(0.0, time.perf_counter() - due))
    return late
