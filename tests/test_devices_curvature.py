"""Is a map of curvature the same on several devices? Here they are CPUs."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import landscape_widget as lw
from landscape_widget.curvature.hessian_extremes import HessianExtremes
from landscape_widget.evaluate.curvature_map import CurvatureMap
from landscape_widget.evaluate.devices_curvature import DevicesCurvature
from landscape_widget.subspace.subspace import Subspace
from tests.cases import CASES, ConvNet, draw, draw_classes, seeded
from tests.pools import pool
from tests.spread_cases import all_of, drawn, never, objective_of

ASKED = HessianExtremes(samples=20)
POINTS = np.array([(a, b) for b in (-1.0, 0.0, 0.7) for a in (-0.5, 0.0, 1.0)])


def on(count, objective):
    subspace = Subspace(objective.params, drawn(objective))
    options = {"pool": pool(count), "asked": ASKED, "name": "curvature"}
    if not count > 1:
        return CurvatureMap(objective, subspace, **options)
    return DevicesCurvature(objective, subspace, devices=[torch.device("cpu")] * count, **options)


@pytest.mark.parametrize("name", ["classification", "residual convolutions, batches"])
def test_the_number_of_devices_changes_no_bit(name):
    objective = objective_of(CASES[name]())
    expected = all_of(on(1, objective), 20, POINTS)
    for count in (2, 3):
        values = all_of(on(count, objective), 20, POINTS)
        np.testing.assert_array_equal(values.mean, expected.mean)
        np.testing.assert_array_equal(values.state, expected.state)
        assert values.cells.tolist() == list(range(9))
    assert values.how.where == "cpu, cpu, cpu" and values.how.settings["tolerance"] == ASKED.tolerance


def test_a_map_is_cancelled_between_two_cells_and_its_cost_is_not_known_then():
    chart = on(2, objective_of(CASES["classification"]()))
    known = []
    for values in chart(POINTS, 20, lambda: len(known) >= 2):
        known.extend(values.cells.tolist())
    assert 2 <= len(known) < 9
    assert chart.cost(9, lambda: True) is None
    assert chart.cost(9, never) > 0


def test_what_the_user_names_has_its_maps_there():
    problem = seeded(ConvNet), F.cross_entropy, (draw(60, 1, 6, 6), draw_classes(3, 60))
    options = {"resolution": 3, "metrics": {"curvature": lw.HessianExtremes(resolution=3, samples=30)}}
    expected = lw.compute(*problem, **options).maps["curvature"]
    there = lw.compute(*problem, device=["cpu", "cpu"], **options).maps["curvature"]
    assert there.is_done
    np.testing.assert_allclose(there["curvature"], expected["curvature"], rtol=1e-3)
