"""The one widget of a kernel that carries plotly.js to the browser, so that each landscape needn't."""

from __future__ import annotations

from pathlib import Path

import anywidget

STATIC = Path(__file__).parent.parent / "static"


class PlotlyLibrary(anywidget.AnyWidget):
    """Exports ``load()``; never displayed."""

    _esm = STATIC / "plotly-library.js"
