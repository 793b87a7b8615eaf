"""Random layers draw the same in every cell, on every thread, and nobody else's numbers change (O17)."""

from __future__ import annotations

import copy
import random
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.objective.common_random_numbers import CommonRandomNumbers, Unrepeatable
from landscape_widget.objective.criterion import batch_loss
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.random_state import random_state_digest
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace
from tests.cases import ConvNet, draw, draw_classes, mlp, seeded
from tests.pools import pool

X, Y = draw(48, 4), draw_classes(3, 48)
OWN = torch.Generator()


class Functional(nn.Module):
    """Linear layers with something random between them."""

    def __init__(self, change: Callable[[Tensor, bool], Tensor]) -> None:
        super().__init__()
        self.first, self.change, self.last = nn.Linear(4, 8), change, nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.change(self.first(x), self.training))


class Attending(nn.Module):
    """Attention over four steps, with dropout in it."""

    def __init__(self, weights: bool) -> None:
        super().__init__()
        self.embedding, self.head, self.weights = nn.Linear(1, 8), nn.Linear(8, 3), weights
        self.attention = nn.MultiheadAttention(8, 2, dropout=0.4, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        x = self.embedding(x[:, :, None])
        return self.head(self.attention(x, x, x, need_weights=self.weights)[0].mean(1))


class Recurrent(nn.Module):
    """Two LSTM layers, with dropout between them."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.head = nn.LSTM(1, 6, 2, dropout=0.5, batch_first=True), nn.Linear(6, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.lstm(x[:, :, None])[0][:, -1])


def stochastic_depth(x: Tensor, training: bool) -> Tensor:
    return x * x.new_empty(len(x), 1).bernoulli_(0.7) / 0.7 if training else x


def attended(x: Tensor, training: bool) -> Tensor:
    heads = x.reshape(len(x), 2, 2, 2)
    return F.scaled_dot_product_attention(heads, heads, heads, dropout_p=0.5 * training).reshape(len(x), 8)


RANDOM: dict[str, Callable[[], nn.Module]] = {
    "Dropout": lambda: nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 3)),
    "Dropout in place": lambda: nn.Sequential(
        nn.Linear(4, 8), nn.Dropout(0.5, inplace=True), nn.Linear(8, 3)
    ),
    "Dropout2d": lambda: nn.Sequential(
        nn.Unflatten(1, (1, 2, 2)), nn.Conv2d(1, 6, 2), nn.Dropout2d(0.5), nn.Flatten(), nn.Linear(6, 3)
    ),
    "AlphaDropout": lambda: nn.Sequential(nn.Linear(4, 8), nn.AlphaDropout(0.3), nn.Linear(8, 3)),
    "FeatureAlphaDropout": lambda: nn.Sequential(
        nn.Linear(4, 8), nn.FeatureAlphaDropout(0.3), nn.Linear(8, 3)
    ),
    "RReLU": lambda: nn.Sequential(nn.Linear(4, 8), nn.RReLU(), nn.Linear(8, 3)),
    "functional dropout": lambda: Functional(lambda x, training: F.dropout(x, 0.5, training)),
    "stochastic depth": lambda: Functional(stochastic_depth),
    "attention": lambda: Attending(weights=True),
    "attention without weights": lambda: Attending(weights=False),
    "scaled dot product attention": lambda: Functional(attended),
    "LSTM": Recurrent,
    "transformer": lambda: nn.Sequential(
        nn.TransformerEncoderLayer(4, 2, 8, dropout=0.3, batch_first=True), nn.Linear(4, 3)
    ),
    "noise": lambda: Functional(lambda x, training: x + training * torch.randn(x.shape)),
    "noise like it": lambda: Functional(lambda x, training: x + training * torch.randn_like(x)),
    "uniform like it": lambda: Functional(lambda x, training: x + training * torch.rand_like(x)),
    "integers like it": lambda: Functional(
        lambda x, t: x + t * (torch.randint_like(x, 3) - torch.randint_like(x, 1, 3))
    ),
    "integers": lambda: Functional(lambda x, training: x + training * torch.randint(2, 5, x.shape)),
    "uniform": lambda: Functional(lambda x, training: x + training * torch.rand(len(x), 1)),
    "normal": lambda: Functional(lambda x, training: x + training * torch.normal(x.detach(), 0.5)),
    "gumbel softmax": lambda: Functional(lambda x, t: F.gumbel_softmax(x) if t else x.softmax(1)),
    "permuted": lambda: Functional(lambda x, training: x[torch.randperm(len(x))] if training else x),
    "multinomial": lambda: Functional(
        lambda x, t: x[torch.ones(len(x)).multinomial(len(x), True)] if t else x
    ),
    "a distribution": lambda: Functional(
        lambda x, t: x + torch.distributions.Gamma(torch.ones(8), torch.ones(8)).sample() if t else x
    ),
    "a generator of its own": lambda: Functional(
        lambda x, training: x + training * torch.randn(x.shape, generator=OWN)
    ),
}


def in_train_mode(make: Callable[[], nn.Module], **options: Any) -> Objective:
    return read_objective(seeded(make), F.cross_entropy, (X, Y), mode="train", **options)


def loss(objective: Objective) -> float:
    measurement = objective.measure(objective.model, objective.portions(objective.samples))
    assert measurement is not None
    return measurement.mean[0]


def plane(objective: Objective) -> Subspace:
    return Subspace(objective.params, (RandomDirection(0)(objective), RandomDirection(1)(objective)))


def losses(objective: Objective, workers: int) -> np.ndarray:
    cells = np.array([(a, b) for b in (-0.5, 0.0, 0.5) for a in (-0.5, 0.0, 0.5)])
    answers = np.full(len(cells), np.nan)
    for values in Evaluator(objective, plane(objective), pool(workers), plain=True)(
        cells, objective.samples, lambda: False
    ):
        answers[values.cells] = values.mean[:, 0]
    return answers


@pytest.mark.parametrize("name", RANDOM)
def test_two_evaluations_of_a_cell_are_bit_equal_and_random(name: str) -> None:
    objective = in_train_mode(RANDOM[name])
    first = loss(objective)
    assert loss(objective) == first
    other = in_train_mode(RANDOM[name], seed=1)
    assert loss(other) != first, "nothing was drawn"


@pytest.mark.parametrize("name", ["Dropout", "stochastic depth", "LSTM", "attention", "noise like it"])
def test_several_workers_give_the_same(name: str) -> None:
    objective = in_train_mode(RANDOM[name])
    np.testing.assert_array_equal(losses(objective, 3), losses(objective, 1))


@pytest.mark.parametrize("name", RANDOM)
def test_no_global_random_state_moves(name: str) -> None:
    model = seeded(RANDOM[name])
    before = random_state_digest()
    objective = read_objective(model, F.cross_entropy, (X, Y), mode="train")
    loss(objective)
    losses(objective, 2)
    assert random_state_digest() == before


def test_a_thread_that_draws_beside_gets_its_numbers_and_disturbs_nobody() -> None:
    objective = in_train_mode(RANDOM["Dropout"])
    alone = losses(objective, 2)
    drawn: list[Tensor] = []
    begun = threading.Event()

    def train_on() -> None:
        for _ in range(300):
            drawn.append(F.dropout(torch.ones(50), 0.5))
            begun.set()

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        expected = [F.dropout(torch.ones(50), 0.5) for _ in range(300)]
        torch.manual_seed(3)
        thread = threading.Thread(target=train_on)
        thread.start()
        begun.wait()
        beside = [losses(objective, 2)]
        while thread.is_alive():
            beside.append(losses(objective, 2))
        thread.join()
    assert torch.equal(torch.stack(drawn), torch.stack(expected))
    for answers in beside:
        np.testing.assert_array_equal(answers, alone)


def test_batch_norm_keeps_its_statistics_in_train_mode() -> None:
    images = draw(24, 1, 6, 6), draw_classes(3, 24)
    model = seeded(ConvNet)
    objective = read_objective(model, F.cross_entropy, images, mode="train")
    before = copy.deepcopy(objective.model.state_dict())
    with torch.no_grad():
        assert loss(objective) == pytest.approx(float(F.cross_entropy(model.eval()(images[0]), images[1])))
    assert all(torch.equal(before[name], t) for name, t in objective.model.state_dict().items())
    assert objective.model.head.training and not objective.model.norm.training


def test_a_model_without_random_layers_is_the_same_in_both_modes() -> None:
    assert loss(in_train_mode(mlp)) == pytest.approx(
        loss(read_objective(mlp(), F.cross_entropy, (X, Y))), rel=1e-12
    )


def test_batches_draw_differently_and_stay_as_they_came() -> None:
    objective = in_train_mode(RANDOM["Dropout"])
    assert objective.mode == "train" and objective.is_plain and not objective.trial.cuttable
    halves = [(X[:24], Y[:24]), (X[:24], Y[:24])]
    twice = read_objective(seeded(RANDOM["Dropout"]), F.cross_entropy, halves, mode="train")
    once = read_objective(seeded(RANDOM["Dropout"]), F.cross_entropy, halves[:1], mode="train")
    assert loss(twice) != loss(once)


def test_dropout_keeps_its_mean() -> None:
    """The mean over draws of a linear model is what it gives in eval mode."""
    model = seeded(lambda: nn.Sequential(nn.Dropout(0.5), nn.Linear(4, 1)))
    data = torch.ones(20_000, 4), torch.zeros(20_000, 1)
    mean = batch_loss(lambda m, b: m(b[0]).squeeze(1))
    value = loss(read_objective(model, mean, data, mode="train"))
    spread = float(model[1].weight.detach().norm()) / 20_000**0.5
    assert value == pytest.approx(float(model.eval()(data[0][:1]).detach()), abs=4 * spread)


def test_the_gradient_is_that_of_the_loss_with_these_draws() -> None:
    objective = in_train_mode(RANDOM["Dropout"], dtype=torch.float64)
    gradient = objective.gradient()
    step = 1e-5 / torch.stack([g.norm() for g in gradient.values()]).norm()
    ends = []
    for sign in (1, -1):
        with torch.no_grad():
            for name, p in objective.model.named_parameters():
                p += sign * step * gradient[name]
        ends.append(loss(objective))
        with torch.no_grad():
            for name, p in objective.model.named_parameters():
                p -= sign * step * gradient[name]
    square = sum(float(g.norm() ** 2) for g in gradient.values())
    assert (ends[0] - ends[1]) / (2 * float(step)) == pytest.approx(square, rel=1e-5)


@pytest.mark.parametrize("draws", [lambda: random.random(), lambda: float(np.random.random())])
def test_draws_of_numpy_and_python_are_refused_at_the_door(draws: Callable[[], float]) -> None:
    with pytest.raises(ValueError, match=r"draws from numpy's or Python's, or sets a seed. Draw with torch"):
        in_train_mode(lambda: Functional(lambda x, training: x * draws() if training else x))


def test_an_operation_that_takes_no_generator_is_refused_at_the_door() -> None:
    def fused(x: Tensor, training: bool) -> Tensor:
        query = x.reshape(len(x), 2, 2, 2)
        drop = 0.5 * training
        return torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(query, query, query, drop)[
            0
        ].reshape(len(x), 8)

    with pytest.raises(
        ValueError, match=r"drawn again for every cell; aten._scaled_dot.* takes no generator"
    ):
        in_train_mode(lambda: Functional(fused))


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"mode must be one of 'eval', 'train'; got 'training'. Did you mean"
    ):
        read_objective(mlp(), F.cross_entropy, (X, Y), mode="training")


def test_native_dropout_is_replaced() -> None:
    x = draw(1000)
    with torch.no_grad(), CommonRandomNumbers(0):
        out, kept = torch.native_dropout(x, 0.25, True)
        whole, all_kept = torch.native_dropout(x, 0.25, False)
    torch.testing.assert_close(out, torch.where(kept, x / 0.75, 0))
    assert 0.7 < kept.float().mean() < 0.8
    assert torch.equal(whole, x) and all_kept.all()


def test_the_error_is_a_value_error() -> None:
    assert issubclass(Unrepeatable, ValueError)


def test_a_default_device_of_the_session_makes_no_difference() -> None:
    objective = in_train_mode(RANDOM["noise like it"])
    before = loss(objective)
    with torch.device("cpu"):
        assert loss(objective) == before
    images = draw(40, 1, 6, 6), draw_classes(3, 40)
    own = replace(
        read_objective(seeded(ConvNet), F.cross_entropy, images, mode="eval"), batch_norm="reestimate"
    )
    expected = loss(own)
    with torch.device("meta"):
        assert loss(own) == expected
