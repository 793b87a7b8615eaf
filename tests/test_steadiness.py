"""What is said of a loss that isn't one number for one point: contrastive, on a graph, stateful, random."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.objective.criterion import batch_loss
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.objective.steadiness import A_SUM, RESTLESS, TOGETHER
from tests.cases import CASES, draw, draw_classes, mlp, seeded

X, Y = draw(700, 4), draw_classes(3, 700)
STEADY = [name for name in CASES if name != "batch loss"]


class Remembering(nn.Module):
    """Adds what it saw last, kept in a plain attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.body = mlp()
        self.last = torch.zeros(3)

    def forward(self, x: Tensor) -> Tensor:
        output = self.body(x) + self.last
        self.last = output.mean(0)
        return output


class Graph(nn.Module):
    """Each node sums up its neighbours."""

    def __init__(self) -> None:
        super().__init__()
        self.body = mlp()

    def forward(self, x: Tensor, neighbours: Tensor) -> Tensor:
        return neighbours @ self.body(x)


def contrast(model: nn.Module, x: Tensor) -> Tensor:
    """Each sample against all others of its batch."""
    z = F.normalize(model(x), dim=1)
    return F.cross_entropy(z @ z.T, torch.arange(len(x)), reduction="none")


def at_origin(objective: Objective) -> float:
    measurement = objective.measure(objective.model, objective.portions(objective.train.size))
    assert measurement is not None
    return measurement.mean[0]


@pytest.mark.parametrize("name", STEADY)
def test_nothing_is_said_of_an_ordinary_loss(name: str) -> None:
    case = CASES[name]()
    notes = read_objective(case.model, case.loss, case.data).notes
    assert not {RESTLESS, TOGETHER, A_SUM} & set(notes)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_what_is_rounded_makes_no_difference(dtype: torch.dtype) -> None:
    objective = read_objective(mlp().to(dtype), F.cross_entropy, (X.to(dtype), Y))
    assert objective.notes == ()


@pytest.mark.parametrize("reduced", [lambda values: values, torch.mean])
def test_samples_that_know_each_other_stay_together(reduced: Callable[[Tensor], Tensor]) -> None:
    objective = read_objective(mlp(), batch_loss(lambda model, x: reduced(contrast(model, x))), [X])
    assert TOGETHER in objective.notes
    assert at_origin(objective) == pytest.approx(contrast(mlp(), X).mean().item(), rel=1e-6)


def test_a_graph_is_one_batch() -> None:
    neighbours = (draw(700, 700) > 2).float()
    model = seeded(Graph)
    objective = read_objective(model, F.cross_entropy, [(X, neighbours, Y)])
    assert objective.notes == (TOGETHER,)
    assert at_origin(objective) == pytest.approx(F.cross_entropy(model(X, neighbours), Y).item(), rel=1e-6)


def test_statistics_of_the_batch_are_said() -> None:
    model = seeded(lambda: nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3, track_running_stats=False)))
    assert read_objective(model, F.cross_entropy, (X, Y)).notes == (TOGETHER,)


def test_a_sum_that_is_taken_for_a_mean_is_said() -> None:
    def loss(model: nn.Module, batch: Any) -> Tensor:
        return F.cross_entropy(model(batch[0]), batch[1], reduction="sum")

    assert A_SUM in read_objective(mlp(), batch_loss(loss), (X, Y)).notes


def test_a_model_that_remembers_is_said() -> None:
    assert RESTLESS in read_objective(Remembering(), F.cross_entropy, (X, Y)).notes


def test_a_loss_that_draws_from_a_generator_of_its_own_is_said() -> None:
    generator = torch.Generator().manual_seed(0)

    def loss(output: Tensor, target: Tensor) -> Tensor:
        return F.mse_loss(output, torch.randn(output.shape, generator=generator))

    assert RESTLESS in read_objective(mlp(), loss, (X, Y)).notes


def test_buffers_that_count_calls_are_put_back_and_no_reason_to_complain() -> None:
    class Counting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = mlp()
            self.register_buffer("calls", torch.zeros(()))

        def forward(self, x: Tensor) -> Tensor:
            self.calls = self.calls + 1
            return self.body(x) + self.calls

    assert read_objective(Counting(), F.mse_loss, (X, draw(700, 3))).notes == ()
