import base64
import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape_widget.live.protocol import (
    Acknowledge,
    Apply,
    AutoRange,
    Command,
    Message,
    Ping,
    ProtocolError,
    pack,
    parse_action,
)
from tests.fixtures import make_protocol

FIXTURES = make_protocol.fixtures()


@pytest.mark.parametrize("name", FIXTURES)
def test_the_fixtures_both_languages_read_are_what_the_kernel_sends(name):
    stored = json.loads((make_protocol.FOLDER / f"{name}.json").read_text())
    assert stored == json.loads(json.dumps(FIXTURES[name]))


def test_the_first_message_carries_axes_metrics_and_labels():
    fixture = FIXTURES["surface"]
    x = np.frombuffer(base64.b64decode(fixture["buffers"][0]), "<f8")
    assert x.tolist() == np.linspace(-1, 2, 7).tolist()
    assert fixture["content"]["metrics"][1] == {
        "name": "accuracy",
        "unit": "%",
        "size": 1797,
        "repeat": 0,
        "label": "",
        "limits": None,
        "colors": "",
        "samples": 256,
    }
    assert fixture["content"]["points"] == ["origin"]


def test_a_map_says_whose_it_is_and_how_it_is_drawn():
    assert [FIXTURES[name]["content"]["map"] for name in ("surface", "patch", "map", "map-patch")] == [
        None,
        None,
        "curvature",
        "curvature",
    ]
    ratio = FIXTURES["map"]["content"]["metrics"][0]
    assert (ratio["label"], ratio["limits"], ratio["colors"]) == ("|λ_min/λ_max|", (0.0, 0.5), "viridis")
    states = FIXTURES["map"]["expected"]["states"]
    assert [states.count(state) for state in (0, 1, 3, 4)] == [0, 25, 20, 1]


def test_content_is_valid_json_even_when_the_loss_is_not_a_number():
    json.dumps(FIXTURES["surface"]["content"], allow_nan=False)


def test_what_is_not_measured_of_a_path_is_no_number_on_the_wire():
    values = np.frombuffer(base64.b64decode(FIXTURES["path"]["buffers"][-1]), "<f4").reshape(2, 4)
    assert values[0].tolist()[:2] == [8.0, np.inf] and np.isnan(values[:, 2]).all()
    assert FIXTURES["line"]["content"]["path"] is None and FIXTURES["line"]["buffers"][8:] == [""] * 7


def unpacked(block: bytes) -> tuple[dict, list[bytes]]:
    (length,) = struct.unpack_from("<I", block)
    header = json.loads(block[4 : 4 + length])
    start = -(-(4 + length) // 8) * 8
    buffers = []
    for size in header.pop("lengths"):
        buffers.append(block[start : start + size])
        start += -(-size // 8) * 8
    assert start == len(block)
    return header, buffers


@given(
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
    st.lists(st.binary(max_size=40), max_size=5),
)
def test_packing_and_unpacking_is_a_round_trip(content, buffers):
    content.pop("lengths", None)
    assert unpacked(pack(Message(content, tuple(buffers)))) == (content, buffers)


@pytest.mark.parametrize(
    ("content", "action"),
    [
        ({"kind": "ack", "generation": 3, "sequence": 9}, Acknowledge(3, 9)),
        ({"kind": "ping", "ping": 4}, Ping(4)),
        ({"kind": "auto_range", "factor": 10}, AutoRange(10.0)),
        ({"kind": "pause"}, Command("pause")),
        ({"kind": "hello", "visible": True}, Command("hello")),
        ({"kind": "fit_path"}, Command("fit_path")),
        ({"kind": "refit"}, Command("refit")),
        ({"kind": "sharpness"}, Command("sharpness")),
        ({"kind": "preset", "key": "principal components"}, Apply("principal components")),
    ],
)
def test_actions_are_read(content, action):
    assert parse_action(content) == action


@pytest.mark.parametrize(
    "content",
    [None, 7, "pause", [], {}, {"kind": "close"}, {"kind": "ack"},
     {"kind": "ack", "generation": "1", "sequence": 2},
     {"kind": "auto_range", "factor": 1}, {"kind": "auto_range", "factor": float("nan")},
     {"kind": "auto_range", "factor": True}, {"kind": ["pause"]},
     {"kind": "preset"}, {"kind": "preset", "key": 3}],
)  # fmt: skip
def test_anything_else_is_refused_with_what_came(content):
    with pytest.raises(ProtocolError, match="Expected a message such as"):
        parse_action(content)


@given(
    st.recursive(
        st.none() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.dictionaries(st.sampled_from(["kind", "ping", "factor", "generation", "sequence"]), inner)
            | st.lists(inner)
        ),
        max_leaves=8,
    )
)
def test_no_message_from_a_page_can_do_more_than_be_refused(content):
    try:
        parse_action(content)
    except ProtocolError as error:
        assert len(str(error)) < 300
