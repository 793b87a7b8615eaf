"""Is a map of curvature the same wherever its cells are measured, and what is said of its cost there?"""

import random
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import landscape_widget as lw
from landscape_widget.curvature.hessian_extremes import HessianExtremes
from landscape_widget.evaluate.curvature_map import CurvatureMap
from landscape_widget.evaluate.spread.engines import Others
from landscape_widget.evaluate.spread.messages import Task, WorkerTraceback
from landscape_widget.evaluate.spread.spreading import Spreading
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.direction import as_direction
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import State
from tests.cases import CASES, draw, quadratic
from tests.pools import pool
from tests.spread_cases import Cluster, all_of, drawn, never, objective_of

ASKED = HessianExtremes(samples=20, resolution=9)
POINTS = np.array([(a, b) for b in (-1.0, 0.0, 0.7) for a in (-0.5, 0.0, 1.0)])
KINDS = ("classification", "residual convolutions, batches")


def spreading_over(cluster, on_error="stop"):
    engine = Others(cluster, "cluster")
    return Spreading(engine, pool(1), None, 2**28, on_error, clock=cluster.clock)


def curvature_of(cluster, objective):
    subspace = Subspace(objective.params, drawn(objective))
    return spreading_over(cluster).curvature(objective, subspace, asked=ASKED, name="curvature")


def here(objective):
    subspace = Subspace(objective.params, drawn(objective))
    return CurvatureMap(objective, subspace, pool=pool(1), asked=ASKED, name="curvature")


@pytest.mark.parametrize("name", KINDS)
def test_a_cell_measured_elsewhere_is_to_the_bit_what_it_is_here(name):
    objective = objective_of(CASES[name]())
    expected = all_of(here(objective), 20, POINTS)
    values = all_of(curvature_of(Cluster(), objective), 20, POINTS)
    np.testing.assert_array_equal(values.mean, expected.mean)
    np.testing.assert_array_equal(values.state, expected.state)
    assert (values.count == 20).all() and values.cells.tolist() == list(range(9))


def test_a_quadratic_has_the_ends_of_its_spectrum_everywhere():
    case = quadratic()
    values = all_of(curvature_of(Cluster(), objective_of(case)), 5, POINTS)
    right = np.linalg.eigvalsh(case.model.hessian.numpy())
    np.testing.assert_allclose(values.mean[:, 1], right[-1], rtol=1e-3)
    np.testing.assert_allclose(values.mean[:, 2], right[0], atol=1e-3 * right[-1])
    assert (values.state == State.EXACT).all()


def test_the_number_of_workers_and_the_order_change_no_bit():
    objective = objective_of(CASES["classification"]())
    clusters = (
        Cluster(1),
        Cluster(3, order=lambda waiting: waiting - 1),
        Cluster(4, order=random.Random(0).randrange),
    )
    first, *others = (all_of(curvature_of(cluster, objective), 20, POINTS) for cluster in clusters)
    for other in others:
        np.testing.assert_array_equal(other.mean, first.mean)


def test_picture_and_map_share_the_objective_that_travels_once_to_each_worker():
    objective = objective_of(CASES["classification"]())
    cluster = Cluster(2, sees_files=False)
    spreading, subspace = spreading_over(cluster), Subspace(objective.params, drawn(objective))
    picture = spreading(objective, subspace)
    chart = spreading.curvature(objective, subspace, asked=ASKED, name="curvature")
    all_of(picture, 20, POINTS)
    before = cluster.laden
    all_of(chart, 20, POINTS)
    fingerprints = {sent.task.objective.fingerprint for sent in cluster.done}
    looks = {sent.task.look.fingerprint for sent in cluster.done}
    assert (len(fingerprints), len(looks)) == (1, 2)
    assert cluster.laden - before <= 2


def test_it_says_who_measured_and_keeps_what_was_asked():
    how = all_of(curvature_of(Cluster(2), objective_of(CASES["classification"]())), 20, POINTS).how
    assert how.where == "2 workers on 1 machine (cluster)"
    assert how.settings["executor"] == "cluster" and how.settings["tolerance"] == ASKED.tolerance


def test_what_the_workers_leave_is_measured_here_and_said():
    def broken(number):
        if number == 4:
            raise BrokenExecutor("killed")

    objective = objective_of(CASES["classification"]())
    answers = list(curvature_of(Cluster(1, happens=broken), objective)(POINTS, 20, never))
    cells = np.concatenate([values.cells for values in answers])
    means = np.concatenate([values.mean for values in answers])[np.argsort(cells)]
    np.testing.assert_array_equal(means, all_of(here(objective), 20, POINTS).mean)
    assert "The workers are gone" in " ".join(answers[-1].how.notes)


def test_the_cost_is_what_whole_rounds_of_the_workers_take():
    cluster = Cluster(2)
    chart = curvature_of(cluster, objective_of(CASES["classification"]()))
    one, many = chart.cost(2, never), chart.cost(200, never)
    assert len(cluster.done) == 8  # two cells a worker, each time
    assert one > 0 and many == pytest.approx(100 * one, rel=1)
    assert chart.cost(2, lambda: True) is None


def test_what_the_loss_raises_at_a_cell_has_the_workers_traceback():
    model, data = nn.Linear(3, 1), (draw(20, 3), draw(20, 1))

    def fragile(model, batch):
        if torch.is_grad_enabled() and model.weight.abs().max() > 5:
            raise ZeroDivisionError("too far")
        return F.mse_loss(model(batch[0]), batch[1])

    objective = read_objective(model, lw.batch_loss(fragile), data)
    far = {"weight": torch.full((1, 3), 9.0), "bias": torch.zeros(1)}
    subspace = Subspace(objective.params, (as_direction(far, objective),))
    chart = spreading_over(Cluster()).curvature(objective, subspace, asked=ASKED, name="curvature")
    with pytest.raises(ZeroDivisionError, match="too far") as caught:
        all_of(chart, 20, np.array([[0.0], [1.0]]))
    assert isinstance(caught.value.__cause__, WorkerTraceback)


class Tired(ThreadPoolExecutor):
    """Takes so many tasks of the second kind, and then no more."""

    def __init__(self, tasks):
        super().__init__(1)
        self.left, self.looks = tasks, []

    def submit(self, fn, /, *args, **named):
        if args and isinstance(args[0], Task):
            self.looks.append(args[0].look.fingerprint)
            self.left -= len(set(self.looks)) == 2
            if self.left < 0:
                raise RuntimeError("cannot schedule new futures after shutdown")
        return super().submit(fn, *args, **named)


def test_workers_that_leave_a_map_in_the_middle_are_told_of_beside_it():
    case, options = CASES["classification"](), {"resolution": 3, "metrics": {"curvature": ASKED}}
    expected = lw.compute(case.model, case.loss, case.data, **options).maps["curvature"]
    gone = pytest.warns(UserWarning, match="The map 'curvature' is complete. The workers are gone")
    with Tired(4) as executor, gone:
        surface = lw.compute(case.model, case.loss, case.data, executor=executor, **options)
    there = surface.maps["curvature"]
    assert there.is_done
    np.testing.assert_array_equal(there["curvature"], expected["curvature"])
