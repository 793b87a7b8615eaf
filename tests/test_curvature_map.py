"""Is a map of curvature right at every cell, whoever computes it, and cancelled when nobody wants it?"""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from curvature_cases import Rosenbrock, dense_hessian, objective_of, own_loss
from numpy.typing import NDArray
from pools import pool
from torch import Tensor, nn

from landscape_widget.curvature import extremes as lanczos_settings
from landscape_widget.curvature.hessian_extremes import HessianExtremes
from landscape_widget.evaluate.curvature_map import CurvatureMap
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.direction import as_direction
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import State
from tests.cases import Case, ConvNet, draw, draw_classes, mlp, quadratic, seeded


def never() -> bool:
    return False


def plane(objective: Objective, dimensions: int = 2, **options: str) -> Subspace:
    rules = [RandomDirection(seed, "filter", **options) for seed in range(dimensions)]
    return Subspace(objective.params, tuple(as_direction(rule, objective) for rule in rules))


def map_of(objective: Objective, subspace: Subspace, workers: int = 2, **asked) -> CurvatureMap:
    return CurvatureMap(
        objective, subspace, pool=pool(workers), asked=HessianExtremes(**asked), name="curvature"
    )


def measured(made: CurvatureMap, coordinates, samples: int) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """Four columns and a state a cell, in the order asked for."""
    points = np.array(coordinates, dtype=np.float64)
    values, states = np.full((len(points), 4), -1.0), np.zeros(len(points), np.uint8)
    for answer in made(points, samples, never):
        values[answer.cells], states[answer.cells] = answer.mean, answer.state
        assert (answer.count == samples).all() and np.isnan(answer.standard_error).all()
    return values, states


LATTICE = [(a, b) for a in (-1.0, -0.5, 0.0, 0.5, 1.0) for b in (-1.0, -0.5, 0.0, 0.5, 1.0)]


@pytest.mark.parametrize("size", [6, 80])
def test_a_quadratic_is_curved_the_same_everywhere(size: int) -> None:
    case = quadratic() if size == 6 else quadratic_of(size)
    objective = objective_of(case)
    values, states = measured(map_of(objective, plane(objective, one_dimensional="scaled")), LATTICE, 5)
    right = np.linalg.eigvalsh(case.model.hessian.numpy())
    np.testing.assert_allclose(values[:, 1], right[-1], rtol=1e-3)
    np.testing.assert_allclose(values[:, 2], right[0], atol=1e-3 * right[-1])
    assert (states == State.EXACT).all()


def quadratic_of(size: int) -> Case:
    from tests.cases import Quadratic

    x = torch.zeros(5, 1)
    return Case(Quadratic(size), own_loss, (x, x), lambda m: m(x).mean())


def test_rosenbrock_is_curved_as_its_formula_says() -> None:
    x = torch.zeros(3, 1)
    objective = read_objective(Rosenbrock(), own_loss, (x, x))
    one = torch.ones(1, dtype=torch.float64)
    axes = ({"a": one, "b": 0 * one}, {"a": 0 * one, "b": one})
    subspace = Subspace(objective.params, tuple(as_direction(axis, objective) for axis in axes))
    values, _ = measured(map_of(objective, subspace), LATTICE, 3)
    for (a, b), (ratio, largest, smallest, residual) in zip(LATTICE, values, strict=True):
        low, high = np.linalg.eigvalsh(Rosenbrock.hessian(a, b))
        assert (smallest, largest) == pytest.approx((low, high), rel=1e-9, abs=1e-9)
        assert residual < 1e-9
        assert ratio == pytest.approx(abs(low / high))


def test_a_ratio_by_nothing_is_not_one() -> None:
    """Where the largest eigenvalue is negative, or a share of |H| below the tolerance."""
    x = torch.zeros(3, 1)

    class Downwards(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a = nn.Parameter(torch.ones(2, dtype=torch.float64))

        def forward(self, x: Tensor) -> Tensor:
            return (-10 * self.a[0] ** 2 + 1e-3 * self.a[1] ** 2).expand(len(x))

    objective = read_objective(Downwards(), own_loss, (x, x))
    values, states = measured(map_of(objective, plane(objective, 1, one_dimensional="scaled")), [[0.0]], 3)
    assert np.isnan(values[0, 0]) and values[0, 2] == pytest.approx(-20)
    assert states.tolist() == [State.EXACT]


def images() -> tuple[nn.Module, Objective]:
    model = seeded(ConvNet)
    return model, read_objective(model, F.cross_entropy, (draw(40, 1, 6, 6), draw_classes(3, 40)))


def test_each_cell_has_the_ends_of_its_own_dense_hessian() -> None:
    """Weights alone move, and of these it is the Hessian; the statistics of BatchNorm are the centre's."""
    _, objective = images()
    subspace = plane(objective)
    cells = [(0.0, 0.0), (1.0, -0.5), (-1.0, 1.0)]
    values, _ = measured(map_of(objective, subspace, tolerance=1e-3), cells, 40)
    moved = [name for name in objective.params if name not in subspace.unmoved]
    assert 0 < len(moved) < len(objective.params)
    x, y = draw(40, 1, 6, 6), draw_classes(3, 40)
    for cell, (_, largest, smallest, _) in zip(cells, values, strict=True):
        there = seeded(ConvNet)
        there.load_state_dict({**there.state_dict(), **subspace.point(cell)})
        case = Case(there, None, None, lambda m: F.cross_entropy(m(x.double()), y))
        right = np.linalg.eigvalsh(dense_hessian(case, moved))
        size = np.abs(right).max()
        assert largest == pytest.approx(right[-1], abs=1e-3 * size)
        assert smallest == pytest.approx(right[0], abs=1e-3 * size)


def test_all_parameters_curve_more_than_those_that_move() -> None:
    """The Hessian of some is a block of the whole one, whose ends lie further out."""
    _, objective = images()
    moved, all_of_them = (
        measured(map_of(objective, plane(objective), parameters=which, tolerance=1e-4), LATTICE[:3], 40)[0]
        for which in ("moved", "all")
    )
    assert (all_of_them[:, 1] > moved[:, 1]).all() and (all_of_them[:, 2] < moved[:, 2] + 1e-4).all()


def test_workers_change_nothing_nor_does_the_order() -> None:
    _, objective = images()
    one = measured(map_of(objective, plane(objective), 1), LATTICE, 40)[0]
    two = measured(map_of(objective, plane(objective), 2), LATTICE, 40)[0]
    backwards = measured(map_of(objective, plane(objective), 2), LATTICE[::-1], 40)[0]
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(one, backwards[::-1])


def test_it_is_measured_on_a_subset_and_says_so() -> None:
    _, objective = images()
    made = map_of(objective, plane(objective), samples=10)
    assert made.samples == 10 and made.settings["samples"] == 10
    assert {metric.size for metric in made.metrics} == {40}
    assert map_of(objective, plane(objective), samples=9999).samples == 40
    json.dumps(made.settings)
    on_all = map_of(objective, plane(objective))
    assert not np.array_equal(measured(made, LATTICE[:1], 10)[0], measured(on_all, LATTICE[:1], 40)[0])


def test_a_line_has_a_map_too() -> None:
    _, objective = images()
    line, whole = (plane(objective, dimensions) for dimensions in (1, 2))
    on_line, _ = measured(map_of(objective, line), [[0.0], [0.5]], 40)
    in_plane, _ = measured(map_of(objective, whole), [[0.0, 0.0], [0.5, 0.0]], 40)
    np.testing.assert_allclose(on_line[:, 1], in_plane[:, 1], rtol=1e-2)


def test_it_stops_within_a_product() -> None:
    """Many batches a product, and a wish to stop that comes in the middle of one."""
    x, y = draw(64, 4), draw_classes(3, 64)
    objective = read_objective(
        mlp(), F.cross_entropy, [(x[i : i + 2], y[i : i + 2]) for i in range(0, 64, 2)]
    )
    asked = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 200

    made = map_of(objective, plane(objective), 1)
    answers = list(made(np.array(LATTICE), 64, cancelled))
    assert not answers
    assert len(asked) < 200 + 2 * 32  # rather than the thousands of asks that a cell takes
    values, states = measured(made, LATTICE[:2], 64)
    assert (states == State.EXACT).all() and np.isfinite(values).all()


def test_cost_is_some_seconds_or_nothing_once_cancelled() -> None:
    _, objective = images()
    made = map_of(objective, plane(objective))
    assert made.cost(100, lambda: True) is None
    few, many = made.cost(10, never), made.cost(10_000, never)
    assert few is not None and many is not None
    assert 0 < few < many


def test_what_is_not_finite_is_known_not_to_be() -> None:
    class Breaks(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.theta = nn.Parameter(draw(2).abs().double() + 1)

        def forward(self, x: Tensor) -> Tensor:
            return self.theta.log().sum().expand(len(x))

    x = torch.zeros(3, 1)
    objective = read_objective(Breaks(), own_loss, (x, x))
    subspace = plane(objective, 1, one_dimensional="copy")
    values, states = measured(map_of(objective, subspace), [[0.0], [-3.0], [0.5]], 3)
    assert np.isnan(values[1]).all() and np.isfinite(values[[0, 2], 2]).all()
    assert (states == State.EXACT).all()


def test_cells_that_did_not_converge_say_so_and_have_the_best_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanczos_settings, "RESTARTS", 1)
    monkeypatch.setattr(lanczos_settings, "LAST", 6)
    case = quadratic_of(120)
    objective = objective_of(case)
    subspace = plane(objective, 1, one_dimensional="scaled")
    values, states = measured(map_of(objective, subspace, tolerance=1e-9), [[0.0]], 5)
    assert states.tolist() == [State.UNCONVERGED]
    assert values[0, 3] > 1e-9
    right = np.linalg.eigvalsh(case.model.hessian.numpy())
    assert right[0] <= values[0, 2] < values[0, 1] <= right[-1] * (1 + 1e-9)
    assert values[0, 1] > 0.8 * right[-1]


def test_statistics_are_the_cells_own_where_the_objective_says_so() -> None:
    _, frozen = images()
    anew = replace(frozen, batch_norm="reestimate")
    (a, b), (c, d) = (
        measured(map_of(o, plane(o)), [(0.0, 0.0), (1.0, 1.0)], 40)[0][:, 1] for o in (frozen, anew)
    )
    assert abs(a / c - 1) > 1e-2 and abs(b / d - 1) > 1e-2


def test_the_users_model_and_the_objectives_are_left_alone() -> None:
    model, objective = images()
    both = {id(m): {n: t.clone() for n, t in m.state_dict().items()} for m in (model, objective.model)}
    for which in ("moved", "all"):
        measured(map_of(objective, plane(objective), parameters=which), LATTICE[:3], 40)
    for own in (model, objective.model):
        assert all(torch.equal(tensor, both[id(own)][name]) for name, tensor in own.state_dict().items())
    assert not any(parameter.requires_grad for parameter in objective.model.parameters())


def test_other_coordinates_are_refused() -> None:
    _, objective = images()
    with pytest.raises(ValueError, match=r"Expected coordinates of shape \[n, 2\], .* got \[1, 3\]"):
        next(map_of(objective, plane(objective))(np.zeros((1, 3)), 40, never))


def test_what_the_loss_raises_comes_through() -> None:
    _, objective = images()
    made = map_of(objective, plane(objective))

    def failing(output: Tensor, target: Tensor) -> Tensor:
        if output.abs().max() > 50:
            raise RuntimeError("too far")
        return F.cross_entropy(output, target)

    objective = read_objective(seeded(ConvNet), failing, (draw(40, 1, 6, 6), draw_classes(3, 40)))
    made = map_of(objective, plane(objective))
    with pytest.raises(RuntimeError, match="too far"):
        measured(made, [(0.0, 0.0), (300.0, 300.0)], 40)
