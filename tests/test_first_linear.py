"""Is the first layer's algebra exact, wherever it is allowed, and not found where it isn't?"""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import prune

from landscape_widget.evaluate.plan import Plan
from landscape_widget.objective.criterion import batch_loss
from tests.cases import CASES, Case, classification, draw, draw_classes, mlp, seeded
from tests.fast_cases import CELLS, Bench, after, assert_close, classified, loss_at, never, one


def flat() -> nn.Module:
    """Images of two channels, flattened by a module."""
    return seeded(
        lambda: nn.Sequential(nn.Flatten(), nn.Linear(18, 7), nn.ReLU(inplace=True), nn.Linear(7, 3))
    )


def without_bias() -> nn.Module:
    return seeded(lambda: nn.Sequential(nn.Linear(4, 8, bias=False), nn.Tanh(), nn.Linear(8, 3)))


class Tokens(nn.Module):
    """The first layer sees a sequence; what comes out of it is written to."""

    def __init__(self) -> None:
        super().__init__()
        self.body, self.head = nn.Linear(4, 6), nn.Linear(6, 3)

    def forward(self, x: Tensor) -> Tensor:
        h = self.body(x)
        h += 1
        return self.head(h.mul_(2).mean(1))


RIGHT = {
    "a plain network": classification,
    "trained below 1e-4": CASES["trained"],
    "behind Flatten": lambda: classified(flat(), draw(37, 2, 3, 3)),
    "without bias": lambda: classified(without_bias(), draw(37, 4)),
    "nothing but the layer": lambda: classified(seeded(lambda: nn.Linear(4, 3)), draw(37, 4)),
    "sequences, written to": lambda: classified(seeded(Tokens), draw(19, 5, 4)),
    "regression": CASES["regression"],
    "a function of model and batch": CASES["batch loss"],
    "float64": lambda: Case(
        mlp().double(),
        F.cross_entropy,
        (draw(37, 4).double(), draw_classes(3, 37)),
        lambda m: F.cross_entropy(m(draw(37, 4).double()), draw_classes(3, 37)),
    ),
}


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("axes", [1, 2])
def test_every_cell_equals_the_reference(name: str, axes: int) -> None:
    bench = Bench(RIGHT[name](), axes)
    assert bench.first is not None
    bench.assert_right(bench.fast(bench.first))


@pytest.mark.parametrize("parameters", ["bias", "weight", r"2\.weight|0\.bias", "0.weight"])
def test_some_parameters_may_stay(parameters: str) -> None:
    bench = Bench(classification(), parameters=parameters)
    assert bench.first is not None
    bench.assert_right(bench.fast(bench.first))


def test_where_the_first_layer_stays_there_is_nothing_to_save() -> None:
    assert Bench(classification(), parameters="^2").first is None


def test_the_products_are_really_used(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(classification())
    rewrite, plan = bench.first, Plan(8, rewrites=frozenset({"first linear layer"}))
    station, portions = bench.station(rewrite), bench.portions(plan, rewrite)
    one(station, CELLS[0], portions, plan)
    calls: list[int] = []
    linear = F.linear
    monkeypatch.setattr(F, "linear", lambda *given: calls.append(len(given[1])) or linear(*given))
    one(station, CELLS[1], portions, plan)
    assert set(calls) == {3}  # the last layer's


@pytest.mark.parametrize("test_samples", [5, 37])
def test_test_data_are_measured_the_same_way(test_samples: int) -> None:
    x, y = draw(test_samples, 4, seed=5), draw_classes(3, test_samples, seed=5)
    bench = Bench(classification(), test_data=(x, y))
    measurements = bench.fast(bench.first)
    bench.assert_right(measurements)
    case = Case(bench.case.model, F.cross_entropy, (x, y), lambda m: F.cross_entropy(m(x.double()), y))
    bench.assert_right(measurements, [f.name for f in bench.objective.metrics].index("test_loss"), case)


@pytest.mark.parametrize("axes", [1, 2])
def test_a_cancel_in_the_middle_leaves_no_trace(axes: int) -> None:
    bench = Bench(classification(), axes)
    rewrite, plan = bench.first, Plan(8, rewrites=frozenset({"first linear layer"}))
    station, portions = bench.station(rewrite), bench.portions(plan, rewrite)
    for cell in CELLS:
        assert station.measure([CELLS[2][:axes]], portions, after(2), plan) is None
        assert_close(one(station, cell[:axes], portions, plan).mean[0], bench.reference(cell))


def test_other_batches_than_those_prepared_take_the_layers_own_way() -> None:
    bench = Bench(classification())
    rewrite, plan = bench.first, Plan(8, rewrites=frozenset({"first linear layer"}))
    station = bench.station(rewrite)
    bench.portions(plan, rewrite)
    other = bench.objective.portions(bench.objective.train.size, 5)
    for cell in CELLS:
        assert_close(one(station, cell, other, plan).mean[0], bench.reference(cell))


def test_switching_between_the_ways_keeps_both_right() -> None:
    bench = Bench(classification())
    rewrite = bench.first
    station, fast, plain = bench.station(rewrite), Plan(8, rewrites=frozenset({rewrite.name})), Plan(8)
    portions = bench.portions(fast, rewrite)
    for cell in CELLS:
        for plan in (fast, plain, fast):
            assert_close(one(station, cell, portions, plan).mean[0], bench.reference(cell))


def test_what_is_prepared_for_other_batches_replaces_what_was() -> None:
    bench = Bench(classification())
    rewrite = bench.first
    bench.portions(Plan(8), rewrite)
    pieces = len(rewrite.products)
    bench.portions(Plan(8), rewrite)
    assert len(rewrite.products) == pieces == 5
    bench.portions(Plan(37), rewrite)
    assert len(rewrite.products) == 1


def test_it_says_what_it_needs() -> None:
    bench = Bench(classification())
    assert bench.first.nbytes(37, 8, 2) == 4 * 8 * (37 * (3 + 2) + 8 * 2)


class Reaching(nn.Module):
    """Its first layer, by a way to be chosen."""

    def __init__(self, way) -> None:
        super().__init__()
        self.way, self.body = way, mlp()

    def forward(self, x: Tensor) -> Tensor:
        return self.body(self.way(x))


class Twice(nn.Module):
    """The same layer on the data and on what comes out of it."""

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.head = nn.Linear(4, 4), nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.layer(self.layer(x).relu()))


class TwoNames(nn.Module):
    """One module by two names, one of them called."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(4, 3)
        self.second = self.first

    def forward(self, x: Tensor) -> Tensor:
        return self.first(x)


class TiedWeights(nn.Module):
    """The second layer is the first, transposed."""

    def __init__(self) -> None:
        super().__init__()
        self.there, self.back = nn.Linear(4, 4, bias=False), nn.Linear(4, 4, bias=False)
        self.back.weight = self.there.weight

    def forward(self, x: Tensor) -> Tensor:
        return self.back(self.there(x).relu())


def _normed() -> nn.Module:
    model = mlp()
    nn.utils.parametrizations.weight_norm(model[0])
    return model


def _pruned() -> nn.Module:
    model = mlp()
    prune.l1_unstructured(model[0], "weight", 0.5)
    return model


REFUSED = {
    "through a copy": lambda: Reaching(lambda x: x + 0),
    "through a scale": lambda: Reaching(lambda x: 2 * x),
    "through another order": lambda: Reaching(lambda x: x.flip(1)),
    "through a norm": lambda: nn.Sequential(nn.LayerNorm(4), mlp()),
    "half of the samples": lambda: Reaching(lambda x: x[: len(x) // 2].repeat(2, 1)),
    "called twice": lambda: Twice(),
    "by two names": lambda: TwoNames(),
    "tied weights": lambda: TiedWeights(),
    "weight norm": _normed,
    "pruned": _pruned,
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_steps_aside(name: str) -> None:
    bench = Bench(classified(seeded(REFUSED[name]), draw(36, 4)))
    assert bench.first is None


@pytest.mark.filterwarnings("ignore:`torch.nn.utils.weight_norm` is deprecated:FutureWarning")
def test_the_older_weight_norm_is_left_alone() -> None:
    def model() -> nn.Module:
        network = mlp()
        nn.utils.weight_norm(network[0])
        return network

    assert Bench(classified(seeded(model), draw(36, 4))).first is None


def test_half_precision_is_left_alone() -> None:
    x = draw(9, 4).bfloat16()
    case = classified(mlp().bfloat16(), x)
    assert Bench(case).first is None


def test_a_model_that_writes_into_the_data_gets_its_own_way() -> None:
    """The batch is cloned for every cell then, so no product is found for it."""
    model = Reaching(lambda x: x.mul_(2))
    x, y = draw(36, 4), draw_classes(3, 36)
    case = Case(model, F.cross_entropy, (x, y), lambda m: F.cross_entropy(m(x.double().clone()), y))
    bench = Bench(case)
    assert bench.objective.trial.writes
    rewrites = [rewrite for rewrite in (bench.first,) if rewrite is not None]
    bench.assert_right(bench.fast(*rewrites))


def test_a_function_that_calls_the_model_twice_is_left_alone() -> None:
    def smoothness(model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        x, y = batch
        return F.cross_entropy(model(x), y) + F.mse_loss(model(x + 0.1), model(x))

    x, y = draw(20, 4), draw_classes(3, 20)
    case = Case(mlp(), batch_loss(smoothness), [(x, y)], lambda m: smoothness(m, (x.double(), y)))
    assert Bench(case).first is None


def test_samples_that_stay_in_their_own_batches_are_prepared_each() -> None:
    """A subset of the samples is gathered anew: other tensors, other products."""
    bench = Bench(classification())
    rewrite, plan = bench.first, Plan(8, rewrites=frozenset({"first linear layer"}))
    station = bench.station(rewrite)
    everything = bench.portions(plan, rewrite)
    some = bench.objective.portions(10, 8)
    rewrite.prepare(some)
    (expected,) = bench.station().measure([CELLS[1]], some, never, Plan()) or ()
    assert_close(one(station, CELLS[1], some, plan).mean, expected.mean)
    rewrite.prepare(everything)
    value = one(station, CELLS[1], everything, plan).mean[0]
    assert_close(value, loss_at(bench.case, CELLS[1], bench.vectors))
    assert torch.is_inference_mode_enabled() is False
