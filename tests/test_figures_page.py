"""Does every call in the page about the paper's figures do what it says?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import nn

import landscape_widget as lw

PAGE = (Path(__file__).parents[1] / "docs" / "figures.md").read_text()
CALLS = re.findall(r"`(lw\.(?:explore|compare)\(.*?\))`(?=[ ,:|])", PAGE)
INPUTS = torch.randn(40, 6, generator=torch.Generator().manual_seed(0))
DATA = (INPUTS, torch.arange(40) % 3)


def trained(seed: int) -> tuple[nn.Module, lw.Trajectory]:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with lw.record(model, every=5) as trajectory:
        for _ in range(20):
            optimizer.zero_grad()
            F.cross_entropy(model(DATA[0]), DATA[1]).backward()
            optimizer.step()
    return model.eval(), trajectory


@pytest.fixture(scope="module")
def names() -> dict:
    (model, trajectory), (large, _) = trained(0), trained(1)
    same = {"model": model, "small": model, "large": large, "trajectory": trajectory}
    return {"lw": lw, "loss": F.cross_entropy, "data": DATA, "test": DATA, **same}


def test_there_are_calls_on_the_page():
    assert len(CALLS) == 9 and sum(call.startswith("lw.compare") for call in CALLS) == 3


@pytest.mark.parametrize("call", CALLS)
def test_a_call_on_the_page_runs_to_its_end(call, names):
    shown = eval(call, names)
    made = shown.wait()
    surfaces = made.values() if call.startswith("lw.compare") else [made]
    assert all(surface.is_done for surface in surfaces)
    shown.close()
