"""What of a report goes to the browser, and what is kept for a notebook without a kernel?"""

from __future__ import annotations

from datetime import datetime, timezone
from functools import partial

from landscape_widget.live.ground import ground
from landscape_widget.live.outbox import Outbox, merged
from landscape_widget.live.protocol import Message, surface_message
from landscape_widget.live.report import Report
from landscape_widget.surface.surface import Surface

Key = str | None
"""Of a map; None for the picture's own surface."""

NO_LEVELS = (-1, -1)


def everything(report: Report, sequence: int, key: Key = None) -> Message:
    """Return all that a report knows of one surface."""
    assert report.facts is not None
    held, now = _surfaces(report.surface)[key], datetime.now(timezone.utc)
    return surface_message(held, report.facts, report.generation, sequence, now, key)


def finished_since(last: Report, report: Report) -> list[Key]:
    """Return the surfaces that have a level more than at the last report, or are the first of a request."""
    before = _surfaces(last.surface if report.generation == last.generation else None)
    return [
        key
        for key, held in _surfaces(report.surface).items()
        if _levels(held) > (_levels(before[key]) if key in before else NO_LEVELS)
    ]


def send_cells(outbox: Outbox, report: Report, finished: list[Key]) -> None:
    """Send what is new, and with a finished level the ground that it gives; or everything, where it opens."""
    key = report.map
    if report.patch is not None and report.surface is not None:
        held = _surfaces(report.surface)[key]
        patch = merged([report.patch, ground(held)]) if key in finished else report.patch
        outbox.put(report.generation, patch, held.level, held.preview, key)
    elif report.opens and report.facts is not None:
        outbox.open(
            report.generation, *(partial(everything, report, key=key) for key in _surfaces(report.surface))
        )
    if report.path is not None:
        outbox.put_path(report.generation, report.path)


def touched(report: Report) -> list[Key]:
    """Return the surfaces of which a report has news; all of them, where it opens."""
    if report.facts is None:
        return []
    known = _surfaces(report.surface)
    grown = {report.map} if report.patch is not None else set(known) if report.opens else set()
    if report.path is not None:
        grown.add(None)
    return [key for key in known if key in grown]


def _surfaces(surface: Surface | None) -> dict[Key, Surface]:
    return {} if surface is None else {None: surface, **surface.maps}


def _levels(surface: Surface) -> tuple[int, int]:
    """The finest level that can be drawn, and the finest that is exact."""
    return surface.level, surface.exact_level
