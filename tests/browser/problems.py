"""What do the notebooks of the browser tests look at? A bowl whose height is known: loss(a, b) = a² + b²."""

from __future__ import annotations

import numpy as np

BOWL = """
import threading
import torch
import landscape_widget as lw

model = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.ones_(model.weight)
data = (torch.zeros(1, 2), torch.zeros(1))
axes = [{"weight": torch.tensor([[1.0, 0.0]])}, {"weight": torch.tensor([[0.0, 1.0]])}]

def bowl(model, batch):
    return ((model.weight - 1) ** 2).sum()
"""

SHOW = """
widget = lw.explore(model, lw.batch_loss(bowl), data, directions=axes, resolution=17)
widget.linked = False
widget.kind, widget.scale = "heatmap", "linear"
widget
"""

# The engine measures once for each `gate.release()`; the checks in the cell's own thread pass freely.
GATE = """
gate = threading.Semaphore(0)
open_bowl = bowl

def bowl(model, batch):
    if threading.current_thread() is not threading.main_thread():
        gate.acquire()
    return open_bowl(model, batch)
"""
ALL = """
gate.release(17 * 17 + 1)  # and the origin
while widget.status["phase"] in ("preparing", "computing"):
    gate.release()  # some cells the engine measures twice, to be sure
    threading.Event().wait(0.05)
"""
CLOSE = """
while gate.acquire(blocking=False):
    pass
"""
FIRST_LEVEL = """
gate.release(5 * 5 + 1)
while widget.surface is None or widget.surface.level < 0:
    gate.release()  # the engine tells of its cells when a slow one ends
    threading.Event().wait(0.1)
"""

# While the trap is set, the loss raises on the engine's thread.
TRAP = """
trap = threading.Event()
open_bowl = bowl

def bowl(model, batch):
    if trap.is_set() and threading.current_thread() is not threading.main_thread():
        raise RuntimeError("the bowl has a crack")
    return open_bowl(model, batch)
"""
# Beyond a = 1/2 there is no number.
CLIFF = """
open_bowl = bowl

def bowl(model, batch):
    value = open_bowl(model, batch)
    return value if model.weight[0, 0] <= 1.5 else value * float("nan")
"""
BUSY = "threading.Event().wait()"  # until it is interrupted
TEN_SECONDS = "threading.Event().wait(10)"


def bowl(x: tuple[float, float] = (-1, 1), y: tuple[float, float] = (-1, 1), points: int = 17) -> np.ndarray:
    """The values that must be drawn: float64[points, points], row = y."""
    return np.add.outer(np.linspace(*y, points) ** 2, np.linspace(*x, points) ** 2)


def measured(values: np.ndarray, points: int) -> np.ndarray:
    """What of ``values`` the level of ``points`` cells a side measures; the rest, interpolated, is NaN."""
    known = np.linspace(0, len(values) - 1, points).astype(int)
    drawn = np.full_like(values, np.nan)
    drawn[np.ix_(known, known)] = values[np.ix_(known, known)]
    return drawn


# A millisecond a sample, until nobody needs to wait any more.
SLOW = """
import time
import torch
import landscape_widget as lw

model = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.ones_(model.weight)
data = (torch.ones(1000, 2), torch.arange(1000) / 1000)
axes = [{"weight": torch.tensor([[1.0, 0.0]])}, {"weight": torch.tensor([[0.0, 1.0]])}]
pause = 1e-3

def slope(model, batch):
    time.sleep(pause * len(batch[0]))
    return (model(batch[0]).squeeze(1) - batch[1]) ** 2

"""

# 100 samples, each with the loss (a ∓ 1)², seen through 50 of them.
CROWD = """
import torch
import landscape_widget as lw

model = torch.nn.Linear(2, 1, bias=False)
torch.nn.init.zeros_(model.weight)
data = (torch.tensor([[1.0, 0.0]]).repeat(100, 1), torch.tensor([[1.0], [-1.0]]).repeat(50, 1))
axes = [{"weight": torch.tensor([[1.0, 0.0]])}, {"weight": torch.tensor([[0.0, 1.0]])}]
widget = lw.explore(
    model, torch.nn.MSELoss(), data, directions=axes, resolution=17, samples=50, metrics={}
)
widget.kind, widget.scale = "heatmap", "linear"
widget
"""

# Logits (a, 0); the right class is 0 in the training data and 1 in the test data.
LINE = """
import torch
import landscape_widget as lw

model = torch.nn.Linear(1, 2, bias=False)
torch.nn.init.zeros_(model.weight)
ones = torch.ones(1, 1)
widget = lw.explore(
    model,
    torch.nn.functional.cross_entropy,
    (ones, torch.tensor([0])),
    test_data=(ones, torch.tensor([1])),
    directions=[{"weight": torch.tensor([[1.0], [0.0]])}],
    resolution=17,
)
widget.scale = "linear"
widget
"""
