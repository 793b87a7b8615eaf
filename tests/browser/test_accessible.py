"""Can it be used without a mouse, without seeing it, in the system's own colours, and on paper?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect
from stage.states import play
from stage.theatre import Theatre, theatre

AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"
STATES = (
    "first run",
    "preparing",
    "failed, traceback",
    "disconnected",
    "plotting failed",
    "help",
    "menu",
    "table",
    "why",
    "how is it drawn",
    "refused",
    "line",
    "trajectory",
    "curvature",
    "comparison",
    "lesson, put together",
    "covered",
    "locked",
)
"""One for each set of nodes that there are; what differs in words only is left out."""


@pytest.fixture(scope="module")
def stage(browser: Browser) -> Iterator[Theatre]:
    with theatre(browser) as stage:
        yield stage


def violations(stage: Theatre, rules: list[str] | None = None) -> list[str]:
    """What axe-core finds on the widget, as lines; of all rules, or of those named."""
    stage.page.evaluate(f"() => {{ if (!globalThis.axe) {{ {AXE.read_text(encoding='utf-8')} }} }}")
    asked: dict[str, Any] = {"resultTypes": ["violations"], "selectors": False}
    if rules is not None:
        asked["runOnly"] = {"type": "rule", "values": rules}
    return stage.page.evaluate(
        """async (asked) => (await axe.run(".landscape-widget", asked)).violations.flatMap(
          ({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))""",
        asked,
    )


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing(stage: Theatre, name: str) -> None:
    stage.show(play(name), "light")
    assert violations(stage) == []
    stage.dress("dark")
    stage.settle()
    assert violations(stage, ["color-contrast"]) == []


def test_axe_finds_nothing_in_what_folds(stage: Theatre) -> None:
    root = stage.show(play("trajectory"))
    while (fold := root.locator(".lw-panel [aria-expanded=false]:visible")).count() > 0:
        fold.first.click()
    assert violations(stage) == []


def test_axe_finds_what_is_wrong(stage: Theatre) -> None:
    root = stage.show(play("done"))
    root.get_by_label("metric", exact=True).evaluate("(list) => list.removeAttribute('aria-label')")
    root.locator(".lw-piece").first.evaluate("(piece) => { piece.style.color = '#bbb' }")
    assert {line.split(":")[0] for line in violations(stage)} == {"select-name", "color-contrast"}


def test_values_are_read_by_keyboard_alone(stage: Theatre) -> None:
    root = stage.show(play("done"))
    keyboard = stage.page.keyboard
    opener = root.get_by_role("button", name="more", exact=True)
    opener.focus()
    keyboard.press("ArrowDown")
    while focused(root) != "values as a table":
        keyboard.press("ArrowDown")
    keyboard.press("Enter")
    first = focused(root)
    keyboard.press("ArrowRight")
    second = focused(root)
    keyboard.press("ArrowLeft")
    assert focused(root) == first != second
    keyboard.press("Escape")
    expect(root.get_by_role("region", name="values as a table")).to_be_hidden()
    expect(opener).to_be_focused()


def focused(root: Locator) -> str:
    return root.evaluate("() => document.activeElement.textContent")


def test_what_is_chosen_shows_in_the_systems_own_colours(stage: Theatre) -> None:
    root = stage.show(play("done"), "forced")
    paper = "(node) => getComputedStyle(node).backgroundColor"
    chosen, other = (root.get_by_role("radio", name=name) for name in ("surface", "contour"))
    assert chosen.evaluate(paper) != other.evaluate(paper)
    border = "(node) => getComputedStyle(node).borderTopWidth"
    assert root.get_by_label("metric", exact=True).evaluate(border) == "1px"


def test_on_paper_there_are_the_picture_and_what_is_said_of_it(stage: Theatre) -> None:
    root = stage.show(play("done"))
    stage.page.emulate_media(media="print")
    for printed in (".lw-picture", ".lw-sentence", ".lw-pieces"):
        expect(root.locator(printed)).to_be_visible()
    for control in ("button", "select", "input"):
        assert root.locator(f"{control}:visible").count() == 0
    stage.page.emulate_media(media="screen")


def test_for_a_projector_letters_are_half_as_large_again(stage: Theatre) -> None:
    root = stage.show(play("done"))
    sizes = "(root) => [root, root.querySelector('.lw-sentence'), root.querySelector('.lw-select')]\
      .map((node) => Number.parseFloat(getComputedStyle(node).fontSize))"
    before = root.evaluate(sizes)
    root.get_by_role("button", name="more", exact=True).click()
    root.get_by_role("button", name="big type").click()
    assert root.evaluate(sizes) == pytest.approx([1.5 * size for size in before])
    assert stage.page.evaluate("() => stage.model.get('big_type')")
