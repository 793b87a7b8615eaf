import json
from pathlib import Path

import pytest
import traitlets

from landscape_widget.live.checks import checked
from landscape_widget.live.lesson import STEPPED, view_at, with_step
from tests.comparison_cases import candidate, compared
from tests.live_cases import CHOICES
from tests.page_cases import told
from tests.test_photograph import Cell
from tests.test_widget import page_sets, slope, widget  # noqa: F401

FIXTURE = json.loads((Path(__file__).parent / "fixtures" / "lesson" / "views.json").read_text())
LOSS, ABOVE = {"caption": "The valley", "view": {"kind": "surface"}}, {"caption": "Above", "view": {}}


def test_a_step_shows_what_it_and_those_before_it_set():
    steps = FIXTURE["steps"]
    assert [view_at(steps, number) for number in range(len(steps))] == FIXTURE["views"]


def test_steps_that_cover_nothing_leave_it_to_others():
    assert view_at([LOSS, ABOVE], 1) == {"kind": "surface"}


def test_the_first_step_remembers_everything_so_that_one_can_go_back():
    present = {"kind": "surface", "x": (-1, 1), "covered": False}
    steps = with_step((), "first", {"kind": "contour"}, present)
    assert steps[0]["view"] == {"kind": "contour", "x": (-1, 1)}
    (_, second, third) = with_step(with_step(steps, "second", {"x": (0, 1)}, present), "third", {}, present)
    assert second["view"] == {"x": (0, 1)}
    assert third["view"] == {"kind": "surface", "x": (-1, 1)}


def test_a_view_in_a_step_takes_the_true_form_of_its_traits():
    (step,) = checked("steps", [{"caption": " From here ", "view": {"x": [-1, 2], "moment": 3.0}}], CHOICES)
    assert step == {"caption": "From here", "view": {"x": (-1.0, 2.0), "moment": 3}}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("first", "steps are captions with views, such as .*; got 'first'"),
        ([{"caption": "a"}], r"A step is {.*}; got {'caption': 'a'}"),
        ([{"caption": " ", "view": {}}], "says what to look at, of up to 2,000 letters; got ' '"),
        ([{"caption": "a", "view": "contour"}], r"trait → value, such as {'kind': 'contour'}; got 'contour'"),
        ([{"caption": "a", "view": {"knd": "contour"}}], "a step sets must be one of .*Did you mean 'kind'"),
        ([{"caption": "a", "view": {"kind": "contur"}}], "kind must be one of .*Did you mean 'contour'"),
    ],
)
def test_what_makes_no_lesson_is_refused(value, sentence):
    with pytest.raises(ValueError, match=sentence):
        checked("steps", value, CHOICES)


@pytest.mark.parametrize("value", [-1, 0.5, True, "first"])
def test_steps_are_counted_from_nought(value):
    with pytest.raises(ValueError, match=f"step counts from 0, or is None outside the lesson; got {value!r}"):
        checked("step", value, CHOICES)


def test_there_has_to_be_a_step_of_that_number(widget):  # noqa: F811
    with pytest.raises(traitlets.TraitError, match=r"no steps yet; got step 0. Add one with add_step"):
        widget.step = 0
    widget.steps = [LOSS]
    with pytest.raises(traitlets.TraitError, match="one step, number 0; got step 1"):
        widget.step = 1
    widget.steps = [LOSS, ABOVE]
    page_sets(widget, step=2)
    assert widget.step is None and "steps 0 to 1; got step 2" in widget.of_kind("refusal")[-1]["reason"]


def test_a_step_sets_its_view_as_one_change_that_the_page_hears(widget):  # noqa: F811
    widget.steps = [LOSS, {"caption": "wide", "view": {"kind": "contour", "x": (-2, 2), "scale": "log"}}]
    widget.states.clear()
    widget.step = 1
    assert (widget.kind, widget.x, widget.scale) == ("contour", (-2.0, 2.0), "log")
    (told,) = [names for names in widget.states if "kind" in names]
    assert set(told) == {"step", "kind", "x", "scale"}
    widget.step = 0
    assert widget.kind == "surface" and widget.x == (-2.0, 2.0)


def test_a_step_in_another_plane_computes_it(widget):  # noqa: F811
    widget.wait()
    widget.add_step("here")
    widget.add_step("there", directions=[{"key": "gradient"}, {"key": "random", "seed": 4}])
    widget.step = 1
    assert [axis["key"] for axis in widget.directions] == ["gradient", "random"]
    assert widget.wait().is_done and widget.status["generation"] > 1
    widget.step = 0
    assert [axis["seed"] for axis in widget.directions] == [0, 1]


def test_the_first_step_of_a_widget_remembers_all_that_a_step_may_set(widget):  # noqa: F811
    widget.add_step("as it is")
    assert set(widget.steps[0]["view"]) == set(STEPPED) - {"covered"}
    with pytest.raises(ValueError, match="what a step sets must be one of"):
        widget.add_step("wrong", knd="contour")
    with pytest.raises(traitlets.TraitError, match="kind must be one of"):
        widget.add_step("wrong", kind="contur")
    assert len(widget.steps) == 1


def test_without_its_step_the_last_one_is_shown(widget):  # noqa: F811
    widget.steps = [LOSS, ABOVE, ABOVE]
    widget.step = 2
    widget.steps = [LOSS, ABOVE]
    assert widget.step == 1
    widget.steps = []
    assert widget.step is None


def test_the_page_may_take_away_a_step_and_stand_on_another(widget):  # noqa: F811
    widget.steps = [LOSS, ABOVE]
    widget.step = 1
    page_sets(widget, step=0, steps=[LOSS])
    assert (widget.step, len(widget.steps)) == (0, 1)
    page_sets(widget, step=2, steps=[LOSS, ABOVE, ABOVE])
    assert widget.step == 2


def test_a_comparison_is_led_in_the_same_way():
    comparison = compared(candidate("a"), candidate("b"))
    comparison.add_step("here")
    comparison.add_step("from above", kind="contour", x=(-2, 2))
    comparison.step = 1
    assert comparison.kind == "contour" and comparison["b"].x == (-2.0, 2.0)
    comparison.close()


def test_a_covered_landscape_leaves_no_picture_in_the_notebook(widget):  # noqa: F811
    cell = Cell()
    widget.photograph._outputs = cell.make
    widget.wait()
    widget.covered = True
    widget.photograph.hang()
    widget.photograph.develop()
    assert not cell.updated
    widget.covered = False
    widget.photograph.develop()
    assert len(cell.updated) == 1


def test_a_page_knows_its_lesson(widget, tmp_path):  # noqa: F811
    widget.wait()
    widget.add_step("here", covered=True)
    widget.step, widget.locked, widget.hidden = 0, ("x",), ("measured",)
    page = told(widget.save_html(tmp_path / "page.html").read_text())
    assert page["steps"] == json.loads(json.dumps(widget.steps)) and page["step"] == 0
    assert (page["covered"], page["locked"], page["hidden"]) == (True, ["x"], ["measured"])
    with pytest.raises(ValueError, match=r"what a lesson has must be one of .*Did you mean 'steps'"):
        widget.save_html(tmp_path / "page.html", lesson={"stps": ()})
