"""What does a person see of one landscape, and what can they do with it?"""

from __future__ import annotations

from typing import Any

import numpy as np
from notebook import PATIENCE, Notebook
from playwright.sync_api import Locator, TimeoutError, expect

LAYER = """(root, layer) => {
  const traces = root.querySelector(".lw-drawing")?.data ?? [];
  const ground = traces.find(({ type, name }) => ["surface", "heatmap"].includes(type) && name === layer);
  return Array.from(ground?.z ?? [], (row) => Array.from(row));
}"""
SHOWS = f"""({{ root, expected }}) => {{
  const drawn = ({LAYER})(root, "surface");
  const close = (value, other) => Object.is(value, other) || Math.abs(value - other) < 1e-6;
  return drawn.length === expected.length &&
    drawn.every((row, y) => row.every((value, x) => close(value, expected[y][x])));
}}"""
HAS = f"""([root, rows, columns]) => {{
  const drawn = ({LAYER})(root, "surface");
  const isWhole = ({LAYER})(root, "interpolated").length === 0;
  return isWhole && drawn.length === rows && drawn[0].length === columns;
}}"""
PLACE = """(root, [x, y]) => {
  const plot = root.querySelector(".lw-drawing");
  const { left, top, width, height } = plot.querySelector(".nsewdrag").getBoundingClientRect();
  const share = (value, [from, to]) => (value - from) / (to - from);
  const { xaxis, yaxis } = plot.layout;
  return [left + share(x, xaxis.range) * width, top + (1 - share(y, yaxis.range)) * height];
}"""
WINDOW = """(root) => {
  const { xaxis, yaxis } = root.querySelector(".lw-drawing").layout;
  return [xaxis.range, yaxis.range];
}"""
LINES = """(root) => root.querySelector(".lw-drawing").data
  .filter(({ mode, fill }) => mode === "lines" && fill === undefined)
  .map(({ name, yaxis, line, y }) => ({ name, axis: yaxis, dash: line.dash, heights: Array.from(y) }))"""
HAS_LIGHT_TEXT = """(root) => {
  const color = getComputedStyle(root.querySelector(".lw-drawing text")).fill;
  const [red, green, blue] = color.match(/[0-9.]+/g).map(Number);
  return red + green + blue > 384;
}"""


class Landscape:
    """The widget shown below a cell."""

    def __init__(self, notebook: Notebook, cell: int, view: int = 0) -> None:
        self.notebook = notebook
        self.root = notebook.output(cell).locator(".landscape-widget").nth(view)
        self.root.wait_for()

    @classmethod
    def at(cls, notebook: Notebook, root: Locator) -> Landscape:
        """The widget somewhere else in the page."""
        landscape = cls.__new__(cls)
        landscape.notebook, landscape.root = notebook, root
        root.wait_for()
        return landscape

    # what it says

    def fact(self, name: str) -> str:
        """``phase``, ``level``, ``known``, ``generation``, ``state``, ``connection`` or ``kind``."""
        return self.root.get_attribute(f"data-{name}") or ""

    def wait_for(self, **facts: str) -> None:
        """Wait until each of the facts is as given."""
        for name, value in facts.items():
            expect(self.root).to_have_attribute(f"data-{name}", value, timeout=PATIENCE * 1000)

    def readout(self) -> Locator:
        """What is said of the cell under the pointer, or clicked last."""
        return self.root.locator(".lw-readout")

    def sentence(self) -> Locator:
        """What is most worth saying: the first line of the status."""
        return self.root.locator(".lw-sentence")

    def status_line(self) -> Locator:
        return self.root.locator(".lw-status")

    # what it draws

    def heights(self) -> np.ndarray:
        """What is drawn as measured, as a surface or heat map: float64[y, x]; raw on a linear scale.

        NaN where a cell isn't finite, and in a heat map where it is interpolated.
        """
        return self._drawn("surface")

    def wait_until_it_shows(self, expected: np.ndarray) -> None:
        """Wait until just these heights are drawn as measured."""
        argument = {"root": self.root.element_handle(), "expected": expected.tolist()}
        try:
            self.notebook.wait(SHOWS, argument)
        except TimeoutError:
            np.testing.assert_allclose(self.heights(), expected, atol=1e-6)

    def wait_until_it_has(self, rows: int, columns: int) -> None:
        """Wait until so many cells are drawn, and measured."""
        self.notebook.wait(HAS, [self.root.element_handle(), rows, columns])

    def interpolated(self) -> np.ndarray:
        """What a heat map draws as interpolated, NaN where cells are measured; empty when all are."""
        return self._drawn("interpolated")

    def window(self) -> list[list[float]]:
        """From where to where a picture seen from above goes, along x and y."""
        return self.root.evaluate(WINDOW)

    def lines(self) -> dict[str, dict[str, Any]]:
        """What a line chart draws, by name: ``axis`` ("y" left, "y2" right), ``dash`` and ``heights``."""
        return {line["name"]: line for line in self.root.evaluate(LINES)}

    def wait_for_light_text(self, light: bool = True) -> None:
        """Wait until the picture's text is that of a dark page."""
        root = self.root.element_handle()
        self.notebook.wait(f"([root, light]) => ({HAS_LIGHT_TEXT})(root) === light", [root, light])

    # what one can do with it

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of a picture seen from above is on the page, for the mouse."""
        left, top = self.root.evaluate(PLACE, [x, y])
        return left, top

    def point_at(self, x: float, y: float) -> None:
        """Move the mouse to a place of a picture seen from above."""
        self.picture().scroll_into_view_if_needed()
        self.notebook.page.mouse.move(*self.place(x, y))

    def picture(self) -> Locator:
        return self.root.get_by_role("application")

    def thumb(self, name: str) -> Locator:
        """A thumb of a slider: ``"x from"``, ``"x to"``, ``"samples"``."""
        return self.root.get_by_role("slider", name=name, exact=True)

    def move_x_to(
        self, value: float, key: str = "ArrowLeft", *, start: float = 1, step: float = 1 / 8
    ) -> None:
        """Hold a key on the right thumb of x until it has gone from ``start`` to ``value``."""
        thumb = self.thumb("x to")
        thumb.focus()
        for _ in range(round((start - value) / step)):
            self.notebook.page.keyboard.down(key)
        self.notebook.page.keyboard.up(key)
        expect(thumb).to_have_attribute("aria-valuenow", str(value))

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def _drawn(self, layer: str) -> np.ndarray:
        return np.array(self.root.evaluate(f"(root, layer) => ({LAYER})(root, layer)", layer))
