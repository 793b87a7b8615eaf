"""Is the last layer right when it is computed class by class, with every option of the cross entropy?"""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.evaluate.plan import Plan
from landscape_widget.objective.criterion import batch_loss
from tests.cases import CASES, Case, classification, draw, draw_classes, mlp, seeded
from tests.fast_cases import CELLS, Bench, after, assert_close, classified, one

WEIGHT = torch.tensor([0.2, 1.0, 3.0])


def with_loss(loss: Any, once: Any = None) -> Case:
    x, y = draw(37, 4), draw_classes(3, 37)
    y[5:9] = -1 if getattr(loss, "ignore_index", None) == -1 else y[5:9]
    return Case(mlp(), loss, (x, y), lambda model: (once or loss)(model(x.double()), y))


class InPlace(nn.Module):
    """Writes into what the last layer returned."""

    def __init__(self) -> None:
        super().__init__()
        self.body, self.head = nn.Linear(4, 8), nn.Linear(8, 3, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.body(x).tanh()).mul_(2)


RIGHT = {
    "a function": classification,
    "trained below 1e-4": CASES["trained"],
    "a module": lambda: with_loss(nn.CrossEntropyLoss()),
    "a sum": lambda: with_loss(nn.CrossEntropyLoss(reduction="sum")),
    "smoothed": lambda: with_loss(partial(F.cross_entropy, label_smoothing=0.1)),
    "class weights": lambda: with_loss(
        nn.CrossEntropyLoss(WEIGHT, label_smoothing=0.1),
        nn.CrossEntropyLoss(WEIGHT.double(), label_smoothing=0.1),
    ),
    "ignored": lambda: with_loss(nn.CrossEntropyLoss(ignore_index=-1)),
    "shuffled batches": CASES["class weights, smoothing, shuffled loader"],
    "no bias, in place": lambda: classified(seeded(InPlace), draw(37, 4)),
    "one class": lambda: classified(
        seeded(lambda: nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 1))), draw(9, 4), classes=1
    ),
    "a convolution before": CASES["convolution, BatchNorm, sum"],
}


@pytest.mark.parametrize("name", RIGHT)
def test_every_cell_equals_the_reference(name: str) -> None:
    bench = Bench(RIGHT[name]())
    assert bench.head is not None
    bench.assert_right(bench.fast(bench.head))


@pytest.mark.parametrize("limit", [1, 36, 37])
def test_a_batch_may_be_one_sample(limit: int) -> None:
    bench = Bench(classification())
    bench.assert_right(bench.fast(bench.head, limit=limit))


def test_the_accuracy_and_the_standard_error_are_those_of_the_plain_path() -> None:
    bench = Bench(classification())
    for fast, plain in zip(bench.fast(bench.head), bench.fast(), strict=True):
        assert fast.mean[1] == plain.mean[1]
        assert_close(fast.standard_error, plain.standard_error)
        assert fast.count.tolist() == plain.count.tolist()


def test_it_gets_on_with_the_other_rewrites() -> None:
    first = Bench(classification())
    first.assert_right(first.fast(first.first, first.head))
    folded = Bench(CASES["convolution, BatchNorm, sum"](), statistics=True)
    folded.assert_right(folded.fast(folded.folds, folded.head))


def test_a_cancel_in_the_middle_leaves_no_trace() -> None:
    bench = Bench(classification())
    plan = Plan(8, rewrites=frozenset({bench.head.name}))
    station, portions = bench.station(bench.head), bench.portions(plan)
    for cell in CELLS:
        assert station.measure([CELLS[2]], portions, after(3), plan) is None
        assert_close(one(station, cell, portions, plan).mean[0], bench.reference(cell))
        assert_close(one(station, cell, portions, Plan(8)).mean[0], bench.reference(cell))


class Scaled(nn.Module):
    """Its last layer isn't its output."""

    def __init__(self) -> None:
        super().__init__()
        self.body = mlp()

    def forward(self, x: Tensor) -> Tensor:
        return 2 * self.body(x)


class Inside(nn.Module):
    """Its output is a dict."""

    def __init__(self) -> None:
        super().__init__()
        self.body = mlp()

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        return {"logits": self.body(x)}


def _tied() -> Case:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 4)
            self.b.weight = self.a.weight

        def forward(self, x: Tensor) -> Tensor:
            return self.b(self.a(x).relu())

    return classified(seeded(Tied), draw(36, 4))


def _probabilities() -> Case:
    x, y = draw(18, 4), draw(18, 3).softmax(1)
    return Case(mlp(), F.cross_entropy, (x, y), lambda m: F.cross_entropy(m(x.double()), y.double()))


def _dict() -> Case:
    x, y = draw(18, 4), draw_classes(3, 18)
    return Case(
        seeded(Inside), F.cross_entropy, (x, y), lambda m: F.cross_entropy(m(x.double())["logits"], y)
    )


def _function() -> Case:
    x, y = draw(18, 4), draw_classes(3, 18)
    loss = batch_loss(lambda model, batch: F.cross_entropy(model(batch[0]), batch[1]))
    return Case(mlp(), loss, (x, y), lambda m: F.cross_entropy(m(x.double()), y))


REFUSED = {
    "a loss that doesn't reduce": lambda: with_loss(nn.CrossEntropyLoss(reduction="none"), F.cross_entropy),
    "another loss": CASES["regression"],
    "an own function of the output": lambda: with_loss(
        lambda o, y: F.cross_entropy(o, y) + o.square().mean()
    ),
    "a function of model and batch": _function,
    "probabilities": _probabilities,
    "something after it": lambda: classified(seeded(Scaled), draw(18, 4)),
    "a dict": _dict,
    "tokens": CASES["tied embedding, ignored tokens, batches"],
    "tied weights": _tied,
    "log softmax": CASES["LSTM, no reduction, data set"],
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_steps_aside(name: str) -> None:
    assert Bench(REFUSED[name]()).head is None
