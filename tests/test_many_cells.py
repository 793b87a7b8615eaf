"""Are several cells in one forward what they are one by one? On the CPU, where a GPU's way can be tried."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.evaluate.crew import Crew
from landscape_widget.evaluate.plan import Plan
from landscape_widget.objective.terms import Measurement
from tests.cases import CASES, Case, classification, draw, draw_classes, mlp
from tests.fast_cases import CELLS, Bench, after, assert_close, never

TOGETHER = Plan(8, together=4)


def together(bench: Bench, plan: Plan = TOGETHER) -> list[Measurement]:
    """All cells, four at a time; the last goes alone."""
    station, portions = bench.station(), bench.portions(plan)
    measured: list[Measurement] = []
    for begin in range(0, len(CELLS), 4):
        points = [cell[: bench.axes] for cell in CELLS[begin : begin + 4]]
        measured += station.measure(points, portions, never, plan) or []
    return measured


def assert_plain(bench: Bench, measured: list[Measurement]) -> None:
    for fast, plain in zip(measured, bench.fast(), strict=True):
        assert_close(fast.mean, plain.mean)
        np.testing.assert_allclose(fast.standard_error, plain.standard_error, rtol=1e-5)
        assert fast.count.tolist() == plain.count.tolist()


MAPPED = [
    "quadratic",
    "classification",
    "trained",
    "class weights, smoothing, shuffled loader",
    "tied embedding, ignored tokens, batches",
    "convolution, BatchNorm, sum",
    "dict batches",
    "regression",
    "binary",
    "complex",
    "batch loss",
]


@pytest.mark.parametrize("name", MAPPED)
@pytest.mark.parametrize("axes", [1, 2])
def test_every_cell_equals_the_reference(name: str, axes: int) -> None:
    bench = Bench(CASES[name](), axes)
    measured = together(bench)
    bench.assert_right(measured)
    assert_plain(bench, measured)


def test_batch_norm_statistics_move_and_variances_are_held() -> None:
    bench = Bench(CASES["convolution, BatchNorm, sum"](), statistics=True)
    bench.assert_right(together(bench))
    bench.vectors[1]["norm.running_var"].fill_(-5.0)
    bench.assert_right(together(bench))


def test_test_data_and_accuracy_come_along() -> None:
    x, y = draw(20, 4, seed=5), draw_classes(3, 20, seed=5)
    bench = Bench(classification(), test_data=(x, y))
    measured = together(bench)
    assert [fact.name for fact in bench.objective.metrics] == [
        "loss",
        "accuracy",
        "test_loss",
        "test_accuracy",
    ]
    assert_plain(bench, measured)
    case = Case(bench.case.model, F.cross_entropy, (x, y), lambda m: F.cross_entropy(m(x.double()), y))
    bench.assert_right(measured, 2, case)


def test_a_model_that_counts_its_calls_begins_anew() -> None:
    class Counting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = mlp()
            self.register_buffer("calls", torch.zeros(()))

        def forward(self, x: Tensor) -> Tensor:
            self.calls += 1
            return self.body(x) + self.calls

    x, y = draw(30, 4), draw(30, 3, seed=1)
    case = Case(Counting(), F.mse_loss, (x, y), lambda m: F.mse_loss(m(x.double()), y.double()))
    bench = Bench(case)
    station, portions = bench.station(), bench.portions(TOGETHER)
    points = [list(cell) for cell in CELLS[:4]]
    first, second = (station.measure(points, portions, never, TOGETHER) or [] for _ in range(2))
    plain = bench.fast()
    for a, b, c in zip(first, second, plain, strict=False):
        assert_close(a.mean, c.mean)
        assert_close(b.mean, c.mean)


def test_a_cancel_in_the_middle_leaves_no_trace() -> None:
    bench = Bench(classification())
    station, portions = bench.station(), bench.portions(TOGETHER)
    points = [list(cell) for cell in CELLS[:4]]
    assert station.measure(points, portions, after(2), TOGETHER) is None
    measured = station.measure(points, portions, never, TOGETHER) or []
    assert_close([one.mean[0] for one in measured], [bench.reference(cell) for cell in CELLS[:4]])


@pytest.mark.parametrize("workers", [1, 2])
def test_a_crew_shares_them_out(workers: int) -> None:
    bench = Bench(classification())
    crew: Crew = bench.crew(workers)
    cells = [
        (number, (a, b)) for number, (a, b) in enumerate((i / 7, j / 3) for j in range(3) for i in range(7))
    ]
    way = TOGETHER, crew.portions(37, TOGETHER)
    measured = {one.cell: one.measurement.mean[0] for one in crew.run(cells, lambda _: way, never)}
    assert sorted(measured) == list(range(21))
    assert_close([measured[number] for number, _ in cells], [bench.reference(point) for _, point in cells])


def test_a_crew_may_compute_some_of_them_plainly_beside() -> None:
    bench = Bench(classification())
    crew: Crew = bench.crew(2)
    cells = [(number - 3, (number / 7, 0.5)) for number in range(9)]
    ways = [(plan, crew.portions(37, plan)) for plan in (TOGETHER, Plan(8))]
    measured = {one.cell: one.measurement.mean[0] for one in crew.run(cells, lambda n: ways[n < 0], never)}
    assert_close([measured[number] for number, _ in cells], [bench.reference(point) for _, point in cells])


def test_a_handful_of_both_kinds_loses_none() -> None:
    bench = Bench(classification())
    crew: Crew = bench.crew(1)
    order = [0, -1, -2, -3, 1, 2, 3, 4, 5, -4]
    cells = [(number, (number / 7, 0.5)) for number in order]
    ways = [(plan, crew.portions(37, plan)) for plan in (TOGETHER, Plan(8))]
    measured = [one.cell for one in crew.run(cells, lambda n: ways[n < 0], never)]
    assert sorted(measured) == sorted(order)


def test_a_model_that_branches_on_its_weights_cannot_be_mapped() -> None:
    class Branching(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = mlp()

        def forward(self, x: Tensor) -> Tensor:
            return self.body(x) if self.body[0].weight.sum() > 0 else -self.body(x)

    x, y = classification().data
    bench = Bench(Case(Branching(), F.cross_entropy, (x, y), lambda m: F.cross_entropy(m(x.double()), y)))
    with pytest.raises(RuntimeError, match="data-dependent"):
        together(bench)


def test_rewrites_that_one_cell_used_are_off_for_several() -> None:
    bench = Bench(classification())
    first = bench.first
    station = bench.station(first)
    alone = Plan(8, rewrites=frozenset({first.name}))
    portions = bench.portions(alone, first)
    points = [list(cell) for cell in CELLS[:4]]
    station.measure(points[:1], portions, never, alone)
    measured = station.measure(points, portions, never, TOGETHER) or []
    assert_close([one.mean[0] for one in measured], [bench.reference(cell) for cell in CELLS[:4]])
