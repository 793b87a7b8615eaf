"""What does a patch cost the page in space, and does it turn meanwhile? Ours beside plotly's surface."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from bench import Bench
from chromium import chromium
from playwright.sync_api import CDPSession, Page
from tables import Must, table

HERE = Path(__file__).parent
POINTS = (33, 65, 129, 257)
THROTTLES = (1, 4)
WHOSE = {"ours": "ours", "theirs": "plotly"}
PATCHES = 1_500
TURNING = 2_000
EVERY = 100
FRAME = 1000 / 60
ABOUT = (
    "In Chromium on a picture of 800×500, the processor as it is (1×) and throttled to a quarter (4×): "
    "milliseconds of script a patch of all cells, from values to what the graphics card is told, and until "
    f"the second frame after it (medians); then {TURNING // 1000} s in which a mouse turns the picture and a "
    f"patch comes every {EVERY} ms, or when the last one is drawn: how many views are seen a second, and the "
    "longest task (0: none over 50 ms). plotly is its own `react` of a surface, as a FigureWidget calls it, "
    "at one device pixel a pixel; what its kernel side costs isn't in it. {renderer}"
)
HEADER = ("cells", "CPU", "", "script, ms", "second frame, ms", "views a second", "longest task, ms")
RENDERER = """() => {
  const gl = document.createElement("canvas").getContext("webgl2");
  const names = gl?.getExtension("WEBGL_debug_renderer_info");
  return names ? gl.getParameter(names.UNMASKED_RENDERER_WEBGL) : "an unknown card";
}"""


def measure_drawing(bench: Bench) -> list[str]:
    with drawing_page() as (page, session):
        rows = []
        for throttle, points in product(THROTTLES, POINTS):
            session.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
            for who, name in WHOSE.items():
                bench.say(f"drawing {points}×{points} at {throttle}×, {name}")
                rows.append((f"{points}×{points}", f"{throttle}×", name, *numbers(page, who, points)))
        session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        return [ABOUT.format(renderer=f"Drawn by {page.evaluate(RENDERER)}."), "", *table(HEADER, rows)]


@contextmanager
def drawing_page() -> Iterator[tuple[Page, CDPSession]]:
    """A page that has both, and the way to slow it down."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        script = Path(folder, "drawing.js")
        subprocess.run(["node", HERE / "drawing.mjs", script], check=True)
        page = browser.new_page(viewport={"width": 840, "height": 540})
        page.set_content("<body style='margin: 0'></body>")
        page.add_script_tag(path=script)
        yield page, page.context.new_cdp_session(page)


def numbers(page: Page, who: str, points: int) -> list[str]:
    page.evaluate("([who, points]) => bench.show(who, points)", [who, points])
    patches = page.evaluate("(time) => bench.patches(time)", PATCHES)
    seen = turned(page)
    script = float(np.median(patches["scripts"]))
    return [
        Must(FRAME, at_most=True)(script, "{:.1f}") if who == "ours" else f"{script:.1f}",
        f"{np.median(patches['frames']):.0f}",
        f"{seen['views']:.0f}",
        f"{seen['longest']:.0f}",
    ]


def turned(page: Page) -> dict[str, Any]:
    """Drag the picture to and fro while patches come."""
    page.evaluate("([time, every]) => { globalThis.turning = bench.turned(time, every); }", [TURNING, EVERY])
    page.mouse.move(400, 250)
    page.mouse.down()
    end = time.perf_counter() + TURNING / 1000
    step = 0
    while time.perf_counter() < end:
        step += 1
        page.mouse.move(400 + 150 * np.sin(step / 12), 250)
        time.sleep(0.012)
    page.mouse.up()
    return page.evaluate("() => turning")
