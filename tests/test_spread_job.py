"""What travels to a worker: all of it, once, no more than is needed, and in words where it can't."""

import threading
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from landscape_widget.evaluate.spread import job, store
from landscape_widget.evaluate.spread.engines import Others
from landscape_widget.evaluate.spread.job import (
    Drifted,
    look_of,
    pack_look,
    pack_objective,
    unpack_look,
    unpack_objective,
)
from landscape_widget.evaluate.spread.messages import Raised, WorkerTraceback
from landscape_widget.evaluate.spread.parcel import Parcel, pack, unpack
from landscape_widget.evaluate.spread.spreading import Spreading
from landscape_widget.evaluate.spread.store import FEWEST, MOST, Shelf
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.direction import as_direction
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace
from tests.cases import CASES, classification, draw
from tests.pools import pool
from tests.spread_cases import Cluster, all_of, objective_of, spread_of


def packed(content, folder):
    return pack({"it": content}, folder).read()


@pytest.mark.parametrize("name", [name for name in CASES if name != "trained"])  # takes as long as all others
def test_an_objective_arrives_as_it_left(name, tmp_path):
    objective = replace(objective_of(CASES[name]()), batch_norm=None)
    there = unpack_objective(pack_objective(objective, tmp_path).read() or b"", "cpu")
    cell = there.measure(there.model, there.portions(there.samples))
    expected = objective.measure(objective.model, objective.portions(objective.samples))
    np.testing.assert_array_equal(cell.mean, expected.mean)
    assert there.metrics == objective.metrics and there.sizes == objective.sizes
    for name, tensor in there.params.items():
        assert tensor.data_ptr() == dict(there.model.named_parameters())[name].data_ptr()


def test_data_that_share_memory_travel_once(tmp_path):
    """Batches are views of one tensor; each would take all of it along."""
    x = draw(2000, 50)
    batches = [(part, torch.zeros(len(part), dtype=torch.long)) for part in x.split(10)]
    objective = read_objective(nn.Linear(50, 3), F.cross_entropy, batches)
    objective.train.cut(2000, 0, 100)
    assert pack_objective(objective, tmp_path).nbytes < 1.5 * x.nbytes


def test_subsets_stay_here(tmp_path):
    objective = objective_of(classification())
    before = pack_objective(objective, tmp_path).nbytes
    for seed in range(4):
        objective.train.take(20, seed)
    assert pack_objective(objective, tmp_path).nbytes == before


def test_a_random_direction_travels_as_its_seed_and_arrives_bit_for_bit(tmp_path):
    objective = read_objective(nn.Linear(1000, 100), F.mse_loss, (draw(3, 1000), draw(3, 100)))
    direction = as_direction(RandomDirection(7), objective)
    parcel = pack_look(look_of(objective, (direction,), None), tmp_path)
    assert parcel.nbytes < 10_000 < direction.vector["weight"].nbytes
    (there,) = unpack_look(parcel.read() or b"").along(objective).directions
    assert there.fingerprint == direction.fingerprint


@pytest.mark.parametrize("threads", [1, 2])
def test_a_draw_is_the_same_on_any_number_of_torch_threads(threads):
    objective = read_objective(nn.Linear(1000, 100), F.mse_loss, (draw(3, 1000), draw(3, 100)))
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(threads)
        layer = RandomDirection(1, "layer")(objective).fingerprint
    finally:
        torch.set_num_threads(before)
    assert layer == RandomDirection(1, "layer")(objective).fingerprint


def test_any_other_direction_travels_as_its_tensors(tmp_path):
    objective = objective_of(classification())
    direction = as_direction({name: draw(*p.shape) for name, p in objective.params.items()}, objective)
    parcel = pack_look(look_of(objective, (direction,), None), tmp_path)
    (there,) = unpack_look(parcel.read() or b"").along(objective).directions
    assert there.fingerprint == direction.fingerprint


def test_a_direction_that_is_drawn_otherwise_there_is_noticed_and_sent(monkeypatch):
    objective = objective_of(classification())
    drawing = RandomDirection.__call__

    def otherwise(self, objective):
        made = drawing(self, objective)
        return replace(made, vector={name: 2 * tensor for name, tensor in made.vector.items()})

    cluster = Cluster(2)
    spread = spread_of(cluster, objective)
    expected = all_of(spread_of(Cluster(2), objective), 37)
    monkeypatch.setattr(RandomDirection, "__call__", otherwise)
    values = all_of(spread, 37)
    np.testing.assert_allclose(values.mean, expected.mean, rtol=1e-6)
    assert values.how.notes == ("The workers draw other directions from the same seeds, so they were sent.",)
    look = look_of(objective, (drawing(RandomDirection(0), objective),), None)
    with pytest.raises(Drifted):
        look.along(objective)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("model", "Expected the model to be something that can travel"),
        ("loss", "Expected the loss, or a metric, to be something that can travel"),
    ],
)
def test_what_can_not_travel_is_named(broken, said, tmp_path):
    lock = threading.Lock()
    objective = objective_of(classification())
    if broken == "model":
        objective.model.lock = lock
    else:

        def loss(output, target):
            return F.cross_entropy(output, target) if lock else None

        objective = objective_of(replace(classification(), loss=loss))
    with pytest.raises(
        ValueError, match=f"{said} to an executor's workers; packing it raised TypeError: .*lock"
    ):
        pack_objective(objective, tmp_path)


def test_another_version_there_is_told_of(monkeypatch, tmp_path):
    parcel = pack_objective(objective_of(classification()), tmp_path)
    monkeypatch.setattr(job, "version", lambda name: "0.0.1")
    with pytest.raises(
        RuntimeError, match=r"where the workers are, as in the notebook; got 0\.0\.1\. Install the"
    ):
        unpack_objective(parcel.read() or b"", None)


def test_a_file_that_was_changed_is_not_read(tmp_path):
    parcel = pack({"it": 1}, tmp_path)
    assert unpack(parcel.read() or b"", None) == {"it": 1}
    (tmp_path / f"{parcel.fingerprint}.job").write_bytes(b"something else")
    assert parcel.read() is None
    assert Parcel(parcel.fingerprint, 1, "/elsewhere").read() is None


def test_a_full_disk_is_told_of(tmp_path):
    with pytest.raises(
        OSError, match=r"What the workers need, .* MB, can't be written to .*/nowhere \(.* or set TMPDIR"
    ):
        pack({"it": 1}, tmp_path / "nowhere")


def test_what_a_worker_keeps_is_bounded_by_number_and_by_bytes():
    small, large = Shelf(), Shelf()
    for number in range(2 * MOST):
        small.put(number, 1, number)
        large.put(number, 2**40, number)
    assert [small.get(number) is None for number in range(2 * MOST)] == [True] * MOST + [False] * MOST
    assert sum(large.get(number) is not None for number in range(2 * MOST)) == FEWEST


def test_a_worker_unpacks_a_job_once_for_all_its_threads_and_scenes(monkeypatch):
    unpacked = []
    unpacking = store.unpack_objective
    monkeypatch.setattr(store, "unpack_objective", lambda *a: unpacked.append(1) or unpacking(*a))
    objective = objective_of(classification())
    cluster = Cluster(1)
    spreading = Spreading(Others(cluster, "cluster"), pool(1), None, 2**28, "stop", clock=cluster.clock)
    for seed in range(3):
        directions = RandomDirection(seed)(objective), RandomDirection(seed + 1)(objective)
        spread = spreading(objective, Subspace(objective.params, directions))
        all_of(spread, 37)
    assert len(unpacked) == 1


def refuse():
    raise TypeError("not here")


class Odd(Exception):
    """Can be packed, but not unpacked."""

    def __reduce__(self):
        return refuse, ()


class Locked(Exception):
    """Can't be packed."""

    def __init__(self):
        super().__init__("locked")
        self.lock = threading.Lock()


def raised(error):
    try:
        raise error
    except Exception as caught:
        return Raised.of(caught)


def test_an_error_arrives_as_itself_with_the_workers_traceback():
    error = raised(ZeroDivisionError("by zero")).error()
    assert type(error) is ZeroDivisionError and str(error) == "by zero"
    assert isinstance(error.__cause__, WorkerTraceback)
    assert "in raised\n" in str(error.__cause__)


@pytest.mark.parametrize(("error", "said"), [(Odd("1 and 2"), "Odd: 1 and 2"), (Locked(), "Locked: locked")])
def test_an_error_that_can_not_travel_arrives_in_words(error, said):
    there = raised(error).error()
    assert type(there) is RuntimeError and str(there) == said
    assert said in str(there.__cause__)
