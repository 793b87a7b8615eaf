"""Does a direction follow the eigenvector it names, at the right length?"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from curvature_cases import dense_hessian, matrix_case, objective_of
from torch import Tensor, nn

import landscape_widget as lw
from landscape_widget.curvature import eigenvectors
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import squared_norm
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.direction import as_direction
from landscape_widget.subspace.hessian_direction import HessianDirection
from landscape_widget.subspace.random_direction import RandomDirection
from tests.cases import CASES, classification, draw, draw_classes, mlp

VALUES = np.array([-3.0, -0.5, 1.0, 2.0, 12.0])
"""Eigenvalues, the first column that of the smallest."""


def turned() -> np.ndarray:
    turn, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((5, 5)))
    return turn


def known(weights: tuple[float, ...] = (1.0, 2.0, 2.0, 0.0, 4.0)) -> Objective:
    return matrix_case((turned() * VALUES) @ turned().T, weights, (1, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("rank", "column", "label"),
    [
        (0, 4, "1st Hessian eigenvector: λ = 12"),
        (1, 3, "2nd Hessian eigenvector: λ = 2"),
        (-1, 0, "last Hessian eigenvector: λ = −3"),
        (-2, 1, "2nd last Hessian eigenvector: λ = −0.5"),
    ],
)
def test_it_is_the_eigenvector_of_its_rank_as_long_as_the_weights(rank: int, column: int, label: str) -> None:
    direction = as_direction(HessianDirection(rank), known())
    vector = direction.vector["theta"].numpy()
    assert direction.label == label
    assert np.linalg.norm(vector) == pytest.approx(5)
    assert abs(vector @ turned()[:, column]) == pytest.approx(5)
    assert vector[np.abs(vector).argmax()] > 0


def test_a_network_has_those_of_its_dense_hessian() -> None:
    case = classification()
    objective = objective_of(case, dtype=torch.float64)
    right = np.linalg.eigvalsh(dense_hessian(case, tuple(objective.params)))
    length = math.sqrt(squared_norm(objective.params))
    first = HessianDirection()
    for rank, value in ((0, right[-1]), (1, right[-2]), (-1, right[0])):
        direction = replace(first, rank=rank)(objective)
        vector = torch.cat([tensor.reshape(-1) for tensor in direction.vector.values()]).numpy()
        matrix = dense_hessian(case, tuple(objective.params))
        assert np.linalg.norm(vector) == pytest.approx(length)
        assert vector @ matrix @ vector / length**2 == pytest.approx(value, abs=1e-3 * right[-1])


def test_along_it_the_loss_of_a_quadratic_is_that_of_its_eigenvalue() -> None:
    objective = known()
    surface = lw.compute(
        objective.model,
        lambda output, target: output,
        (torch.zeros(4, 1), torch.zeros(4, 1)),
        directions=[HessianDirection(0), HessianDirection(-1)],
        resolution=5,
        x=(-1, 1),
        y=(-1, 1),
    )
    bowl = [[25 * (12 * a * a - 3 * b * b) / 2 for a in (-1, -0.5, 0, 0.5, 1)] for b in (-1, -0.5, 0, 0.5, 1)]
    curved = (surface["loss"] + surface["loss"][::-1, ::-1]) / 2  # what is left of the slope cancels
    np.testing.assert_allclose(curved, 1 + np.array(bowl), rtol=1e-9)
    assert surface.settings["labels"] == [
        "1st Hessian eigenvector: λ = 12",
        "last Hessian eigenvector: λ = −3",
    ]


def test_both_axes_share_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    objective, runs, real = objective_of(classification()), [], eigenvectors.eigenvectors

    def counted(*arguments):
        runs.append(1)
        return real(*arguments)

    monkeypatch.setattr(eigenvectors, "eigenvectors", counted)
    first = HessianDirection()
    for rank in (0, -1, 1, 0):
        replace(first, rank=rank)(objective)
    assert len(runs) == 1
    replace(first, rank=3)(objective)  # which needs more of them
    replace(first, rank=0, samples=10)(objective)
    assert len(runs) == 3


def test_nothing_is_found_before_somebody_chooses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments):
        raise AssertionError("nobody asked for it")

    monkeypatch.setattr(eigenvectors, "eigenvectors", never)
    widget = lw.explore(mlp(), F.cross_entropy, (draw(9, 4), draw_classes(3, 9)), resolution=3)
    widget.wait()
    assert {"hessian 0", "hessian 1", "hessian -1"} <= {o["key"] for o in widget.choices["directions"]}
    monkeypatch.undo()
    widget.directions = [{"key": "hessian 0"}, {"key": "hessian -1"}]
    assert widget.wait().settings["labels"][0].startswith("1st Hessian eigenvector: λ = ")
    widget.close()


def test_complex_weights_are_not_offered_it() -> None:
    case = CASES["complex"]()
    widget = lw.explore(case.model, case.loss, case.data, resolution=3)
    assert not any(option["key"].startswith("hessian") for option in widget.choices["directions"])
    widget.close()


@pytest.mark.parametrize("rank", [1.0, "first", True])
def test_a_rank_that_is_no_integer_is_refused(rank: object) -> None:
    with pytest.raises(TypeError, match=r"A rank is an integer: 0 for the largest .* got"):
        HessianDirection(rank)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(("rank", "objective"), [(5, known), (-6, known), (40, None)])
def test_more_eigenvectors_than_there_are_weights_are_refused(rank: int, objective) -> None:
    made = objective() if objective else objective_of(classification())
    with pytest.raises(ValueError, match=rf"rank={rank} asks for .* weights move. Choose a rank nearer to 0"):
        HessianDirection(rank).check(made)


def test_a_loss_without_curvature_is_refused() -> None:
    model, x = nn.Linear(80, 1), draw(5, 80)
    objective = read_objective(model, lambda output, target: output.mean(), (x, x))
    with pytest.raises(ValueError, match=r"Hessian at the origin is exactly zero.*`GradientDirection"):
        HessianDirection()(objective)


def test_a_loss_that_is_not_finite_is_refused() -> None:
    model, x = nn.Linear(80, 1), draw(5, 80)
    objective = read_objective(model, lambda output, target: (output * 0).log().mean(), (x, x))
    with pytest.raises(ValueError, match=r"loss that is finite at the origin.*`RandomDirection"):
        HessianDirection()(objective)


def test_a_loss_that_can_not_be_differentiated_is_refused_at_the_door() -> None:
    def accuracy(output: Tensor, target: Tensor) -> Tensor:
        return (output.argmax(1) != target).double()

    with pytest.raises(ValueError, match="Expected a loss with a gradient"):
        lw.explore(mlp(), accuracy, (draw(9, 4), draw_classes(3, 9)), directions=[HessianDirection()])


def test_a_random_direction_sees_the_mean_of_the_curvature_of_each_filter() -> None:
    """E[dᵀHd] = Σ_f (‖w_f‖²/n_f) tr H_ff over the draws of a filter-normalized d (O8)."""
    case = classification()
    objective = objective_of(case, dtype=torch.float64)
    names = [name for name in objective.params if objective.params[name].ndim > 1]
    matrix = dense_hessian(case, names)
    expected, start = 0.0, 0
    for name in names:
        for row in objective.params[name]:
            block = slice(start, start + row.numel())
            expected += float(row.square().sum()) / row.numel() * np.trace(matrix[block, block])
            start += row.numel()
    seen = []
    for seed in range(1500):
        vector = RandomDirection(seed, "filter")(objective).vector
        flat = torch.cat([vector[name].reshape(-1) for name in names]).double().numpy()
        seen.append(flat @ matrix @ flat)
    assert np.mean(seen) == pytest.approx(expected, abs=4 * np.std(seen) / np.sqrt(len(seen)))
    assert np.std(seen) / np.sqrt(len(seen)) < 0.05 * expected


def test_gaussian_directions_see_the_trace_and_vary_with_the_norm() -> None:
    """Mean tr H, variance 2‖H‖² of Frobenius (O8)."""
    case = classification()
    objective = objective_of(case, dtype=torch.float64)
    names = [name for name in objective.params if objective.params[name].ndim > 1]
    matrix = dense_hessian(case, names)
    draws = [RandomDirection(seed, "none")(objective).vector for seed in range(3000)]
    flat = np.stack([torch.cat([d[name].reshape(-1) for name in names]).double().numpy() for d in draws])
    seen = np.einsum("si,ij,sj->s", flat, matrix, flat)
    variance = 2 * np.square(matrix).sum()
    assert seen.mean() == pytest.approx(np.trace(matrix), abs=4 * math.sqrt(variance / len(seen)))
    assert seen.var() == pytest.approx(variance, rel=0.25)


def test_it_takes_one_torch_thread_and_leaves_the_users_count() -> None:
    seen, mine = [], torch.get_num_threads()
    inputs, labels = draw(40, 4), draw_classes(3, 40)

    def loss(output: Tensor, target: Tensor) -> Tensor:
        seen.append(torch.get_num_threads())
        return F.cross_entropy(output, target)

    objective = read_objective(mlp(), loss, (inputs, labels))
    torch.set_num_threads(2)
    try:
        seen.clear()
        HessianDirection()(objective)
        assert set(seen) == {1} and torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(mine)
