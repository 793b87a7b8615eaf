"""What may a person do to a page with landscapes, at any time and in any order?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from notebook import Notebook

ROOTS = ".landscape-widget"
PRESSED = "button:not([disabled]), [role=radio]"
AVOIDED = ("refine", "sharpness", "curvature")
"""What takes ever longer, be it pressed by chance or on purpose."""
KEYS = ("ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End")
IN_PICTURE = ("+", "-", "0", "ArrowUp", "ArrowLeft", "Enter", "Escape", "c", "f", "r", "?")
THEMES = ("JupyterLab Dark", "JupyterLab Light")

# By values, not by handles: Playwright never lets go of an element that goes while it acts on it.
FIND = """([selector, share]) => {
  const isSeen = (one) => one.checkVisibility({ visibilityProperty: true });
  const all = [...document.querySelectorAll(selector)].filter(isSeen);
  const found = all[Math.floor(share * all.length)];
  if (found === undefined) return null;
  globalThis.found = new WeakRef(found);
  found.scrollIntoViewIfNeeded();
  const { x, y, width, height } = found.getBoundingClientRect();
  const onTop = document.elementFromPoint(x + width / 2, y + height / 2);
  const [name, covered] = [found.ariaLabel ?? found.innerText, !found.contains(onTop)];
  const values = [...(found.options ?? [])].map(({ value }) => value);
  return { name, x, y, width, height, covered, values };
}"""
FOCUS = "() => globalThis.found.deref()?.focus()"
SELECT = """(value) => {
  const select = globalThis.found.deref();
  if (select === undefined) return;
  select.value = value;
  for (const kind of ["input", "change"]) select.dispatchEvent(new Event(kind, { bubbles: true }));
}"""
LEAVE_FULL_VIEW = "() => document.fullscreenElement && document.exitFullscreen()"


@dataclass(frozen=True)
class Found:
    """What is seen of a control, in pixels of the window; ``values`` are those of a select."""

    name: str
    x: float
    y: float
    width: float
    height: float
    covered: bool
    values: Sequence[str]

    def at(self, along: float = 0.5, down: float = 0.5) -> tuple[float, float]:
        """The place at these shares of its width and height."""
        return self.x + along * self.width, self.y + down * self.height


@dataclass(frozen=True)
class Hand:
    """Does one thing after the other, as chance has it."""

    notebook: Notebook
    chance: Random
    reruns: Sequence[int]
    asked: Sequence[str]

    def move(self) -> str:
        """Do something; return what it was. What is covered by something else is passed by."""
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
        done = chosen()
        self.notebook.page.evaluate(LEAVE_FULL_VIEW)
        return done

    def _press(self) -> str:
        pressed = self._one(PRESSED)
        if any(one in pressed.name for one in AVOIDED):
            return f"left alone: {pressed.name}"
        if pressed.covered:
            return f"passed by: {pressed.name}"
        self.notebook.page.mouse.click(*pressed.at())
        return f"press {pressed.name}"

    def _slide(self) -> str:
        key, times = self.chance.choice(KEYS), self.chance.randint(1, 20)
        self._focus("[role=slider]")
        for _ in range(times):
            self.notebook.page.keyboard.press(key)
        return f"slide by {times} {key}"

    def _choose(self) -> str:
        values = self._one("select:not([disabled])").values
        value = self.chance.choice([value for value in values if not value.startswith(AVOIDED)])
        self.notebook.page.evaluate(SELECT, value)
        return f"choose {value}"

    def _key(self) -> str:
        key = self.chance.choice(IN_PICTURE)
        self._focus("[role=application]")
        self.notebook.page.keyboard.press(key)
        return f"key {key}"

    def _drag(self) -> str:
        picture, mouse = self._one("[role=application]"), self.notebook.page.mouse
        places = [picture.at(self.chance.random(), self.chance.random()) for _ in range(4)]
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

    def _one(self, selector: str) -> Found:
        """Of all that is seen of any landscape; scrolled to."""
        wanted = [f"{ROOTS} :is({selector})", self.chance.random()]
        found = self.notebook.page.evaluate(FIND, wanted)
        assert found is not None, f"No {selector!r} of any landscape is seen: have the cells failed?"
        return Found(**found)

    def _focus(self, selector: str) -> None:
        self._one(selector)
        self.notebook.page.evaluate(FOCUS)
