"""Is every cell right whatever was chosen, on whatever network, and is the choice told as it was?"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from landscape_widget.evaluate.choice import Choice
from landscape_widget.evaluate.race import (
    one_wide_worker,
    other_format,
    scaled,
    several_together,
    without,
)
from tests.cases import CASES, Case, classification, draw, mlp, seeded
from tests.fast_cases import GRID, Bench, all_values, assert_close, classified, never, used

CHANGES = {
    "smaller batches": scaled(0.5, 4096),
    "larger batches": scaled(2, 4096),
    "no first layer": without("first linear layer"),
    "no folding": without("folded BatchNorm"),
    "the other format": other_format,
    "the wide worker": one_wide_worker,
    "cells together": several_together(4),
}


def assert_right(bench: Bench, evaluator, points: np.ndarray = GRID):
    values = all_values(evaluator, points, bench.objective.train.size)
    assert_close(values.mean[:, 0], [bench.reference(cell) for cell in points.tolist()])
    assert values.how is not None
    return values.how


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ["classification", "convolution, BatchNorm, sum"])
def test_every_cell_is_right_before_during_and_after_a_change(
    monkeypatch: pytest.MonkeyPatch, name: str, change: str
) -> None:
    """The race tries one change; both ways are asked for cells, and the faster for the rest."""
    monkeypatch.setattr(Choice, "_changes", lambda self, samples: [CHANGES[change]])
    bench = Bench(CASES[name]())
    evaluator = bench.evaluator()
    for _ in range(4):
        assert_right(bench, evaluator)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("name", ["classification", "convolution, BatchNorm, sum", "trained"])
def test_after_a_cancel_inside_a_batch_the_same_evaluator_goes_on(name: str, workers: int) -> None:
    bench = Bench(CASES[name]())
    evaluator = bench.evaluator(workers)
    lock = threading.Lock()
    for stop in (0, 1, 2, 3, 5, 8, 13, 21, 34, 55):
        asked = 0

        def cancelled(stop: int = stop) -> bool:
            nonlocal asked
            with lock:
                asked += 1
                return asked > stop

        got = list(evaluator(GRID, bench.objective.train.size, cancelled))
        for values in got:
            assert_close(values.mean[:, 0], [bench.reference(GRID[cell].tolist()) for cell in values.cells])
    assert assert_right(bench, evaluator).notes == ()


def test_a_run_that_was_given_up_does_not_disturb_the_next() -> None:
    bench = Bench(CASES["convolution, BatchNorm, sum"]())
    evaluator = bench.evaluator(seconds=0.0)
    for _ in range(5):
        run = evaluator(GRID, 21, never)
        next(run)
        run.close()
        assert_right(bench, evaluator, GRID[::5])


def test_ctrl_c_between_two_answers_leaves_the_evaluator_usable() -> None:
    bench = Bench(classification())
    evaluator = bench.evaluator(seconds=0.0)
    with pytest.raises(KeyboardInterrupt):
        for _ in evaluator(GRID, 37, never):
            raise KeyboardInterrupt
    assert assert_right(bench, evaluator).notes == ()


def test_two_evaluators_share_the_workers_at_the_same_time() -> None:
    """As two widgets do, or a call of `compute` beside one."""
    benches = [Bench(CASES[name]()) for name in ("classification", "convolution, BatchNorm, sum")]
    start, done = threading.Barrier(2), []

    def work(bench: Bench) -> None:
        evaluator = bench.evaluator()
        start.wait(10)
        for _ in range(5):
            assert assert_right(bench, evaluator).notes == ()
        done.append(bench)

    threads = [threading.Thread(target=work, args=(bench,)) for bench in benches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(done) == 2


def disagreeing(wrong: str, waiting: str) -> tuple[Bench, threading.Event]:
    """A loss with a state of its own: on one worker it is off by one, and that one answers first."""
    armed, answered = threading.Event(), threading.Event()

    def loss(output: Tensor, target: Tensor) -> Tensor:
        value = F.cross_entropy(output, target, reduction="none")
        name = threading.current_thread().name
        if not armed.is_set():
            return value
        if name == waiting:
            answered.wait(5)
        if name == wrong:
            answered.set()
            return value + 1
        return value

    x, y = classification().data
    case = Case(mlp(), loss, (x, y), lambda m: F.cross_entropy(m(x.double()), y))
    return Bench(case), armed


def test_workers_that_disagree_are_one_and_the_cell_is_measured_again() -> None:
    bench, armed = disagreeing("landscape worker 1", "landscape worker 0")
    assert bench.objective
    evaluator = bench.evaluator()
    armed.set()
    how = assert_right(bench, evaluator)
    assert how.settings["workers"] == 1
    assert [note for note in how.notes if "Two workers disagreed" in note and "state" in note]


def test_workers_that_agree_are_two() -> None:
    bench = Bench(classification())
    how = assert_right(bench, bench.evaluator())
    assert not [note for note in how.notes if "disagreed" in note]


def test_workers_agree_on_one_cell_at_the_same_time() -> None:
    together, inside = threading.Barrier(2), []
    armed = threading.Event()

    def loss(output: Tensor, target: Tensor) -> Tensor:
        name = threading.current_thread().name
        if armed.is_set() and "worker" in name and len(inside) < 2:
            inside.append(name)
            together.wait(5)
        return F.cross_entropy(output, target, reduction="none")

    x, y = classification().data
    bench = Bench(Case(mlp(), loss, (x, y), lambda m: F.cross_entropy(m(x.double()), y)))
    assert bench.objective
    evaluator = bench.evaluator()
    armed.set()
    assert_right(bench, evaluator)
    assert sorted(inside) == ["landscape worker 0", "landscape worker 1"]


@pytest.mark.parametrize("name", CASES)
def test_what_was_chosen_is_told_in_words_and_for_the_file(name: str) -> None:
    bench = Bench(CASES[name]())
    how = assert_right(bench, bench.evaluator())
    told = json.loads(json.dumps(dict(how.settings)))
    assert {"workers", "torch_threads", "batch", "channels_last", "rewrites", "notes"} <= told.keys()
    assert told["cells_per_second"] > 0
    assert any("worker" in words for words in how.choices)
    assert any("batches" in words for words in how.choices)
    assert list(how.notes) == told["notes"] == []


def test_data_that_cannot_be_cut_stay_in_their_batches() -> None:
    x, y = classification().data

    def loss(output: Tensor, target: Tensor) -> Tensor:
        return F.cross_entropy(output, target) + output.std()

    bench = Bench(Case(mlp(), loss, [(x[:20], y[:20]), (x[20:], y[20:])], lambda m: Tensor([0.0])))
    assert not bench.objective.trial.cuttable
    evaluator = bench.evaluator()
    values = all_values(evaluator, GRID, 37)
    assert values.how is not None and values.how.settings["batch"] is None
    plain = all_values(bench.evaluator(plain=True), GRID, 37)
    assert_close(values.mean[:, 0], plain.mean[:, 0])


def test_one_cell_is_computed_at_once_and_the_plain_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Choice, "_prove", lambda *_: pytest.fail("a proof before the first picture"))
    bench = Bench(classification())
    assert_right(bench, bench.evaluator(), GRID[:1])


def test_a_preview_on_fewer_samples_has_its_own_batches() -> None:
    bench = Bench(classification())
    evaluator, plain = bench.evaluator(), bench.evaluator(plain=True)
    for samples in (10, 37, 1, 10, 36):
        fast, slow = (all_values(one, GRID, samples) for one in (evaluator, plain))
        assert_close(fast.mean[:, 0], slow.mean[:, 0])
        assert (fast.count == samples).all()


def test_when_the_race_is_over_stations_of_the_other_format_are_gone() -> None:
    bench = Bench(CASES["convolution, BatchNorm, sum"]())
    evaluator = bench.evaluator()
    for _ in range(200):
        assert_right(bench, evaluator)
        if evaluator._choice.race(21).is_settled:
            break
    assert evaluator._choice.race(21).is_settled
    all_values(evaluator, GRID[:2], 21)
    assert len({channels_last for _, channels_last in evaluator._crew._stations}) <= 2
    assert len(evaluator._crew._portions) <= 4


def test_where_nothing_moves_there_is_nothing_to_prove_and_no_error() -> None:
    bench = Bench(CASES["convolution, BatchNorm, sum"](), axes=1)
    for tensor in bench.vectors[0].values():
        tensor.zero_()
    values = all_values(bench.evaluator(), GRID[:, :1], 21)
    assert_close(values.mean[:, 0], [bench.reference((0.0,))] * len(GRID))


class Net(nn.Module):
    """A chain of blocks, some of them with a shortcut around, some of them twice."""

    def __init__(self, blocks: list[tuple[nn.Module, bool]]) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(block for block, _ in blocks)
        self.shortcuts = [shortcut for _, shortcut in blocks]

    def forward(self, x: Tensor) -> Tensor:
        for block, shortcut in zip(self.blocks, self.shortcuts, strict=True):
            x = x + block(x) if shortcut else block(x)
        return x


def _tied(width: int) -> nn.Module:
    first, second = nn.Linear(width, width), nn.Linear(width, width, bias=False)
    second.weight = first.weight
    return nn.Sequential(first, nn.Tanh(), second)


def _twice(module: nn.Module) -> nn.Module:
    return nn.Sequential(module, nn.Tanh(), module)


ANYWHERE: dict[str, Callable[[int], nn.Module]] = {
    "ReLU": lambda width: nn.ReLU(),
    "ReLU in place": lambda width: nn.ReLU(inplace=True),
    "Tanh": lambda width: nn.Tanh(),
    "GELU": lambda width: nn.GELU(),
}
ON_VECTORS = ANYWHERE | {
    "Linear": lambda width: nn.Linear(width, width),
    "Linear without bias": lambda width: nn.Linear(width, width, bias=False),
    "BatchNorm": nn.BatchNorm1d,
    "LayerNorm": nn.LayerNorm,
    "shared": lambda width: _twice(nn.Linear(width, width)),
    "tied": _tied,
    "Linear and BatchNorm": lambda width: nn.Sequential(nn.Linear(width, width), nn.BatchNorm1d(width)),
}
ON_IMAGES = ANYWHERE | {
    "Conv": lambda width: nn.Conv2d(width, width, 3, padding=1),
    "Conv and BatchNorm": lambda width: nn.Sequential(
        nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)
    ),
    "Conv, ReLU in place, BatchNorm": lambda width: nn.Sequential(
        nn.Conv2d(width, width, 1), nn.ReLU(inplace=True), nn.BatchNorm2d(width)
    ),
    "BatchNorm": lambda width: nn.BatchNorm2d(width, affine=False),
    "shared": lambda width: _twice(nn.Conv2d(width, width, 3, padding=1)),
    "MaxPool": lambda width: nn.MaxPool2d(3, stride=1, padding=1),
}
WIDTH, SIDE, CLASSES = 4, 5, 3


@dataclass(frozen=True)
class Plan:
    """Names of blocks, each with or without a shortcut."""

    images: tuple[tuple[str, bool], ...] | None
    vectors: tuple[tuple[str, bool], ...]
    head: bool

    def build(self) -> nn.Module:
        blocks: list[tuple[nn.Module, bool]] = []
        width = WIDTH
        if self.images is not None:
            blocks += [(ON_IMAGES[name](WIDTH), shortcut) for name, shortcut in self.images]
            blocks.append((nn.Flatten(), False))
            blocks.append((nn.Linear(WIDTH * SIDE * SIDE, WIDTH), False))
        blocks += [(ON_VECTORS[name](width), shortcut) for name, shortcut in self.vectors]
        if self.head:
            blocks.append((nn.Linear(width, CLASSES), False))
        return used(Net(blocks))

    def data(self) -> Tensor:
        return draw(12, WIDTH, SIDE, SIDE) if self.images is not None else draw(12, WIDTH)


def chains(names: dict[str, Callable[[int], nn.Module]]) -> st.SearchStrategy[tuple[tuple[str, bool], ...]]:
    block = st.tuples(st.sampled_from(sorted(names)), st.booleans())
    return st.lists(block, min_size=1, max_size=4).map(tuple)


plans = st.builds(Plan, st.none() | chains(ON_IMAGES), chains(ON_VECTORS), st.booleans())


def _moves(plan: Plan) -> bool:
    return any(True for _ in plan.build().parameters())


@given(plans.filter(_moves), st.booleans(), st.integers(0, 10**6))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_on_any_network_the_fast_way_is_the_plain_one_or_says_why_it_stepped_aside(
    plan: Plan, statistics: bool, seed: int
) -> None:
    bench = Bench(classified(seeded(plan.build), plan.data()), statistics=statistics)
    points = np.random.default_rng(seed).uniform(-1, 1, (12, 2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Choice, "_changes", lambda self, samples: [])  # all guests stay to the end
        fast = all_values(bench.evaluator(), points, 12)
    plain = all_values(bench.evaluator(plain=True), points, 12)
    np.testing.assert_allclose(fast.mean[:, 0], plain.mean[:, 0], rtol=3e-6, atol=1e-9)
    assert fast.how is not None
    found = {rewrite.name for rewrite in (bench.first, bench.folds, bench.head) if rewrite is not None}
    on = set(fast.how.settings["rewrites"])
    assert on <= found
    for name in found - on:
        assert name == "transposed head" or [note for note in fast.how.notes if name in note]


def test_the_networks_above_have_every_rewrite_and_some_that_lie() -> None:
    """Or the law would be about nothing."""
    everything = Plan((("Conv and BatchNorm", True),), (("ReLU", False),), True)
    bench = Bench(classified(seeded(everything.build), everything.data()))
    assert bench.folds is not None and bench.head is not None
    lying = Plan((("Conv, ReLU in place, BatchNorm", False),), (("ReLU", False),), True)
    bench = Bench(classified(seeded(lying.build), lying.data()))
    assert bench.folds is not None
    assert "folded BatchNorm" not in assert_right(bench, bench.evaluator()).settings["rewrites"]
    bench = Bench(classified(seeded(Plan(None, (("Linear", False),), True).build), draw(12, WIDTH)))
    assert bench.first is not None
