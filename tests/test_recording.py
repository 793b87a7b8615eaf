"""What is seen of one forward, and which modules stand alone?"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.evaluate.recording import Recording, record
from landscape_widget.objective.random_state import random_state_digest
from landscape_widget.objective.read_objective import read_objective
from tests.cases import CASES, classification, draw, draw_classes, mlp, seeded
from tests.fast_cases import Bench, classified


def recorded(model: nn.Module, *shape: int) -> Recording:
    return Bench(classified(model, draw(*shape))).recording


def test_calls_come_in_their_order_with_what_went_in_and_out() -> None:
    recording = recorded(mlp(), 37, 4)
    assert [call.name for call in recording.calls] == ["0", "1", "2"]
    first, activation, last = recording.calls
    assert activation.input is first.output and last.input is activation.output
    assert recording.output is last.output
    assert recording.counts == {"": 1, "0": 1, "1": 1, "2": 1}


def test_a_few_samples_are_enough() -> None:
    recording = recorded(mlp(), 37, 4)
    assert len(recording.calls[0].input) == 4
    assert recording.sample_bytes == 8 * 4


def test_a_loss_that_cannot_be_cut_sees_its_own_batch() -> None:
    x, y = classification().data
    objective = read_objective(mlp(), lambda o, t: F.cross_entropy(o, t) * len(t), [(x, y)])
    assert not objective.trial.cuttable
    recording = record(objective.model, objective.trial, objective.train.first)
    assert len(recording.calls[0].input) == 37


def test_the_data_are_what_the_first_layer_saw() -> None:
    recording = recorded(mlp(), 37, 4)
    x, _ = recording.batch
    assert recording.calls[0].input is x


class Everything(nn.Module):
    """Modules that stand alone, and those that don't."""

    def __init__(self) -> None:
        super().__init__()
        self.alone = nn.Linear(4, 4)
        self.twice = nn.Linear(4, 4)
        self.never = nn.Linear(4, 4)
        self.named = nn.Linear(4, 4)
        self.again = self.named
        self.tied, self.other = nn.Linear(4, 4, bias=False), nn.Linear(4, 4, bias=False)
        self.other.weight = self.tied.weight
        self.normed = nn.utils.parametrizations.weight_norm(nn.Linear(4, 4))
        self.own = Own(4, 4)
        self.head = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.twice(self.twice(self.alone(x)))
        return self.head(self.own(self.normed(self.other(self.tied(self.named(x))))))


class Own(nn.Linear):
    """A class of the user's, whose forward could be anything."""


def test_only_plain_modules_called_once_and_shared_with_nobody_stand_alone() -> None:
    recording = recorded(seeded(Everything), 18, 4)
    assert [call.name for call in recording.alone(nn.Linear)] == ["alone", "head"]
    assert {"named", "again", "tied", "other"} <= recording.shared


def test_views_of_one_storage_are_shared() -> None:
    model = mlp()
    flat = torch.cat([p.detach().reshape(-1) for p in model.parameters()])
    nn.utils.vector_to_parameters(flat, model.parameters())
    bench = Bench(classified(model, draw(18, 4)))
    assert list(bench.recording.alone(nn.Linear)) == []


def test_a_model_of_two_inputs_is_seen_where_modules_take_one() -> None:
    recording = Bench(CASES["dict batches"]()).recording
    assert [call.name for call in recording.calls] == ["body"]


def test_what_returns_no_tensor_is_no_call() -> None:
    recording = Bench(CASES["LSTM, no reduction, data set"]()).recording
    assert "0.lstm" in recording.counts
    assert "0.lstm" not in [call.name for call in recording.calls]


def test_neither_the_objective_nor_random_numbers_are_touched() -> None:
    case = CASES["convolution, BatchNorm, sum"]()
    objective = read_objective(case.model, case.loss, case.data)
    before = {name: tensor.clone() for name, tensor in objective.model.state_dict().items()}
    random, (x, y) = random_state_digest(), objective.train.first
    data = x.clone(), y.clone()
    record(objective.model, objective.trial, objective.train.first)
    assert random_state_digest() == random
    assert torch.equal(x, data[0]) and torch.equal(y, data[1])
    assert all(torch.equal(before[name], tensor) for name, tensor in objective.model.state_dict().items())
    assert not any(module._forward_hooks for module in objective.model.modules())


def test_a_model_that_writes_into_its_data_writes_into_a_copy() -> None:
    class Writing(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = mlp()

        def forward(self, x: Tensor) -> Tensor:
            return self.body(x.mul_(2))

    x, y = draw(18, 4), draw_classes(3, 18)
    objective = read_objective(Writing(), F.cross_entropy, (x, y))
    before = objective.train.first[0].clone()
    record(objective.model, objective.trial, objective.train.first)
    assert torch.equal(objective.train.first[0], before)
