"""How far are our values from those of float64? Cells at random and the centre, of trained networks."""

from __future__ import annotations

import copy

import numpy as np
import torch
import torch.nn.functional as F
from bench import Bench
from tables import Must, table
from workloads import Problem

import landscape_widget as lw

CELLS = 5
DEEP = {"W1": 1e-4, "W2": 1e-4}
ABOUT = (
    f"The worst of {CELLS} cells, the centre one of them, against a forward pass in float64; what is allowed "
    "is 3e-6 of the value and 1e-9."
)


def measure_exactness(bench: Bench) -> list[str]:
    rows = []
    for workload in bench.workloads:
        bench.say(f"exactness of {workload.name}")
        rows.append(row(workload.name, workload.problem(), bench.surface(workload)))
        if below := DEEP.get(workload.name):
            problem = workload.problem(below)
            surface = lw.compute(*problem, resolution=workload.grids[1])
            rows.append(row(f"{workload.name}, trained below {below:g}", problem, surface))
    return [ABOUT, "", *table(("", "loss at the centre", "relative error", "share of what is allowed"), rows)]


def row(name: str, problem: Problem, surface: lw.Surface) -> tuple[str, ...]:
    relative, allowed = worst(problem, surface)
    loss = surface.at("origin")["loss"]
    return name, f"{loss:.2g}", f"{relative:.1e}", Must(1, at_most=True)(allowed, "{:.2g}")


def worst(problem: Problem, surface: lw.Surface) -> tuple[float, float]:
    """The largest relative error, and the largest as a share of what is allowed."""
    rows, columns = surface["loss"].shape
    draw = np.random.default_rng(0)
    cells = [(rows // 2, columns // 2), *(tuple(draw.integers((rows, columns))) for _ in range(CELLS - 1))]
    true = np.array([reference(problem, surface, *cell) for cell in cells])
    error = np.abs([surface["loss"][cell] for cell in cells] - true)
    return float((error / true).max()), float((error / (3e-6 * true + 1e-9)).max())


@torch.no_grad()
def reference(problem: Problem, surface: lw.Surface, row: int, column: int) -> float:
    """The loss at a cell: slow, and obviously right."""
    model, _, (inputs, targets) = problem
    net = copy.deepcopy(model).double().eval()
    x, y = float(surface.x[column]), float(surface.y[row])
    across, up = surface.directions
    for name, parameter in net.named_parameters():
        weight, right, top = (torch.as_tensor(v[name]).double() for v in (surface.origin, across, up))
        parameter.copy_(weight + x * right + y * top)
    inputs = inputs.double() if inputs.is_floating_point() else inputs
    batches = zip(inputs.split(64), targets.split(64), strict=True)
    total = sum(F.cross_entropy(net(some), labels, reduction="sum").item() for some, labels in batches)
    return total / len(targets)
