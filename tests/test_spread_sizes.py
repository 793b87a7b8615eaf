"""Are tasks as long as they should be, and is nobody waited for longer than makes sense?"""

import pytest

from landscape_widget.evaluate.spread.sizes import Sizes


def test_the_first_tasks_have_one_cell_each():
    sizes = Sizes(seconds=0.2)
    assert sizes.pace is None and sizes.next(rest=100, workers=1) == 1


@pytest.mark.parametrize(("pace", "cells"), [(0.001, 200), (0.05, 4), (0.3, 1), (600.0, 1)])
def test_a_task_takes_about_its_seconds_but_has_a_cell(pace, cells):
    sizes = Sizes(seconds=0.2)
    sizes.tell(10, 10 * pace)
    assert sizes.next(rest=100_000, workers=2) == cells


def test_towards_the_end_tasks_get_smaller_so_that_all_are_done_together():
    sizes, rest, given = Sizes(seconds=0.2), 100, []
    sizes.tell(1, 0.001)
    while rest:
        given.append(sizes.next(rest, workers=2))
        rest -= given[-1]
    assert given == sorted(given, reverse=True) and given[0] == 25 and given[-1] == 1 and sum(given) == 100


def test_one_slow_task_does_not_change_the_size_of_the_next():
    sizes = Sizes(seconds=0.2)
    for seconds in (0.01, 0.01, 5.0):
        sizes.tell(1, seconds)
    assert sizes.next(rest=10_000, workers=1) == 20


def test_patience_is_twenty_times_what_is_expected_of_two_tasks_and_a_minute_at_least():
    sizes = Sizes()
    assert sizes.patience(1, starting=False) is None
    sizes.tell(1, 0.01)
    assert sizes.patience(20, starting=False) == 60
    sizes = Sizes()
    sizes.tell(1, 10.0)
    assert sizes.patience(2, starting=False) == 20 * 2 * 20.0


def test_a_worker_that_just_begins_has_more_time():
    sizes = Sizes(least_patience=60)
    assert sizes.patience(1, starting=True) is None
    sizes.tell(1, 0.01)
    assert sizes.patience(20, starting=True) == 300
