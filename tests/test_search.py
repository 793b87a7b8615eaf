"""Is a range that is looked for found though something else changes, and dropped once it isn't wanted?"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from landscape_widget.live.common_range import CommonRange
from landscape_widget.live.search import Search
from landscape_widget.live.work import Work
from tests.comparison_cases import candidate, compared
from tests.live_cases import CHOICES, Growing, Slope, Walk
from tests.test_widget import Recorded, page_says, page_sets, shown

PATH = (-0.15, 1.15)


@pytest.fixture
def growing() -> Growing:
    """A landscape of which three cells are measured, and which waits then."""
    made = Growing(Walk(3))
    made.slope.hold(after=3)
    return made


@pytest.fixture
def widget(growing: Growing) -> Iterator[Recorded]:
    made = shown(Work(growing.prepare, time.monotonic))
    assert growing.slope.held.wait(10)
    yield made
    growing.slope.release()
    made.close()


@pytest.mark.parametrize("looks", [lambda w: w.fit_path(), lambda w: page_says(w, kind="fit_path")])
def test_a_range_is_found_though_another_control_moves_meanwhile(widget, growing, looks):
    looks(widget)
    widget.resolution = (17, 17)
    widget.samples = 50
    growing.slope.release()
    surface = widget.wait()
    assert widget.x == PATH and surface.grid.shape == (17, 17) and surface.samples == 50
    assert "doesn't move along this axis" in widget.of_kind("refusal")[-1]["reason"]


def test_auto_range_answers_though_another_control_moves_meanwhile(widget, growing):
    widget.auto_range(10)
    page_sets(widget, resolution=[17, 17])
    growing.slope.release()
    assert widget.wait().grid.shape == (17, 17)
    assert widget.x != (-1.0, 1.0) or widget.of_kind("refusal")


def test_a_range_that_somebody_sets_meanwhile_is_the_one(widget, growing):
    widget.fit_path()
    widget.x = (-2.0, 2.0)
    widget.resolution = (17, 17)
    growing.slope.release()
    assert widget.wait().x[0] == -2.0
    assert widget.x == (-2.0, 2.0)


def test_new_axes_come_with_what_was_changed_meanwhile(widget, growing):
    keys = [{"key": "gradient", "seed": 0, "normalization": None}, {"key": "random", "seed": 3}]
    widget._look({"directions": keys})
    widget.samples = 50
    growing.slope.release()
    assert widget.wait().samples == 50
    assert [choice["key"] for choice in widget.directions] == ["gradient", "random"] and widget.x == PATH
    widget._look({"directions": keys[::-1]})
    widget.directions = [{"key": "random", "seed": 7}, {"key": "random", "seed": 8}]
    widget.wait()
    assert [choice["seed"] for choice in widget.directions] == [7, 8]


def test_a_pause_keeps_what_is_looked_for_and_a_stop_drops_it(widget, growing):
    widget.fit_path()
    widget.pause()
    growing.slope.release()
    assert widget.x == (-1.0, 1.0)
    widget.resume()
    assert widget.wait().x[0] == PATH[0]
    widget.x = (-1.0, 1.0)
    widget.wait()
    growing.slope.hold(after=2)
    widget.resolution = (33, 33)
    assert growing.slope.held.wait(10)
    widget.fit_path()
    page_says(widget, kind="stop")
    growing.slope.release()
    page_says(widget, kind="resume")
    assert widget.wait().x[0] == widget.x[0] == -1.0


def test_a_search_that_fails_is_over(widget, growing):
    widget.auto_range(10)
    growing.slope.fail_at = growing.slope.cells + 1
    growing.slope.release()
    with pytest.raises(ZeroDivisionError):
        widget.wait()
    widget.samples = 50
    assert widget.wait().is_done and widget.x == (-1.0, 1.0) and not widget.of_kind("refusal")


def test_a_comparison_finds_its_range_though_another_control_moves_meanwhile():
    first, second = Growing(Walk(3)), Growing(Walk(6))
    first.slope.hold(after=3)
    works = {"a": Work(first.prepare, time.monotonic), "b": Work(second.prepare, time.monotonic)}
    comparison = compared(*(candidate(title, choices=CHOICES, work=work) for title, work in works.items()))
    assert first.slope.held.wait(10)
    comparison.fit_path()
    comparison.samples = 50
    first.slope.release()
    surfaces = comparison.wait()
    assert comparison.x == PATH and {surface.samples for surface in surfaces.values()} == {50}
    comparison.fit_path()
    comparison.x = (-2.0, 2.0)
    assert {surface.x[0] for surface in comparison.wait().values()} == {-2.0}
    comparison.close()


def test_the_range_of_all_is_that_of_those_that_do_not_fail():
    taken, failed = [], {"c"}
    common = CommonRange(
        "abc", threading.RLock(), lambda title: title not in failed, lambda *told: taken.append(told)
    )
    common.ask(lambda title: None, {"samples": 50})
    common.hear("a", ((-0.5, 2.0),))
    assert taken == []
    failed.add("b")
    common.settle()
    common.settle()
    assert taken == [(((-0.5, 2.0),), {"samples": 50})]
    failed.add("a")
    common.ask(lambda title: None)
    common.settle()
    assert len(taken) == 1


def test_a_comparison_finds_its_range_though_a_member_fails_over_it():
    whole, broken = Slope(), Slope()
    comparison = compared(candidate("a", whole), candidate("b", broken))
    comparison.wait()
    whole.hold(after=0)
    comparison.auto_range(10)
    assert whole.held.wait(10)
    broken.fail_at = broken.cells + 1
    whole.release()
    comparison.wait()  # for the failure, and for both that are asked anew then
    assert broken.cells >= broken.fail_at and comparison.x[1] > 5
    assert {surface.x[-1] for surface in comparison.wait().values()} == {comparison.x[1]}
    comparison.close()


def test_what_is_looked_for_last_takes_the_place_of_what_was():
    asked: list[str] = []
    search = Search()
    search.begin(lambda: asked.append("range"))
    search.begin(lambda: asked.append("axes"), {"directions", "x", "y"})
    search.changed("samples")
    assert asked == ["range", "axes", "axes"] and search.is_on
    search.changed("directions")
    search.again()
    assert len(asked) == 3 and not search.is_on
