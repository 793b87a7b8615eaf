"""How does a surface become one file that any browser shows, without a kernel and without a network?"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from landscape_widget.atomic import replaced
from landscape_widget.export.figure import kind_for
from landscape_widget.export.view import View
from landscape_widget.live.lesson import LESSON
from landscape_widget.live.page_traits import page_traits
from landscape_widget.live.request import KINDS
from landscape_widget.names import one_of
from landscape_widget.surface.surface import Surface

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' blob:; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)
"""Nothing may be fetched; a blob is the library that the page itself carries."""

FRAME = """\
:root { color-scheme: light dark; }
body { margin: 0 auto; padding: 12px; max-width: 1280px; background: #fff; }
@media (prefers-color-scheme: dark) { body { background: #1c1c1c; } }
@media print { body { padding: 0; background: #fff; } }
"""


def write_page(
    surface: Surface,
    path: Path,
    *,
    kind: str | None = None,
    scale: str = "auto",
    metric: str = "loss",
    clip: float | None = None,
    limits: tuple[float, float] | None = None,
    levels: str | Sequence[float] = "auto",
    preset: str | None = None,
    colors: str = "cividis",
    moment: int | None = None,
    height: float = 1.0,
    pins: Sequence[Mapping[str, Any]] = (),
    camera: Mapping[str, Any] | None = None,
    cuts: bool = False,
    marked: tuple[float, float] | None = None,
    big_type: bool = False,
    sharpness: Mapping[str, Any] | None = None,
    lesson: Mapping[str, Any] | None = None,
) -> None:
    """Write the landscape as a page: looked at in every way, but nothing in it computes.

    Args:
        surface: shown as far as it is known, with its maps.
        path: of the file.
        kind: of the picture that is seen first; it and the others up to ``height`` are those of
            `Surface.figure`, and can be changed on the page.
        scale: of heights and colours.
        metric: a name from ``surface.metrics``, or one of a map.
        clip: the largest value to draw.
        limits: values at both ends of heights and colours.
        levels: of contour lines.
        preset: ``"paper"``, as Li et al. (2018) draw this kind.
        colors: a colour map.
        moment: how many checkpoints of a path to draw.
        height: of a surface in space.
        pins: notes at places.
        camera: where one looks from, as the widget's trait has it.
        cuts: whether two cuts through the marked point are shown.
        marked: the point that is kept.
        big_type: whether type and strokes are large, for a projector.
        sharpness: of the origin, as `Sharpness.content` tells it.
        lesson: ``steps``, ``step``, ``covered``, ``locked`` and ``hidden``, as the widget's traits have them.

    Raises:
        ValueError: where an option makes no sense.
    """
    kind = one_of(kind_for(surface, kind), KINDS, "kind of a page")
    held = surface.map(metric)
    asked = levels if isinstance(levels, str) else tuple(levels)
    view = View(metric, scale, clip, limits, asked, colors, moment, height, tuple(pins)).with_preset(
        preset, kind, held.metrics[held.row(metric)]
    )
    _check_json(surface.settings)
    traits = page_traits(surface, kind, view, datetime.now(timezone.utc))
    traits |= {"sharpness": sharpness, "camera": camera, "cuts": cuts, "marked": marked, "big_type": big_type}
    traits |= {one_of(name, LESSON, "what a lesson has"): value for name, value in (lesson or {}).items()}
    with replaced(path) as file:
        file.write(html_of(traits).encode())


def _check_json(settings: Mapping[str, Any]) -> None:
    for name, value in settings.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"A page holds JSON, and settings[{name!r}] isn't: {error}. "
                "Convert it to finite numbers, texts, lists and dicts."
            ) from error


def html_of(traits: Mapping[str, Any]) -> str:
    """Return the page of a widget with these traits."""
    title = escape(traits["name"] or "loss landscape")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="landscape-widget">
<title>{title}</title>
<style>
{FRAME}{_static("widget.css")}</style>
</head>
<body>
<noscript>This landscape is drawn by JavaScript, which is switched off here.</noscript>
<script type="application/json" id="landscape">{_json(traits)}</script>
<script type="text/plain" id="library">{_script("library.js")}</script>
<script type="module">{_script("page.js")}</script>
</body>
</html>
"""


def _json(traits: Mapping[str, Any]) -> str:
    """Bytes in base64; no name in it can end the script, as `<` is written otherwise."""
    return json.dumps(traits, default=_base64, allow_nan=False).replace("<", "\\u003c")


def _base64(value: bytes) -> str:
    return b64encode(value).decode()


def _script(name: str) -> str:
    """Our own code, in which both are a part of a string or a pattern."""
    return _static(name).replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _static(name: str) -> str:
    return (files("landscape_widget") / "static" / name).read_text(encoding="utf-8")
