"""Does each state of the face look as it should: does nothing spill, and nothing get out of reach?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from anywidget import AnyWidget
from playwright.sync_api import Browser, expect
from stage.play import Play
from stage.states import play
from stage.theatre import Theatre, theatre

from landscape_widget.live.comparison import Comparison
from landscape_widget.live.traits import Requesting
from landscape_widget.live.widget import LandscapeWidget

WIDTHS = (1020, 600, 360)
THEMES = ("light", "dark")
LAID_OUT = (
    "first run",
    "computing",
    "failed, traceback",
    "clipped",
    "disconnected",
    "plotting failed",
    "help",
    "menu",
    "refused",
    "how is it drawn",
    "why",
    "table",
    "cuts",
    "line",
    "trajectory",
    "comparison",
    "pins",
    "lesson",
    "lesson, put together",
    "covered",
    "locked, all",
    "picture only",
    "big type",
)
"""One state for each way in which the nodes lie."""

FLAWED = """<div class="landscape-widget" aria-label="all" style="width: 200px">
  <style>i { display: block; height: 10px } button { padding: 0; border: 0; height: 30px }</style>
  <p style="width: 60px"><i style="width: 90px"></i>wide</p>
  <p style="height: 10px; overflow: hidden"><i style="height: 50px"></i></p>
  <p style="height: 20px">below</p><p style="margin-top: -15px">above</p>
  <button style="position: absolute; left: 190px; width: 60px">beyond</button>
  <button style="width: 12px; height: 12px" aria-label="tiny"></button
  ><button style="width: 12px; height: 12px" aria-label="small"></button>
  <button style="outline: none; margin-left: 30px">ringless</button>
</div>"""
FOUND = [
    ".landscape-widget “all” spills 250 into 200 px",
    "p “wide” spills 90 into 60 px",
    "p is cut off at 10 of 50 px",
    "button “beyond” stands outside the widget",
    "button “tiny” is 12 × 12 px, close to button “small”",
    "button “small” is 12 × 12 px, close to button “tiny”",
    "button “ringless” shows no ring when it has the focus",
    "p “below” and p “above” lie on each other",
]

PLAIN, GREY = ["none", 1], ["grayscale(1)", 0.55]
SAID = {
    "preparing": ("drawing the directions", ["stop"], PLAIN),
    "computing": ("refining", ["pause", "stop"], PLAIN),
    "paused": ("paused at 33×33", ["resume"], PLAIN),
    "failed": ("RuntimeError: mat1 and mat2 shapes", ["copy", "try again"], PLAIN),
    "not finite": ("every cell is NaN", ["auto range"], PLAIN),
    "flat": ("flat to within 2 × 10⁻⁷", ["widen"], PLAIN),
    "busy": ("kernel busy, showing what was known at 10:41", ["pause", "stop"], PLAIN),
    "disconnected": ("disconnected: the kernel is gone", [], GREY),
    "saved": ("saved 4 May 2026, 10:41", [], PLAIN),
    "no WebGL": ("offers no WebGL", ["refine further"], PLAIN),
}
"""State → its sentence, its buttons, and how the picture is worn: CSS filter and opacity."""


@pytest.fixture(scope="module")
def stage(browser: Browser) -> Iterator[Theatre]:
    with theatre(browser) as stage:
        yield stage


def seen_from_above(name: str) -> Play:
    """The same state, its picture quick to draw; the nodes around it lie as they do."""
    known = play(name)
    flat = {"kind": "contour"} if known.traits["kind"] == "surface" else {}
    return replace(known, traits={**known.traits, **flat})


@pytest.mark.parametrize("name", LAID_OUT)
def test_nothing_spills_is_cut_off_or_out_of_reach(stage: Theatre, name: str):
    found: list[str] = []
    stage.show(seen_from_above(name))
    for width in WIDTHS:
        stage.widen(width)
        stage.settle()
        for theme in THEMES:
            stage.dress(theme)
            found += [f"{theme}, {width}: {flaw}" for flaw in stage.flaws()]
    assert not found, "\n".join(found)


def test_every_kind_of_flaw_is_found(stage: Theatre):
    stage.page.evaluate("(html) => { document.getElementById('cell').innerHTML = html; }", FLAWED)
    assert stage.flaws() == FOUND


@pytest.mark.parametrize("name", SAID)
def test_a_state_says_what_it_is_and_offers_what_helps(stage: Theatre, name: str):
    says, buttons, worn = SAID[name]
    root = stage.show(play(name) if name == "no WebGL" else seen_from_above(name))
    sentence = root.locator(".lw-sentence")
    expect(sentence).to_contain_text(says)
    expect(sentence).to_be_in_viewport(ratio=1)
    offered = root.locator(".lw-buttons button:visible")
    assert offered.evaluate_all("(all) => all.map((one) => one.ariaLabel ?? one.textContent)") == buttons
    style = "(node) => { const { filter, opacity } = getComputedStyle(node); return [filter, +opacity]; }"
    assert root.locator(".lw-picture").evaluate(style) == worn


@pytest.mark.parametrize("widget", [LandscapeWidget, Comparison])
def test_the_stage_knows_every_trait_of_a_widget(widget: type[Requesting]):
    shown = play("comparison" if widget is Comparison else "done").traits
    synced = widget.class_traits(sync=True).keys() - AnyWidget.class_traits(sync=True).keys()
    assert shown.keys() >= {name for name in synced if not name.startswith("_")}


def test_an_unknown_state_is_refused_with_those_there_are():
    with pytest.raises(SystemExit, match=r"Expected one of done, contour, .*; got 'doone'"):
        play("doone")
