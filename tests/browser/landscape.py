"""What does a person see of one landscape, and what can they do with it?"""

from __future__ import annotations

import numpy as np
from notebook import Notebook
from playwright.sync_api import Locator, TimeoutError, expect

PATIENCE = 30_000  # milliseconds, for machines that are busy with other things

HEIGHTS = """(root) => {
  const traces = root.querySelector(".js-plotly-plot")?.data ?? [];
  const ground = traces.find(({ type }) => ["surface", "heatmap"].includes(type));
  return Array.from(ground?.z ?? [], (row) => Array.from(row));
}"""
SHOWS = f"""({{ root, expected }}) => {{
  const drawn = ({HEIGHTS})(root);
  const close = (value, other) => Math.abs(value - other) < 1e-6;
  return drawn.length === expected.length &&
    drawn.every((row, y) => row.every((value, x) => close(value, expected[y][x])));
}}"""
HAS_LIGHT_TEXT = """(root) => {
  const color = getComputedStyle(root.querySelector(".js-plotly-plot text")).fill;
  const [red, green, blue] = color.match(/[0-9.]+/g).map(Number);
  return red + green + blue > 384;
}"""


class Landscape:
    """The widget shown below a cell."""

    def __init__(self, notebook: Notebook, cell: int, view: int = 0) -> None:
        self.notebook = notebook
        self.root = notebook.output(cell).locator(".landscape-widget").nth(view)
        self.root.wait_for()

    # what it says

    def fact(self, name: str) -> str:
        """``phase``, ``level``, ``known``, ``generation``, ``state``, ``connection`` or ``kind``."""
        return self.root.get_attribute(f"data-{name}") or ""

    def wait_for(self, **facts: str) -> None:
        """Wait until each of the facts is as given."""
        for name, value in facts.items():
            expect(self.root).to_have_attribute(f"data-{name}", value, timeout=PATIENCE)

    def status_line(self) -> Locator:
        return self.root.locator(".lw-status")

    # what it draws

    def heights(self) -> np.ndarray:
        """What plotly draws as a surface or heat map: float64[y, x]; raw values on a linear scale."""
        return np.array(self.root.evaluate(HEIGHTS))

    def wait_until_it_shows(self, expected: np.ndarray) -> None:
        """Wait until just these heights are drawn."""
        argument = {"root": self.root.element_handle(), "expected": expected.tolist()}
        try:
            self.notebook.wait(SHOWS, argument)
        except TimeoutError:
            np.testing.assert_allclose(self.heights(), expected, atol=1e-6)

    def wait_for_light_text(self, light: bool = True) -> None:
        """Wait until the picture's text is that of a dark page."""
        root = self.root.element_handle()
        self.notebook.wait(f"([root, light]) => ({HAS_LIGHT_TEXT})(root) === light", [root, light])

    # what one can do with it

    def thumb(self, name: str) -> Locator:
        """A thumb of a slider: ``"x from"``, ``"x to"``, ``"samples"``."""
        return self.root.get_by_role("slider", name=name, exact=True)

    def move_x_to(self, value: float, key: str = "ArrowLeft") -> None:
        """Hold a key on the right thumb of x until it has gone from 1 to ``value``, in steps of 1/8."""
        thumb = self.thumb("x to")
        thumb.focus()
        for _ in range(round((1 - value) * 8)):
            self.notebook.page.keyboard.down(key)
        self.notebook.page.keyboard.up(key)
        expect(thumb).to_have_attribute("aria-valuenow", str(value))

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)
