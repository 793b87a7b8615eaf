"""Does a name that is written as code stay a name, in a notebook and in a saved page, wherever one looks?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from conftest import OpenNotebook
from playwright.sync_api import Browser, Locator, Page, expect

from landscape_widget.files.load import load
from tests.test_hostile_figures import hostile, measured, path_of

PAYLOAD = (
    "</script><img src=x onerror=ran()><svg onload=ran()></svg>"
    "<iframe srcdoc='<script>parent.ran()</script>'></iframe><a href='javascript:ran()'>go</a><a href='https://x.invalid/'>out</a>"
    "<style>body{display:none}</style>$\\href{javascript:ran()}{x}$"
)
WATCH = "globalThis.ran = () => (globalThis.hasRun = true);"
INJECTED = """() => [
  ...document.querySelectorAll(
    "img[src='x'], iframe[srcdoc], [onerror], [onload], .landscape-widget .MathJax a"
  ),
  ...[...document.styleSheets].filter(({ ownerNode }) => ownerNode?.textContent === "body{display:none}"),
  ...[...document.querySelectorAll(".landscape-widget *")].filter((node) => [...node.attributes].some(
    ({ name, value }) => /href$/.test(name) && /javascript:|x\\.invalid/.test(value))),
].map((node) => (node.outerHTML ?? String(node)).slice(0, 200))"""

HOSTILE_NOTEBOOK = f"""
import torch
import landscape_widget as lw

payload = {PAYLOAD!r}
model, other = torch.nn.Linear(2, 1), torch.nn.Linear(2, 1)
data = torch.ones(4, 2), torch.zeros(4, 1)
given = lw.TowardsModel(other, name=payload)
loud = {{payload: lambda output, target: output.abs().mean()}}
directions = [given, lw.RandomDirection(0)]
widget = lw.explore(model, torch.nn.functional.mse_loss, data, directions=directions, metrics=loud,
                    name=payload, resolution=9)
widget.linked = False
widget.pin(0.2, 0.2, payload[:190])
widget.add_step(payload, kind="contour")
widget.add_preset(payload, kind="heatmap")
widget.wait()
widget
"""
FAILS = """
def fails(model, batch):
    raise ValueError(payload)

lw.explore(model, lw.batch_loss(fails), data)
"""


class Witness:
    """Sees whether anything of a page's names has become more than text."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.seen: list[str] = []
        page.add_init_script(WATCH)
        page.on("dialog", lambda dialog: (self.seen.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: self._look(request.url))
        page.on("popup", lambda popup: self.seen.append(popup.url))

    def testify(self) -> None:
        assert self.page.evaluate("() => globalThis.hasRun ?? false") is False
        assert self.page.evaluate(INJECTED) == []
        assert self.seen == []

    def _look(self, url: str) -> None:
        if "x.invalid" in url or url.endswith("/x"):
            self.seen.append(url)


def look_everywhere(root: Locator) -> None:
    """Every kind of picture, the hand over it, and all that can be opened beside it."""
    page = root.page
    for kind in ("surface", "contour", "heat map"):
        root.get_by_role("radio", name=kind).click()
        root.locator(".lw-drawing > *").first.wait_for()
        box = root.locator(".lw-drawing").bounding_box()
        assert box is not None
        for share in (0.3, 0.5, 0.62):
            page.mouse.move(box["x"] + share * box["width"], box["y"] + share * box["height"])
            page.wait_for_timeout(60)
    for name in ("how is it measured", "why", "more", "how large are the weights"):
        for button in root.get_by_role("button", name=name).all()[:1]:
            button.click()
            page.wait_for_timeout(60)
            page.keyboard.press("Escape")
    for node in root.locator("[tabindex], button, select").all()[:12]:
        if node.is_visible():
            node.hover(force=True)


def test_in_a_page_saved_of_a_hostile_file_names_are_text(tmp_path: Path, browser: Browser):
    surface = hostile(measured([lambda a, b: a + b, lambda a, b: a * b], 9, 9), PAYLOAD)
    walked = surface.with_path(path_of([[-0.5, 0], [0, 0.5], [0.2, 1]], np.ones((2, 3)), rates=[1, 1, 0.1]))
    pins = [{"x": 0.1, "y": 0.1, "text": PAYLOAD[:190]}]
    lesson = {"steps": [{"caption": PAYLOAD, "view": {"metric": PAYLOAD}}], "step": None}
    file = walked.save(tmp_path / "hostile.npz")
    path = load(file).save(tmp_path / "page.html", pins=pins, lesson=lesson)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    witness = Witness(page)
    page.goto(path.as_uri())
    root = page.locator(".landscape-widget")
    root.locator(".lw-drawing > *").first.wait_for()
    expect(root.locator(".lw-name")).to_have_text(PAYLOAD)
    look_everywhere(root)
    root.get_by_label("metric", exact=True).select_option(PAYLOAD)
    root.page.mouse.move(600, 400)
    witness.testify()
    page.close()


def test_in_a_notebook_names_are_text_even_those_in_errors(page: Page, open_notebook: OpenNotebook):
    witness = Witness(page)
    notebook = open_notebook(HOSTILE_NOTEBOOK, FAILS)
    notebook.run(0)
    root = notebook.output(0).locator(".landscape-widget")
    root.locator(".lw-drawing > *").first.wait_for()
    expect(root.locator(".lw-name")).to_have_text(PAYLOAD)
    look_everywhere(root)
    notebook.run(1)
    expect(notebook.output(1).last).to_contain_text("<img src=x onerror=ran()>")
    witness.testify()
