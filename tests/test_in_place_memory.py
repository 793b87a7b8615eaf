"""How much memory does a landscape in place take, beside the model?"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(
        sys.platform != "linux", reason="only Linux says how much of its memory is nobody else's"
    ),
]

SCRIPT = """
import json, sys, threading
import torch, torch.nn.functional as F
from torch import nn
import landscape_widget as lw

torch.set_num_threads(1)
axes, dtype = int(sys.argv[1]), getattr(torch, sys.argv[2])


def anonymous():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("RssAnon"))


def compute(model, width):
    data = (torch.randn(8, width, dtype=dtype), torch.arange(8) % 3)
    directions = [lw.RandomDirection(seed) for seed in range(axes)]
    return lw.compute(model, F.cross_entropy, data, directions=directions, resolution=2, copy=False)


compute(nn.Linear(4, 3).to(dtype), 4)  # what is imported late
before, over, seen = anonymous(), threading.Event(), [0]


def watch():
    while not over.wait(0.001):
        seen.append(anonymous())


torch.set_default_dtype(dtype)
model = nn.Sequential(*(nn.Linear(1600, 1600) for _ in range(6)), nn.Linear(1600, 6400), nn.Linear(6400, 3))
sizes = [parameter.nbytes for parameter in model.parameters()]
watcher = threading.Thread(target=watch)
watcher.start()
compute(model, 1600)
over.set()
watcher.join()
print(json.dumps({"model": sum(sizes), "largest": max(sizes), "peak": max(seen) - before}))
"""


def taken(axes: int, dtype: str) -> dict[str, int]:
    """What is given free goes back to the system at once here, which malloc would keep for the next one."""
    arguments = [sys.executable, "-c", SCRIPT, str(axes), dtype]
    kept = {**os.environ, "MALLOC_MMAP_THRESHOLD_": "65536"}
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=280, check=True, env=kept)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("axes", [1, 2])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_in_place_it_takes_the_model_and_less_than_its_largest_tensor(axes: int, dtype: str) -> None:
    found = taken(axes, dtype)
    print(found)
    assert found["model"] > 50e6
    assert found["model"] < found["peak"] < found["model"] + found["largest"]
