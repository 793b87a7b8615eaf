"""The one widget of a kernel that carries face and renderers to the browser, so that no landscape need."""

from __future__ import annotations

from pathlib import Path

import anywidget

STATIC = Path(__file__).parent.parent / "static"


class Library(anywidget.AnyWidget):
    """Exports what js/src/library.ts does; never displayed."""

    _esm = STATIC / "library.js"
