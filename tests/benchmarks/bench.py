"""What do the questions share? The workloads, and what one of them found that another needs."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from workloads import Workload

import landscape_widget as lw

GIGAFLOPS = 2 * 2048**3 / 1e9


@dataclass(frozen=True)
class Speed:
    """Cells per second on all of the data, medians: ours, and of each peer."""

    own: float
    peers: dict[str, float]

    @property
    def best_peer(self) -> float:
        return max(self.peers.values())


@dataclass
class Bench:
    """One run.

    Attributes:
        surfaces: the finest that was computed of each workload.
    """

    workloads: Sequence[Workload]
    rounds: int = 3
    speeds: dict[str, Speed] = field(default_factory=dict)
    surfaces: dict[str, lw.Surface] = field(default_factory=dict)

    def surface(self, workload: Workload) -> lw.Surface:
        if workload.name not in self.surfaces:
            self.surfaces[workload.name] = lw.compute(*workload.problem(), resolution=workload.grids[1])
        return self.surfaces[workload.name]

    def say(self, what: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def sgemm(times: int = 5) -> list[float]:
    """GF/s of products of 2048×2048 matrices, with torch's own threads: this machine's limit."""
    a, b = torch.ones(2048, 2048), torch.ones(2048, 2048)
    limits = []
    for _ in range(times):
        began = time.perf_counter()
        torch.mm(a, b)
        limits.append(GIGAFLOPS / (time.perf_counter() - began))
    return limits


@contextmanager
def busy_process() -> Iterator[None]:
    """Somebody else who uses one core."""
    other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        other.terminate()
        other.wait()
