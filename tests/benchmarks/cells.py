"""How many cells a second, on all of the data, beside our peers and beside the machine's limit?"""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from bench import Bench, Speed, busy_process, sgemm
from peers import PEERS, in_place
from tables import Must, across, short
from workloads import Problem, Workload

import landscape_widget as lw

MUST: dict[str, float] = {"W1": 2.3, "W2": 6, "W3": 2.7, "W4": 1.45, "W5": 1.45, "W6": 1.15}
MUST_SHARE = {"W1": 0.8, "W2": 3.6, "W3": 0.62, "W4": 0.88, "W5": 0.86, "W6": 0.57}
ABOUT = (
    "Cells a second are those of the longer of two grids without the shorter one's, so set-up is no part of "
    "them. Rounds in which all take turns; medians, and ratios within a round. Peers are timed on some of "
    "the cells, after a first one, and their values compared with ours. The limit is the best product of two "
    "2048×2048 matrices in the same run; a share of it counts the operations of the plain forward pass, so "
    "algebra may exceed 1."
)


@dataclass(frozen=True)
class Round:
    """Cells per second, and page faults of the operating system per cell of ours."""

    own: float
    busy: float
    plain: float
    plain_busy: float
    peers: dict[str, float]
    faults: float


def measure_cells(bench: Bench) -> list[str]:
    limits: list[float] = []
    rounds: dict[str, list[Round]] = {workload.name: [] for workload in bench.workloads}
    for number in range(bench.rounds):
        for workload in bench.workloads:
            limits += sgemm()
            bench.say(f"round {number + 1}, {workload.name}, limit {max(limits):.0f} GF/s")
            found = one_round(bench, workload, busy=number == bench.rounds - 1)
            bench.say(str(found))
            rounds[workload.name].append(found)
    columns: list[tuple[str, ...]] = [("", *HEADINGS)]
    for workload in bench.workloads:
        of_rounds = rounds[workload.name]
        bench.speeds[workload.name] = speed(of_rounds)
        columns.append((workload.name, *numbers(workload, of_rounds, max(limits), bench.surface(workload))))
    limit = f"The limit was {max(limits):.0f} GF/s (median {np.median(limits):.0f})."
    works = (f"{w.name}: {w.what}, {w.gigaflops:g} GF a cell." for w in bench.workloads)
    return [ABOUT, "", f"{limit} {bench.rounds} rounds. {' '.join(works)}", "", *across(columns, "")]


def one_round(bench: Bench, workload: Workload, busy: bool) -> Round:
    problem = workload.problem()
    own, faults, surface = steady(problem, workload.grids)
    bench.surfaces[workload.name] = surface
    rates = {}
    for name, peer in {**PEERS, "plain": in_place}.items():
        timed = peer(problem, surface, workload.cells)
        timed.check(surface)
        rates[name] = timed.rate
    own_busy = plain_busy = np.nan
    if busy:
        with busy_process():
            own_busy, _, _ = steady(problem, workload.grids)
            plain_busy = in_place(problem, surface, workload.cells).rate
    plain = rates.pop("plain")
    return Round(own, own_busy, plain, plain_busy, rates, faults)


def steady(problem: Problem, grids: tuple[int, int]) -> tuple[float, float, lw.Surface]:
    """Cells per second and page faults per cell without the set-up, and the larger surface."""
    took, faults, surfaces = [], [], []
    for points in grids:
        before, began = page_faults(), time.perf_counter()
        surfaces.append(lw.compute(*problem, resolution=points))
        took.append(time.perf_counter() - began)
        faults.append(page_faults() - before)
    cells, seconds = grids[1] ** 2 - grids[0] ** 2, took[1] - took[0]
    rate = cells / seconds if seconds > 0 else np.nan  # the machine did something else meanwhile
    return rate, max(0, faults[1] - faults[0]) / cells, surfaces[1]


def page_faults() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def speed(rounds: Sequence[Round]) -> Speed:
    peers = {name: float(np.median([r.peers[name] for r in rounds])) for name in PEERS}
    return Speed(float(np.median([r.own for r in rounds])), peers)


HEADINGS = (
    "**ours, cells/s**",
    "… against the best peer",
    "… share of the limit",
    *(f"{name}, cells/s" for name in PEERS),
    "a plain loop in place, cells/s",
    "… ours against it",
    "beside a busy process, ours, cells/s",
    "… share of the quiet speed",
    "… the plain loop, share of its quiet speed",
    "page faults a cell",
    "grids",
    "what the engine says",
)


def numbers(workload: Workload, rounds: Sequence[Round], limit: float, surface: lw.Surface) -> list[str]:
    """One column: in the order of the headings."""

    def median(values: Sequence[float]) -> float:
        return float(np.median(values))

    own = median([r.own for r in rounds])
    ratio = median([r.own / max(r.peers.values()) for r in rounds])
    share = own * workload.gigaflops / limit
    last = rounds[-1]
    return [
        f"**{short(own)}**",
        Must(MUST[workload.name])(ratio),
        Must(MUST_SHARE[workload.name])(share, "{:.2f}"),
        *(short(median([r.peers[name] for r in rounds])) for name in PEERS),
        short(median([r.plain for r in rounds])),
        f"{median([r.own / r.plain for r in rounds]):.2f}",
        short(last.busy),
        Must(0.5)(last.busy / last.own, "{:.2f}"),
        f"{last.plain_busy / last.plain:.2f}",
        short(median([r.faults for r in rounds])),
        "{0}×{0}, {1}×{1}".format(*workload.grids),
        how(surface),
    ]


def how(surface: lw.Surface) -> str:
    """What the engine chose, and the speed it measured itself, as they stand in the surface's settings."""
    chosen = {name.replace("_", " "): value for name, value in surface.settings.get("engine", {}).items()}
    return "; ".join(f"{name}: {as_text(value)}" for name, value in chosen.items() if value)


def as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return short(value) if isinstance(value, (int, float)) and value is not True else str(value)
