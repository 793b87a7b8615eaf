"""Killed at any moment, does a run leave what it knew, all of it right, and go on from there?"""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

import landscape_widget as lw
from landscape_widget.surface.run_file import RunFile

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

for path in sys.stdin:
    path = path.strip()
    child = os.fork()  # no thread has been started here
    if child == 0:
        written = os.open(path + ".measured", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        compute(path)
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Nursery:
    """A process that has imported torch once, and whose children compute one landscape each."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", NURSERY.replace("POINTS", str(POINTS))]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, path: Path) -> int:
        """Have a child compute into a file; return its number."""
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def ended(self) -> int:
        """Wait for the child, and return how it ended."""
        return int(self._process.stdout.readline())

    def kill(self, child: int) -> None:
        os.kill(child, signal.SIGKILL)
        assert self.ended() == -signal.SIGKILL

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def nursery():
    made = Nursery()
    yield made
    made.close()


def measured(path: Path) -> int:
    """How many cells all children have measured for a file, those at the door included."""
    counted = path.with_name(f"{path.name}.measured")
    return counted.read_bytes().count(b"\n") if counted.exists() else 0


def wait_for(path: Path, cells: int) -> None:
    wanted = measured(path) + cells
    while measured(path) < wanted:
        time.sleep(0.001)


def known_and_right(path: Path) -> int:
    """How many cells a file knows; each must be what it is by its place."""
    if not path.exists():
        return 0
    held = lw.load(path)
    known = np.flatnonzero(held.final)
    there = held.coordinates(known)
    assert np.allclose(held.values[0, known], there[:, 0] + 10 * there[:, 1], rtol=0, atol=1e-6)
    return len(known)


def test_killed_at_any_moment_it_keeps_what_it_knew_and_goes_on_from_there(nursery, tmp_path):
    path, moments, known = tmp_path / "run.npz", random.Random(0), 0
    for _ in range(KILLS):
        child = nursery.start(path)
        wait_for(path, moments.randrange(2, 60))
        time.sleep(moments.uniform(0, 0.02))
        nursery.kill(child)
        before, known = known, known_and_right(path)
        assert known >= before
    assert 0 < known < CELLS
    nursery.start(path)
    assert nursery.ended() == 0 and known_and_right(path) == CELLS
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["run.npz", "run.npz.measured"]
    all_together = measured(path)
    nursery.start(path)
    assert nursery.ended() == 0
    at_the_door = measured(path) - all_together  # of a file that is done: the door, and the origin again
    assert all_together <= CELLS + KILLS * IN_FLIGHT + (KILLS + 1) * at_the_door


def test_while_one_process_writes_others_read_and_none_writes_until_it_is_gone(nursery, tmp_path):
    path = tmp_path / "run.npz"
    child = nursery.start(path)
    wait_for(path, 60)
    some = known_and_right(path)
    with pytest.raises(ValueError, match=rf"run\.npz is being written by process {child} on"):
        RunFile(path, time.monotonic, others={})
    wait_for(path, 40)
    assert some <= known_and_right(path)
    nursery.kill(child)
    with closing(RunFile(path, time.monotonic, others={})) as file:
        assert file.known is not None
