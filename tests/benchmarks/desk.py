"""What does the person do whose waiting is measured? Explores, moves a slider, runs a cell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from explore_call import CALL, SETUP
from lab import JupyterLab
from landscape import Landscape
from notebook import Notebook, PageErrors, describe
from playwright.sync_api import BrowserContext

CELLS = (SETUP, CALL + "widget", CALL + "widget.kind = 'contour'\nwidget", "1 + 1")
TRAIN, EXPLORE, EXPLORE_FROM_ABOVE, TRIVIAL = range(4)
Seen = dict[str, float]
POINTS = 51 * 51  # the default resolution

# Keeps in `globalThis.seen` when the page knows, and when it has drawn, something newer than it shows now.
# Frames are looked at from the first news to the first drawing only: each one costs the machine.
WATCH = """(points) => {
  const look = () => {
    const root = [...document.querySelectorAll(".landscape-widget")].at(-1);
    const plot = root?.querySelector(".lw-drawing");
    const hasGround = plot?.data?.some(({ type }) => ["surface", "contour"].includes(type));
    const drawn = hasGround ? plot.layout.datarevision.split(".")[0] : null;
    return { root, drawn, known: Number(root?.dataset.known ?? 0), generation: root?.dataset.generation };
  };
  const before = look();
  const isNew = ({ root }, generation) => root !== before.root || generation !== before.generation;
  const seen = {};
  globalThis.seen = seen;
  const frame = () => {
    const now = look();
    if (now.drawn !== null && isNew(now, now.drawn)) seen.drawn = Date.now();
    else if (globalThis.seen === seen) requestAnimationFrame(frame);
  };
  const news = new MutationObserver(() => {
    const now = look();
    if (globalThis.seen !== seen) return news.disconnect();
    if (now.known === 0 || !isNew(now, now.generation)) return;
    if (!seen.known) requestAnimationFrame(frame);
    seen.known ??= Date.now();
    if (now.known === points) seen.whole ??= Date.now();
  });
  news.observe(document, { subtree: true, childList: true, attributeFilter: ["data-known"] });
  document.addEventListener("keydown", () => { seen.asked = Date.now(); }, { capture: true, once: true });
}"""
RENDERER = """() => {
  const gl = document.createElement("canvas").getContext("webgl");
  const names = gl?.getExtension("WEBGL_debug_renderer_info");
  return names ? gl.getParameter(names.UNMASKED_RENDERER_WEBGL) : "";
}"""
RUN_CELL = """async (index) => {
  jupyterapp.shell.currentWidget.content.activeCellIndex = index;
  const began = performance.now();
  await jupyterapp.commands.execute("notebook:run-cell");
  return (performance.now() - began) / 1000;
}"""


@dataclass(frozen=True)
class Desk:
    """A notebook in which the digits network is trained, and nothing explored yet."""

    notebook: Notebook

    def explore(self, cell: int = EXPLORE_FROM_ABOVE) -> Seen:
        """Seconds from the call until first cells are ``known``, a level ``drawn``, the ``whole`` known."""
        self._watch()
        self.notebook.start(cell)
        seen = self._seen("drawn", "whole")
        called = self.notebook.ask("called")
        return {event: date - called for event, date in seen.items()}

    def draws_in_software(self) -> bool:
        """Whether 3-D is drawn by this machine's cores."""
        renderer = self.notebook.page.evaluate(RENDERER)
        return any(name in renderer for name in ("SwiftShader", "llvmpipe"))

    def move_slider(self) -> float:
        """Seconds from a key on a slider until the first new cells are drawn."""
        self._landscape().thumb("x to").focus()
        self._watch()
        self.notebook.page.keyboard.press("ArrowRight")
        seen = self._seen("drawn")
        return seen["drawn"] - seen["asked"]

    def run_cell(self) -> float:
        """Seconds until a trivial cell has run."""
        return self.notebook.page.evaluate(RUN_CELL, TRIVIAL)

    def run_cell_meanwhile(self) -> float:
        """The same while a surface computes, from the cell's start to its end."""
        while True:
            if self._landscape().fact("phase") == "done":
                self.move_slider()
            seconds = self.run_cell()
            if self._landscape().fact("phase") != "done":
                return seconds

    def _landscape(self) -> Landscape:
        return Landscape(self.notebook, EXPLORE_FROM_ABOVE)

    def _watch(self) -> None:
        self.notebook.page.evaluate(WATCH, POINTS)

    def _seen(self, *events: str) -> Seen:
        """Dates in seconds, of what was seen when all of ``events`` were."""
        self.notebook.wait("(events) => events.every((event) => globalThis.seen[event])", list(events))
        seen = self.notebook.page.evaluate("() => globalThis.seen")
        return {event: date / 1000 for event, date in seen.items()}


@contextmanager
def desk(lab: JupyterLab, context: BrowserContext, name: str) -> Iterator[Desk]:
    """A page and a kernel of its own; no error of the page is forgiven."""
    lab.write(name, CELLS)
    page = context.new_page()
    page.set_default_timeout(60_000)
    errors = PageErrors(page, lab.url.removeprefix("http://"))
    page.goto(f"{lab.url}/lab/tree/{name}?reset")
    notebook = Notebook(page, errors)
    notebook.run(TRAIN)
    yield Desk(notebook)
    notebook.close()
    page.close()
    if unexpected := errors.unexpected():
        raise RuntimeError(describe(unexpected))
