"""What does a reader of the docs have at hand? A trained network or three, their data, and a training run."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import landscape_widget as lw

ROOT = Path(__file__).parents[1]
INPUTS = torch.randn(300, 6, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(300) % 3


def blocks(markdown: str) -> list[str]:
    """Return the Python of a page, in its order."""
    return re.findall(r"^```python\n(.*?)^```", markdown, re.DOTALL | re.MULTILINE)


def script(name: str) -> ModuleType:
    """Return one of the scripts that make the site."""
    spec = spec_from_file_location(f"docs_{name}", ROOT / "docs" / "scripts" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def trained(seed: int) -> tuple[nn.Module, lw.Trajectory]:
    """Return a small network with BatchNorm, and its way there."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 3))
    with lw.record(model, every=5) as trajectory:
        train(model, 20)
    return model.eval(), trajectory


def train(model: nn.Module, steps: int) -> None:
    """Take some steps down."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        F.cross_entropy(model(INPUTS), LABELS).backward()
        optimizer.step()


def at_hand() -> dict[str, Any]:
    """Return the names that pages speak of without defining them."""
    (model, trajectory), (other, _), (third, _) = trained(0), trained(1), trained(2)
    data = (INPUTS, LABELS)
    return {
        **{"lw": lw, "F": F, "torch": torch, "loss": F.cross_entropy},
        **{"model": model, "other": other, "large": other, "small": model, "a": other, "b": third},
        **{"data": data, "test": data, "images": INPUTS, "labels": LABELS},
        **{"loader": DataLoader(TensorDataset(*data), batch_size=50), "trajectory": trajectory},
        "train": lambda: train(model, 200),
        "executor": ThreadPoolExecutor(2),
    }


def leave_files(folder: Path) -> None:
    """Write the files that pages read: checkpoints of a run, and those of the paper's code."""
    model, trajectory = trained(0)
    (folder / "run").mkdir()
    for epoch, moment in enumerate(trajectory):
        torch.save(moment.state(), folder / "run" / f"epoch_{epoch}.pt")
    surface = lw.compute(model, F.cross_entropy, (INPUTS, LABELS), trajectory=trajectory, resolution=5)
    files = {"directions": folder / "directions.h5", "projection": folder / "proj_cos.h5"}
    surface.save(folder / "surface.h5", **files)
    surface.save(folder / "resnet56_surface.h5")
