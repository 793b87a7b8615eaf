"""Are cells right wherever they are measured, as they come back, and whatever goes wrong there?"""

import random
import re
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import landscape_widget as lw
from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.evaluate.spread.engines import Others
from landscape_widget.evaluate.spread.messages import WorkerTraceback
from landscape_widget.evaluate.spread.sizes import Sizes
from landscape_widget.live.given import given
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import SKIP, State, Withdrawn
from tests.cases import CASES, classification, draw, quadratic
from tests.pools import pool
from tests.spread_cases import POINTS, Cluster, all_of, drawn, never, objective_of, spread_of, together


def plain_of(objective, *directions):
    """The plain way, here."""
    return Evaluator(objective, Subspace(objective.params, directions), pool(1), plain=True, seconds=10)


@pytest.mark.parametrize("name", [name for name in CASES if name != "trained"])  # takes as long as all others
def test_cells_measured_elsewhere_equal_the_plain_way_here(name):
    objective = objective_of(CASES[name]())
    directions = drawn(objective)
    expected = all_of(plain_of(objective, *directions), objective.train.size)
    values = all_of(spread_of(Cluster(), objective, *directions), objective.train.size)
    np.testing.assert_allclose(values.mean[:, 0], expected.mean[:, 0], rtol=1e-6, atol=1e-9)
    np.testing.assert_array_equal(values.count, expected.count)
    assert (values.state == State.EXACT).all() and values.cells.tolist() == list(range(25))


def test_a_quadratic_has_its_closed_form():
    case = quadratic()
    objective = objective_of(case)
    values = all_of(spread_of(Cluster(), objective), 5)
    d, e = (direction.vector["theta"].double() for direction in drawn(objective))
    offset = (case.model.theta - case.model.minimum).detach() + torch.as_tensor(POINTS) @ torch.stack([d, e])
    expected = case.model.constant + torch.einsum("ni,ij,nj->n", offset, case.model.hessian, offset) / 2
    np.testing.assert_allclose(values.mean[:, 0], expected, rtol=1e-10)


def test_the_number_of_workers_and_the_order_change_no_bit():
    objective = objective_of(CASES["residual convolutions, batches"]())
    shuffled = random.Random(0).randrange
    clusters = (
        Cluster(1),
        Cluster(2),
        Cluster(3, order=lambda waiting: waiting - 1),
        Cluster(4, order=shuffled),
    )
    first, *others = (all_of(spread_of(cluster, objective), objective.train.size) for cluster in clusters)
    for other in others:
        np.testing.assert_array_equal(other.mean, first.mean)
        np.testing.assert_array_equal(other.standard_error, first.standard_error)


def test_a_preview_on_fewer_samples_and_then_all_are_both_right():
    objective = objective_of(classification())
    spread, plain = spread_of(Cluster(), objective), plain_of(objective, *drawn(objective))
    for samples in (8, 37):
        values, expected = all_of(spread, samples), all_of(plain, samples)
        np.testing.assert_allclose(values.mean, expected.mean, rtol=1e-6)


def test_cells_go_in_their_order():
    cluster = Cluster(3)
    objective = objective_of(classification())
    all_of(spread_of(cluster, objective), 37)
    sent = np.concatenate([one.task.coordinates for one in cluster.done])
    np.testing.assert_array_equal(sent, POINTS)


def test_no_worker_waits_for_another_nor_has_more_than_two_tasks():
    cluster, most = Cluster(4), []
    objective = objective_of(classification())
    spread = spread_of(cluster, objective)
    submit = cluster.submit

    def counting(*args):
        future = submit(*args)
        most.append(len(cluster.waiting))
        return future

    cluster.submit = counting
    all_of(spread, 37)
    assert max(most) == 8 and spread.at_once == 4


def test_a_job_is_sent_once_to_each_worker_where_they_see_no_file():
    cluster = Cluster(3, sees_files=False)
    objective = objective_of(classification())
    spread = spread_of(cluster, objective, sizes=lambda: Sizes(seconds=0))
    all_of(spread, 37)
    assert cluster.laden == 3
    all_of(spread, 37)
    assert cluster.laden == 3


def test_nothing_is_sent_along_where_they_do():
    cluster = Cluster(3)
    spread = spread_of(cluster, objective_of(classification()))
    all_of(spread, 37)
    assert cluster.laden == 0


def test_nothing_is_measured_twice_when_a_worker_lacks_its_job():
    cluster = Cluster(2, sees_files=False)
    answers = list(spread_of(cluster, objective_of(classification()))(POINTS, 37, never))
    assert sorted(np.concatenate([values.cells for values in answers])) == list(range(25))


def test_cancelled_takes_back_what_nobody_has_begun_and_keeps_what_is_known():
    cluster = Cluster(2)
    objective = objective_of(classification())
    known: list[int] = []

    def cancelled():
        return bool(known)

    for values in spread_of(cluster, objective)(POINTS, 37, cancelled):
        known.extend(values.cells.tolist())
    assert 0 < len(known) < 25 and all(sent.future.cancelled() for sent in cluster.waiting)


def test_what_comes_back_too_late_is_heard_by_nobody():
    objective = objective_of(classification())
    cluster = Cluster(2)
    spread = spread_of(cluster, objective)
    first = next(iter(spread(POINTS, 37, never)))
    assert len(cluster.done) > len(first.cells)
    values = all_of(spread, 37, POINTS[:3] / 2)
    assert values.cells.tolist() == [0, 1, 2]
    expected = all_of(plain_of(objective, *drawn(objective)), 37, POINTS[:3] / 2)
    np.testing.assert_allclose(values.mean, expected.mean, rtol=1e-6)


def test_a_lost_task_is_given_to_another_worker():
    def lost(number):
        if number == 3:
            raise ConnectionError("the worker died")

    objective = objective_of(classification())
    values = all_of(spread_of(Cluster(2, happens=lost), objective), 37)
    expected = all_of(spread_of(Cluster(2), objective), 37)
    np.testing.assert_array_equal(values.mean, expected.mean)
    assert values.how.notes == (
        "A task was lost (ConnectionError: the worker died.) and given to another worker.",
    )


class Scattering(Others):
    """Brings a parcel once, until it is told to forget it."""

    brought = ()

    def lay_out(self, parcel):
        if parcel.fingerprint not in self.brought:
            object.__setattr__(self, "brought", (*self.brought, parcel.fingerprint))
        return parcel.read()

    def forget(self, parcel):
        object.__setattr__(self, "brought", ())
        object.__setattr__(self, "forgotten", True)


def test_who_lost_a_task_may_have_lost_the_job_too_so_it_is_brought_anew():
    def lost(number):
        if number == 3:
            raise ConnectionError("the worker died")

    cluster = Cluster(2, sees_files=False, happens=lost)
    engine = Scattering(cluster, "cluster")
    values = all_of(spread_of(cluster, objective_of(classification()), engine=engine), 37)
    assert len(values.cells) == 25 and engine.forgotten and len(engine.brought) == 2


def test_a_broken_pool_leaves_what_is_known_and_the_rest_is_measured_here():
    def broken(number):
        if number >= 3:
            raise BrokenExecutor("a child process terminated abruptly")

    objective = objective_of(classification())
    cluster = Cluster(2, happens=broken)
    spread = spread_of(cluster, objective)
    answers = list(spread(POINTS, 37, never))
    values = together(answers)
    expected = all_of(plain_of(objective, *drawn(objective)), 37)
    np.testing.assert_allclose(values.mean, expected.mean, rtol=1e-6)
    assert sorted(np.concatenate([one.cells for one in answers])) == list(range(25))
    assert values.how.notes == (
        "The workers are gone (BrokenExecutor: a child process terminated abruptly.): what they measured is "
        "kept, and the rest is measured in this process.",
    )
    before = len(cluster.done)
    all_of(spread, 37)
    assert len(cluster.done) == before


def test_a_closed_executor_is_no_reason_to_stop():
    cluster = Cluster(2)
    cluster.closed = True
    objective = objective_of(classification())
    values = all_of(spread_of(cluster, objective), 37)
    assert len(values.cells) == 25
    assert "cannot schedule new futures after shutdown" in values.how.notes[0]


def test_a_worker_that_hangs_is_given_up_and_its_cells_go_elsewhere():
    objective = objective_of(classification())
    cluster = Cluster(2, happens=lambda number: number == 3)
    cluster.step = 1.0
    spread = spread_of(cluster, objective, sizes=lambda: Sizes(least_patience=20))
    values = all_of(spread, 37)
    expected = all_of(spread_of(Cluster(2), objective), 37)
    np.testing.assert_array_equal(values.mean, expected.mean)
    assert values.how.notes == ("A task never came back, so its cells were given to another worker.",)


def test_workers_that_all_hang_are_not_waited_for():
    objective = objective_of(classification())
    cluster = Cluster(2, happens=lambda number: number >= 3)
    cluster.step = 1.0
    values = all_of(spread_of(cluster, objective, sizes=lambda: Sizes(least_patience=20)), 37)
    expected = all_of(plain_of(objective, *drawn(objective)), 37)
    np.testing.assert_allclose(values.mean, expected.mean, rtol=1e-6)
    assert values.how.notes[-1].startswith("The workers no longer answer: what they measured is kept")


def test_a_slow_first_cell_is_waited_for():
    """Nobody knows yet how long one takes."""
    objective = objective_of(classification())
    cluster, asked = Cluster(1), []
    cluster.step = 1e4
    cluster._happens = asked.append
    values = all_of(spread_of(cluster, objective), 37, POINTS[:1])
    assert values.how.notes == () and len(asked) == 1


def test_cells_that_kill_every_worker_end_somewhere():
    def kills(number):
        if (cluster.done[-1].task.coordinates[0] == POINTS[7]).all():
            raise ConnectionError("killed")

    cluster = Cluster(2, happens=kills)
    spread = spread_of(cluster, objective_of(classification()), sizes=lambda: Sizes(seconds=0))
    said = r"Every worker that was given the same cells was lost; .* ConnectionError: killed\. Is"
    with pytest.raises(RuntimeError, match=said):
        all_of(spread, 37)


def test_workers_without_this_package_are_told_of():
    def lacks(number):
        raise ModuleNotFoundError("No module named 'landscape_widget'")

    with pytest.raises(ImportError, match="Install the same version of landscape-widget where they are"):
        all_of(spread_of(Cluster(happens=lacks), objective_of(classification())), 37)


class Picky(nn.Module):
    """Raises where its weight is above a bound."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.full((2, 4), 0.1))

    def forward(self, x):
        if float(self.weight.detach()[0, 0]) > 1.0:
            raise ZeroDivisionError("the weight is too large")
        return x @ self.weight.T


def picky(**options):
    data = draw(20, 4), torch.zeros(20, 2)
    return objective_of(type("Case", (), {"model": Picky(), "loss": F.mse_loss, "data": data}), **options)


def test_the_error_of_a_loss_comes_with_its_own_traceback_after_what_is_known():
    known = []
    with pytest.raises(ZeroDivisionError, match="the weight is too large") as caught:
        for values in spread_of(Cluster(), picky(), plain=True)(POINTS, 20, never):
            known += values.cells.tolist()
    assert known
    assert isinstance(caught.value.__cause__, WorkerTraceback)
    assert "in forward\n" in str(caught.value.__cause__)


def test_a_cell_that_fails_is_marked_where_it_may():
    values = all_of(spread_of(Cluster(), picky(), on_error=SKIP), 20)
    failed = values.state == State.FAILED
    assert 0 < failed.sum() < 25
    assert np.isnan(values.mean[failed]).all() and np.isfinite(values.mean[~failed, 0]).all()
    assert values.how.error == "ZeroDivisionError: the weight is too large"


class Hungry:
    """A loss for which batches above a size don't fit."""

    def __call__(self, output, target):
        if len(output) > 10:
            raise torch.cuda.OutOfMemoryError("not enough memory")
        return F.cross_entropy(output, target, reduction="none")


def test_a_worker_whose_memory_runs_out_takes_smaller_batches():
    case = classification()
    objective = objective_of(replace(case, loss=Hungry()))
    values = all_of(spread_of(Cluster(), objective), 37)
    expected = all_of(plain_of(objective_of(case), *drawn(objective)), 37)
    np.testing.assert_allclose(values.mean[:, 0], expected.mean[:, 0], rtol=1e-6)
    (note,) = values.how.notes
    most = re.fullmatch(r"Batches of at most (\d+) samples: larger ones didn't fit into memory\.", note)
    assert most and 5 <= int(most[1]) <= 10


def test_a_fast_way_that_turns_out_wrong_withdraws_all_and_the_plain_way_goes_on(monkeypatch):
    objective = objective_of(classification())
    cluster = Cluster(2)
    spread = spread_of(cluster, objective)
    expected = all_of(plain_of(objective, *drawn(objective)), 37)
    all_of(spread, 37)
    monkeypatch.setattr("landscape_widget.evaluate.evaluator.agree", lambda *measurements: False)
    with pytest.raises(Withdrawn, match="disagreed with the plain path at a random cell"):
        for _ in range(20):
            all_of(spread, 37)
    before = len(cluster.done)
    values = all_of(spread, 37)
    np.testing.assert_allclose(values.mean, expected.mean, rtol=1e-6)
    assert all(sent.task.plain for sent in cluster.done[before:])


def test_compute_and_explore_spread_over_an_executor():
    case, here = classification(), {"resolution": 7, "samples": 30}
    problem = case.model, case.loss, case.data
    expected = lw.compute(*problem, **here)
    with ThreadPoolExecutor(2) as executor:
        there = lw.compute(*problem, executor=executor, **here)
        widget = lw.explore(*problem, executor=executor, **here)
        shown = widget.wait()
        assert widget.status["where"] == "2 workers on 1 machine (ThreadPoolExecutor)"
        assert ("executor", "executor") in given({"executor": executor})
        widget.close()
    for surface in (there, shown):
        np.testing.assert_allclose(surface["loss"], expected["loss"], rtol=1e-6)
    assert there.settings["fingerprints"] == expected.settings["fingerprints"]


def test_an_executor_is_refused_beside_the_users_own_model():
    case = classification()
    refused = pytest.raises(ValueError, match=r"copy=False measures on your own .* got an executor too")
    with ThreadPoolExecutor(1) as executor, refused:
        lw.compute(case.model, case.loss, case.data, executor=executor, copy=False)


def test_it_says_who_measured():
    values = all_of(spread_of(Cluster(2), objective_of(classification())), 37)
    how = values.how
    assert how.where == "2 workers on 1 machine (cluster)" and how.choices[0].startswith(how.where)
    assert how.settings["executor"] == "cluster" and how.settings["workers"] == 2
    assert how.settings["torch_threads"] == 1 and how.settings["machines"] == 1
    assert how.settings["cells_per_second"] > 0


def test_closing_takes_away_what_was_packed(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    cluster = Cluster(2)
    objective = objective_of(classification())
    spread = spread_of(cluster, objective)
    all_of(spread, 37)
    assert len(list(tmp_path.rglob("*.job"))) == 2
    spread.close()
    spread.close()
    assert not list(tmp_path.iterdir())
    assert len(all_of(spread, 37).cells) == 25
    spread.close()
    assert not list(tmp_path.iterdir())


def test_the_model_and_torchs_threads_stay_as_they_are():
    case = classification()
    before = {name: tensor.clone() for name, tensor in case.model.state_dict().items()}
    threads, random_state = torch.get_num_threads(), torch.get_rng_state()
    all_of(spread_of(Cluster(), objective_of(case)), 37)
    assert all(torch.equal(before[name], tensor) for name, tensor in case.model.state_dict().items())
    assert torch.get_num_threads() == threads and torch.equal(torch.get_rng_state(), random_state)
