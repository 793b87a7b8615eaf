"""Is a lesson followed, covered and locked by real keys and hands; and are notes text in a real picture?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from landscape import Landscape
from playwright.sync_api import Browser, expect
from problems import BOWL, SHOW, bowl
from stage.lessons import PINS, led
from stage.play import Play
from stage.states import DONE, play
from stage.theatre import Theatre, theatre
from stage.traits import traits_of

ASKED = "(name) => stage.model.get(name)"
WALL = PINS[1]["text"]


@pytest.fixture(scope="module")
def stage(browser: Browser) -> Iterator[Theatre]:
    with theatre(browser) as stage:
        yield stage


def test_notes_are_text_in_the_picture_and_never_markup(stage: Theatre) -> None:
    root = stage.show(play("pins, contour"))
    notes = root.locator(".annotation-text", has_text="A wall")
    words = notes.locator("tspan.line").all_text_contents()
    assert " ".join(" ".join(words).split()) == f"2 {WALL}"
    assert notes.locator("[style*=bold]").count() == 0 and root.locator(".lw-picture b").count() == 0


def test_a_note_is_pinned_where_the_cross_is_and_read_in_the_picture(stage: Theatre) -> None:
    root = stage.show(Play(traits_of(DONE, "contour", marked=(0.5, -0.5))))
    root.locator(".lw-picture").focus()
    stage.page.keyboard.press("n")
    stage.page.keyboard.type("steep, here")
    stage.page.keyboard.press("Enter")
    stage.settle()
    assert stage.page.evaluate(ASKED, "pins") == [{"x": 0.5, "y": -0.5, "text": "steep, here"}]
    expect(root.locator(".annotation-text", has_text="steep, here")).to_be_visible()


def test_a_lesson_is_followed_by_keys(stage: Theatre) -> None:
    root = stage.show(Play(traits_of(DONE) | led(None)))
    caption = root.locator(".lw-caption")
    root.locator(".lw-picture").focus()
    stage.page.keyboard.press("PageDown")
    expect(caption).to_have_text("Where does training end? At 0, in the middle of the picture.")
    stage.page.keyboard.press(".")
    expect(root).to_have_attribute("data-kind", "contour")
    stage.page.keyboard.press(",")
    expect(root).to_have_attribute("data-kind", "surface")
    assert stage.page.evaluate(ASKED, "step") == 0


@pytest.mark.parametrize("kind", ["surface", "contour"])
def test_what_is_covered_is_nowhere_on_the_page_before_it_is_revealed(stage: Theatre, kind: str) -> None:
    height = float(DONE["loss"].max())
    root = stage.show(Play(traits_of(DONE, kind, covered=True, cuts=True, marked=(0.3, -0.2))))
    assert heights_drawn(stage) <= 1  # a point that keeps the axes of an empty space
    told = root.evaluate("(node) => node.innerText + node.outerHTML")
    assert f"{height:.3g}" not in told and "from 0.0" not in told
    box = root.locator(".lw-picture").bounding_box()
    assert box is not None
    stage.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(root.locator(".lw-readout")).to_be_hidden()
    stage.page.keyboard.press("Escape")
    root.get_by_role("button", name="reveal").press("Enter")
    stage.settle()
    expect(root.locator(".lw-cover")).to_be_hidden()
    expect(root.locator(".lw-picture")).to_be_focused()
    assert heights_drawn(stage) > 1000


def heights_drawn(stage: Theatre) -> int:
    """How many heights the plot holds."""
    (picture,) = stage.data()
    return max((np.size(trace.get("z", ())) for trace in picture["traces"]), default=0)


def test_what_is_locked_withstands_hands_and_keys(stage: Theatre) -> None:
    root = stage.show(play("locked"))
    metric = root.get_by_label("metric", exact=True)
    metric.focus()
    stage.page.keyboard.press("ArrowDown")
    stage.page.keyboard.type("accuracy")
    expect(metric).to_have_value("loss")
    thumb = root.locator("[data-control~=x] [role=slider]").first
    thumb.focus()
    stage.page.keyboard.press("ArrowRight")
    box = thumb.bounding_box()
    assert box is not None
    stage.page.mouse.move(box["x"] + 5, box["y"] + 5)
    stage.page.mouse.down()
    stage.page.mouse.move(box["x"] + 25, box["y"] + 5)
    stage.page.mouse.up()
    root.get_by_label("seed of axis 1").first.click(force=True)
    stage.page.keyboard.type("7")
    asked = {name: stage.page.evaluate(ASKED, name) for name in ("metric", "x", "directions")}
    assert asked["metric"] == "loss" and asked["x"] == [-1, 1] and asked["directions"][0]["seed"] == 0
    root.get_by_role("radio", name="contour").click()
    assert stage.page.evaluate(ASKED, "kind") == "contour"


def test_a_saved_page_leads_through_its_lesson(browser: Browser, tmp_path: Path) -> None:
    lesson = {"steps": led()["steps"], "step": 0}
    path = DONE.save_html(tmp_path / "lesson.html", lesson=lesson)
    page = browser.new_page()
    page.goto(path.as_uri())
    root = page.locator(".landscape-widget")
    expect(root.locator(".lw-caption")).to_contain_text("Where does training end?")
    page.get_by_role("button", name="next").click()
    expect(root).to_have_attribute("data-kind", "contour")
    page.get_by_role("button", name="next").click()
    expect(root.locator(".lw-cover")).to_be_visible()
    root.press("r")
    expect(root.locator(".lw-cover")).to_be_hidden()
    page.get_by_role("button", name="next").click()
    expect(root.locator(".lw-lesson")).to_contain_text("needs a kernel; the plane stays")
    page.close()


def test_a_locked_camera_stays_where_it_is(stage: Theatre) -> None:
    turned = "() => stage.plots()[0].layout.scene.camera"
    for locked in ((), ("camera",)):
        root = stage.show(Play(traits_of(DONE, locked=locked)))
        before = stage.page.evaluate(turned)
        box = root.locator(".lw-picture").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        stage.page.mouse.move(x, y)
        stage.page.mouse.down()
        stage.page.mouse.move(x + 80, y, steps=4)
        stage.page.mouse.up()
        if not locked:
            stage.page.wait_for_function("() => stage.model.get('camera') !== null")
        stage.settle()
        assert (stage.page.evaluate(turned) == before) == bool(locked)
        assert (stage.page.evaluate(ASKED, "camera") is None) == bool(locked)


LESSON = """
widget.add_step("Close by")
widget.add_step("Farther away", x=(-1, 3), colors="grey")
widget.locked = ("where", "drawn")
"""


@pytest.mark.browser
def test_in_a_notebook_a_step_in_another_plane_is_computed_whatever_is_locked(open_notebook) -> None:
    notebook = open_notebook(BOWL, SHOW, LESSON, "widget.step = 0")
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    notebook.run(2)
    landscape.root.get_by_role("button", name="next").click()
    expect(landscape.root.locator(".lw-caption")).to_have_text("Close by")
    landscape.root.get_by_role("button", name="next").click()
    landscape.wait_until_it_shows(bowl(x=(-1, 3)))
    assert notebook.ask("[widget.step, *widget.x, widget.colors]") == [1, -1, 3, "grey"]
    landscape.root.get_by_role("radio", name="surface").click(force=True)
    notebook.run(3)
    expect(landscape.root.locator(".lw-caption")).to_have_text("Close by")
    landscape.wait_until_it_shows(bowl())
    assert notebook.ask("widget.kind") == "heatmap"
    expect(landscape.root.locator(".lw-refusal:visible")).to_have_count(0)
