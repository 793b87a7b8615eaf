"""What does a person wait for? The import, the call, and what the screen shows, on the digits network."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bench import Bench
from explore_call import measure_explore
from import_time import measure_import
from measurement import Measurement
from tables import table


def measure_waiting(bench: Bench) -> list[str]:
    from browser_times import measure_browser  # alone needs a browser, and tests/browser on the path

    questions: dict[str, Callable[[], list[Measurement]]] = {
        "the import": measure_import,
        "the call": measure_explore,
        "the browser": measure_browser,
    }
    rows: list[Measurement] = []
    for name, measure in questions.items():
        bench.say(name)
        rows += measure()
    return ["The digits network: 64-128-128-10 on all 1,797 samples, 51×51 cells.", "", *lines(rows)]


def lines(rows: Iterable[Measurement]) -> list[str]:
    return table(("what", "median, p95, n", "goal"), ((row.what, row.measured, row.judged) for row in rows))
