"""How fast is it, on this machine, now? `make bench` prints tables; goals are compared, never asserted."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

import torch
from bench import Bench
from cells import measure_cells
from curvature import measure_curvature
from drawing import measure_drawing
from exactness import measure_exactness
from fewer_cells import measure_fewer_cells
from first_picture import measure_first_picture
from peak_memory import measure_peak_memory
from principal_components import measure_principal_components
from recorder_overhead import measure_recorder_overhead
from scaling import measure_scaling
from tables import put
from waiting import measure_waiting
from workloads import WORKLOADS

PAGE = Path(__file__).parents[2] / "docs" / "speed.md"
QUESTIONS: dict[str, tuple[str, Callable[[Bench], list[str]]]] = {
    "cells": ("Cells a second", measure_cells),
    "exactness": ("Error against float64", measure_exactness),
    "fewer": ("Fewer cells for the same picture", measure_fewer_cells),
    "picture": ("The first picture", measure_first_picture),
    "memory": ("Memory", measure_peak_memory),
    "waiting": ("What a person waits for", measure_waiting),
    "trajectory": ("Principal components of checkpoints on disk", measure_principal_components),
    "recorder": ("What recording costs", measure_recorder_overhead),
    "curvature": ("A map of curvature", measure_curvature),
    "drawing": ("Drawing in space", measure_drawing),
    "scaling": ("Many workers", measure_scaling),
}


def main() -> None:
    options = arguments()
    bench = Bench([WORKLOADS[name] for name in options.workloads], options.rounds)
    for name in options.only:
        title, measure = QUESTIONS[name]
        before = load()
        lines = [
            f"### {title}",
            "",
            *measure(bench),
            "",
            f"{machine()} · load {before} before, {load()} after",
        ]
        print(*lines, "", sep="\n", flush=True)
        if options.write and len(options.workloads) == len(WORKLOADS):
            put(PAGE, name, lines)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=QUESTIONS, default=list(QUESTIONS), help="questions")
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--write", action="store_true", help=f"put tables of all workloads into {PAGE.name}, too"
    )
    return parser.parse_args()


def machine() -> str:
    return " · ".join(facts())


def facts() -> Iterable[str]:
    yield f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"
    yield f"{torch.get_num_threads()} torch threads"
    yield f"Python {platform.python_version()}"
    yield f"torch {version('torch')}"


def load() -> str:
    """Of the last minute: this process alone adds up to the number of cores."""
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
