import json
from pathlib import Path

import numpy as np
import pytest

from landscape_widget.export.notes import LONGEST, checked_pins, note_of
from landscape_widget.surface.surface import Surface
from tests.export_cases import line, measured
from tests.test_widget import page_sets, slope, widget  # noqa: F401

FIXTURE = json.loads((Path(__file__).parent / "fixtures" / "lesson" / "notes.json").read_text())
FLAT = {"x": 0.5, "y": -0.5, "text": "flat"}


def plane():
    """A tilted plane, which every interpolation meets exactly."""
    return measured([lambda a, b: a + 10 * b + 30])


def traces(figure):
    """Those that pins are drawn by."""
    return [trace for trace in figure.data if trace.name == "pins"]


def pins_in(figure):
    """The pins of a figure as x, y, text."""
    return [
        (x, y, text)
        for trace in traces(figure)
        for x, y, text in zip(trace.x, trace.y, trace.text, strict=True)
    ]


@pytest.mark.parametrize("kind", ["contour", "heatmap"])
def test_a_note_stands_at_its_place_seen_from_above(kind):
    assert pins_in(plane().figure(kind, pins=[FLAT])) == [(0.5, -0.5, "1  flat")]


def test_a_note_in_space_stands_on_the_ground():
    (pins,) = traces(plane().figure("surface", "linear", pins=[FLAT]))
    ends = (30 - 21, 30 + 21)
    assert pins.z[0] == pytest.approx(0.5 - 5 + 30 + 0.01 * (ends[1] - ends[0]))


def test_over_a_hole_it_stands_on_the_floor():
    def hole(a, b):
        return np.where((a > 0) & (b < 0), np.nan, 1 + a * a)

    figure = measured([hole]).figure("surface", "linear", pins=[FLAT])
    (pins,) = traces(figure)
    assert pins.z[0] == figure.layout.scene.zaxis.range[0]


def test_a_note_on_a_line_stands_on_its_curve():
    bump = {"x": 0.5, "text": "a bump"}
    figure = line([lambda a: 3 * a + 2]).figure("line", "linear", pins=[bump])
    ((x, y, text),) = pins_in(figure)
    assert (x, text) == (0.5, "1  a bump") and y == pytest.approx(3.5)


def test_what_is_pinned_elsewhere_is_not_drawn_but_keeps_its_number():
    outside, of_a_line = {**FLAT, "x": 7}, {"x": 0.5, "text": "on a line"}
    figure = plane().figure("contour", pins=[outside, of_a_line, FLAT])
    assert [text for *_, text in pins_in(figure)] == ["3  flat"]
    assert not pins_in(line([lambda a: a]).figure(pins=[FLAT]))
    assert not pins_in(plane().figure("line", pins=[FLAT, of_a_line]))


def test_a_picture_without_notes_has_no_trace_of_them():
    for kind in "contour", "heatmap", "surface", "line":
        assert not traces(plane().figure(kind))


def test_before_anything_is_known_there_is_no_ground_for_notes():
    unknown = Surface.empty(plane().grid, plane().metrics[:1], samples=100)
    assert not traces(unknown.figure("surface", pins=[FLAT]))


def test_a_note_is_text_in_lines_and_never_markup():
    for note in FIXTURE:
        written = note["written"].replace("$", "&#36;")  # the page's own plotly is told to read no formulas
        assert note_of(note["number"], note["text"]) == written


def test_in_space_no_letter_begins_a_tag():
    (pins,) = traces(plane().figure("surface", pins=[{**FLAT, "text": "<b>"}]))
    assert pins.text[0] == "1  <\u200bb>"


def test_notes_stand_in_saved_pictures(tmp_path):
    plain = plane().save_png(tmp_path / "plain", kind="contour", dpi=40).read_bytes()
    noted = plane().save_png(tmp_path / "noted", kind="contour", dpi=40, pins=[FLAT]).read_bytes()
    assert plain != noted
    text = plane().save(tmp_path / "noted.svg", kind="surface", pins=[FLAT]).read_text()
    assert "1  flat" in text


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("flat", r"pins are notes such as .*; got 'flat'"),
        ([{"x": 1}], r"A pin is {.*}, on a line without y; got {'x': 1}"),
        ([{**FLAT, "z": 1}], r"A pin is {.*}, on a line without y; got .*'z': 1"),
        (
            [{**FLAT, "text": "  "}],
            f"has 1 to {LONGEST} letters; got '  '. Say more in the caption of a step",
        ),
        ([{**FLAT, "text": "a" * 201}], f"has 1 to {LONGEST} letters"),
        ([{**FLAT, "x": "left"}], "A pin stands at finite numbers, in units of the directions; got 'left'"),
        (
            [{**FLAT, "y": float("nan")}],
            "A pin stands at finite numbers, in units of the directions; got nan",
        ),
    ],
)
def test_what_is_no_note_is_refused(value, sentence):
    with pytest.raises(ValueError, match=sentence):
        checked_pins(value)


def test_a_note_takes_its_one_true_form():
    pins = checked_pins([{"x": np.float64(1), "text": " so "}, {"x": 0, "y": 1, "text": "here"}])
    assert pins == ({"x": 1.0, "y": None, "text": "so"}, {"x": 0.0, "y": 1.0, "text": "here"})


def test_python_and_the_page_pin_notes(widget, tmp_path):  # noqa: F811
    widget.wait()
    widget.pin(0.5, -0.5, "flat")
    page_sets(widget, pins=[*widget.pins, {"x": 0, "y": 0, "text": "here"}])
    assert [pin["text"] for pin in widget.pins] == ["flat", "here"]
    widget.kind = "contour"
    seen = widget.save_png(tmp_path / "seen", dpi=40).read_bytes()
    widget.pins = ()
    assert seen != widget.save_png(tmp_path / "plain", dpi=40).read_bytes()
