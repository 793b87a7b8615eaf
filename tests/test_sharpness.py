"""Do the read-outs have the values that are known in closed form, one after the other?"""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from curvature_cases import dense_hessian, matrix_case, objective_of
from torch import Tensor, nn

from landscape_widget.curvature.trace import trace
from landscape_widget.objective.objective import Objective
from landscape_widget.sharpness import measure_sharpness, sharpness
from landscape_widget.sharpness_values import CAVEAT, Sharpness
from tests.cases import classification, draw, draw_classes, mlp, seeded

WEIGHTS, SLOPE = np.array([1.0, -2.0, 0.5, 3.0]), np.array([0.3, -0.1, 0.4, 0.2])
ROOT = np.random.default_rng(0).standard_normal((4, 4))
MATRIX = ROOT @ ROOT.T + np.eye(4)


def of_a_quadratic() -> Objective:
    return matrix_case(MATRIX, WEIGHTS, SLOPE)


def measured(objective: Objective, **options) -> Sharpness:
    *_, last = measure_sharpness(objective, None, lambda: False, **options)
    assert last.done
    return last


def test_critical_sharpness_of_a_quadratic_is_its_curvature_along_the_gradient() -> None:
    found = measured(of_a_quadratic())
    right = SLOPE @ MATRIX @ SLOPE / (SLOPE @ SLOPE)
    assert found.critical == pytest.approx(right, rel=0.02)
    assert found.critical_step == pytest.approx(2 / right, rel=0.02)


@pytest.mark.parametrize("radius", [0.01, 0.05, 2.0])
def test_sam_of_a_quadratic_is_a_first_and_a_second_order_term(radius: float) -> None:
    found = measured(of_a_quadratic(), radius=radius)
    length = np.linalg.norm(SLOPE)
    right = radius * length + radius**2 / 2 * (SLOPE @ MATRIX @ SLOPE) / length**2
    assert found.sam == pytest.approx(right, rel=1e-9)
    assert found.sam_radius == radius


def test_asam_of_a_quadratic_steps_in_units_of_each_weight() -> None:
    found = measured(of_a_quadratic(), adaptive_radius=0.3)
    step = 0.3 * WEIGHTS**2 * SLOPE / np.linalg.norm(np.abs(WEIGHTS) * SLOPE)
    assert found.asam == pytest.approx(SLOPE @ step + step @ MATRIX @ step / 2, rel=1e-9)


def test_ends_trace_and_spectrum_of_a_quadratic_are_its_own() -> None:
    found = measured(of_a_quadratic())
    right = np.linalg.eigvalsh(MATRIX)
    assert (found.largest, found.smallest) == pytest.approx((right[-1], right[0]), rel=1e-6)
    assert (found.trace, found.trace_error) == (pytest.approx(np.trace(MATRIX), rel=1e-9), 0)
    assert found.spectrum is not None
    assert found.spectrum.mass == pytest.approx(1, abs=1e-6)
    assert found.loss == pytest.approx(1)


def rescaled(units: bool) -> nn.Module:
    """What the MLP computes, by other weights: the layers' sizes shifted, or those of each hidden unit."""
    model = mlp().double()
    factors = torch.linspace(0.2, 5, 8, dtype=torch.float64) if units else torch.full((8,), 10.0).double()
    with torch.no_grad():
        model[0].weight *= factors[:, None]
        model[0].bias *= factors
        model[2].weight /= factors
    return model


@pytest.mark.parametrize("units", [False, True])
def test_asam_alone_does_not_see_a_rescaling(units: bool) -> None:
    """Of layers, nor of single units; every other number changes though the network's function doesn't."""
    data = (draw(37, 4).double(), draw_classes(3, 37))
    plain, other = (sharpness(model, F.cross_entropy, data) for model in (mlp().double(), rescaled(units)))
    assert other.loss == pytest.approx(plain.loss, rel=1e-12)
    assert other.asam == pytest.approx(plain.asam, rel=1e-9)
    for name in ("sam", "critical", "largest", "trace"):
        assert getattr(other, name) != pytest.approx(getattr(plain, name), rel=0.05)


def test_a_network_has_the_ends_and_the_trace_of_its_dense_hessian() -> None:
    case = classification()
    objective = objective_of(case)
    right = np.linalg.eigvalsh(dense_hessian(case, tuple(objective.params)))
    found = measured(objective)
    assert found.parameters == len(right) == 67
    assert (found.largest, found.smallest) == pytest.approx((right[-1], right[0]), abs=1e-3 * right[-1])
    assert found.trace is not None and found.trace_error is not None
    assert abs(found.trace - right.sum()) < 4 * found.trace_error + 1e-4


def test_the_traces_error_is_as_large_as_it_says() -> None:
    values = np.concatenate([np.random.default_rng(0).standard_normal(500), [40.0, -30.0]])
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((502, 502)))[0]
    matrix = (turn * values) @ turn.T
    off = []
    for seed in range(60):
        estimate, error = trace(lambda v: matrix @ v, 502, seed)
        off.append((estimate - values.sum()) / error)
    assert abs(np.mean(off)) < 4 / math.sqrt(60)
    assert 0.7 < np.std(off) < 1.4


def test_parts_get_known_one_after_the_other_cheapest_first() -> None:
    numbers = ("sam", "asam", "critical", "largest", "trace", "spectrum")
    known = [
        [name for name in numbers if getattr(part, name) is not None]
        for part in measure_sharpness(of_a_quadratic(), None, lambda: False)
    ]
    assert known == [list(numbers[:count]) for count in (2, 3, 4, 5, 6)]


def test_it_ends_early_once_nobody_wants_it() -> None:
    asked = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 30

    parts = list(measure_sharpness(objective_of(classification()), None, cancelled))
    assert parts and not parts[-1].done
    assert len(asked) <= 32


def test_the_same_seed_gives_the_same_numbers() -> None:
    first, second = (measured(objective_of(classification())) for _ in range(2))
    both = [dataclasses.replace(found, seconds=0.0).content() for found in (first, second)]
    assert both[0] == both[1]


def test_it_says_on_how_many_samples_and_of_what() -> None:
    x, y = draw(300, 4), draw_classes(3, 300)
    told: list[Sharpness] = []
    found = sharpness(mlp(), F.cross_entropy, (x, y), parameters="weight", on_progress=told.append)
    assert (found.samples, found.size, found.parameters) == (256, 300, 56)
    assert len(told) == 5 and told[-1] is found
    assert sharpness(mlp(), F.cross_entropy, (x, y), samples=20).samples == 20
    text = repr(found)
    assert text.startswith("Sharpness at the origin: 56 weights, 256 of 300 samples, loss ")
    assert "λ_max" in text and "ASAM" in text and CAVEAT in text


def test_what_is_told_the_page_is_json_with_the_caveat() -> None:
    content = measured(of_a_quadratic()).content()
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert content["caveat"] == CAVEAT and content["done"] is True
    assert set(content["spectrum"]) == {"grid", "density", "outliers", "mass", "runs", "steps", "width"}
    nothing = Sharpness(loss=math.nan).content()
    assert nothing["loss"] is None and nothing["critical"] is None and nothing["spectrum"] is None


def test_the_model_is_left_alone() -> None:
    model = seeded(lambda: nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3)))
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    state = torch.random.get_rng_state()
    sharpness(model, F.cross_entropy, (draw(37, 4), draw_classes(3, 37)))
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert model.training and all(p.grad is None for p in model.parameters())
    assert torch.equal(torch.random.get_rng_state(), state)


def test_where_the_loss_falls_for_ever_there_is_no_critical_step() -> None:
    found = measured(matrix_case(np.diag([-1.0, -2.0]), (1, 1), (1, 1)))
    assert found.critical is None and found.critical_step is None
    assert any("doesn't rise along −g" in note for note in found.notes)


def test_at_a_minimum_no_step_is_known() -> None:
    found = measured(matrix_case(np.diag([1.0, 2.0]), (1, 1), (0, 0)))
    assert found.sam is None and found.asam is None and found.critical is None
    assert found.largest == pytest.approx(2)


def test_a_loss_that_is_not_finite_says_so_and_ends() -> None:
    x, y = draw(9, 4), draw_classes(3, 9)
    found = sharpness(mlp(), lambda output, target: (output * 0).log().mean(), (x, y))
    assert found.done and found.largest is None
    assert "isn't finite at the origin" in found.notes[-1]


def test_a_loss_without_a_second_derivative_is_refused() -> None:
    def accuracy(output: Tensor, target: Tensor) -> Tensor:
        return (output.argmax(1) != target).double()

    with pytest.raises(ValueError, match="Expected a loss with a gradient"):
        sharpness(mlp(), accuracy, (draw(9, 4), draw_classes(3, 9)))


@pytest.mark.parametrize("name", ["radius", "adaptive_radius"])
@pytest.mark.parametrize("value", [0, -1.0, math.inf, "far"])
def test_a_radius_that_is_no_length_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{name} is how far a step goes, a number above 0; got"):
        sharpness(mlp(), F.cross_entropy, (draw(9, 4), draw_classes(3, 9)), **{name: value})
