import json
import re
from pathlib import Path

import pytest
import traitlets

from landscape_widget.live.controls import ALONE, COMMANDS, CONTROLS, GROUPS, RUN, traits_of
from landscape_widget.live.lesson import LESSON
from landscape_widget.live.protocol import COMMANDS as SAID
from landscape_widget.live.traits import CHECKED_VIEWING, COMPUTING, LEADING, READING
from tests.test_widget import page_says, page_sets, slope, widget  # noqa: F401

FIXTURE = json.loads((Path(__file__).parent / "fixtures" / "lesson" / "controls.json").read_text())


def test_both_languages_know_the_same_controls():
    groups = {name: list(traits) for name, traits in GROUPS.items()}
    commands = {name: list(traits) for name, traits in COMMANDS.items()}
    told = {"groups": groups, "alone": list(ALONE), "commands": commands, "run": list(RUN)}
    assert told == FIXTURE


def test_every_trait_that_can_be_asked_for_has_its_control():
    asked = {*COMPUTING, *CHECKED_VIEWING, *READING, *LESSON, "linked", "camera"} - {*LEADING}
    assert traits_of(CONTROLS) == asked


def test_every_command_is_known_to_touch_something_or_nothing():
    assert {*COMMANDS, *RUN} <= {*SAID, "auto_range"}


def test_a_locked_trait_is_changed_by_python_alone(widget):  # noqa: F811
    widget.locked = ("measured", "kind")
    page_sets(widget, samples=50, kind="contour", scale="log")
    assert (widget.samples, widget.kind, widget.scale) == (100, "surface", "log")
    first, second = widget.of_kind("refusal")
    assert (first["name"], second["name"]) == ("samples", "kind")
    assert second["reason"].startswith("kind is locked, so only Python changes it: set widget.kind, or free")
    assert ("samples",) in widget.states and ("kind",) in widget.states
    widget.kind = "contour"
    assert widget.kind == "contour"


def test_a_step_of_the_lesson_sets_what_is_locked(widget):  # noqa: F811
    widget.steps = [{"caption": "above", "view": {"kind": "contour"}}]
    widget.locked = ("drawn",)
    page_sets(widget, step=0, kind="contour")
    assert widget.kind == "contour" and not widget.of_kind("refusal")


def test_a_lesson_may_be_led_by_python_alone(widget):  # noqa: F811
    widget.steps = [{"caption": "above", "view": {"kind": "contour"}}]
    widget.locked = ("drawn", "step")
    page_sets(widget, step=0, kind="contour")
    assert (widget.step, widget.kind) == (None, "surface")
    widget.step = 0
    assert widget.kind == "contour"


@pytest.mark.parametrize(
    ("locked", "message", "named"),
    [
        (("x",), {"kind": "auto_range", "factor": 10.0}, "x is locked"),
        (("where",), {"kind": "fit_path"}, "x is locked"),
        (("directions",), {"kind": "refit"}, "directions is locked"),
        (("measured",), {"kind": "refine_further"}, "resolution is locked"),
        (("drawn",), {"kind": "preset", "key": "start and random"}, None),
        (("y",), {"kind": "preset", "key": "start and random"}, "y is locked"),
        (("status",), {"kind": "pause"}, r"pause is locked, with all of the status: call widget.pause\(\)"),
    ],
)
def test_what_would_change_a_locked_trait_is_refused(widget, monkeypatch, locked, message, named):  # noqa: F811
    acted = []
    monkeypatch.setattr(widget, "_act", acted.append)
    widget.locked = locked
    page_says(widget, **message)
    if named is None:
        assert len(acted) == 1
        return
    (refusal,) = widget.of_kind("refusal")
    assert not acted and refusal["name"] == "message"
    assert re.match(named, refusal["reason"])


def test_a_page_cannot_free_itself(widget):  # noqa: F811
    widget.locked, widget.hidden = ("x",), ("status",)
    page_sets(widget, locked=[], hidden=[])
    assert (widget.locked, widget.hidden) == (("x",), ("status",))


@pytest.mark.parametrize("name", ["locked", "hidden"])
def test_only_controls_can_be_locked_or_hidden(widget, name):  # noqa: F811
    with pytest.raises(traitlets.TraitError, match=f"{name}: a control must be one of .*; got 'xx'"):
        setattr(widget, name, ("xx",))
    with pytest.raises(traitlets.TraitError, match=f"{name} names controls or groups of them.*; got 'x'"):
        setattr(widget, name, "x")
    setattr(widget, name, ["x", "x", "where"])
    assert getattr(widget, name) == ("x", "where")
