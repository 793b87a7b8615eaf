"""Does every message arrive once, and in order, where a trait's value may be overtaken by the next?"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape_widget.live.mail import PAGES, Mail
from landscape_widget.live.protocol import Message, ProtocolError
from tests.fake_host import opened
from tests.fixtures import make_mail


def pong(ping: int) -> Message:
    return Message({"kind": "pong", "ping": ping})


def refusal(name: str, reason: str) -> Message:
    return Message({"kind": "refusal", "name": name, "reason": reason})


def mail():
    written = []
    return Mail(written.append), written


def read(told):
    return [opened(letter["message"])[0] for letter in told["letters"]]


def asks(*contents, page="a", read=0):
    messages = [{"number": number, "content": content} for number, content in enumerate(contents, 1)]
    return {"page": page, "read": read, "messages": messages}


def test_a_letter_is_told_again_until_it_is_read():
    box, written = mail()
    box.post([refusal("x", "too wide")])
    box.post([pong(1)])
    assert [content["kind"] for content in read(written[-1])] == ["refusal", "pong"]
    box.take(asks(read=1))
    assert [content["kind"] for content in read(written[-1])] == ["pong"]
    box.take(asks(read=2))
    assert written[-1]["letters"] == []


def test_a_letter_replaces_what_it_makes_obsolete():
    box, written = mail()
    box.post([pong(1), refusal("x", "too wide"), refusal("y", "too wide"), pong(2), refusal("x", "no range")])
    told = [(content.get("name"), content.get("ping"), content.get("reason")) for content in read(written[0])]
    assert told == [("y", None, "too wide"), (None, 2, None), ("x", None, "no range")]
    assert [letter["number"] for letter in written[0]["letters"]] == [3, 4, 5]


def test_what_a_page_asks_is_acted_on_once_however_often_it_is_told():
    box, written = mail()
    pause, resume = {"kind": "pause"}, {"kind": "resume"}
    assert box.take(asks(pause)) == [pause]
    assert box.take(asks(pause)) == []
    assert box.take(asks(pause, resume)) == [resume]
    assert written[-1]["read"] == {"a": 2}
    assert len(written) == 2


def test_pages_are_counted_each_on_its_own():
    box, written = mail()
    assert len(box.take(asks({"kind": "pause"}, page="a"))) == 1
    assert len(box.take(asks({"kind": "pause"}, page="b"))) == 1
    assert written[-1]["read"] == {"a": 1, "b": 1}
    for number in range(PAGES):
        box.take(asks({"kind": "hello"}, page=f"page {number}"))
    assert len(written[-1]["read"]) == PAGES and "a" not in written[-1]["read"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (None, "Expected a page, how far it has read, and messages; got NoneType"),
        ({"page": "a", "read": "far", "messages": []}, "Expected a page, how far it has read"),
        (
            {"page": "a", "read": 0, "messages": [{"kind": "pause"}]},
            "Expected a message with its number; got",
        ),
    ],
)
def test_what_no_page_writes_is_refused(asked, sentence):
    box, written = mail()
    with pytest.raises(ProtocolError, match=sentence):
        box.take(asked)
    assert written == []


def test_the_exchange_that_both_languages_read_is_what_the_kernel_writes():
    assert json.loads(make_mail.FILE.read_text()) == make_mail.exchange()


@given(st.lists(st.sampled_from(["ask", "deliver", "answer"]), max_size=40))
def test_all_that_is_asked_is_acted_on_once_and_in_order(events):
    box, written = mail()
    asked, done, unread = 0, [], []
    for event in [*events, "deliver"]:
        match event:
            case "ask":
                asked += 1
                unread = [*unread, {"number": asked, "content": asked}]
            case "deliver":
                done += box.take({"page": "a", "read": 0, "messages": unread})
            case "answer":
                told = written[-1]["read"].get("a", 0) if written else 0
                unread = [message for message in unread if message["number"] > told]
    assert done == list(range(1, asked + 1))
