"""How long does a whole surface take, beside the loops that people write without us?"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable

import numpy as np
import torch
from digits import Problem, digits
from measurement import Goal, Measurement, repeat
from torch.utils.data import DataLoader, TensorDataset

import landscape_widget as lw

Move = Callable[[float, float], None]
Loop = Callable[[Problem, lw.Surface, int], np.ndarray]


def measure_surface() -> list[Measurement]:
    """Take turns, so that a busy moment of the machine meets all of them alike."""
    problem = digits()
    rounds = repeat(lambda: one_round(problem), times=7, seconds=40)
    ratios = {name: [loops[name] / own for own, loops in rounds] for name in LOOPS}
    return [
        Measurement("`compute` of 51×51", [own for own, _ in rounds], Goal(4.0)),
        *(Measurement(f"{name} ÷ `compute`", ratio, is_ratio=True) for name, ratio in ratios.items()),
    ]


def one_round(problem: Problem) -> tuple[float, dict[str, float]]:
    """Seconds that the whole surface takes: by `compute`, and by each loop, of which a few rows tell."""
    began = time.perf_counter()
    surface = lw.compute(*problem)
    own = time.perf_counter() - began
    loops = {}
    for name, (loop, rows) in LOOPS.items():
        began = time.perf_counter()
        losses = loop(problem, surface, rows)
        loops[name] = (time.perf_counter() - began) * len(surface.y) / rows
        np.testing.assert_allclose(losses, surface["loss"][:rows], rtol=1e-4)
    return own, loops


def paper_loop(problem: Problem, surface: lw.Surface, rows: int) -> np.ndarray:
    """As the code of Li et al. 2018 does it: weights by `p.data`, all of a DataLoader for each cell."""
    model, criterion, data = problem
    net, move = movable(model, surface)
    loader = DataLoader(TensorDataset(*data), batch_size=128)

    def loss_at(x: float, y: float) -> float:
        move(x, y)
        total, correct = 0.0, 0
        with torch.no_grad():
            for images, labels in loader:
                output = net(images)
                total += criterion(output, labels).item() * len(labels)
                correct += output.argmax(1).eq(labels).sum().item()
        return total / len(data[0])

    return table(loss_at, surface, rows)


def full_batch_loop(problem: Problem, surface: lw.Surface, rows: int) -> np.ndarray:
    """The shortest loop there is: the loss alone, of all data at once."""
    model, criterion, (images, labels) = problem
    net, move = movable(model, surface)

    def loss_at(x: float, y: float) -> float:
        move(x, y)
        with torch.no_grad():
            return criterion(net(images), labels).item()

    return table(loss_at, surface, rows)


LOOPS: dict[str, tuple[Loop, int]] = {
    "the paper's loop (DataLoader, batches of 128)": (paper_loop, 1),
    "a plain full-batch loop, loss alone": (full_batch_loop, 4),
}


def movable(model: torch.nn.Module, surface: lw.Surface) -> tuple[torch.nn.Module, Move]:
    """A copy of the model, and what puts it at a point of the surface's plane."""
    net = copy.deepcopy(model).eval()
    weights = [parameter.data.clone() for parameter in net.parameters()]
    across, up = (
        [torch.as_tensor(direction[name]) for name, _ in net.named_parameters()]
        for direction in surface.directions
    )

    def move(x: float, y: float) -> None:
        for parameter, weight, right, top in zip(net.parameters(), weights, across, up, strict=True):
            parameter.data = weight + (right * x + top * y)

    return net, move


def table(loss_at: Callable[[float, float], float], surface: lw.Surface, rows: int) -> np.ndarray:
    """The first rows of the surface: float64[rows, x]."""
    return np.array([[loss_at(float(x), float(y)) for x in surface.x] for y in surface.y[:rows]])
