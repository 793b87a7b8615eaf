"""What may a person do to a page with landscapes, at any time and in any order?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from notebook import Notebook
from playwright.sync_api import Error, Locator

ROOTS = ".landscape-widget"
PRESSED = "button:not([disabled]), [role=radio]"
AVOIDED = ("refine", "sharpness", "curvature")
"""What takes ever longer, be it pressed by chance or on purpose."""
KEYS = ("ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End")
IN_PICTURE = ("+", "-", "0", "ArrowUp", "ArrowLeft", "Enter", "Escape", "c", "f", "r", "?")
THEMES = ("JupyterLab Dark", "JupyterLab Light")
PATIENCE = 1000
"""Milliseconds for a control that is gone, or covered by another, when it is its turn."""

LEAVE_FULL_VIEW = "() => document.fullscreenElement && document.exitFullscreen()"


@dataclass(frozen=True)
class Hand:
    """Does one thing after the other, as chance has it."""

    notebook: Notebook
    chance: Random
    reruns: Sequence[int]
    asked: Sequence[str]

    def move(self) -> str:
        """Do something; return what it was. What can't be reached any more is passed by."""
        moves: tuple[tuple[int, Callable[[], str]], ...] = (
            (8, self._press),
            (8, self._slide),
            (4, self._choose),
            (4, self._key),
            (3, self._drag),
            (3, self._ask),
            (1, self._resize),
            (1, self._theme),
            (1, self._hide),
            (1, self._run_again),
        )
        weights, does = zip(*moves, strict=True)
        (chosen,) = self.chance.choices(does, weights)
        try:
            return chosen()
        except Error as error:
            if any(one in error.message for one in ("crash", "closed", "Target")):
                raise
            return f"passed by: {chosen.__name__.strip('_')}"
        finally:
            self.notebook.page.evaluate(LEAVE_FULL_VIEW)

    def _press(self) -> str:
        pressed = self._one(PRESSED)
        name = pressed.get_attribute("aria-label", timeout=PATIENCE) or pressed.inner_text(timeout=PATIENCE)
        if any(one in name for one in AVOIDED):
            return f"left alone: {name}"
        pressed.click(timeout=PATIENCE)
        return f"press {name}"

    def _slide(self) -> str:
        slider, key, times = self._one("[role=slider]"), self.chance.choice(KEYS), self.chance.randint(1, 20)
        slider.focus(timeout=PATIENCE)
        for _ in range(times):
            self.notebook.page.keyboard.press(key)
        return f"slide by {times} {key}"

    def _choose(self) -> str:
        select = self._one("select:not([disabled])")
        values = select.evaluate(
            "(select) => [...select.options].map(({ value }) => value)", timeout=PATIENCE
        )
        value = self.chance.choice([value for value in values if not value.startswith(AVOIDED)])
        select.select_option(value, timeout=PATIENCE)
        return f"choose {value}"

    def _key(self) -> str:
        picture, key = self._one("[role=application]"), self.chance.choice(IN_PICTURE)
        picture.focus(timeout=PATIENCE)
        self.notebook.page.keyboard.press(key)
        return f"key {key}"

    def _drag(self) -> str:
        picture, mouse = self._one("[role=application]"), self.notebook.page.mouse
        picture.scroll_into_view_if_needed(timeout=PATIENCE)
        box = picture.bounding_box(timeout=PATIENCE)
        assert box is not None
        places = [
            (box["x"] + box["width"] * self.chance.random(), box["y"] + box["height"] * self.chance.random())
            for _ in range(4)
        ]
        mouse.move(*places[0])
        mouse.down()
        for place in places[1:]:
            mouse.move(*place, steps=3)
        mouse.up()
        return "drag"

    def _ask(self) -> str:
        asked = self.chance.choice(self.asked)
        self.notebook.ask(asked)
        return asked

    def _resize(self) -> str:
        width, height = self.chance.randint(600, 1400), self.chance.randint(500, 1000)
        self.notebook.page.set_viewport_size({"width": width, "height": height})
        return f"resize to {width} × {height}"

    def _theme(self) -> str:
        self.notebook.set_theme(theme := self.chance.choice(THEMES))
        return theme

    def _hide(self) -> str:
        self.notebook.hide()
        self.notebook.page.wait_for_timeout(self.chance.randint(0, 1500))
        self.notebook.hide(False)
        return "hide and show"

    def _run_again(self) -> str:
        self.notebook.run(cell := self.chance.choice(self.reruns))
        return f"run cell {cell}"

    def _one(self, selector: str) -> Locator:
        """Of all that is seen of any landscape."""
        found = self.notebook.page.locator(f"{ROOTS} :is({selector}):visible")
        count = found.count()
        assert count, f"No {selector!r} of any landscape is seen: have the cells failed?"
        return found.nth(self.chance.randrange(count))
