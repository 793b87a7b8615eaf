"""How many workers and caches does a budget allow, and what is said about it?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import landscape_widget as lw
from landscape_widget.evaluate.choice import MOST
from landscape_widget.evaluate.memory import checked_budget, default_budget, fitting_workers
from tests.cases import CASES, classification, draw, seeded
from tests.fast_cases import GRID, Bench, all_values, assert_close, classified

LAWS = settings(max_examples=60, deadline=None, derandomize=True)
sizes = st.integers(0, 10**9)


@given(sizes, sizes, sizes, st.integers(1, 64))
@LAWS
def test_as_many_workers_as_fit_and_always_one(budget: int, shared: int, own: int, workers: int) -> None:
    fitting = fitting_workers(budget, shared, own, workers)
    assert 1 <= fitting <= workers
    assert fitting == 1 or shared + fitting * own <= budget
    if fitting < workers:
        assert shared + (fitting + 1) * max(own, 1) > budget


def test_a_budget_is_a_number_of_bytes() -> None:
    assert checked_budget(None) is None
    assert checked_budget(10**9) == 10**9


@pytest.mark.parametrize("memory", [0, -1, 1.5, "2 GB", True, float("nan")])
def test_what_is_no_budget_is_refused_at_the_door(memory: Any) -> None:
    case = classification()
    with pytest.raises(ValueError, match=r"memory is a number of bytes above 0.*Try 2"):
        lw.compute(case.model, case.loss, case.data, memory=memory, resolution=3)


def test_a_quarter_of_what_is_free_is_taken_by_default(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal: 99 kB\nMemAvailable:    8000 kB\n")
    assert default_budget(meminfo) == 2000 * 1024


@pytest.mark.parametrize("text", [None, "MemTotal: 99 kB\n"])
def test_where_nobody_says_how_much_is_free_there_is_a_guess(tmp_path: Path, text: str | None) -> None:
    meminfo = tmp_path / "meminfo"
    if text is not None:
        meminfo.write_text(text)
    assert default_budget(meminfo) > 0


def budget_for(bench: Bench, workers: int) -> int:
    """Bytes for data, lines and so many copies, and a little more."""
    test = bench.objective.test.nbytes if bench.objective.test else 0
    lines = bench.lines
    return bench.objective.train.nbytes + test + lines.nbytes + workers * lines.worker_nbytes + 1


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_no_more_stations_than_fit(workers: int) -> None:
    bench = Bench(classification())
    evaluator = bench.evaluator(workers=3, budget=budget_for(bench, workers))
    values = all_values(evaluator, GRID, 37)
    assert_close(values.mean[:, 0], [bench.reference(cell) for cell in GRID.tolist()])
    assert len({worker for worker, _ in evaluator._crew._stations}) <= workers
    assert values.how is not None and values.how.settings["workers"] <= workers
    said = [note for note in values.how.notes if f"{workers} of 3 workers" in note]
    assert len(said) == (workers < 3)


def test_caches_that_are_too_large_are_left_out_and_named() -> None:
    bench = Bench(classification())
    evaluator = bench.evaluator(budget=budget_for(bench, 2))
    values = all_values(evaluator, GRID, 37)
    assert_close(values.mean[:, 0], [bench.reference(cell) for cell in GRID.tolist()])
    assert values.how is not None
    assert "first linear layer" not in values.how.settings["rewrites"]
    assert [note for note in values.how.notes if "first linear layer" in note and "of memory" in note]
    assert not [note for note in values.how.notes if "transposed head" in note or "0 MB" in note]


@pytest.mark.parametrize(("short", "said"), [(0, False), (1, True)])
def test_where_not_even_one_copy_fits_it_is_said_how_to_do_without(short: int, said: bool) -> None:
    bench = Bench(classification())
    evaluator = bench.evaluator(budget=budget_for(bench, 1) - 1 - short)
    how = all_values(evaluator, GRID, 37).how
    assert how is not None
    notes = [note for note in how.notes if note.startswith("Copies of the weights take ")]
    assert [note.endswith("`copy=False` measures on your own model.") for note in notes] == [True] * said


def test_what_the_test_data_need_counts_as_well() -> None:
    x, y = draw(37, 4, seed=5), torch.zeros(37, dtype=torch.long)
    bench = Bench(classification(), test_data=(x, y))
    for samples, fits in ((37, False), (2 * 37, True)):
        room = bench.first.nbytes(samples, MOST, 2)
        how = all_values(bench.evaluator(budget=budget_for(bench, 2) + room), GRID, 37).how
        assert how is not None and fits != any("first linear layer" in note for note in how.notes)


def test_with_room_enough_nothing_is_said() -> None:
    bench = Bench(classification())
    values = all_values(bench.evaluator(budget=10**9), GRID, 37)
    assert values.how is not None and values.how.notes == ()


def test_images_are_not_laid_out_a_second_time_where_that_is_too_much() -> None:
    bench = Bench(CASES["convolution, BatchNorm, sum"]())
    values = all_values(bench.evaluator(budget=1), GRID, 21)
    assert_close(values.mean[:, 0], [bench.reference(cell) for cell in GRID.tolist()])
    assert values.how is not None and not values.how.settings["channels_last"]


def test_a_plane_needs_no_more_than_the_copies() -> None:
    """Lines are read once for all workers; each has its weights and where its row began."""
    model = seeded(lambda: torch.nn.Linear(2000, 3))
    bench = Bench(classified(model, draw(6, 2000)))
    evaluator = bench.evaluator(budget=10**9)
    all_values(evaluator, GRID, 6)
    assert len(evaluator._crew._lines) == 1
    (lines,) = evaluator._crew._lines.values()
    (group,) = lines.groups
    buffers = {flat.data_ptr() for flat in (group.centre, *group.directions)}
    for station in evaluator._crew._stations.values():
        (moving,) = station._copy._moving
        assert moving.group is group
        buffers |= {moving.weights.data_ptr(), moving.row.data_ptr()}
    assert len(buffers) == 3 + 2 * len(evaluator._crew._stations)


def test_compute_passes_the_budget_on() -> None:
    case = classification()
    surface = lw.compute(case.model, case.loss, case.data, memory=1, resolution=3)
    notes = surface.settings["engine"]["notes"]
    assert surface.is_done and any("of memory" in note for note in notes)
