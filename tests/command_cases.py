"""A surface that is known so far, and jobs as people write them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State
from tests.live_cases import METRICS

JOB = """
import torch


class Bowl(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.only = torch.nn.Linear(2, 1, bias=False, dtype=torch.float64)
        with torch.no_grad():
            self.only.weight.copy_(torch.tensor([[3.0, 4.0]]))

    def forward(self, inputs):
        return (self.only.weight - 1).square().sum().expand(len(inputs))


def mean(output, target):
    return output.mean()


model, loss, data = Bowl(), mean, (torch.zeros(8, 1), torch.zeros(8))
options = {"resolution": 9}
"""
"""(θ₁ − 1)² + (θ₂ − 1)², which is 13 at the origin."""


STOPPED_IN_THE_MIDDLE = JOB.replace(
    "def mean(output, target):\n",
    """import os, pathlib, signal

calls = []


def mean(output, target):
    calls.append(1)
    if len(calls) == 30 and not pathlib.Path("stopped").exists():
        pathlib.Path("stopped").touch()
        os.kill(os.getpid(), signal.SIGINT)
""",
)
"""The first time it runs, somebody presses Ctrl+C after some cells."""


def job(folder: Path, text: str = JOB) -> Path:
    """Write a job file and return its path."""
    path = folder / "job.py"
    path.write_text(text, encoding="utf-8")
    return path


def known(cells: int, points: int = 9, value: float = 0.5, **more: Any) -> Surface:
    """A square surface of which the first cells, in the order of the levels, are known."""
    axis = Axis(-1, 1, points)
    empty = Surface.empty(Grid(axis, axis), METRICS, samples=100, **more)
    first = np.argsort(empty.grid.cell_levels, kind="stable")[:cells]
    values, states = empty.values.copy(), empty.states.copy()
    values[:, first], states[first] = value, State.EXACT
    return replace(empty, values=values, states=states)
