"""What can a page do that says what it likes? Be answered or ignored; nothing of it is stored or raised."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landscape_widget.live.checks import checked
from landscape_widget.live.engine import Engine
from landscape_widget.live.library import Library
from landscape_widget.live.mail import Mail
from landscape_widget.live.protocol import COMMANDS, ProtocolError, parse_action
from landscape_widget.live.traits import CHECKED_VIEWING, COMPUTING, LEADING, LESSON, READING, RESULTS
from landscape_widget.live.widget import LandscapeWidget
from landscape_widget.live.work import Work
from tests.live_cases import CHOICES, TRAITS, Slope

ASKED = (*COMPUTING, *CHECKED_VIEWING, *READING, *LESSON, "linked", "camera", "name", "transport")
QUICK = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, max_examples=60)

odd = st.sampled_from(
    [10**400, -(10**400), 2**63, float("nan"), float("inf"), -0.0, 5e-324, "\ud800", "\x00", "x" * 10_000]
)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | odd
keys = st.sampled_from(
    ["kind", "generation", "sequence", "x", "key", "seed", "text", "eye", "view", "caption"]
)
anything = st.recursive(
    leaves,
    lambda inside: (
        st.lists(inside, max_size=4) | st.dictionaries(keys | st.text(max_size=3), inside, max_size=4)
    ),
    max_leaves=12,
)


def deep(levels: int) -> Any:
    """As deep as Python's JSON reads."""
    value: Any = 0
    for _ in range(levels):
        value = [value]
    return value


def is_plain(value: Any) -> bool:
    """It goes over the wire as it is, and comes back the same."""
    text = json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    return json.loads(text) == json.loads(json.dumps(value))


@given(anything)
@QUICK
def test_a_message_is_understood_or_refused_in_words(content):
    try:
        parse_action(content)
    except ProtocolError as error:
        assert str(error).startswith("Expected a message such as {'kind': 'pause'}; got ")
        assert len(str(error)) < 200


@given(
    st.dictionaries(st.sampled_from(["generation", "sequence", "ping", "factor", "key", "hidden"]), anything),
    st.sampled_from([*COMMANDS, "ack", "ping", "auto_range", "preset", "photograph"]),
)
@QUICK
def test_a_message_of_a_known_kind_is_understood_or_refused_in_words(fields, kind):
    try:
        parse_action({"kind": kind, **fields})
    except ProtocolError:
        assert kind not in COMMANDS


@given(st.sampled_from(ASKED), anything)
@settings(QUICK, max_examples=200)
def test_a_value_is_taken_in_a_form_that_can_be_sent_or_refused(name, value):
    try:
        taken = checked(name, value, CHOICES)
    except ValueError:
        return
    assert is_plain(taken)
    assert checked(name, taken, CHOICES) == taken


@given(anything | st.fixed_dictionaries({"page": st.text(), "read": st.integers(), "messages": anything}))
@QUICK
def test_mail_is_opened_or_refused_in_words(asked):
    mail = Mail(lambda told: None)
    try:
        mail.take(asked)
    except ProtocolError as error:
        assert "got" in str(error)


class Deaf(LandscapeWidget):
    """Remembers what it says."""

    def __init__(self, *args: Any) -> None:
        self.said: list[dict[str, Any]] = []
        super().__init__(*args)

    def send(self, content: Any, buffers: Any = None) -> None:
        self.said.append(content)


@pytest.fixture
def widget():
    slope, engine = Slope(), Engine()
    engine.start()
    made = Deaf(engine, Work(slope.prepare, time.monotonic), CHOICES, TRAITS, Library())
    made.wait()
    yield made
    made.close()
    engine.close()


def state_of(widget) -> dict[str, Any]:
    return {name: getattr(widget, name) for name in ASKED}


@given(
    st.dictionaries(
        st.sampled_from([*ASKED, *RESULTS, *LEADING, "asked", "_esm", "layout", "tabbable"]), anything
    )
)
@settings(QUICK, max_examples=60)
def test_traits_from_a_page_are_never_raised_and_stay_what_they_may_be(widget, changes):
    untouched = {name: getattr(widget, name) for name in ("_esm", "layout", "locked", "hidden", "choices")}
    widget.set_state(changes)
    assert is_plain(state_of(widget))
    assert {name: getattr(widget, name) for name in untouched} == untouched


@given(
    anything
    | st.builds(
        lambda kind, rest: {"kind": kind, **rest},
        st.sampled_from(
            ["hello", "pause", "resume", "stop", "retry", "refit", "fit_path", "ack", "preset", "auto_range"]
        ),
        st.dictionaries(keys, anything, max_size=3),
    )
)
@settings(QUICK, max_examples=60)
def test_messages_from_a_page_are_never_raised(widget, content):
    widget._received(widget, content, [])
    assert all(len(said["reason"]) <= 1000 for said in widget.said if said["kind"] == "refusal")
    widget.said.clear()


@pytest.mark.parametrize("levels", [100, 900])
def test_what_is_nested_as_deep_as_can_be_is_refused(widget, levels):
    before = state_of(widget)
    for name in ASKED:
        widget.set_state({name: deep(levels)})
    widget.set_state({"asked": deep(levels)})
    widget._received(widget, deep(levels), [])
    widget._received(widget, {"kind": deep(levels)}, [])
    assert state_of(widget) == before
    widget.said.clear()


def test_lists_without_end_are_refused_at_once(widget):
    before, long = state_of(widget), [0.5] * 100_000
    for name in ASKED:
        began = time.process_time()
        widget.set_state({name: long})
        assert time.process_time() - began < 2
    assert state_of(widget) == before
    assert max(len(said["reason"]) for said in widget.said if said["kind"] == "refusal") <= 1000
    widget.said.clear()


def test_half_a_letter_is_refused_and_the_answer_can_be_sent(widget):
    for changes in ({"name": "\ud83d"}, {"pins": [{"x": 0, "y": 0, "text": "\ud83d"}]}, {"kind": "\ud83d"}):
        widget.set_state(changes)
    widget._received(widget, {"kind": "\ud83d"}, [])
    reasons = [said["reason"] for said in widget.said if said["kind"] == "refusal"]
    assert len(reasons) == 4
    assert all(reason.encode() for reason in reasons)
    widget.said.clear()


def test_refining_without_end_ends_at_the_largest_grid(widget):
    widget.pause()
    widget.set_state({"resolution": [2000, 2000]})
    widget.said.clear()
    for _ in range(3):
        widget._received(widget, {"kind": "refine_further"}, [])
    assert widget.resolution == (2000, 2000) or widget.resolution[0] < 10_000
    assert "A grid may have at most 10,000,000 cells" in widget.said[-1]["reason"]
    widget.set_state({"resolution": [9, 9]})
    widget.resume()
    widget.said.clear()


def test_a_message_to_a_closed_widget_is_answered(widget):
    engine = Engine()
    engine.start()
    made = Deaf(engine, Work(Slope().prepare, time.monotonic), CHOICES, TRAITS, Library())
    made.close()
    made._received(made, {"kind": "pause"}, [])
    assert made.said[-1] == {
        "kind": "refusal",
        "name": "message",
        "reason": "This widget is closed; call explore() again.",
    }
    engine.close()


def test_two_pages_that_shout_at_once_leave_a_widget_that_works(widget):
    def shout(number: int) -> None:
        for turn in range(50):
            widget.set_state({"x": [number, turn], "name": {}, "pins": turn, "camera": [turn]})
            widget._received(widget, {"kind": "ack", "generation": -turn, "sequence": number}, [])

    threads = [threading.Thread(target=shout, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    widget.set_state({"x": [-1, 1]})
    assert widget.wait().is_done
