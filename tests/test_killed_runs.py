"""Killed at any moment, does a run leave what it knew, all of it right, and go on from there?"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import landscape_widget as lw

pytestmark = pytest.mark.processes

POINTS = 15
CELLS = POINTS * POINTS + 1
KILLS = 6
IN_FLIGHT = 2 * 11
"""Cells of 10 ms that two workers may have measured since the last answer, which come every 100 ms or so."""

NURSERY = """
import os, sys, time, torch, torch._dynamo  # which train mode imports late
import landscape_widget as lw

def loss(model, batch):
    a, b = model.weight.detach()[0].tolist()
    os.write(written, b"%r %r\\n" % (a, b))
    time.sleep(0.01)
    return (model.weight * torch.tensor([[1.0, 10.0]])).sum() + model(batch).mean() * 0

def compute(path):
    axes = [{"weight": torch.tensor([[1.0, 0.0]])}, {"weight": torch.tensor([[0.0, 1.0]])}]
    model = torch.nn.Linear(2, 1, bias=False)
    model.weight.data.zero_()
    data = [torch.zeros(1, 2)]
    asked = {"directions": axes, "mode": "train", "resolution": POINTS, "resume": path}
    lw.compute(model, lw.batch_loss(loss), data, **asked)

written = os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
for _ in sys.stdin:
    child = os.fork()  # no thread has been started here
    if child == 0:
        compute(sys.argv[1])
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Nursery:
    """A process that has imported torch once, and whose children compute one landscape each."""

    def __init__(self, folder: Path) -> None:
        self.path, self.measured = folder / "run.npz", folder / "measured.txt"
        self.measured.touch()
        code = NURSERY.replace("POINTS", str(POINTS))
        command = [sys.executable, "-c", code, str(self.path), str(self.measured)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def count(self) -> int:
        """How many cells all children have measured, those at the door included."""
        return self.measured.read_bytes().count(b"\n")

    def start(self) -> int:
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def ended(self) -> int:
        """Wait for the child, and return how it ended."""
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@pytest.fixture
def nursery(tmp_path):
    made = Nursery(tmp_path)
    yield made
    made.close()


def known_and_right(path: Path) -> int:
    """How many cells a file knows; each must be what it is by its place."""
    if not path.exists():
        return 0
    held = lw.load(path)
    known = np.flatnonzero(held.final)
    there = held.coordinates(known)
    assert np.allclose(held.values[0, known], there[:, 0] + 10 * there[:, 1], rtol=0, atol=1e-6)
    return len(known)


def test_killed_at_any_moment_it_keeps_what_it_knew_and_goes_on_from_there(nursery):
    moments, known = random.Random(0), 0
    for _ in range(KILLS):
        before, child = nursery.count(), nursery.start()
        wanted = before + moments.randrange(2, 60)
        while nursery.count() < wanted:
            time.sleep(0.001)
        time.sleep(moments.uniform(0, 0.02))
        os.kill(child, signal.SIGKILL)
        assert nursery.ended() == -signal.SIGKILL
        now = known_and_right(nursery.path)
        assert now >= known
        known = now
    assert 0 < known < CELLS
    nursery.start()
    assert nursery.ended() == 0 and known_and_right(nursery.path) == CELLS
    assert sorted(entry.name for entry in nursery.path.parent.iterdir()) == ["measured.txt", "run.npz"]
    all_together = nursery.count()
    nursery.start()
    assert nursery.ended() == 0
    at_the_door = nursery.count() - all_together  # of a file that is done: the door, and the origin again
    assert all_together <= CELLS + KILLS * IN_FLIGHT + (KILLS + 1) * at_the_door
