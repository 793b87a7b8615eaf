"""How does a name stand in a picture where plotly reads markup, and MathJax formulas?"""

from __future__ import annotations

from html import escape
from typing import Any


def plain(text: Any) -> str:
    """Return a text in which nothing is markup: no tag, no link, no formula."""
    return escape(str(text), quote=False).replace("$", "&#36;")
