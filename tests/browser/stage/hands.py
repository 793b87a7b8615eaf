"""What does a hand do on the stage, or a kernel, before one looks?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator


def pressed(name: str) -> Callable[[Locator], None]:
    """Press a button by its name."""
    return lambda root: root.get_by_role("button", name=name, exact=True).first.click()


def unfolded(title: str) -> Callable[[Locator], None]:
    """Open a fold of the panel."""
    return lambda root: root.locator(".lw-disclosure", has_text=title).first.click()


def helped(root: Locator) -> None:
    """Open the help as a hand does."""
    pressed("more")(root)
    root.get_by_text("help and keys").first.click()


def asking(name: str, value: Any) -> Callable[[Locator], None]:
    """Have Python ask for something else, of which nothing is known yet."""
    return lambda root: root.page.evaluate("([name, value]) => stage.model.set(name, value)", [name, value])


def silent(root: Locator) -> None:
    """Ask for something, and wait until it is said that nobody answers."""
    pressed("stop")(root)
    root.page.wait_for_selector("[data-state=busy]")


def restored(root: Locator) -> None:
    """Wait until it is said that there is no kernel."""
    root.page.wait_for_selector("[data-state=saved]")


def in_full_window(root: Locator) -> None:
    """Fill the window, as on a projector."""
    root.page.set_viewport_size({"width": 1600, "height": 900})
    pressed("full window")(root)
    root.page.wait_for_function("() => document.fullscreenElement !== null")


def refusing(name: str, reason: str) -> Callable[[Locator], None]:
    """Have the kernel refuse a value."""
    content = {"kind": "refusal", "name": name, "reason": reason}
    return lambda root: root.page.evaluate("(content) => stage.model.tell(content)", content)


def tabled(root: Locator) -> None:
    """Open the values as a table."""
    pressed("more")(root)
    root.get_by_text("values as a table").first.click()
