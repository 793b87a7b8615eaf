"""Is every line of Python in the README true?"""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import numpy as np
import plotly.io
import pytest
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

import landscape_widget as lw

README = (Path(__file__).parents[1] / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def names() -> dict:
    """What a person has who has just trained a network."""
    images, labels = torch.randn(40, 6, generator=torch.Generator().manual_seed(0)), torch.arange(40) % 3
    loader = DataLoader(TensorDataset(images, labels), batch_size=16)
    model, other, third = (torch.nn.Linear(6, 3) for _ in range(3))

    def train() -> None:
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(200):
            optimizer.zero_grad()
            F.cross_entropy(model(images), labels).backward()
            optimizer.step()

    return {
        "model": model,
        "other": other,
        "a": other,
        "b": third,
        "train": train,
        "data": (images, labels),
        "loss": F.cross_entropy,
        "F": F,
        "loader": loader,
        "images": images,
        "labels": labels,
    }


def test_its_python_runs_as_written(names, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(plotly.io.renderers, "default", "json")
    for block in BLOCKS:
        exec(block, names)
    surface, loaded = names["surface"], names["lw"].load("landscape.npz")
    assert len(BLOCKS) == 4 and surface.is_done and surface["loss"].shape == (51, 51)
    np.testing.assert_array_equal(loaded["loss"], surface["loss"])
    assert names["widget"].x == (-2.0, 2.0)


def test_its_options_are_those_of_explore():
    table = re.findall(r"^\| (`.*?`) \|", README, re.MULTILINE)
    options = re.findall(r"`(\w+)`", " ".join(table))
    assert set(options) == set(names_of_options())


def names_of_options() -> list[str]:
    return [
        parameter.name
        for parameter in inspect.signature(lw.explore).parameters.values()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    ]
