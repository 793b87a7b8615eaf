"""How fast is it, on this machine, now? `make bench` prints one table; goals are compared, never asserted."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable
from importlib.metadata import version

import torch
from browser_times import measure_browser
from explore_call import measure_explore
from import_time import measure_import
from measurement import Measurement
from surface_time import measure_surface

QUESTIONS = {
    "the import": measure_import,
    "the call": measure_explore,
    "whole surfaces": measure_surface,
    "the browser": measure_browser,
}


NETWORK = "The digits network: 64-128-128-10 on all 1,797 samples, 51×51 cells."


def main() -> None:
    loads = [f"{load()} at the start"]
    rows: list[Measurement] = []
    for name, measure in QUESTIONS.items():
        print(f"Measuring {name} …", file=sys.stderr, flush=True)
        rows += measure()
        loads.append(f"{load()} after {name}")
    print(NETWORK, *machine(), f"Load average of a minute: {', '.join(loads)}.\n", *table(rows), sep="\n")


def machine() -> Iterable[str]:
    packages = " · ".join(f"{name} {version(name)}" for name in ("torch", "ipykernel", "jupyterlab"))
    yield f"{os.cpu_count()} cores, {platform.machine()} · {torch.get_num_threads()} torch threads"
    yield f"{platform.system()} · Python {platform.python_version()} · {packages}"


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def table(rows: Iterable[Measurement]) -> Iterable[str]:
    yield "| what | median, p95, n | goal |"
    yield "|---|---|---|"
    for row in rows:
        yield f"| {row.what} | {row.measured} | {row.judged} |"


if __name__ == "__main__":
    main()
