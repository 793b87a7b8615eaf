"""Is a checkpoint measured where it is, with all that it holds?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from trajectory_cases import trajectory_of

from landscape_widget.evaluate.checkpoints import CheckpointEvaluator
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.checkpoint import Checkpoint, InMemory
from landscape_widget.subspace.trajectory import Trajectory
from landscape_widget.values import State
from tests.cases import ConvNet, draw, draw_classes, mlp, seeded


def never() -> bool:
    return False


def values_of(evaluator: CheckpointEvaluator, numbers: list[int], samples: int) -> np.ndarray:
    """The means, in the order of the numbers."""
    answers = list(evaluator(np.array(numbers, np.float64)[:, None], samples, never))
    assert [int(cell) for values in answers for cell in values.cells] == list(range(len(numbers)))
    assert all((values.state == State.EXACT).all() for values in answers)
    return np.concatenate([values.mean for values in answers])


def shifted(model: nn.Module, seed: int) -> dict[str, Tensor]:
    """The state with all floating tensors moved."""
    return {
        name: tensor + draw(*tensor.shape, seed=seed).abs() / 4 if tensor.is_floating_point() else tensor
        for name, tensor in model.state_dict().items()
    }


def expected(make: Callable[[], nn.Module], state: dict[str, Tensor], x: Tensor, y: Tensor) -> float:
    model = make()
    model.load_state_dict(state)
    with torch.no_grad():
        return float(F.cross_entropy(model.eval()(x), y))


def images() -> tuple[Tensor, Tensor]:
    return draw(21, 1, 6, 6), draw_classes(3, 21)


def convolutions() -> nn.Module:
    return seeded(ConvNet)


def test_values_are_those_of_the_checkpoints_own_models() -> None:
    (x, y), test = images(), (draw(9, 1, 6, 6, seed=1), draw_classes(3, 9, seed=1))
    states = [shifted(convolutions(), seed) for seed in range(4)]
    objective = read_objective(convolutions(), F.cross_entropy, (x, y), test_data=test)
    values = values_of(CheckpointEvaluator(objective, trajectory_of(states)), [2, 0, 3], 21)
    names = [metric.name for metric in objective.metrics]
    for data, name in (((x, y), "loss"), (test, "test_loss")):
        right = [expected(convolutions, states[number], *data) for number in (2, 0, 3)]
        np.testing.assert_allclose(values[:, names.index(name)], right, rtol=2e-6)


def test_the_origin_among_them_is_the_origin() -> None:
    model, (x, y) = convolutions(), images()
    objective = read_objective(model, F.cross_entropy, (x, y))
    evaluator = CheckpointEvaluator(objective, trajectory_of([shifted(model, 0), dict(model.state_dict())]))
    at_origin = objective.measure(objective.model, objective.portions(21))
    np.testing.assert_array_equal(values_of(evaluator, [0, 1], 21)[1], at_origin.mean)


def test_frozen_parameters_and_statistics_are_the_checkpoints_too() -> None:
    model, (x, y) = convolutions(), images()
    state = dict(model.state_dict()) | {
        "norm.running_mean": torch.full((4,), 2.0),
        "head.weight": 3 * model.head.weight.detach(),
    }
    model.head.requires_grad_(False)
    objective = read_objective(model, F.cross_entropy, (x, y))
    assert "head.weight" not in objective.params
    found = values_of(CheckpointEvaluator(objective, trajectory_of([state, state])), [0], 21)
    np.testing.assert_allclose(found[0, 0], expected(convolutions, state, x, y), rtol=2e-6)


def test_what_a_checkpoint_lacks_is_the_origins_each_time() -> None:
    model, (x, y) = convolutions(), images()
    state = {name: p.detach() + 0.1 for name, p in model.named_parameters()}
    objective = read_objective(model, F.cross_entropy, (x, y))
    found = values_of(CheckpointEvaluator(objective, trajectory_of([state, state])), [0, 1, 0], 21)
    right = expected(convolutions, dict(model.state_dict()) | state, x, y)
    np.testing.assert_allclose(found[:, 0], right, rtol=2e-6)


def test_statistics_are_re_estimated_where_the_objective_says_so() -> None:
    """Whatever statistics a checkpoint holds."""
    model, (x, y) = convolutions(), images()
    states = [
        dict(model.state_dict()) | {"norm.running_mean": torch.full((4,), value)} for value in (0.0, 9.0)
    ]
    frozen = read_objective(model, F.cross_entropy, (x, y))
    evaluators = [
        CheckpointEvaluator(objective, trajectory_of(states))
        for objective in (frozen, replace(frozen, batch_norm="reestimate"))
    ]
    (a, b), (c, d) = (values_of(evaluator, [0, 1], 21)[:, 0] for evaluator in evaluators)
    assert a != b
    assert c == d
    assert a not in (c, d)


def test_samples_are_those_of_the_objective() -> None:
    x, y = draw(50, 4), draw_classes(3, 50)
    objective = read_objective(mlp(), F.cross_entropy, (x, y))
    evaluator = CheckpointEvaluator(objective, trajectory_of([shifted(mlp(), 0), dict(mlp().state_dict())]))
    values = next(iter(evaluator(np.array([[1.0]]), 20, never)))
    right = objective.measure(objective.model, objective.portions(20))
    np.testing.assert_array_equal(values.mean[0], right.mean)
    np.testing.assert_array_equal(values.standard_error[0], right.standard_error)
    assert values.count.tolist() == [[20, 20]]


def mlp_evaluator(trajectory: Trajectory) -> tuple[Objective, CheckpointEvaluator]:
    objective = read_objective(mlp(), F.cross_entropy, (draw(50, 4), draw_classes(3, 50)))
    return objective, CheckpointEvaluator(objective, trajectory)


def test_it_stops_when_it_is_told_to() -> None:
    _, evaluator = mlp_evaluator(trajectory_of([shifted(mlp(), seed) for seed in range(5)]))
    asked = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 4

    seen = [int(values.cells[0]) for values in evaluator(np.arange(5.0)[:, None], 50, cancelled)]
    assert seen == [0, 1]  # each asks before the checkpoint and before its one batch


def test_checkpoints_that_come_later_can_be_measured() -> None:
    trajectory = trajectory_of([dict(mlp().state_dict())])
    _, evaluator = mlp_evaluator(trajectory)
    before = values_of(evaluator, [0], 50)
    trajectory.append(Checkpoint(1, InMemory(shifted(mlp(), 3))))
    after = values_of(evaluator, [0, 1], 50)
    np.testing.assert_array_equal(after[0], before[0])
    assert after[1, 0] != after[0, 0]


def test_a_checkpoint_that_diverged_has_a_loss_that_is_not_finite() -> None:
    state = {name: tensor * torch.nan for name, tensor in mlp().state_dict().items()}
    _, evaluator = mlp_evaluator(trajectory_of([dict(mlp().state_dict()), state]))
    found = values_of(evaluator, [1, 0], 50)
    assert np.isnan(found[0, 0])
    assert np.isfinite(found[1, 0])


def test_the_objective_and_the_checkpoints_stay_as_they_are() -> None:
    states = [shifted(mlp(), seed) for seed in range(2)]
    trajectory = trajectory_of(states)
    objective, evaluator = mlp_evaluator(trajectory)
    values_of(evaluator, [0, 1], 50)
    assert all(torch.equal(tensor, mlp().state_dict()[name]) for name, tensor in objective.params.items())
    for seed, checkpoint in enumerate(trajectory):
        assert all(torch.equal(t, shifted(mlp(), seed)[name]) for name, t in checkpoint.state().items())


@pytest.mark.parametrize("coordinates", [[[2.0]], [[-1.0]], [[0.5]], [[0.0, 1.0]]])
def test_what_is_no_number_of_a_checkpoint_is_refused(coordinates: list[list[float]]) -> None:
    _, evaluator = mlp_evaluator(trajectory_of([dict(mlp().state_dict())] * 2))
    with pytest.raises(
        ValueError, match=r"Expected (whole numbers from 0 to 1|coordinates of shape \[n, 1\])"
    ):
        list(evaluator(np.array(coordinates), 50, never))
