"""How do people do it without us? Four ways, on the cells and along the directions of one of our surfaces."""

from __future__ import annotations

import contextlib
import copy
import importlib
import io
import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from unittest import mock

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset
from workloads import KEPT, Problem

import landscape_widget as lw

INSTALLED = KEPT / "peers"
Tensors = list[Tensor]


@dataclass
class Timed:
    """Losses that a peer found, in its own order, and when each was there.

    Attributes:
        cells: row and column of the surface.
    """

    cells: list[tuple[int, int]]
    losses: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def told(self, loss: float) -> float:
        self.losses.append(loss)
        self.times.append(time.perf_counter())
        return loss

    @property
    def rate(self) -> float:
        """Cells per second after the first one, which warms up."""
        return (len(self.times) - 1) / (self.times[-1] - self.times[0])

    def check(self, surface: lw.Surface) -> None:
        """A fast wrong peer would be no peer."""
        expected = [surface["loss"][cell] for cell in self.cells]
        np.testing.assert_allclose(self.losses, expected[: len(self.losses)], rtol=1e-4, atol=1e-9)


Peer = Callable[[Problem, lw.Surface, int], Timed]


def paper_loop(problem: Problem, surface: lw.Surface, count: int) -> Timed:
    """As the code of Li et al. 2018 does it: weights by `p.data`, all of a DataLoader for each cell."""
    model, criterion, data = problem
    net = copy.deepcopy(model).eval()
    weights, across, up = vectors(net, surface)
    loader = DataLoader(TensorDataset(*data), batch_size=128)
    timed = Timed(middle(surface, count))
    for row, column in timed.cells:
        x, y = surface.x[column], surface.y[row]
        for p, w, right, top in zip(net.parameters(), weights, across, up, strict=True):
            p.data = w + (right * x + top * y).type(w.type())
        total, correct = 0.0, 0
        with torch.no_grad():
            for inputs, targets in loader:
                output = net(inputs)
                total += criterion(output, targets).item() * len(targets)
                correct += output.argmax(1).eq(targets).sum().item()
        timed.told(total / len(data[0]))
    return timed


def loss_landscapes(problem: Problem, surface: lw.Surface, count: int) -> Timed:
    """Its walk between three models, which takes our directions; every second column is off by a cell."""
    package = peer("loss_landscapes")
    metrics = peer("loss_landscapes.metrics")
    model, criterion, (inputs, targets) = problem
    side = math.ceil(math.sqrt(count))
    row, column = (len(axis) // 2 - side // 2 for axis in (surface.y, surface.x))
    rows = [range(row, row + side) if i % 2 == 0 else range(row + side - 2, row - 2, -1) for i in range(side)]
    timed = Timed([(r, column + i) for i in range(side) for r in rows[i]])
    metric = metrics.Loss(criterion, inputs, targets)
    x, y = ((float(axis[0]), float(axis[1] - axis[0])) for axis in (surface.x, surface.y))
    start = x[0] + column * x[1], y[0] + (row - 1) * y[1]
    ends = (start[0] + side * x[1], start[1]), (start[0], start[1] + side * y[1])
    models = (moved(model, surface, *place) for place in (start, *ends))
    package.planar_interpolation(*models, lambda wrapped: timed.told(metric(wrapped)), steps=side)
    return timed


def landscaper(problem: Problem, surface: lw.Surface, count: int) -> Timed:
    """Its grid around the model, of which the first row takes as many additions as the whole on average.

    That holds where it reaches two thirds as far as 51×51 do: each cell is reached by one addition a step,
    which is as long on both axes.
    """
    package = peer("landscaper.compute")
    model, criterion, data = problem
    net = copy.deepcopy(model).eval()
    weights, *directions = vectors(net, surface)
    middle_row, middle_column = len(surface.y) // 2, len(surface.x) // 2
    reach = min(17, middle_row, middle_column)
    steps = 2 * reach + 1
    timed = Timed([(middle_row - reach, middle_column - reach + i) for i in range(steps)][:count])

    def scalar(net: nn.Module, data: tuple[Tensor, Tensor]) -> float:
        loss = timed.told(criterion(net(data[0]), data[1]).item())
        if len(timed.losses) == len(timed.cells):
            raise Enough
        return loss

    step = float(surface.x[1] - surface.x[0])
    lengths = [math.sqrt(sum((t.double() ** 2).sum().item() for t in ts)) for ts in (weights, *directions)]
    np.testing.assert_allclose(lengths[1], lengths[2], rtol=1e-6)
    distance = step * lengths[1] / lengths[0] * steps / 2
    swapped = [directions[1], directions[0]]  # its first axis is our rows
    with contextlib.suppress(Enough), quiet(), unscaled(package):
        package.compute_loss_landscape(net, data, swapped, scalar, steps, distance, dim=2, device="cpu")
    return timed


def in_place(problem: Problem, surface: lw.Surface, count: int) -> Timed:
    """What one writes who knows torch: in place, batches cut once and of good size, torch's own threads."""
    model, criterion, (inputs, targets) = problem
    net = copy.deepcopy(model).eval()
    weights, across, up = vectors(net, surface)
    kept_row = [w.clone() for w in weights]
    if inputs.dim() == 4:
        inputs = inputs.contiguous(memory_format=torch.channels_last)
        for p in net.parameters():
            if p.dim() == 4:
                p.data = p.data.contiguous(memory_format=torch.channels_last)
    size = 2000 if inputs.dim() == 2 and inputs.is_floating_point() else 64
    batches = list(zip(inputs.split(size), targets.split(size), strict=True))
    timed = Timed(middle(surface, count))
    known_row = None
    with torch.inference_mode():
        parameters = list(net.parameters())
        for row, column in timed.cells:
            if row != known_row:
                known_row = row
                for kept, w, top in zip(kept_row, weights, up, strict=True):
                    torch.add(w, top, alpha=float(surface.y[row]), out=kept)
            for p, kept, right in zip(parameters, kept_row, across, strict=True):
                p.copy_(kept).add_(right, alpha=float(surface.x[column]))
            total = sum(criterion(net(some), labels).item() * len(labels) for some, labels in batches)
            timed.told(total / len(targets))
    return timed


PEERS: dict[str, Peer] = {
    "the paper's loop": paper_loop,
    "loss-landscapes": loss_landscapes,
    "landscaper": landscaper,
}


class Enough(Exception):
    """Of the grid; a few cells tell its speed."""


def middle(surface: lw.Surface, count: int) -> list[tuple[int, int]]:
    """So many cells, row by row from the start of the one in the middle."""
    width = len(surface.x)
    first = len(surface.y) // 2 * width
    return [divmod(cell, width) for cell in range(first, min(first + count, len(surface.y) * width))]


def vectors(net: nn.Module, surface: lw.Surface) -> tuple[Tensors, Tensors, Tensors]:
    """The centre and the two directions, one tensor a parameter."""
    names = [name for name, _ in net.named_parameters()]
    across, up = ([torch.as_tensor(direction[name]) for name in names] for direction in surface.directions)
    return [parameter.data.clone() for parameter in net.parameters()], across, up


def moved(model: nn.Module, surface: lw.Surface, x: float, y: float) -> nn.Module:
    net = copy.deepcopy(model).eval()
    with torch.no_grad():
        for p, w, right, top in zip(net.parameters(), *vectors(net, surface), strict=True):
            p.copy_(w + right * x + top * y)
    return net


def install() -> None:
    """Into a folder of their own, unless they are there; torch and numpy stay ours."""
    wanted = Path(__file__).with_name("peers.txt")
    installed = INSTALLED / wanted.name
    if not installed.exists() or installed.read_text() != wanted.read_text():
        pip = sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade"
        subprocess.run([*pip, "--target", str(INSTALLED), "--requirement", str(wanted)], check=True)
        installed.write_text(wanted.read_text())


def peer(name: str) -> ModuleType:
    """Import a peer; of landscaper `compute` alone, since what its other parts need asks for an old numpy."""
    install()
    if str(INSTALLED) not in sys.path:
        sys.path.append(str(INSTALLED))
    if name.startswith("landscaper") and "landscaper" not in sys.modules:
        package = ModuleType("landscaper")
        package.__path__ = [str(INSTALLED / "landscaper")]
        sys.modules["landscaper"] = package
    return importlib.import_module(name)


@contextlib.contextmanager
def unscaled(package: ModuleType) -> Iterator[None]:
    """Without its own scaling of each tensor, which would make another plane of our directions."""
    with mock.patch.object(package, "normalize_direction", lambda direction, parameters: direction):
        yield


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield
