"""What does the stage's page wear? JupyterLab's own themes, and letters of one font wherever it is drawn."""

from __future__ import annotations

import sys
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib

THEMES: dict[str, tuple[str, dict[str, Any]]] = {
    "light": ("theme-light-extension", {"color_scheme": "light"}),
    "dark": ("theme-dark-extension", {"color_scheme": "dark"}),
    "contrast": ("theme-dark-high-contrast-extension", {"color_scheme": "dark", "contrast": "more"}),
    "forced": ("theme-light-extension", {"color_scheme": "light", "forced_colors": "active"}),
}
"""Name → JupyterLab's own theme, and what the system says it prefers."""

PLAIN: dict[str, Any] = {"color_scheme": "light", "contrast": "no-preference", "forced_colors": "none"}
FONTS = {
    "Stage": {"normal": "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf"},
    "StageMono": {"normal": "DejaVuSansMono.ttf"},
}
MARGIN = 20


def frame() -> str:
    """Return an empty page, with a place for a cell."""
    return f"""<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>stage</title>
<style id="theme"></style>
<style>
{_faces()}
:root:root {{
  --jp-ui-font-family: Stage; --jp-content-font-family: Stage; --jp-code-font-family: StageMono;
}}
body {{ margin: {MARGIN}px; background: var(--jp-layout-color0); font: 13px Stage; }}
</style>
<link rel="stylesheet" href="widget.css">
<div id="cell"></div>
<script type="module" src="stage.js"></script>
"""


@cache
def _faces() -> str:
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; '
        f"src: url(data:font/ttf;base64,{b64encode((folder / name).read_bytes()).decode()}); }}"
        for family, weights in FONTS.items()
        for weight, name in weights.items()
    )


@cache
def theme(name: str) -> str:
    """Return the style sheet of one of JupyterLab's themes."""
    themes = Path(sys.prefix) / "share" / "jupyter" / "lab" / "themes" / "@jupyterlab"
    return (themes / name / "index.css").read_text(encoding="utf-8")
