"""Is a compiled forward right where it was asked for, and left where it fails?"""

from __future__ import annotations

import shutil

import pytest
import torch
import torch.nn.functional as F

from landscape_widget.evaluate.compiled import Compiled
from landscape_widget.evaluate.plan import Plan
from tests.cases import classification
from tests.fast_cases import CELLS, GRID, Bench, all_values, assert_close, never, one

ON = frozenset({"torch.compile"})
needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="torch.compile needs a C++ compiler")


@pytest.fixture(autouse=True)
def anew():
    torch.compiler.reset()
    yield
    torch.compiler.reset()


@needs_compiler
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_every_cell_equals_the_reference_and_weights_are_read_anew() -> None:
    bench = Bench(classification())
    plan = Plan(37, rewrites=ON)
    station, portions = bench.station(Compiled()), bench.portions(plan)
    for cell in CELLS:
        assert_close(one(station, cell, portions, plan).mean[0], bench.reference(cell))
        assert_close(one(station, cell, portions, Plan(37)).mean[0], bench.reference(cell))


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """In the place of the compiler: a forward that only counts that it was called."""
    calls: list[object] = []

    def compiled(forward, **options):
        def fast(*given, **named):
            calls.append(options)
            return forward(*given, **named)

        return fast

    monkeypatch.setattr(torch, "compile", compiled)
    return calls


def test_it_is_used_only_where_it_was_asked_for(eager: list[object]) -> None:
    bench = Bench(classification())
    all_values(bench.evaluator(), GRID, 37)
    assert eager == []
    values = all_values(bench.evaluator(compile=True), GRID, 37)
    assert eager and values.how is not None
    assert_close(values.mean[:, 0], [bench.reference(cell) for cell in GRID.tolist()])


def test_a_cancel_in_the_middle_leaves_no_trace(eager: list[object]) -> None:
    bench = Bench(classification())
    plan = Plan(8, rewrites=ON)
    station, portions = bench.station(Compiled()), bench.portions(plan)
    asked = iter(range(2))
    assert station.measure([CELLS[2]], portions, lambda: next(asked, None) is None, plan) is None
    for cell in CELLS:
        assert_close(one(station, cell, portions, plan).mean[0], bench.reference(cell))


def test_without_a_compiler_it_leaves_with_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    def compiled(forward, **options):
        def fast(*given, **named):
            raise RuntimeError("InvalidCxxCompiler")

        return fast

    monkeypatch.setattr(torch, "compile", compiled)
    bench = Bench(classification())
    values = all_values(bench.evaluator(compile=True), GRID, 37)
    assert_close(values.mean[:, 0], [bench.reference(cell) for cell in GRID.tolist()])
    assert values.how is not None and values.how.settings["rewrites"] == []
    assert [note for note in values.how.notes if "torch.compile" in note]


def test_a_compiler_that_cannot_even_begin_is_left_out_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def compiled(forward, **options):
        raise RuntimeError("Dynamo is not supported on this Python")

    monkeypatch.setattr(torch, "compile", compiled)
    bench = Bench(classification())
    values = all_values(bench.evaluator(compile=True), GRID, 37)
    assert_close(values.mean[:, 0], [bench.reference(cell) for cell in GRID.tolist()])
    assert values.how is not None and values.how.settings["rewrites"] == []


def test_a_loss_that_differentiates_is_not_compiled(eager: list[object]) -> None:
    def steepness(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        with torch.enable_grad():
            leaf = output.detach().requires_grad_()
            (slope,) = torch.autograd.grad(F.cross_entropy(leaf, target), leaf)
        return slope.square().sum()

    case = classification()
    bench = Bench(type(case)(case.model, steepness, case.data, case.once))
    assert bench.objective.trial.differentiates
    list(bench.evaluator(compile=True)(GRID, 37, never))
    assert eager == []
