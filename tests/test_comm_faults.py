"""What if messages between kernel and page are lost, doubled, late or swapped, and no drawing is said?"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape_widget.live.doubles import Doubles
from landscape_widget.live.engine import Engine
from landscape_widget.live.library import Library
from landscape_widget.live.outbox import Outbox
from landscape_widget.live.protocol import Message
from landscape_widget.live.widget import LandscapeWidget
from landscape_widget.live.work import Work
from landscape_widget.values import State
from tests.fake_host import Later
from tests.faulty_wire import Wire
from tests.live_cases import CHOICES, TRAITS, Slope
from tests.test_outbox import opening, patch

SIDE = 17
FATES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), max_size=40)
"""Of each message: how often it arrives, and its rank among those that arrive with it."""


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = Engine()
    made.start()
    yield made
    made.close()


def opened(engine: Engine, later: Later) -> tuple[LandscapeWidget, Wire]:
    """A widget that has measured everything, and told the first of it."""
    options = TRAITS | {"resolution": (SIDE, SIDE)}
    widget = LandscapeWidget(
        engine, Work(Slope().prepare, time.monotonic), CHOICES, options, Library(), later=later
    )
    return widget, Wire(widget, later)


def is_whole(wire: Wire, widget: LandscapeWidget) -> bool:
    surface = widget.wait()
    hill = np.append(np.add.outer(10 * surface.y, surface.x), 0).astype("f4")
    return bool((wire.page.states == State.EXACT).all()) and np.array_equal(wire.page.loss, hill)


@settings(max_examples=20, deadline=None)
@given(FATES, st.data())
def test_after_any_loss_doubling_and_swap_the_page_knows_that_something_is_missing_and_hello_brings_it(
    engine, fates, data
):
    later = Later()
    widget, wire = opened(engine, later)
    left = list(fates)

    def badly(sent):
        chosen = [left.pop() if left else (1, 0) for _ in sent]
        ranked = [(rank, one) for (times, rank), one in zip(chosen, sent, strict=True) for _ in range(times)]
        return [one for _, one in sorted(ranked, key=lambda pair: pair[0])]

    widget.wait()
    for _ in range(6):
        wire.carry(badly)
        match data.draw(st.sampled_from(["acknowledged", "twice", "late", "never"])):
            case "acknowledged":
                wire.acknowledge()
            case "twice":
                wire.acknowledge()
                wire.acknowledge()
            case "late":
                later.pass_time()
                wire.acknowledge()
            case "never":
                later.pass_time()
    for _ in range(3):  # what still waits is told in good time, and may be lost like the rest
        wire.carry(badly)
        later.pass_time()
    wire.waiting.clear()
    wire.say(kind="ping", ping=1)
    wire.carry()
    if not is_whole(wire, widget):
        assert set(range(1, wire.page.told["sequence"] + 1)) - wire.page.numbers
        wire.say(kind="hello", visible=True)
        wire.settle()
    assert is_whole(wire, widget)
    widget.close()


def test_a_pong_tells_the_number_of_the_last_message(engine):
    later = Later()
    widget, wire = opened(engine, later)
    widget.wait()
    while wire.waiting:
        wire.carry()
        wire.acknowledge()
    wire.say(kind="ping", ping=1)
    wire.carry()
    assert wire.page.last is not None
    assert wire.page.told == {"generation": 1, "sequence": wire.page.last["sequence"], "phase": "done"}
    widget.close()


def test_without_any_acknowledgement_a_message_leaves_each_half_second_and_all_arrives():
    later, sent = Later(), []
    box = Outbox(sent.append, later)
    box.open(1, opening(1))
    for cell in range(20):
        box.put(1, patch(cell), -1)
        assert len(later.waiting) == 1 and later.waiting[0][0] == 0.5
        later.pass_time()
        assert len(sent) == cell + 2
    later.pass_time()
    assert len(sent) == 21 and later.waiting == []


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), max_size=40))
def test_acknowledgements_of_any_number_never_put_a_second_message_under_way(acknowledgements):
    sent: list[Message] = []
    box = Outbox(sent.append, Later())
    box.open(1, opening(1))
    right = 0
    for cell, (generation, sequence) in enumerate(acknowledgements):
        box.put(1, patch(cell), -1)
        right += (generation, sequence) == (1, len(sent))
        box.acknowledge(generation, sequence)
        box.acknowledge(generation, sequence)
    assert len(sent) <= 1 + 2 * right


def test_a_message_that_arrives_twice_acts_once(engine):
    widget, wire = opened(engine, Later())
    widget.wait()
    wire.say(kind="refine_further", times=2)
    assert widget.resolution == (2 * SIDE - 1, 2 * SIDE - 1)
    widget.close()


def test_a_control_that_is_told_again_late_does_not_go_back(engine):
    widget, wire = opened(engine, Later())
    message = wire._message({"method": "update", "state": {"x": [-2, 2]}, "buffer_paths": []})
    widget._handle_msg(message)
    wire.set(x=[-3, 3])
    widget._handle_msg(message)
    assert widget.x == (-3.0, 3.0)
    widget.close()


def test_only_the_last_messages_are_remembered():
    doubles = Doubles(remembered=2)
    named = [{"header": {"msg_id": name}} for name in "abc"]
    assert [doubles.is_new(message) for message in named] == [True, True, True]
    assert doubles.is_new(named[0]) and not doubles.is_new(named[2])
    assert doubles.is_new({}) and doubles.is_new({})


def test_a_control_lost_on_the_way_is_put_back_to_what_the_kernel_knows_by_hello(engine):
    widget, wire = opened(engine, Later())
    widget.wait()
    told: list[set[str]] = []
    widget.send_state = lambda key=None: told.append(set(key))
    wire.say(kind="hello", visible=True)
    assert {"x", "y", "samples", "directions", "kind"} <= told[-1]
    widget.close()
