"""How does text that was meant for plotly stand on paper?"""

from __future__ import annotations

from html import unescape
from typing import Any

from landscape_widget.export import colors

FONT = "DejaVu Sans"  # which matplotlib brings along

AXIS: dict[str, Any] = {"size": 8.5, "color": colors.TEXT, "family": FONT, "parse_math": False}
TICKS: dict[str, Any] = {"size": 7.5, "color": colors.TEXT, "family": FONT, "parse_math": False}


def plain(text: Any) -> str:
    """Return plotly's text without its tags; a dollar sign is one."""
    return unescape(str(text or "").replace("<br>", "\n"))
