"""Would the benchmark notice a fast wrong peer, and do its tables say what was reached? Nothing is timed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from cells import how
from exactness import worst
from fewer_cells import error, settled, up_to
from networks import Transformer, perceptron, resnet
from peers import INSTALLED, PEERS, Timed, in_place
from scaling import ASK, Cost, columns, nbytes, speed_up, trivial
from tables import Must, across, put, short
from torch import nn
from workloads import Problem, flops

import landscape_widget as lw

OF_OTHERS = {"loss-landscapes": "loss_landscapes", "landscaper": "landscaper"}


@pytest.fixture(scope="module")
def problem() -> Problem:
    draw = torch.Generator().manual_seed(0)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = perceptron(3, 8, 4).eval()
    inputs = torch.randn(300, 3, generator=draw)
    return model, F.cross_entropy, (inputs, torch.randint(4, (300,), generator=draw))


@pytest.fixture(scope="module")
def surface(problem: Problem) -> lw.Surface:
    return lw.compute(*problem, resolution=9)


@pytest.mark.parametrize("name", [*PEERS, "in place"])
def test_a_peer_finds_our_values(name: str, problem: Problem, surface: lw.Surface) -> None:
    if name in OF_OTHERS and not (INSTALLED / OF_OTHERS[name]).exists():
        pytest.skip("`make bench` installs it")
    peer = in_place if name == "in place" else PEERS[name]
    timed = peer(problem, surface, 9)
    assert len(timed.losses) == len(timed.cells) == 9
    assert timed.rate > 0
    timed.check(surface)


def test_a_fast_wrong_peer_shows(surface: lw.Surface) -> None:
    timed = Timed([(4, 4), (4, 5)])
    for cell in timed.cells:
        timed.told(surface["loss"][cell] * 1.001)
    with pytest.raises(AssertionError, match="Mismatched"):
        timed.check(surface)


def test_a_transposed_grid_shows(problem: Problem, surface: lw.Surface) -> None:
    timed = in_place(problem, surface, 4)
    timed.cells = [(column, row) for row, column in timed.cells]
    with pytest.raises(AssertionError, match="Mismatched"):
        timed.check(surface)


def test_our_values_are_those_of_float64(problem: Problem, surface: lw.Surface) -> None:
    relative, allowed = worst(problem, surface)
    assert 0 < relative < 1e-5
    assert allowed < 1


@pytest.mark.parametrize(
    ("network", "shape", "per_sample"),
    [
        (perceptron(64, 128, 128, 10), (64,), 2 * 25_856),
        (resnet(20), (3, 32, 32), 2 * 40_813_184),
        (Transformer(64, 64), (64,), 2 * (64 * 2 * (12 * 128**2 + 2 * 64 * 128) + 1280)),
    ],
    ids=["perceptron", "ResNet-20", "transformer"],
)
def test_operations_are_counted_as_on_paper(
    network: nn.Module, shape: tuple[int, ...], per_sample: int
) -> None:
    dtype = torch.int64 if isinstance(network, Transformer) else torch.float32
    data = torch.zeros(3, *shape, dtype=dtype), torch.zeros(3, dtype=torch.int64)
    assert flops((network.eval(), F.cross_entropy, data)) == 3 * per_sample


def test_the_truth_is_off_by_nothing(surface: lw.Surface) -> None:
    finest = surface.grid.levels - 1
    assert error(up_to(surface, finest), surface).max() == 0
    coarse = up_to(surface, 0)
    assert coarse.known.sum() == np.count_nonzero(surface.grid.cell_levels == 0)
    assert error(coarse, surface).max() > 0


def test_a_tolerance_stops_where_we_say(problem: Problem, surface: lw.Surface) -> None:
    for tolerance in (0.5, 0.05, 1e-9):
        stopped = lw.compute(*problem, resolution=9, tolerance=tolerance)
        np.testing.assert_array_equal(settled(surface, tolerance).known, stopped.known)


def test_a_number_stands_beside_its_goal() -> None:
    assert Must(2.3)(3.01) == "3.01 (must be ≥ 2.3: reached)"
    assert Must(2.3)(2.2) == "2.2 (must be ≥ 2.3: **missed**)"
    assert Must(1.0, at_most=True)(0.5, "{:.1f}") == "0.5 (must be ≤ 1.0: reached)"
    assert "missed" in Must(1.0, at_most=True)(float("nan"))


def test_numbers_have_three_digits() -> None:
    assert [short(value) for value in (0.01234, 1.5, 99.94, 2067.4)] == ["0.0123", "1.5", "99.9", "2,067"]


def test_what_the_engine_chose_is_said(surface: lw.Surface) -> None:
    engine = {"workers": 2, "channels_last": False, "rewrites": ["a", "b"], "cells_per_second": 1234.5}
    assert how(replace(surface, settings={"engine": engine})) == (
        "workers: 2; rewrites: a, b; cells per second: 1,234"
    )


def test_each_workload_is_a_column() -> None:
    lines = across([("", "speed", "share"), ("W1", "1", "2"), ("W2", "3", "4")], "what")
    assert lines == ["| what | W1 | W2 |", "|---|---|---|", "| speed | 1 | 3 |", "| share | 2 | 4 |"]


def test_many_workers_are_as_fast_as_their_tasks_can_be_served() -> None:
    free = Cost(trip=0.0, task=1.0, own=1e-9)
    assert [speed_up(cell, 64, free) for cell in (0.01, 1.0, 10.0)] == [64, 64, 64]
    served = Cost(trip=0.0, task=1.0, own=0.01)  # of 20 cells of 10 ms each: 20 workers are busy
    assert speed_up(0.01, 64, served) == pytest.approx(20) and speed_up(0.01, 8, served) == 8
    assert speed_up(1.0, 8, Cost(trip=ASK, task=1.0, own=1e-9)) == pytest.approx(4)


def test_speeds_stand_beside_their_shares_of_the_first() -> None:
    rates = {"here": {"W1": 200.0}, "Dask": {"W1": 50.0}}
    assert list(columns(rates, ["W1"])) == [("W1", "200", "50 (0.25)")]


def test_a_task_is_small_and_the_job_travels_apart() -> None:
    there, back, job = nbytes(trivial())
    assert 100 < there < 3000 and 100 < back < 5000 and job > 500


def test_only_what_stands_between_the_comments_is_replaced(tmp_path: Path) -> None:
    page = tmp_path / "speed.md"
    page.write_text(
        "# Speed\n\nWords.\n\n<!-- measured: cells -->\nold\n<!-- end: cells -->\n\nMore words.\n"
    )
    put(page, "cells", ["new"])
    put(page, "memory", ["much"])
    put(page, "memory", ["less"])
    assert page.read_text() == (
        "# Speed\n\nWords.\n\n<!-- measured: cells -->\n\nnew\n\n<!-- end: cells -->\n\nMore words.\n\n"
        "<!-- measured: memory -->\n\nless\n\n<!-- end: memory -->\n"
    )
