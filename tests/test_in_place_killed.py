"""Does the file on the disk give the weights back where the kernel is killed in the middle of a cell?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from landscape_widget.objective.original import PREFIX, SUFFIX

pytestmark = pytest.mark.processes

SCRIPT = """
import threading
import torch, torch.nn.functional as F
from torch import nn
import landscape_widget as lw

torch.manual_seed(0)
model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Flatten(), nn.Linear(8 * 16, 3))
torch.save(model.state_dict(), "trained.pt")
data = (torch.randn(12, 3, 6, 6), torch.arange(12) % 3)
weight = model[0].weight.detach().clone()


def loss(output, target):
    if (model[0].weight - weight).abs().max() > 0.1:
        print("moved", flush=True)
        threading.Event().wait()
    return F.cross_entropy(output, target)


lw.compute(model, loss, data, copy=False)
"""


def test_a_killed_kernel_leaves_the_weights_in_the_file(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    killed = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert killed.stdout is not None
    with killed:
        assert killed.stdout.readline() == "moved\n"
        killed.kill()
    (path,) = tmp_path.glob(f"{PREFIX}*{SUFFIX}")
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Flatten(), nn.Linear(8 * 16, 3))
    model.load_state_dict(torch.load(path), strict=False)
    trained = torch.load(tmp_path / "trained.pt")
    assert model.state_dict().keys() == trained.keys()
    assert all(torch.equal(tensor, trained[name]) for name, tensor in model.state_dict().items())
