"""How does text that was meant for plotly stand on paper?"""

from __future__ import annotations

from html import unescape
from textwrap import fill
from typing import Any

from landscape_widget.export import colors

FONT = "DejaVu Sans"  # which matplotlib brings along

AXIS: dict[str, Any] = {"size": 8.5, "color": colors.TEXT, "family": FONT, "parse_math": False}
TICKS: dict[str, Any] = {"size": 7.5, "color": colors.TEXT, "family": FONT, "parse_math": False}


def broken(title: Any, length: int) -> str:
    """Return a title in lines so long at most, one for what stands in brackets."""
    lines = plain(title).replace(" (", "\n(").split("\n")
    return "\n".join(fill(line, length) for line in lines)


def plain(text: Any) -> str:
    """Return plotly's text without its tags; a dollar sign is one."""
    return unescape(str(text or "").replace("<br>", "\n").replace("\u200b", ""))
