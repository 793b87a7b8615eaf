import weakref

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from landscape_widget.live.outbox import Outbox, merged
from landscape_widget.live.protocol import Message
from landscape_widget.surface.patch import Patch
from tests.fake_host import Later


def patch(*cells: int) -> Patch:
    at = np.array(cells)
    values = at[None].astype(float)
    return Patch(at, values, values * 0, np.ones((1, len(at)), int), np.ones(len(at), np.uint8))


def opening(generation: int):
    return lambda sequence: Message({"kind": "surface", "generation": generation, "sequence": sequence})


def outbox():
    sent: list[Message] = []
    later = Later()
    return Outbox(sent.append, later), sent, later


def cells(message: Message) -> list[int]:
    return np.frombuffer(message.buffers[0], "<i4").tolist()


def test_the_first_message_leaves_at_once():
    box, sent, _ = outbox()
    box.open(1, opening(1))
    assert [message.content["kind"] for message in sent] == ["surface"]


def test_at_most_one_message_is_under_way_and_what_waits_is_merged():
    box, sent, _ = outbox()
    box.open(1, opening(1))
    box.put(1, patch(1, 2), -1)
    box.put(1, patch(3), 0)
    assert len(sent) == 1
    box.acknowledge(1, 1)
    assert cells(sent[1]) == [1, 2, 3]
    assert sent[1].content["level"] == 0 and sent[1].content["sequence"] == 2


def test_a_missing_acknowledgement_holds_nothing_back_for_ever():
    box, sent, later = outbox()
    box.open(1, opening(1))
    box.put(1, patch(1), -1)
    later.pass_time()
    assert cells(sent[1]) == [1]
    box.put(1, patch(2), -1)
    later.pass_time()
    assert cells(sent[2]) == [2]


def test_a_late_acknowledgement_of_an_older_message_is_not_taken_for_the_present_one():
    box, sent, later = outbox()
    box.open(1, opening(1))
    box.put(1, patch(1), -1)
    later.pass_time()
    box.put(1, patch(2), -1)
    box.acknowledge(1, 1)
    assert len(sent) == 2


def test_a_new_generation_drops_what_waits_for_the_old_one():
    box, sent, _ = outbox()
    box.open(1, opening(1))
    box.put(1, patch(1), -1)
    box.open(2, opening(2))
    box.put(1, patch(2), -1)
    box.acknowledge(1, 1)
    assert [message.content["generation"] for message in sent] == [1, 2]


def test_a_closed_outbox_sends_nothing_and_holds_nothing():
    box, sent, later = outbox()
    box.open(1, opening(1), opening(1))
    waiting = weakref.ref(last := patch(1))
    box.put(1, last, -1)
    del last
    assert waiting() is not None
    box.close()
    later.pass_time()
    box.acknowledge(1, 1)
    assert len(sent) == 1
    assert waiting() is None


def test_the_bytes_sent_are_a_copy():
    box, sent, _ = outbox()
    box.open(1, opening(1))
    mutable = patch(5)
    box.acknowledge(1, 1)
    box.put(1, mutable, -1)
    mutable.values[:] = 99
    assert np.frombuffer(sent[1].buffers[1], "<f4").tolist() == [5.0]


@given(st.lists(st.lists(st.integers(0, 50), min_size=1, max_size=4), min_size=1, max_size=20), st.data())
def test_every_cell_arrives_once_and_in_order_whatever_the_acknowledgements(patches, data):
    box, sent, later = outbox()
    box.open(1, opening(1))
    for given_cells in patches:
        box.put(1, patch(*given_cells), -1)
        match data.draw(st.sampled_from(["acknowledge", "wait", "nothing"])):
            case "acknowledge":
                box.acknowledge(1, sent[-1].content["sequence"])
            case "wait":
                later.pass_time()
    for _ in patches:
        later.pass_time()
    arrived = [cell for message in sent[1:] for cell in cells(message)]
    assert arrived == [cell for given_cells in patches for cell in given_cells]
    assert [message.content["sequence"] for message in sent] == list(range(1, len(sent) + 1))


def test_merging_one_patch_is_that_patch():
    only = patch(1)
    assert merged([only]) is only
