"""What do the workers of an executor bring, what does a task cost, and how far would that carry?"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from bench import Bench
from tables import across, short, table
from torch import nn
from workloads import Problem

import landscape_widget as lw
from landscape_widget import shared
from landscape_widget.evaluate.spread.engines import engine_of
from landscape_widget.evaluate.spread.luggage import Home, Luggage
from landscape_widget.evaluate.spread.sizes import SECONDS, Sizes
from landscape_widget.evaluate.spread.spreading import Spreading
from landscape_widget.evaluate.spread.worker import measure
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace

GRIDS = {"W1": (9, 51), "W2": (5, 13), "W6": (5, 9)}
ASK = 2.0  # seconds that an ask for cells should take, and at least two cells a worker
CELLS, WORKERS = (0.01, 0.1, 1.0, 10.0), (8, 64)
EMPTY, TASKS = 50, 200
ABOUT = (
    "Cells a second are those of the longer of two grids without the shorter one's; each worker has one "
    "torch thread, and shares the cores with this process. In brackets: shares of the threads here."
)
PAPER = (
    "On paper, for cells of t seconds on N workers, a graphics card each: a task holds n = max(1, "
    f"{SECONDS:g} s / t) cells; this process works for o seconds on a task, so at most n·t / o workers "
    f"are busy; an ask of max({ASK:g} s, 2 t) ends with one round trip r. Speed-up = min(N, n·t / o) · "
    "A / (A + r), with Dask's o and r from above, its scheduler in this process. "
    "Nobody has tried it on as many cards."
)


@dataclass(frozen=True)
class Cost:
    """Seconds: of an empty task's round trip, of a task of ours, one of many, and of this process for it."""

    trip: float
    task: float
    own: float


def measure_scaling(bench: Bench) -> list[str]:
    """Speeds of every engine, the cost of its tasks, and what follows for many."""
    problems = {w.name: w.problem() for w in bench.workloads if w.name in GRIDS}
    rates = {"threads here": {name: rate(problems[name], GRIDS[name]) for name in problems}}
    costs: dict[str, Cost] = {}
    for engine, of in ENGINES.items():
        for workers in (1, 2):
            bench.say(f"scaling: {engine}, {workers}")
            with of(workers) as executor:
                who = f"{engine}, {workers} {'worker' if workers == 1 else 'workers'}"
                rates[who] = {name: rate(problems[name], GRIDS[name], executor) for name in problems}
                if workers == 2:
                    costs[engine] = Cost(round_trip(executor), *task_cost(executor))
    out, back, _ = nbytes(trivial())
    _, _, job = nbytes(read_objective(*problems["W1"]))
    return [
        ABOUT,
        "",
        *across([("", *rates), *columns(rates, problems)], "cells a second"),
        "",
        f"A task with 2 cells is {out:,} bytes there and {back:,} back; the job of W1 is {job:,} bytes, once "
        "to each worker.",
        "",
        *table(
            (
                "engine",
                "an empty task, there and back",
                "one of many trivial tasks",
                "… work of this process",
            ),
            [(name, *map(milliseconds, (cost.trip, cost.task, cost.own))) for name, cost in costs.items()],
        ),
        "",
        PAPER,
        "",
        *table(
            ("a cell takes", *(f"{count} workers" for count in WORKERS)),
            [
                (f"{cell:g} s", *(f"{speed_up(cell, count, costs['Dask']):.1f} times" for count in WORKERS))
                for cell in CELLS
            ],
        ),
    ]


def columns(rates: dict[str, dict[str, float]], names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Each workload's speeds, and their shares of the first."""
    for name in names:
        first, *others = (found[name] for found in rates.values())
        yield name, short(first), *(f"{short(other)} ({other / first:.2f})" for other in others)


def rate(problem: Problem, grids: tuple[int, int], executor: Executor | None = None) -> float:
    """Cells per second without the set-up; workers that have yet to begin do so before."""
    took = []
    for points in (grids[0], *grids):
        began = time.perf_counter()
        lw.compute(*problem, resolution=points, **{} if executor is None else {"executor": executor})
        took.append(time.perf_counter() - began)
    seconds = took[2] - took[1]
    return (grids[1] ** 2 - grids[0] ** 2) / seconds if seconds > 0 else np.nan


def speed_up(cell: float, workers: int, cost: Cost) -> float:
    """How many times faster than one worker, as `PAPER` has it."""
    cells = max(1, int(SECONDS / cell))
    ask = max(ASK, 2 * cell)
    return min(workers, cells * cell / cost.own) * ask / (ask + cost.trip)


def round_trip(executor: Executor) -> float:
    """Median seconds of a task that does nothing."""
    took = []
    for _ in range(EMPTY):
        began = time.perf_counter()
        executor.submit(os.getpid).result()
        took.append(time.perf_counter() - began)
    return float(np.median(took))


def task_cost(executor: Executor) -> tuple[float, float]:
    """Seconds a task of one trivial cell, when there are many, and how long this process works for it."""
    objective = trivial()
    spreading = Spreading(
        engine_of(executor), shared.pool(), None, None, "stop", sizes=partial(Sizes, seconds=0.0)
    )
    spread = spreading(objective, plane(objective))
    places = np.random.default_rng(0).uniform(-1, 1, (TASKS, 2))
    list(spread(places[:20], 1, lambda: False))
    began, worked = time.perf_counter(), time.process_time()
    list(spread(places, 1, lambda: False))
    took, own = time.perf_counter() - began, time.process_time() - worked
    spread.close()
    return took / TASKS, own / TASKS


def nbytes(objective: Objective) -> tuple[int, int, int]:
    """Bytes of a task with two cells, of its answer, and of what every worker gets once."""
    directions = plane(objective).directions
    luggage = Luggage(
        Home(engine_of(_Nobody())), objective, directions, device=None, budget=None, on_error="stop"
    )
    task = luggage.task([(0, (0.0, 0.0)), (1, (0.5, 0.0))], 1, plain=False, threads=1)
    answer = measure(task, luggage.along(True))
    sizes = len(pickle.dumps(task)), len(pickle.dumps(answer)), luggage.nbytes
    luggage.close()
    return sizes


def trivial() -> Objective:
    """A few weights, and one sample."""
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(0)
        model = nn.Linear(2, 2)
    return read_objective(model, F.cross_entropy, (torch.ones(1, 2), torch.zeros(1, dtype=torch.int64)))


def plane(objective: Objective) -> Subspace:
    return Subspace(objective.params, tuple(RandomDirection(seed)(objective) for seed in (0, 1)))


def milliseconds(seconds: float) -> str:
    return f"{short(1000 * seconds)} ms"


def processes(workers: int) -> ProcessPoolExecutor:
    """Python's own."""
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


@contextmanager
def dask(workers: int) -> Iterator[Executor]:
    """A cluster of this machine."""
    from distributed import Client, LocalCluster

    options: dict[str, Any] = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": ":0"}
    with LocalCluster(processes=True, **options) as cluster, Client(cluster) as client:
        yield client.get_executor()


class _Nobody:
    """An executor to pack for, which runs nothing."""

    def submit(self) -> None:
        raise NotImplementedError


ENGINES: dict[str, Callable[[int], Any]] = {"ProcessPoolExecutor": processes, "Dask": dask}
