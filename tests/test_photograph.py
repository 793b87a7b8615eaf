"""Does a notebook keep one picture beside the widget, the latest, and is nobody harmed by it?"""

import base64
import threading
import weakref

import numpy as np
import pytest

from landscape_widget.files.png import encode
from landscape_widget.live.photograph import BLANK, Photograph

LARGE = encode(np.zeros((9, 900, 3), np.uint8))


class Cell:
    """An output that remembers what it was told."""

    def __init__(self) -> None:
        self.displayed: list[dict] = []
        self.updated: list[dict] = []
        self.widths: list[int] = []
        self.ended = lambda: None
        self.is_closed = False

    def make(self, key, ended):
        self.ended = ended
        return self

    def display(self, bundle, metadata):
        self.displayed.append(bundle)
        self.widths.append(metadata["image/png"]["width"])

    def update(self, bundle, metadata):
        self.updated.append(bundle)
        if metadata:
            self.widths.append(metadata["image/png"]["width"])

    def close(self):
        self.is_closed = True


class Clock:
    """Timers that go off when told."""

    def __init__(self) -> None:
        self.waiting: list = []

    def __call__(self, seconds, callback):
        self.waiting.append(callback)

    def ring(self):
        waiting, self.waiting = self.waiting, []
        for callback in waiting:
            callback()


@pytest.fixture
def cell():
    return Cell()


@pytest.fixture
def clock():
    return Clock()


def photograph(cell, clock, take=lambda: LARGE):
    return Photograph("a1b2", lambda: "a bowl", take, clock, cell.make)


def image(bundle):
    return base64.b64decode(bundle["image/png"])


def test_the_first_one_is_blank_and_the_next_shows_what_is_known(cell, clock):
    photograph(cell, clock).hang()
    assert [bundle["text/plain"] for bundle in cell.displayed] == ["a bowl"]
    assert len(image(cell.displayed[0])) < len(BLANK) + 100
    clock.ring()
    assert len(image(cell.updated[0])) > len(LARGE)
    assert cell.widths == [1, 700]


def test_each_is_known_by_its_inscription(cell, clock):
    taken = photograph(cell, clock)
    taken.hang()
    clock.ring()
    for bundle in (*cell.displayed, *cell.updated):
        assert taken.inscription in bundle["image/png"]


def test_many_news_make_one_picture(cell, clock):
    taken = photograph(cell, clock)
    taken.hang()
    for _ in range(10):
        taken.renew()
    assert len(clock.waiting) == 1
    clock.ring()
    assert len(cell.updated) == 1
    taken.develop()
    assert len(cell.updated) == 1


def test_before_it_is_displayed_none_is_taken(cell, clock):
    photograph(cell, clock).renew()
    assert not clock.waiting and not cell.displayed


def test_shown_once_more_it_shows_the_latest(cell, clock):
    taken = photograph(cell, clock)
    taken.hang()
    clock.ring()
    taken.hang()
    assert image(cell.displayed[1]) == image(cell.updated[0])


def test_while_there_is_nothing_to_see_it_waits_for_news(cell, clock):
    answers = [None, LARGE]
    taken = photograph(cell, clock, lambda: answers.pop(0))
    taken.hang()
    clock.ring()
    assert not cell.updated
    taken.renew()
    clock.ring()
    assert len(cell.updated) == 1


def test_one_that_fails_is_left_out(cell, clock):
    def fail():
        raise ZeroDivisionError

    taken = photograph(cell, clock, fail)
    taken.hang()
    clock.ring()
    assert not cell.updated and len(cell.displayed) == 1


def test_without_a_page_it_is_taken_when_a_cell_ends_and_with_one_it_isnt(cell, clock):
    taken = photograph(cell, clock)
    taken.hang()
    cell.ended()
    assert len(cell.updated) == 1
    taken.hidden(True)
    taken.renew()
    cell.ended()
    assert len(cell.updated) == 1
    clock.ring()
    assert len(cell.updated) == 2


def test_a_page_that_would_show_both_shows_no_picture(cell, clock):
    taken = photograph(cell, clock)
    taken.hang()
    taken.hidden(False)
    assert cell.updated == [{"text/plain": ""}] and cell.is_closed
    clock.ring()
    taken.hang()
    assert len(cell.displayed) == 1 and len(cell.updated) == 1


def test_a_closed_widget_leaves_its_picture(cell, clock):
    taken = photograph(cell, clock)
    taken.hang()
    taken.close()
    clock.ring()
    assert not cell.updated and cell.is_closed


def test_two_are_never_taken_at_once(cell, clock):
    inside, most = [0], [0]

    def take():
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        threading.Event().wait(0.02)
        inside[0] -= 1
        return LARGE

    several = [photograph(Cell(), clock, take) for _ in range(4)]
    for one in several:
        one.hang()
    threads = [threading.Thread(target=one.develop) for one in several]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def test_outside_a_notebook_there_is_none():
    taken = Photograph("a1b2", lambda: "a bowl", lambda: LARGE, pytest.fail)
    taken.hang()
    taken.develop()
    still = weakref.ref(taken)
    del taken
    assert still() is None
