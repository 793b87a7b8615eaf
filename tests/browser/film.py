"""How does a surface grow, and how is it turned? Films it in JupyterLab, into docs/pictures/growing.gif."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from chromium import chromium
from lab import jupyter_lab
from landscape import Landscape
from notebook import Notebook, PageErrors
from PIL import Image
from playwright.sync_api import Browser

FILM = Path(__file__).parents[2] / "docs" / "pictures" / "growing.gif"
CELL = """
import torch.nn.functional as F
import landscape_widget as lw
from landscape_widget import zoo

model, data = zoo.load("plain-20-2"), zoo.digits().train
widget = lw.explore(model, F.cross_entropy, data, samples=300, resolution=25, name="20 layers, no shortcuts")
widget.scale = "log"
widget
"""
WIDTH, COLORS = 760, 112
FRAME, LAST = 90, 1500
"""Milliseconds that a frame stays, and the last one."""
GROWING, TURNS = 40, 30
"""Frames of the surface growing, about, and of it being turned."""
STRIDE = 6
"""Pixels that it is dragged by between two frames."""


def frames_of(browser: Browser, address: str) -> list[Image.Image]:
    """Return what a person sees from running the cell to having turned the surface."""
    page = browser.new_page(viewport={"width": 1220, "height": 1000})
    page.goto(address)
    notebook = Notebook(page, PageErrors(page, address))
    page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")
    notebook.start(0)
    landscape = Landscape(notebook, 0)
    hint = landscape.button("got it")

    def frame() -> Image.Image:
        return Image.open(io.BytesIO(landscape.root.screenshot()))

    taken: list[Image.Image] = []
    while landscape.fact("phase") != "done":
        if hint.is_visible():
            hint.click()
            page.mouse.move(0, 0)
        else:
            taken.append(frame())
    step = max(1, len(taken) // GROWING)
    taken = [*taken[::step], frame()]
    box = landscape.picture().bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    for turn in range(1, TURNS + 1):
        page.mouse.move(middle[0] + STRIDE * turn, middle[1])
        page.wait_for_timeout(60)  # for the frame
        taken.append(frame())
    page.mouse.up()
    notebook.close()
    return taken


def write(frames: list[Image.Image], path: Path) -> None:
    """Write them as a GIF with one palette, so that colours don't flicker."""
    height = max(frame.height for frame in frames) * WIDTH // frames[-1].width
    small = [frame.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS) for frame in frames]
    both = Image.new("RGB", (WIDTH, 2 * height))
    both.paste(small[0], (0, 0))
    both.paste(small[-1], (0, height))
    palette = both.quantize(COLORS)
    first, *rest = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in small]
    durations = [FRAME] * len(rest) + [LAST]
    first.save(path, save_all=True, append_images=rest, duration=durations, loop=0, optimize=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, jupyter_lab(Path(folder)) as lab, chromium() as browser:
        lab.write("film.ipynb", [CELL])
        write(frames_of(browser, f"{lab.url}/lab/tree/film.ipynb?reset"), FILM)
