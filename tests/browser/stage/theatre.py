"""Where does a play go on? A page with the built widget, a notebook's clothes and no kernel."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Route
from stage.play import NOW, Play
from stage.wardrobe import MARGIN, PLAIN, THEMES, frame
from stage.wardrobe import theme as theme_css

from landscape_widget.live.library import STATIC

ADDRESS = "http://localhost/"
HEIGHT = 1100


@dataclass
class Theatre:
    """One page, which shows one play after the other."""

    page: Page
    has_webgl: bool = True

    def open(self, has_webgl: bool = True) -> None:
        """Open an empty page."""
        self.has_webgl = has_webgl
        self.page.goto(ADDRESS if has_webgl else ADDRESS + "?without-webgl")
        self.page.wait_for_function("() => globalThis.stage !== undefined")

    @property
    def root(self) -> Locator:
        """The widget."""
        return self.page.locator(".landscape-widget").first

    def show(self, play: Play, theme: str = "light", width: int = 1020) -> Locator:
        """Put a play on, in a cell so many pixels wide; return the widget, drawn and at rest."""
        if play.webgl != self.has_webgl:
            self.open(play.webgl)
        self.dress(theme)
        self.widen(width)
        self.page.evaluate("(play) => stage.show(play)", json.loads(play_as_json(play)))
        play.then(self.root)
        self.page.mouse.move(0, 0)  # or a tooltip comes where it rests
        self.settle()
        return self.root

    def flaws(self) -> list[str]:
        """Return what spills, is cut off, overlaps, can't be hit, or has no focus ring; see `flaws.js`."""
        self.page.keyboard.press("Tab")  # so that rings are those of a keyboard
        return self.page.evaluate("() => stage.flaws()")

    def data(self) -> list[Any]:
        """Return what is plotted, in JSON, one entry a picture."""
        return self.page.evaluate("() => stage.data()")

    def plots(self) -> list[bytes]:
        """Return how each plot looks, as PNG."""
        count = self.page.evaluate("() => stage.plots().length")
        handles = [self.page.evaluate_handle("(n) => stage.plots()[n]", one) for one in range(count)]
        nodes = [handle.as_element() for handle in handles]
        return [node.screenshot() for node in nodes if node is not None]

    def without_plots(self) -> bytes:
        """Return how the widget looks around its plots, as PNG."""
        hide = "(how) => stage.plots().forEach((plot) => { plot.style.visibility = how; })"
        self.page.evaluate(hide, "hidden")
        shot = self.root.screenshot()
        self.page.evaluate(hide, "")
        return shot

    def dress(self, theme: str) -> None:
        """Wear another theme of JupyterLab, as the system would."""
        name, media = THEMES[theme]
        self.page.emulate_media(**{**PLAIN, **media}, reduced_motion="reduce")
        self.page.evaluate(
            """([css, isLight]) => {
              document.getElementById("theme").textContent = css;
              document.body.dataset.jpThemeLight = String(isLight);
            }""",
            [theme_css(name), name == "theme-light-extension"],
        )

    def widen(self, width: int) -> None:
        """Give the cell so many pixels."""
        self.page.set_viewport_size({"width": width + 2 * MARGIN, "height": HEIGHT})

    def settle(self) -> None:
        """Wait until the widget is drawn and at rest."""
        self.page.evaluate("() => stage.settled()")


@contextmanager
def theatre(browser: Browser) -> Iterator[Theatre]:
    """Open a page where the clock stands, nothing moves by itself, and letters are those of one font."""
    context = browser.new_context(device_scale_factor=1, locale="en-US", timezone_id="UTC")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.clock.set_fixed_time(NOW)
    page.route("**/*", _serve)
    stage = Theatre(page)
    stage.open()
    yield stage
    context.close()
    assert not problems, "\n".join(problems)


def play_as_json(play: Play) -> str:
    """Return what the page needs to know of a play; bytes are in base64."""
    told = {name: value for name, value in vars(play).items() if name != "then"}
    return json.dumps(told, default=_plain, allow_nan=False)


def _plain(value: Any) -> Any:
    match value:
        case bytes():
            return b64encode(value).decode()
        case datetime():
            return value.isoformat()
    raise TypeError(f"A page holds JSON; got {value!r}.")


def _serve(route: Route) -> None:
    name = route.request.url.removeprefix(ADDRESS).split("?")[0]
    if not name:
        return route.fulfill(body=frame(), content_type="text/html")
    here = Path(__file__).parent / name
    path = here if here.exists() else STATIC / name
    if not path.exists():
        return route.abort()
    return route.fulfill(path=path, content_type="text/css" if name.endswith("css") else "text/javascript")
