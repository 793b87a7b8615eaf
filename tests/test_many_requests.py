"""What is left of a thousand changes in a burst: the last one, one surface under way, and no more memory?"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from landscape_widget.live.engine import Engine
from landscape_widget.live.library import Library
from landscape_widget.live.widget import LandscapeWidget
from landscape_widget.live.work import Work
from landscape_widget.values import State
from tests.fake_host import Later
from tests.faulty_wire import Wire
from tests.live_cases import CHOICES, TRAITS, Slope

MANY = 1000
KEPT = 32
"""Surfaces that a widget remembers."""


class Counted(Slope):
    """Counts how many runs are under way at once, and what was asked of each."""

    def __init__(self) -> None:
        super().__init__()
        self.most, self._under_way = 0, 0

    def __call__(self, coordinates, samples, cancelled):
        self._under_way += 1
        self.most = max(self.most, self._under_way)
        try:
            yield from super().__call__(coordinates, samples, cancelled)
        finally:
            self._under_way -= 1


@pytest.fixture
def slope() -> Counted:
    return Counted()


@pytest.fixture
def later() -> Later:
    return Later()


@pytest.fixture
def widget(slope, later) -> Iterator[LandscapeWidget]:
    engine = Engine()
    engine.start()
    made = LandscapeWidget(
        engine, Work(slope.prepare, time.monotonic), CHOICES, TRAITS, Library(), later=later
    )
    yield made
    slope.release()
    made.close()
    engine.close()


@pytest.fixture
def wire(widget, later) -> Wire:
    return Wire(widget, later)


def shows_the_last(wire: Wire, widget: LandscapeWidget) -> bool:
    """Whether the page has the surface from −1000 to 1000, whole and right."""
    surface = widget.wait()
    wire.settle()
    hill = np.append(np.add.outer(10 * surface.y, surface.x), 0).astype("f4")
    is_right = np.array_equal(wire.page.loss, hill) and (wire.page.states == State.EXACT).all()
    return bool(is_right) and (surface.x[0], surface.x[-1]) == (wire.page.x[0], wire.page.x[-1]) == (
        -MANY,
        MANY,
    )


@pytest.mark.parametrize("by", ["page", "python"])
def test_the_last_of_a_thousand_is_measured_and_shown(wire, widget, by):
    for move in range(1, MANY + 1):
        if by == "page":
            wire.set(x=[-move, move])
        else:
            widget.x = (-move, move)
    assert shows_the_last(wire, widget)
    assert widget.status["phase"] == "done" and widget.status["known"] == 81


def test_only_one_surface_is_measured_at_a_time(wire, widget, slope):
    for move in range(1, MANY + 1):
        wire.set(x=[-move, move])
    assert shows_the_last(wire, widget)
    assert slope.most == 1
    assert slope.cells < MANY * 81 / 2  # or nothing was given up on the way


def test_a_page_that_never_draws_is_sent_one_message(wire, widget):
    for move in range(1, MANY + 1):
        wire.set(x=[-move, move])
    widget.wait()
    assert len(wire.waiting) <= 1
    assert shows_the_last(wire, widget)


def test_what_is_remembered_has_a_bound_and_so_has_what_waits(wire, widget):
    threads = threading.active_count()
    for move in range(1, MANY + 1):
        wire.set(x=[-move, move])
    assert shows_the_last(wire, widget)
    memory = widget._session._work._memory
    assert len(memory._surfaces) <= KEPT and len(memory._scenes) == 1
    assert threading.active_count() == threads


def test_a_thousand_from_several_threads_end_at_what_the_traits_say(wire, widget):
    barrier = threading.Barrier(4)

    def move(first: int) -> None:
        barrier.wait()
        for end in range(first, MANY, 4):
            widget.x = (-end, end)

    threads = [threading.Thread(target=move, args=(first,)) for first in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    surface = widget.wait()
    wire.settle()
    assert (surface.x[0], surface.x[-1]) == widget.x
    assert (wire.page.x[0], wire.page.x[-1]) == widget.x
