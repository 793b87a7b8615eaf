"""What is measured? W1 to W6: six kinds of network, each trained a little on data that can be learned."""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import networks
import torch
import torch.nn.functional as F
from networks import Transformer, perceptron, resnet, small_cnn
from sklearn.datasets import load_digits
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

Data = tuple[Tensor, Tensor]
Problem = tuple[nn.Module, Callable[[Tensor, Tensor], Tensor], Data]
KEPT = Path(__file__).parents[2] / "test-output" / "benchmarks"
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


@dataclass(frozen=True)
class Workload:
    """A network, its data, and how long it is trained.

    Attributes:
        gigaflops: of one evaluation on all the data, as `FlopCounterMode` counts it.
        grids: points along each axis of a short and a longer run, whose difference is the steady speed.
        cells: how many a peer is timed on; at least 4.
        truth: samples on which the whole 51×51 is known in reasonable time.
    """

    name: str
    what: str
    network: Callable[[], nn.Module]
    data: Callable[[], Data]
    gigaflops: float
    grids: tuple[int, int]
    cells: int
    truth: int
    steps: int
    batch: int = 128
    rate: float = 1e-3

    def problem(self, below: float | None = None) -> Problem:
        """What ``explore`` and ``compute`` take; the network is trained once, and kept in a file.

        Args:
            below: train on until the loss on all the data is below this.
        """
        with torch.random.fork_rng(devices=()):
            torch.manual_seed(0)
            model, data = self.network(), self.data()
            kept = KEPT / "networks" / f"{self.name}-{self.recipe(below)}.pt"
            if kept.exists():
                model.load_state_dict(torch.load(kept))
            else:
                train(model, data, self.steps, self.batch, self.rate, below)
                kept.parent.mkdir(parents=True, exist_ok=True)
                torch.save(model.state_dict(), kept)
        return model.eval(), F.cross_entropy, data

    def recipe(self, below: float | None = None) -> str:
        """Changes with whatever decides the weights or the data."""
        how = self.network, self.data, self.steps, self.batch, self.rate, below
        text = "".join(map(inspect.getsource, (networks, train, images, sequences)))
        return hashlib.sha256(f"{ADDRESS.sub('', str(how))}{text}".encode()).hexdigest()[:12]


def train(model: nn.Module, data: Data, steps: int, batch: int, rate: float, below: float | None) -> None:
    """With one torch thread: beside a busy process, more would wait for each other."""
    inputs, targets = data
    optimizer = torch.optim.Adam(model.parameters(), rate)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    model.train()
    done = False
    while not done:
        for _ in range(steps):
            some = torch.randint(len(targets), (min(batch, len(targets)),))
            optimizer.zero_grad()
            F.cross_entropy(model(inputs[some]), targets[some]).backward()
            optimizer.step()
        done = below is None or loss_of(model, data) < below
    torch.set_num_threads(threads)


@torch.no_grad()
def loss_of(model: nn.Module, data: Data) -> float:
    inputs, targets = data
    return F.cross_entropy(model(inputs), targets).item()


def flops(problem: Problem) -> float:
    """Of one evaluation on all the data, counted on two samples; fused attention would count as nothing."""
    model, criterion, (inputs, targets) = problem
    with FlopCounterMode(display=False) as counter, torch.no_grad(), sdpa_kernel(SDPBackend.MATH):
        criterion(model(inputs[:2]), targets[:2])
    return counter.get_total_flops() * len(targets) / 2


def digits() -> Data:
    pixels, targets = load_digits(return_X_y=True)
    return torch.tensor(pixels, dtype=torch.float32) / 16, torch.tensor(targets)


def images(count: int, channels: int, size: int, flat: bool = False) -> Data:
    """Ten smooth patterns, each moved by up to three pixels and hidden in noise."""
    draw = torch.Generator().manual_seed(1)
    coarse = torch.randn(10, channels, 7, 7, generator=draw)
    patterns = F.interpolate(coarse, (size, size), mode="bicubic")
    targets = torch.randint(10, (count,), generator=draw)
    moves = torch.randint(-3, 4, (count, 2), generator=draw).tolist()
    moved = [patterns[t].roll(move, (1, 2)) for t, move in zip(targets.tolist(), moves, strict=True)]
    inputs = torch.stack(moved) + torch.randn(count, channels, size, size, generator=draw)
    return (inputs.flatten(1) if flat else inputs), targets


def sequences(count: int, length: int, tokens: int) -> Data:
    """Tokens drawn from ten distributions, one a class."""
    draw = torch.Generator().manual_seed(1)
    likely = torch.randn(10, tokens, generator=draw).softmax(1)
    targets = torch.randint(10, (count,), generator=draw)
    return torch.multinomial(likely[targets], length, replacement=True, generator=draw), targets


WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload(
            name="W1",
            what="perceptron 64-128-128-10 on the 1,797 digits",
            network=partial(perceptron, 64, 128, 128, 10),
            data=digits,
            gigaflops=0.0929,
            grids=(9, 51),
            cells=400,
            truth=1797,
            steps=60,
            batch=1797,
            rate=1e-2,
        ),
        Workload(
            name="W2",
            what="perceptron 784-256-128-10 on 10,000 images",
            network=partial(perceptron, 784, 256, 128, 10),
            data=partial(images, 10_000, 1, 28, flat=True),
            gigaflops=4.695,
            grids=(9, 51),
            cells=35,
            truth=10_000,
            steps=100,
        ),
        Workload(
            name="W3",
            what="small CNN on 2,000 images of 28×28",
            network=small_cnn,
            data=partial(images, 2000, 1, 28),
            gigaflops=22.70,
            grids=(5, 13),
            cells=4,
            truth=200,
            steps=60,
        ),
        Workload(
            name="W4",
            what="ResNet-20 with BatchNorm on 1,024 images of 32×32",
            network=partial(resnet, 20),
            data=partial(images, 1024, 3, 32),
            gigaflops=83.59,
            grids=(5, 9),
            cells=4,
            truth=64,
            steps=60,
        ),
        Workload(
            name="W5",
            what="ResNet-56 with BatchNorm on 512 images of 32×32",
            network=partial(resnet, 56),
            data=partial(images, 512, 3, 32),
            gigaflops=128.8,
            grids=(5, 9),
            cells=4,
            truth=16,
            steps=40,
            batch=64,
        ),
        Workload(
            name="W6",
            what="transformer, 2 layers of width 128, on 256 sequences of 64 tokens",
            network=partial(Transformer, 64, 64),
            data=partial(sequences, 256, 64, 64),
            gigaflops=13.96,
            grids=(5, 13),
            cells=9,
            truth=32,
            steps=60,
            batch=64,
        ),
    )
}
