"""Workers that are killed in the middle of a level, or hang: what is known stays, and the rest comes."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

import landscape_widget as lw
from landscape_widget.evaluate.spread.engines import engine_of
from landscape_widget.evaluate.spread.sizes import Sizes
from landscape_widget.evaluate.spread.spreading import Spreading
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State, Values
from tests.cases import classification
from tests.pools import pool
from tests.worker_faults import Fault

pytestmark = pytest.mark.processes

PLACES = np.array([(a, b) for b in np.linspace(-1, 1, 9) for a in np.linspace(-1, 1, 9)])
LOST = {
    "stdlib": "The workers are gone (BrokenProcessPool: A process in the process pool was",
    "loky": "The workers are gone (TerminatedWorkerError: A worker process managed by the executor was",
}


@contextmanager
def engine(name: str) -> Iterator[Executor]:
    """Two fresh processes."""
    if name == "stdlib":
        with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as workers:
            yield workers
    elif name == "loky":
        loky = pytest.importorskip("loky")
        with loky.ProcessPoolExecutor(2) as workers:
            yield workers
    else:
        distributed = pytest.importorskip("distributed")
        with ExitStack() as stack:
            cluster = distributed.LocalCluster(
                n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
            )
            client = stack.enter_context(distributed.Client(stack.enter_context(cluster)))
            yield client.get_executor()


def fault(folder: Path, **options: object) -> Fault:
    token = folder / "token"
    token.touch()
    return Fault(os.getpid(), token, **options)  # type: ignore[arg-type]


def right() -> Surface:
    """What this process measures, with the loss that the faulty one is otherwise."""
    case = classification(partial(torch.nn.functional.cross_entropy, reduction="none"))
    return lw.compute(case.model, case.loss, case.data, resolution=9)


def threads() -> set[str]:
    """Those that aren't meant to stay."""
    kept = ("landscape worker", "landscape engine", "landscape clock", "MainThread")
    return {t.name for t in threading.enumerate() if not t.name.startswith(kept)}


@pytest.mark.parametrize("name", ["stdlib", "loky", "Dask"])
def test_a_worker_that_is_killed_in_the_middle_costs_no_cell(name: str, tmp_path: Path) -> None:
    loss, case, before = fault(tmp_path), classification(), threads()
    weights = [parameter.clone() for parameter in case.model.parameters()]
    with engine(name) as workers:
        surface = lw.compute(case.model, loss, case.data, resolution=9, executor=workers)
    assert not loss.token.exists()  # somebody did die
    assert surface.is_done and (surface.state == State.EXACT).all()
    np.testing.assert_allclose(surface["loss"], right()["loss"], rtol=1e-6)
    notes = surface.settings["engine"]["notes"]
    assert (
        any(note.startswith(LOST.get(name, "")) for note in notes) or name == "Dask"
    )  # which starts another
    assert all(map(torch.equal, weights, case.model.parameters()))
    assert threads() - before == set() or name != "stdlib"


def measured(objective: Objective, workers: Executor, patience: float) -> Values:
    """All cells, given up where a task takes longer than ``patience`` seconds."""
    spreading = Spreading(
        engine_of(workers), pool(2), None, None, "stop", sizes=partial(Sizes, least_patience=patience)
    )
    directions = tuple(RandomDirection(seed)(objective) for seed in (0, 1))
    spread = spreading(objective, Subspace(objective.params, directions))
    answers = list(spread(PLACES, 37, lambda: False))
    spread.close()
    order = np.argsort(np.concatenate([values.cells for values in answers]))
    columns = ("cells", "mean", "standard_error", "count", "state")
    together = {name: np.concatenate([getattr(v, name) for v in answers])[order] for name in columns}
    return Values(**together, how=answers[-1].how)


@pytest.mark.parametrize("name", ["stdlib", "Dask"])
def test_a_worker_that_hangs_is_left_and_its_cells_are_measured_by_others(name: str, tmp_path: Path) -> None:
    released = tmp_path / "released"
    loss, case = fault(tmp_path, released=released), classification()
    objective = read_objective(case.model, loss, case.data)
    with engine(name) as workers:
        lw.compute(case.model, case.loss, case.data, resolution=5, executor=workers)  # both are there by then
        values = measured(objective, workers, patience=3.0)
        released.touch()
    assert not loss.token.exists()
    assert values.cells.tolist() == list(range(81)) and (values.state == State.EXACT).all()
    np.testing.assert_allclose(values.mean[:, 0].reshape(9, 9), right()["loss"], rtol=1e-6)
    assert values.how is not None
    assert any(
        note.startswith("A task never came back, so its cells were given") for note in values.how.notes
    )
