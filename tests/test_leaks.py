"""What is left of landscapes that were opened and closed? Nothing: no thread, comm, file or tensor."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

import comm
import pytest
import torch
from ipywidgets.widgets.widget import _instances

import landscape_widget as lw
from landscape_widget.live.engine import Engine
from landscape_widget.live.library import Library
from landscape_widget.live.widget import LandscapeWidget
from landscape_widget.live.work import Work
from landscape_widget.scene.offer import Offer
from tests.comparison_cases import candidate, compared
from tests.live_cases import CHOICES, TRAITS, Slope

FEW = 15
MANY = [FEW, pytest.param(200, marks=pytest.mark.processes)]


def held() -> dict[str, int]:
    """What a process holds, but for memory."""
    gc.collect()
    return {
        "threads": threading.active_count(),
        "files": len(os.listdir("/proc/self/fd")),
        "comms": len(comm.get_comm_manager().comms),
        "widgets": len(_instances),
    }


def tensors() -> int:
    """How many there are in this process."""
    gc.collect()
    return sum(issubclass(type(one), torch.Tensor) for one in gc.get_objects())


def left_by(times: int, open_and_close: Callable[[], Any]) -> tuple[dict[str, int], int]:
    """How much more is held after so many times than after one, and how many are still alive."""
    open_and_close()
    before = held()
    alive = [weakref.ref(open_and_close()) for _ in range(times)]
    deadline = time.monotonic() + 10  # the engine's thread may be about to let the last one go
    while (after := held()) and any(reference() for reference in alive) and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    left = sum(reference() is not None for reference in alive)
    return {name: after[name] - before[name] for name in after}, left


@pytest.fixture
def engine():
    made = Engine()
    made.start()
    yield made
    made.close()


NOTHING = ({"threads": 0, "files": 0, "comms": 0, "widgets": 0}, 0)


@pytest.mark.parametrize("times", MANY)
def test_nothing_is_left_of_many_landscapes(engine, times):
    library = Library()

    def open_and_close() -> LandscapeWidget:
        made = LandscapeWidget(engine, Work(Slope().prepare, time.monotonic), CHOICES, TRAITS, library)
        made.wait()
        made.close()
        return made

    assert left_by(times, open_and_close) == NOTHING
    assert engine._sessions == []
    library.close()


def test_nothing_is_left_of_those_that_are_closed_in_the_middle(engine):
    library, slope = Library(), Slope()

    def open_and_close() -> LandscapeWidget:
        slope.hold(after=20)
        made = LandscapeWidget(engine, Work(slope.prepare, time.monotonic), CHOICES, TRAITS, library)
        assert slope.held.wait(10)
        made.close()
        slope.release()
        return made

    assert left_by(FEW, open_and_close) == NOTHING
    library.close()


@pytest.mark.parametrize("times", [FEW, pytest.param(50, marks=pytest.mark.processes)])
def test_nothing_is_left_of_many_comparisons(times):
    def open_and_close() -> Any:
        made = compared(candidate("a"), candidate("b"))
        made.wait()
        made.close()
        made._lines._engine.close()
        made._members["a"]._library.close()
        return made

    assert left_by(times, open_and_close) == NOTHING


@pytest.fixture
def given() -> dict[str, Any]:
    torch.manual_seed(0)
    inputs = torch.randn(32, 4)
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2))
    loss = torch.nn.functional.cross_entropy
    return {"model": model, "loss": loss, "data": (inputs, (inputs[:, 0] > 0).long())}


@pytest.mark.parametrize("options", [{}, {"directions": [lw.GradientDirection()]}], ids=["plane", "line"])
def test_nothing_is_left_of_a_users_landscapes_neither_widget_nor_copies_of_the_model(given, options):
    def open_and_close() -> Any:
        made = lw.explore(**given, resolution=9, **options)
        made.wait()
        made.close()
        return made

    open_and_close()
    before = tensors()
    assert left_by(10, open_and_close) == NOTHING
    assert tensors() <= before


def measuring() -> dict[int, weakref.ref[Any]]:
    """All in this process that measures a landscape or holds its model and data, as long as it is there."""
    gc.collect()
    return {id(one): weakref.ref(one) for one in gc.get_objects() if type(one) in (Work, Offer)}


@pytest.mark.parametrize("is_comparison", [False, True])
def test_a_closed_one_that_a_notebook_still_holds_knows_all_and_measures_nothing(given, is_comparison):
    (model, *asked), others = given.values(), measuring()
    made = lw.compare({"a": model, "b": model}, *asked) if is_comparison else lw.explore(model, *asked)
    made.wait()
    own = [one for number, one in measuring().items() if number not in others]
    assert {type(one()) for one in own} == {Work, Offer}
    made.close()
    deadline = time.monotonic() + 10
    while any(one() for one in own) and time.monotonic() < deadline:
        gc.collect()
        threading.Event().wait(0.05)
    assert [one() for one in own if one()] == []
    known = made.surfaces.values() if is_comparison else [made.surface]
    assert all(surface.is_done for surface in known)


def test_a_closed_one_that_a_notebook_still_holds_knows_its_surface_once(given):
    made = lw.explore(**given, resolution=33, metrics={"curvature": lw.HessianExtremes(resolution=3)})
    surface = made.wait()
    assert made.snapshot and made.snapshots
    made.close()
    assert (made.snapshot, made.snapshots) == (b"", {})
    assert made.surface is surface


def test_nothing_is_left_of_a_users_comparisons(given):
    other = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2))

    def open_and_close() -> Any:
        members = {"wide": given["model"], "narrow": other}
        made = lw.compare(members, given["loss"], given["data"], resolution=5)
        made.wait()
        made.close()
        return made

    assert left_by(5, open_and_close) == NOTHING


def test_a_trajectory_that_is_recorded_holds_no_closed_landscape(given):
    with lw.record(given["model"], every=None) as trajectory:

        def open_and_close() -> Any:
            made = lw.explore(**given, trajectory=trajectory, resolution=5)
            made.wait()
            made.close()
            return made

        open_and_close()
        assert left_by(5, open_and_close) == NOTHING


RESIDENT = """
import gc, os, sys
import torch
import landscape_widget as lw

torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(8, 4096), torch.nn.Tanh(), torch.nn.Linear(4096, 2))
data = (torch.randn(4, 8), torch.arange(4) % 2)

def resident():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

seen = []
for _ in range(int(sys.argv[1])):
    widget = lw.explore(model, torch.nn.functional.cross_entropy, data, resolution=5)
    widget.wait()
    widget.close()
    seen.append(resident())
print(seen[len(seen) // 4], seen[-1])
"""


@pytest.mark.processes
def test_the_memory_of_a_process_stays_where_it_is_over_two_hundred_landscapes():
    run = [sys.executable, "-c", RESIDENT, "200"]
    early, late = map(float, subprocess.check_output(run, text=True).split())
    assert late < 1.05 * early, f"grew from {early:.0f} MB to {late:.0f} MB"
