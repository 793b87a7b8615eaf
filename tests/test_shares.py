"""Is every cell handed out exactly once, and do rows stay together while nobody helps?"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from landscape_widget.evaluate.shares import Cell, Shares

LAWS = settings(max_examples=60, deadline=None, derandomize=True)
lengths = st.lists(st.integers(1, 6), max_size=6)


def cells_of(lengths: Sequence[int]) -> list[Cell]:
    points = [(float(a), float(row)) for row, length in enumerate(lengths) for a in range(length)]
    return list(enumerate(points))


@given(lengths, st.integers(1, 4), st.lists(st.integers(0, 3), max_size=40))
@LAWS
def test_each_cell_exactly_once_whatever_the_interleaving(
    lengths: list[int], workers: int, turns: list[int]
) -> None:
    cells = cells_of(lengths)
    shares = Shares(cells, workers)
    iterators = [shares.of(worker) for worker in range(workers)]
    got = [cell for turn in turns if turn < workers and (cell := next(iterators[turn], None)) is not None]
    assert bool(shares) == (len(got) < len(cells))
    got += [cell for worker in range(workers) for cell in shares.of(worker)]  # who is left does the rest
    assert sorted(got) == cells
    assert not shares


@given(lengths, st.integers(1, 4))
@LAWS
def test_rows_stay_together_and_in_order_where_nobody_helps(lengths: list[int], workers: int) -> None:
    cells = cells_of(lengths)
    assert list(Shares(cells, workers).of(0)) == cells


@given(lengths.filter(len), st.integers(2, 3))
@LAWS
def test_each_takes_a_row_of_its_own_as_long_as_there_are_rows(lengths: list[int], workers: int) -> None:
    shares = Shares(cells_of(lengths), workers)
    first = [next(shares.of(worker)) for worker in range(min(workers, len(lengths)))]
    assert [point[1] for _, point in first] == [float(row) for row in range(len(first))]
    assert all(point[0] == 0.0 for _, point in first)


def test_at_the_end_they_help_with_the_longest_row_from_behind() -> None:
    shares = Shares(cells_of([5]), 2)
    assert next(shares.of(0)) == (0, (0.0, 0.0))
    assert [cell for cell, _ in shares.of(1)] == [4, 3, 2, 1]
    assert not shares


def test_a_line_is_one_row() -> None:
    cells: list[Cell] = [(i, (float(i),)) for i in range(5)]
    assert list(Shares(cells, 2).of(1)) == cells


def test_no_cells_are_no_work() -> None:
    shares = Shares([], 2)
    assert not shares and list(shares.of(0)) == []


def test_threads_need_no_lock() -> None:
    cells = cells_of([1, 7, 3, 50, 2] * 40)
    shares = Shares(cells, 4)
    got: list[list[Cell]] = [[] for _ in range(4)]
    start = threading.Barrier(4)

    def take(worker: int) -> None:
        start.wait(10)
        got[worker].extend(shares.of(worker))

    threads = [threading.Thread(target=take, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(cell for some in got for cell in some) == cells
    assert all(len(list(group)) for some in got for _, group in groupby(some, key=lambda cell: cell[1][1]))
