"""Does each state of the face look as it should: does nothing spill, nothing get out of reach, at any width?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Locator, expect
from stage.play import Play
from stage.states import STATES, play
from stage.theatre import Theatre, theatre

WIDTHS = (1020, 600, 360)
THEMES = ("light", "dark")
LAID_OUT = [
    "first run",
    "preparing",
    "computing",
    "paused",
    "failed, traceback",
    "clipped",
    "disconnected",
    "plotting failed",
    "help",
    "menu",
    "refused",
    "BatchNorm",
    "line",
    "trajectory",
    "comparison",
]
"""One state for each way in which the nodes lie."""


@pytest.fixture(scope="module")
def stage(browser: Browser) -> Iterator[Theatre]:
    with theatre(browser) as stage:
        yield stage


def seen_from_above(name: str) -> Play:
    """The same state, its picture quick to draw; the nodes around it lie as they do."""
    known = play(name)
    flat = {"kind": "contour"} if known.traits["kind"] == "surface" else {}
    return replace(known, traits={**known.traits, **flat})


def text_of(root: Locator) -> str:
    return root.locator(".lw-sentence").first.inner_text()


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
