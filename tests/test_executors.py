"""Real executors: threads, spawned processes, loky and Dask, through `compute` and `explore`."""

import json
import multiprocessing
import os
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import landscape_widget as lw
from landscape_widget.evaluate.spread.messages import WorkerTraceback
from tests.cases import CASES, ConvNet, draw, draw_classes, mlp, seeded

pytestmark = pytest.mark.processes

KINDS = ("threads", "spawn", "loky", "dask")
IMAGES, CLASSES = draw(60, 1, 6, 6), draw_classes(3, 60)
ROWS = draw(60, 4), CLASSES


@pytest.fixture(scope="module")
def threads():
    with ThreadPoolExecutor(2) as executor:
        yield executor


@pytest.fixture(scope="module")
def spawn():
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        yield executor


@pytest.fixture(scope="module")
def loky():
    from loky.process_executor import ProcessPoolExecutor as LokyExecutor

    executor = LokyExecutor(2)
    yield executor
    executor.shutdown()


@pytest.fixture(scope="module")
def client():
    from distributed import Client, LocalCluster

    options = {"processes": True, "n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
    with LocalCluster(**options) as cluster, Client(cluster) as client:
        yield client


@pytest.fixture(scope="module")
def dask(client):
    return client.get_executor()


@pytest.fixture(params=KINDS)
def executor(request):
    return request.getfixturevalue(request.param)


def assert_equal(surface, expected):
    """To 1e-6 of the value, and each cell known."""
    assert surface.is_done and surface.metrics == expected.metrics
    for name in (metric.name for metric in expected.metrics):
        np.testing.assert_allclose(surface[name], expected[name], rtol=1e-6, atol=1e-9)


def test_compute_equals_the_plain_way(executor):
    for name in ("residual convolutions, batches", "tied embedding, ignored tokens, batches", "batch loss"):
        case = CASES[name]()
        problem = case.model, case.loss, case.data
        options = {"resolution": 7, "one_dimensional": "scaled"}
        assert_equal(lw.compute(*problem, executor=executor, **options), lw.compute(*problem, **options))


def test_whatever_is_asked_travels_too(executor):
    problem = seeded(ConvNet), F.cross_entropy, (IMAGES, CLASSES)
    other = seeded(ConvNet)
    with torch.no_grad():
        other.head.weight += 0.3
    asked = [
        {"batch_norm": "reestimate", "test_data": (IMAGES[:20], CLASSES[:20])},
        {"directions": [lw.RandomDirection(3, "layer")], "repeats": 3, "samples": 40},
        {"directions": [lw.TowardsModel(other), lw.GradientDirection()], "dtype": torch.float64},
        {"orthogonalize": True, "autocast": torch.bfloat16, "device": "cpu"},
    ]
    for options in asked:
        surface = lw.compute(*problem, executor=executor, resolution=5, **options)
        assert_equal(surface, lw.compute(*problem, resolution=5, **options))


def test_the_cells_of_a_map_are_measured_there_too(executor):
    problem = seeded(ConvNet), F.cross_entropy, (IMAGES, CLASSES)
    options = {"resolution": 3, "metrics": {"curvature": lw.HessianExtremes(resolution=5, samples=30)}}
    surface, expected = lw.compute(*problem, executor=executor, **options), lw.compute(*problem, **options)
    assert_equal(surface, expected)
    there, here = surface.maps["curvature"], expected.maps["curvature"]
    assert there.is_done and there.settings["engine"]["executor"]
    for name in (metric.name for metric in here.metrics if metric.name != "residual"):
        np.testing.assert_allclose(there[name], here[name], rtol=1e-3)


def test_dropout_draws_the_same_numbers_there(spawn):
    model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 3))
    options = {"mode": "train", "resolution": 5}
    surface = lw.compute(model, F.cross_entropy, ROWS, executor=spawn, **options)
    assert_equal(surface, lw.compute(model, F.cross_entropy, ROWS, **options))


def test_the_number_of_workers_changes_no_bit(client, dask):
    case = CASES["residual convolutions, batches"]()
    first = client.get_executor(workers=[next(iter(client.nthreads()))])
    alone, together = (
        lw.compute(case.model, case.loss, case.data, executor=executor, resolution=9)
        for executor in (first, dask)
    )
    np.testing.assert_array_equal(alone["loss"], together["loss"])


def test_it_says_who_measured(executor, request):
    kind = request.node.callspec.params["executor"]
    names = {"threads": "ThreadPoolExecutor", "spawn": "ProcessPoolExecutor", "loky": "loky", "dask": "Dask"}
    surface = lw.compute(mlp(), F.cross_entropy, ROWS, executor=executor, resolution=5)
    engine = surface.settings["engine"]
    assert (engine["executor"], engine["workers"], engine["machines"]) == (names[kind], 2, 1)
    assert engine["notes"] == []


def unpacked(path):
    """Leave a line with the number of the process."""
    with open(path, "a") as file:
        file.write(f"{os.getpid()}\n")
    return Counted(path)


class Counted(str):
    """A path to which every process that unpacks it adds a line."""

    def __reduce__(self):
        return unpacked, (str(self),)

    def __deepcopy__(self, memo):
        return self


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_model_is_unpacked_once_in_each_worker_however_many_tasks_and_scenes(kind, request, tmp_path):
    executor = request.getfixturevalue(kind)
    model, path = mlp(), tmp_path / "log"
    model.counted = Counted(path)
    widget = lw.explore(model, F.cross_entropy, ROWS, executor=executor, resolution=17)
    widget.wait()
    widget.directions = [{"key": "random", "seed": 5}, {"key": "random", "seed": 6}]
    widget.wait()
    widget.close()
    lines = Counter(path.read_text().split())
    assert lines and set(lines.values()) == {1} and str(os.getpid()) not in lines


def test_a_slider_moved_in_the_middle_shows_what_it_asks_for(executor):
    expected = lw.compute(mlp(), F.cross_entropy, ROWS, x=(-0.5, 0.5), y=(-2, 2), resolution=17)
    widget = lw.explore(mlp(), F.cross_entropy, ROWS, executor=executor, resolution=65)
    for reach in (0.9, 0.8, 0.7, 0.6, 0.5):
        widget.x = (-reach, reach)
    widget.y, widget.resolution = (-2, 2), (17, 17)
    assert_equal(widget.wait(), expected)
    widget.close()


class Slow(nn.Linear):
    """Waits at each batch for a file, in whichever process."""

    def __init__(self, path):
        super().__init__(4, 3)
        self.path = str(path)

    def forward(self, x):
        for _ in range(600):
            if Path(self.path).exists():
                break
            threading.Event().wait(0.05)
        return super().forward(x)


def test_stop_and_close_do_not_wait_for_the_workers(executor, tmp_path):
    (tmp_path / "go").touch()
    widget = lw.explore(Slow(tmp_path / "go"), F.cross_entropy, ROWS, executor=executor, resolution=5)
    widget.wait()
    (tmp_path / "go").unlink()
    widget.x = (-3, 3)
    widget.stop()
    assert widget.surface is None or not widget.surface.is_done
    (tmp_path / "go").touch()
    widget.resume()
    assert widget.wait().is_done
    (tmp_path / "go").unlink()
    widget.x = (-4, 4)
    widget.close()
    (tmp_path / "go").touch()


def test_the_error_of_a_loss_tells_where_it_was_raised(executor):
    def loss(output, target):
        if output.abs().max() > 3:
            raise ArithmeticError("the output is too large")
        return F.cross_entropy(output, target)

    with pytest.raises(ArithmeticError, match="the output is too large") as caught:
        lw.compute(mlp(), loss, ROWS, executor=executor, x=(-9, 9), resolution=9)
    assert isinstance(caught.value.__cause__, WorkerTraceback)
    assert "in loss\n" in str(caught.value.__cause__)
    surface = lw.compute(mlp(), loss, ROWS, executor=executor, x=(-9, 9), resolution=9, on_error="skip")
    assert surface.is_done and 0 < (surface.state == 5).sum() < 81


@pytest.mark.parametrize("kind", ["threads", "dask"])
def test_several_landscapes_share_an_executor(kind, request):
    executor = request.getfixturevalue(kind)
    members = {"a": mlp(), "b": nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3))}
    comparison = lw.compare(members, F.cross_entropy, ROWS, executor=executor, resolution=9)
    for name, surface in comparison.wait().items():
        assert_equal(surface, lw.compute(members[name], F.cross_entropy, ROWS, resolution=9))
    comparison.close()


SCRIPT = """
import json, multiprocessing
from concurrent.futures import ProcessPoolExecutor

import torch
from torch import nn

import landscape_widget as lw


class Own(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 3)
        self.act = lambda x: x.tanh()

    def forward(self, x):
        return self.act(self.body(x))


if __name__ == "__main__":
    torch.manual_seed(0)
    model, data = Own(), (torch.randn(50, 4), torch.arange(50) % 3)
    loss = lambda output, target: nn.functional.cross_entropy(output, target)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as executor:
        there = lw.compute(model, loss, data, executor=executor, resolution=9)
    here = lw.compute(model, loss, data, resolution=9)
    far = float(abs(there["loss"] / here["loss"] - 1).max())
    print(json.dumps([far, there.settings["engine"].get("executor"), there.settings["engine"]["notes"]]))
"""


def test_classes_and_lambdas_of_a_script_travel(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    ran = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    far, name, notes = json.loads(ran.stdout)
    assert far < 1e-6 and (name, notes) == ("ProcessPoolExecutor", [])


def test_a_script_without_its_guard_is_measured_here_and_told_so(tmp_path):
    """Its workers begin by running the script, and Python ends them for it."""
    guard = 'if __name__ == "__main__":'
    (tmp_path / "script.py").write_text(SCRIPT.replace(guard, "if True:"))
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    ran = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    far, _, notes = json.loads(ran.stdout.splitlines()[-1])
    assert far < 1e-6 and notes[0].startswith("The workers are gone (BrokenProcessPool: ")
