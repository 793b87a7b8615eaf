"""Does a long run fail for what it should, and only for that?"""

from __future__ import annotations

import pytest
from verdict import complaints, table, thirds

STEADY = [{"kernel MB": 300.0 + number % 3, "heap MB": 40.0, "nodes": 900} for number in range(9)]


def with_heap(*values: float) -> list[dict[str, float]]:
    return [{**reading, "heap MB": value} for reading, value in zip(STEADY, values, strict=True)]


def test_a_steady_run_holds():
    assert complaints(STEADY, [], is_right=True) == []


@pytest.mark.parametrize(
    ("last", "sentences"), [(46.0, []), (48.0, ["heap MB grew by 20%, from 40.0 to 48.0."])]
)
def test_the_last_third_may_hold_a_seventh_more_than_the_first(last, sentences):
    assert complaints(with_heap(*[40.0] * 6, *[last] * 3), [], is_right=True) == sentences


def test_one_reading_in_the_middle_of_something_decides_nothing():
    assert complaints(with_heap(*[40.0] * 7, 400.0, 40.0), [], is_right=True) == []


def test_an_error_of_the_page_and_a_wrong_picture_are_said():
    assert complaints(STEADY, ["console: boom"], is_right=False) == [
        "The page reported: console: boom",
        "The last picture isn't what a fresh computation gives.",
    ]


def test_a_run_too_short_for_a_verdict_has_none():
    assert complaints(STEADY[:5], [], is_right=True) == [
        "Only 5 readings of the 6 that a verdict needs; run it longer."
    ]


def test_thirds_are_medians():
    first, last = thirds(with_heap(1.0, 2.0, 9.0, 0.0, 0.0, 0.0, 5.0, 6.0, 7.0))
    assert (first["heap MB"], last["heap MB"]) == (2.0, 6.0)


def test_the_table_has_a_line_a_reading_and_one_a_third():
    lines = table(STEADY).splitlines()
    assert lines[0].split() == ["kernel", "MB", "heap", "MB", "nodes"]
    assert [line.split() for line in lines[1:2]] == [["1", "300.0", "40.0", "900"]]
    assert len(lines) == 1 + 9 + 2 and lines[-1].startswith(" last third")
