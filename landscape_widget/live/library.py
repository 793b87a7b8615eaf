"""The one widget of a kernel that carries face and renderers to the browser, so that no landscape need."""

from __future__ import annotations

from pathlib import Path

import anywidget

STATIC = Path(__file__).parent.parent / "static"


class Library(anywidget.AnyWidget):
    """Exports what js/src/library.ts does; never displayed."""

    # of a path, anywidget keeps every widget alive
    _esm = (STATIC / "library.js").read_text(encoding="utf-8")

    def __init__(self, *, is_shared: bool = True) -> None:
        """Stay; or, if it isn't shared, close with the last widget that uses it."""
        self._is_shared = is_shared
        self._users: set[str] = set()
        super().__init__()

    def enter(self, address: str) -> None:
        """Count a widget that uses it, by its ``address``."""
        self._users.add(address)

    def leave(self, address: str) -> None:
        """Count it no more."""
        self._users.discard(address)
        if not (self._users or self._is_shared):
            self.close()

    def close(self) -> None:
        """Take it from the page."""
        super().close()
        self.layout.close()
