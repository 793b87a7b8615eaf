"""What does each fast way give, alone and with the others? Cells a second on W1 to W6, in turns.

Run it on a quiet machine, as ``python -m tests.benchmarks.experiments.what_does_each_way_give [W1 …]``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter

from landscape_widget.evaluate.compiled import Compiled
from landscape_widget.evaluate.crew import Crew
from landscape_widget.evaluate.guests import find_rewrites, likes_channels_last
from landscape_widget.evaluate.plan import Plan
from landscape_widget.evaluate.recording import record
from landscape_widget.evaluate.workers import Workers
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace

sys.path.insert(0, str(Path(__file__).parents[1]))
from workloads import WORKLOADS

ROUNDS = 3
SECONDS = 2.0


def main() -> None:
    """Print one row a way, relative to all of them together."""
    pool = Workers()
    for name in sys.argv[1:] or WORKLOADS:
        objective = read_objective(*WORKLOADS[name].problem())
        print(
            f"\n**{name}**, {WORKLOADS[name].what}\n\n| | cells a second | of all together |\n|---|---|---|"
        )
        rates = measured(objective, pool)
        best = rates["all together"]
        for what, rate in rates.items():
            print(f"| {what} | {rate:,.3g} | {rate / best:.2f} |", flush=True)
    pool.close()


def measured(objective: Objective, pool: Workers) -> dict[str, float]:
    rules = (RandomDirection(seed, normalization="filter") for seed in (0, 1))
    subspace = Subspace(objective.params, tuple(rule(objective) for rule in rules))
    crew = Crew(objective, subspace, pool, seconds=0.02)
    recording = record(objective.model, objective.trial, objective.train.first)
    rewrites = find_rewrites(recording, objective, crew.lines(), compile=False)
    crew.build_in([*rewrites, Compiled()])
    ways = dict(
        plans(objective, [rewrite.name for rewrite in rewrites], likes_channels_last(recording, objective))
    )
    spent: dict[str, list[float]] = {what: [] for what in ways}
    for _ in range(ROUNDS):
        for what, plan in ways.items():
            spent[what].append(rate(crew, plan, objective.train.size))
    return {what: median(rates) for what, rates in spent.items()}


def plans(objective: Objective, rewrites: list[str], images: bool) -> Iterator[tuple[str, Plan]]:
    size = objective.train.size
    limit = min(size, 64 if objective.train.first[0].ndim > 2 or size < 300 else 2048)
    everything = Plan(limit, images, frozenset(rewrites))
    yield "all together", everything
    yield "plain", Plan(limit)
    yield "plain, one full batch", Plan(size)
    for name in rewrites:
        yield f"without: {name}", replace(everything, rewrites=everything.rewrites - {name})
    if images:
        yield "without: channels last", replace(everything, channels_last=False)
    yield "torch's own threads, one worker", replace(everything, wide=True)
    yield "plain, 4 cells in one forward (vmap)", Plan(limit, together=4)
    yield "torch.compile, nothing else", Plan(limit, images, frozenset({Compiled.name}))


def rate(crew: Crew, plan: Plan, samples: int) -> float:
    """Cells a second, once everything is warm."""
    way = plan, crew.portions(samples, plan)
    crew.prepare(*way)
    points = [(0.01 * (cell % 51), 0.02 * (cell // 51)) for cell in range(4096)]
    list(crew.run(list(enumerate(points[: 4 * crew.workers * plan.together])), lambda _: way, lambda: False))
    count, began = 0, perf_counter()
    for _ in crew.run(list(enumerate(points)), lambda _: way, lambda: perf_counter() > began + SECONDS):
        count += 1
    return count / (perf_counter() - began)


if __name__ == "__main__":
    main()
