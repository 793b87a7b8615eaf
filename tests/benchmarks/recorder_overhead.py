"""What does recording cost a training that takes one checkpoint an epoch?"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from bench import Bench
from networks import perceptron, resnet
from tables import Must, table
from torch import nn
from torch.optim.optimizer import _global_optimizer_post_hooks as hooks

from landscape_widget.subspace.recorder import record

MOST = 2.0  # per cent
CALLS = 1000


@dataclass(frozen=True)
class Training:
    """A network and one epoch of its training; short epochs, where a checkpoint costs most."""

    what: str
    network: Callable[[], nn.Module]
    shape: tuple[int, ...]
    steps: int
    batch: int = 32
    epochs: int = 1
    pairs: int = 10


@dataclass(frozen=True)
class Cost:
    """Seconds of this thread's own time, with one torch thread: whatever else runs counts little.

    Attributes:
        plain: of an epoch without a recorder, one a run.
        recorded: of an epoch with one, in turns with the others.
        checkpoint: of one checkpoint.
        hook: of the hook on one step.
    """

    plain: list[float]
    recorded: list[float]
    checkpoint: float
    hook: float


TRAININGS = (
    Training(
        "perceptron 64-128-128-10", lambda: perceptron(64, 128, 128, 10), (64,), 57, epochs=10, pairs=20
    ),
    Training("ResNet-20", lambda: resnet(20), (3, 32, 32), 20),
    Training("ResNet-56", lambda: resnet(56), (3, 32, 32), 8),
)


def measure_recorder_overhead(bench: Bench) -> list[str]:
    """What the recorder itself takes, and what epochs with and without it differ by."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    rows = []
    for training in TRAININGS:
        bench.say(f"recording {training.what}")
        cost = measured(training)
        epoch = float(np.median(cost.plain))
        own = 100 * (cost.checkpoint + training.steps * cost.hook) / epoch
        differ = 100 * (float(np.median(cost.recorded)) / epoch - 1)
        rows.append(
            [
                training.what,
                f"{training.steps} steps of {training.batch}, {1000 * epoch:.0f} ms",
                f"{1000 * cost.checkpoint:.2f} ms",
                f"{1e6 * cost.hook:.1f} µs",
                Must(MOST, at_most=True)(own, "{:.2f} %"),
                f"{differ:+.1f} % ± {100 * spread(cost.plain) / epoch:.1f} %",
            ]
        )
    torch.set_num_threads(threads)
    header = "network", "an epoch", "a checkpoint", "a step's hook", "together", "epochs with and without"
    return [*table(header, rows), "", "Medians of the training thread's own time, one torch thread."]


def measured(training: Training) -> Cost:
    """Train some epochs with a recorder and some without, in turns."""
    draw = torch.Generator().manual_seed(0)
    x = torch.randn(training.batch, *training.shape, generator=draw)
    y = torch.randint(10, (training.batch,), generator=draw)
    model = training.network()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)

    def epoch() -> None:
        for _ in range(training.steps):
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()

    epoch()
    seconds: tuple[list[float], list[float]] = ([], [])
    checkpoints = []
    for number in range(2 * training.pairs):
        recorded = number % 4 in (1, 2)  # first as often as second
        with record(model, every=None) if recorded else nullcontext() as trajectory:
            began = time.thread_time()
            for _ in range(training.epochs):
                epoch()
                if trajectory is not None:
                    ended = time.thread_time()
                    trajectory.snapshot()
                    checkpoints.append(time.thread_time() - ended)
            seconds[recorded].append((time.thread_time() - began) / training.epochs)
    with record(model, every=None):
        hook = list(hooks.values())[-1]
        began = time.thread_time()
        for _ in range(CALLS):
            hook(optimizer, (), {})
        each = (time.thread_time() - began) / CALLS
    return Cost(*seconds, float(np.median(checkpoints)), each)


def spread(values: list[float]) -> float:
    """Half of the distance between the quartiles."""
    low, high = np.quantile(values, (0.25, 0.75))
    return float(high - low) / 2


def main() -> None:
    print(*measure_recorder_overhead(Bench([])), sep="\n")


if __name__ == "__main__":
    main()
