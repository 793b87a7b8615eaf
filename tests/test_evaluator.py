"""Every way of measuring against the slow reference and closed forms, also when it is interrupted."""

import threading
import traceback
from dataclasses import fields

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.objective.criterion import batch_loss
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.direction import Direction
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.subspace.towards_model import TowardsModel
from landscape_widget.values import State, Values
from tests.cases import CASES, Case, ConvNet, Quadratic, classification, draw, mlp, quadratic, seeded
from tests.pools import pool
from tests.reference import loss_at

POINTS = np.array([[0, 0], [0.5, -0.25], [-1, 1], [1, 1], [0.04, 0]])


def never() -> bool:
    return False


def random_directions(objective: Objective, count: int = 2) -> tuple[Direction, ...]:
    vectors = (
        {name: draw(*p.shape, seed=seed) * p.abs().mean().item() for name, p in objective.params.items()}
        for seed in range(count)
    )
    return tuple(Direction(vector, f"random {i}") for i, vector in enumerate(vectors))


def evaluator_of(
    objective: Objective, *directions: Direction, workers: int = 1, plain: bool = True, seconds: float = 10.0
) -> Evaluator:
    """The plain way on one worker, unless said otherwise."""
    subspace = Subspace(objective.params, directions)
    return Evaluator(objective, subspace, pool(workers), plain=plain, seconds=seconds)


def measured(evaluator: Evaluator, points: np.ndarray, samples: int) -> Values:
    """All answers as one, in the order of the points."""
    answers = list(evaluator(points, samples, never))
    order = np.argsort(np.concatenate([values.cells for values in answers]))
    columns = {
        field.name: np.concatenate([getattr(values, field.name) for values in answers])[order]
        for field in fields(Values)
        if field.name != "how"
    }
    return Values(**columns, how=answers[-1].how)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(("plain", "workers"), [(True, 1), (False, 1), (True, 2), (False, 2)])
def test_values_equal_the_slow_reference(name: str, plain: bool, workers: int) -> None:
    case = CASES[name]()
    objective = read_objective(case.model, case.loss, case.data)
    directions = random_directions(objective)
    evaluator = evaluator_of(objective, *directions, workers=workers, plain=plain)
    values = measured(evaluator, POINTS, objective.train.size)
    vectors = [direction.vector for direction in directions]
    expected = np.array([loss_at(case, point, vectors) for point in POINTS.tolist()])
    np.testing.assert_array_less(np.abs(values.mean[:, 0] - expected), 3e-6 * np.abs(expected) + 1e-9)
    assert values.cells.tolist() == [0, 1, 2, 3, 4]
    assert (values.state == State.EXACT).all()
    assert (values.count == objective.train.size).all()


def test_the_trained_case_is_as_small_as_it_claims() -> None:
    assert loss_at(CASES["trained"](), (), ()) < 1e-4


def test_a_quadratic_has_its_closed_form() -> None:
    """O1."""
    case = quadratic()
    objective = read_objective(case.model, case.loss, case.data)
    d, e = (draw(6, seed=seed).double() for seed in (2, 3))
    directions = (Direction({"theta": d}, "d"), Direction({"theta": e}, "e"))
    axis = np.linspace(-1, 1, 7)
    grid = np.array([(a, b) for b in axis for a in axis])
    values = measured(evaluator_of(objective, *directions), grid, 5)
    model = case.model
    assert isinstance(model, Quadratic)
    offset = (model.theta - model.minimum).detach()
    points = offset + torch.as_tensor(grid) @ torch.stack([d, e])
    expected = model.constant + torch.einsum("ni,ij,nj->n", points, model.hessian, points) / 2
    np.testing.assert_allclose(values.mean[:, 0], expected, rtol=1e-10)


def test_a_line_has_one_coordinate() -> None:
    case = classification()
    objective = read_objective(case.model, case.loss, case.data)
    (direction,) = random_directions(objective, 1)
    values = measured(evaluator_of(objective, direction), np.array([[0.5]]), 37)
    assert values.mean[0, 0] == pytest.approx(loss_at(case, [0.5], [direction.vector]), rel=3e-6)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_other_model_is_reached_exactly(dtype: torch.dtype) -> None:
    """O9: float64 differences are rounded once, so coordinate 1 is the other model bit for bit."""
    here, there = mlp().to(dtype), nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)).to(dtype)
    data = (draw(9, 4).to(dtype), torch.zeros(9, dtype=torch.long))
    objective = read_objective(here, F.cross_entropy, data)
    other = read_objective(there, F.cross_entropy, data)
    values = measured(evaluator_of(objective, TowardsModel(there)(objective)), np.array([[0.0], [1.0]]), 9)
    for measured_mean, model in zip(values.mean, (objective, other), strict=True):
        expected = model.measure(model.model, model.portions(9))
        assert expected is not None
        np.testing.assert_array_equal(measured_mean, expected.mean)


def test_a_convex_loss_has_no_barrier() -> None:
    """O9: between two models of a convex problem the loss stays below the chord."""
    here, there = (seeded(lambda: nn.Linear(4, 3)) for _ in range(2))
    nn.init.normal_(there.weight, generator=torch.Generator().manual_seed(7))
    objective = read_objective(here, F.cross_entropy, classification().data)
    between = np.linspace(0, 1, 21)
    line = evaluator_of(objective, TowardsModel(there)(objective))
    loss = measured(line, between[:, None], 37).mean[:, 0]
    chord = (1 - between) * loss[0] + between * loss[-1]
    assert (loss[1:-1] < chord[1:-1]).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_small_steps_of_bfloat16_weights_are_rounded_once(dtype: torch.dtype) -> None:
    case = classification()
    model = case.model.to(torch.bfloat16)
    x, y = case.data
    seen = []

    def loss(model: nn.Module, batch: object) -> torch.Tensor:
        seen.append(model.get_parameter("0.weight").clone())
        return F.cross_entropy(model(x.bfloat16()), y)

    objective = read_objective(model, batch_loss(loss), case.data)
    directions = [
        Direction({name: v.to(dtype) for name, v in direction.vector.items()}, direction.label)
        for direction in random_directions(objective)
    ]
    measured(evaluator_of(objective, *directions), np.array([[0.01, 0.01]]), 37)
    weight = model.get_parameter("0.weight").float()
    steps = [direction.vector["0.weight"].float() for direction in directions]
    expected = torch.add(torch.add(weight, steps[1], alpha=0.01), steps[0], alpha=0.01).bfloat16()
    assert torch.equal(seen[-1], expected)


def test_batch_norm_statistics_move_with_their_direction_and_variances_stay_positive() -> None:
    case = CASES["convolution, BatchNorm, sum"]()
    other = seeded(ConvNet)
    assert isinstance(other, ConvNet) and isinstance(case.model, ConvNet)
    other.norm.running_mean, other.norm.running_var = draw(4, seed=5), torch.full((4,), 0.1)
    objective = read_objective(case.model, case.loss, case.data)
    vector = {name: torch.zeros_like(p, dtype=torch.float64) for name, p in objective.params.items()}
    for name in ("norm.running_mean", "norm.running_var"):
        vector[name] = other.get_buffer(name).double() - case.model.get_buffer(name).double()
    evaluator = evaluator_of(objective, Direction(vector, "statistics"))
    values = measured(evaluator, np.array([[1.0]]), 21)
    case.model.norm = other.norm
    assert values.mean[0, 0] == pytest.approx(loss_at(case, (), ()), rel=3e-6)
    assert evaluator.clamped == 0
    values = measured(evaluator, np.array([[30.0]]), 21)
    assert evaluator.clamped == 4
    assert np.isfinite(values.mean).all()
    assert (objective.model.get_buffer("norm.running_var") != 0).all()


def test_not_finite_losses_are_values() -> None:
    """O15."""

    class Diverging(Quadratic):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            shift = self.theta[0].detach() - 1
            cliff = torch.where(shift > 0.5, float("nan"), torch.where(shift < -0.5, float("inf"), 0.0))
            return super().forward(x) + cliff

    model = Diverging()
    nn.init.ones_(model.theta)
    objective = read_objective(model, lambda output, target: output, (torch.zeros(3, 1), torch.zeros(3)))
    step = Direction({"theta": torch.tensor([1.0, 0, 0, 0, 0, 0])}, "step")
    values = measured(evaluator_of(objective, step), np.linspace(-1, 1, 9)[:, None], 3)
    assert np.isposinf(values.mean[:2, 0]).all()
    assert np.isfinite(values.mean[2:7, 0]).all()
    assert np.isnan(values.mean[7:, 0]).all()
    assert (values.state == State.EXACT).all()


def test_cells_do_not_depend_on_what_was_measured_before() -> None:
    """O17, 3.23: from the centre each time, whatever the order, also where the model counts its calls."""

    class Counting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = mlp()
            self.register_buffer("calls", torch.zeros(()))
            self.register_buffer("again", torch.zeros(()))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            self.calls += 1
            self.again = self.again + 1
            return self.body(x) + self.calls + self.again

    x, _ = classification().data
    objective = read_objective(Counting(), F.mse_loss, (x, draw(37, 3)))
    evaluator = evaluator_of(objective, *random_directions(objective))
    first = measured(evaluator, POINTS, 37)
    again = measured(evaluator, POINTS[::-1].copy(), 37)
    np.testing.assert_array_equal(first.mean, again.mean[::-1])


def test_a_loss_may_differentiate_by_the_weights_it_is_handed() -> None:
    def steepness(model: nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        model.requires_grad_()
        with torch.enable_grad():
            loss = F.cross_entropy(model(batch[0]), batch[1])
        return sum(slope.square().sum() for slope in torch.autograd.grad(loss, list(model.parameters())))

    case = classification()
    objective = read_objective(case.model, batch_loss(steepness), [case.data])
    values = measured(evaluator_of(objective, *random_directions(objective)), POINTS, 37)
    assert values.mean[0, 0] == pytest.approx(steepness(case.model, case.data).item(), rel=1e-6)


def test_what_is_done_to_a_direction_afterwards_changes_no_cell() -> None:
    case = classification()
    objective = read_objective(case.model, case.loss, case.data)
    directions = random_directions(objective)
    evaluator = evaluator_of(objective, *directions)
    before = measured(evaluator, POINTS, 37)
    for direction in directions:
        direction.vector["0.weight"].zero_()
    np.testing.assert_array_equal(measured(evaluator, POINTS, 37).mean, before.mean)


def test_values_come_as_they_get_ready() -> None:
    case = classification()
    objective = read_objective(case.model, case.loss, case.data)
    evaluator = evaluator_of(objective, *random_directions(objective), seconds=0.0)
    assert [values.cells.tolist() for values in evaluator(POINTS, 37, never)] == [[0], [1], [2], [3], [4]]


def test_cancelling_between_batches_keeps_what_is_known() -> None:
    x, y = classification().data
    seen = []

    def counted(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        seen.append(len(target))
        return F.cross_entropy(output, target, reduction="none")

    def cancelled() -> bool:
        return len(seen) >= 3  # after the first batch of the second cell

    objective = read_objective(mlp(), counted, [(x[:20], y[:20]), (x[20:], y[20:])])
    evaluator = evaluator_of(objective, *random_directions(objective))
    seen.clear()
    assert [values.cells.tolist() for values in evaluator(POINTS, 37, cancelled)] == [[0]]


def test_a_loss_that_raises_in_the_middle_keeps_what_is_known() -> None:
    calls = []

    def fragile_loss(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        calls.append(None)
        if armed and len(calls) > 2:
            raise ZeroDivisionError("the loss broke")
        return F.cross_entropy(output, target)

    armed = False
    case = classification(fragile_loss)
    objective = read_objective(case.model, fragile_loss, case.data)
    evaluator = evaluator_of(objective, *random_directions(objective))
    armed = True
    calls.clear()
    run = evaluator(POINTS, 37, never)
    assert next(run).cells.tolist() == [0, 1]
    with pytest.raises(ZeroDivisionError, match="the loss broke") as raised:
        next(run)
    assert "fragile_loss" in "".join(traceback.format_tb(raised.value.__traceback__))
    armed = False
    assert len(measured(evaluator, POINTS, 37).cells) == 5


def test_coordinates_of_another_dimension_are_refused() -> None:
    case = classification()
    objective = read_objective(case.model, case.loss, case.data)
    evaluator = evaluator_of(objective, *random_directions(objective))
    with pytest.raises(ValueError, match=r"Expected coordinates of shape \[n, 2\].*got \[3, 1\]"):
        next(evaluator(np.zeros((3, 1)), 37, never))


@pytest.mark.parametrize(
    "name", ["classification", "convolution, BatchNorm, sum", "LSTM, no reduction, data set"]
)
def test_a_worker_thread_measures_the_same(name: str) -> None:
    case = CASES[name]()
    objective = read_objective(case.model, case.loss, case.data)
    directions = random_directions(objective)
    here = measured(evaluator_of(objective, *directions), POINTS, objective.train.size)
    there: list[Values] = []
    threads = [
        threading.Thread(
            target=lambda: there.append(
                measured(evaluator_of(objective, *directions), POINTS, objective.train.size)
            )
        )
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(there) == 2
    for values in there:
        np.testing.assert_allclose(values.mean, here.mean, rtol=1e-12)


def test_a_case_is_left_as_it_was_by_the_reference() -> None:
    case: Case = classification()
    before = case.model.state_dict()["0.weight"].clone()
    loss_at(case, (1.0,), ({"0.weight": torch.ones(8, 4)},))
    assert torch.equal(case.model.state_dict()["0.weight"], before)
