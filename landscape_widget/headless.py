"""How is a landscape computed without a screen?"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any

from landscape_widget.live.keeping import Keeping, Unkept
from landscape_widget.live.report import Cancelled, Report
from landscape_widget.live.request import request_of
from landscape_widget.live.work import Work
from landscape_widget.scene.offer import Offer
from landscape_widget.scene.prepare import prepare
from landscape_widget.surface.surface import Surface


def headless(
    offer: Offer,
    traits: Mapping[str, Any],
    told: Callable[[Report], None] = lambda report: None,
    cancelled: Cancelled = lambda: False,
    keeping: Keeping = Unkept(),
) -> Surface | None:
    """Compute in the calling thread; return what is known when it is done, or soon after ``cancelled()``.

    Args:
        offer: what `ask` made of the question, with ``traits``.
        traits: the value of each computing trait.
        told: hears where it stands, several times a second.
        cancelled: asked between batches, on any thread.
        keeping: of `kept_in`: the file that it is written to meanwhile, and taken up from.

    Raises:
        BaseException: whatever the loss raises.
    """
    work = Work(
        lambda scene: replace(prepare(offer, scene), sensitivity=None),
        time.monotonic,
        keeping=keeping,
        let_go=offer.let_go,
    )
    request = request_of(traits)
    notes: dict[str, str] = {}
    with closing(work):
        for report in work.steps(request, 0, cancelled):
            notes = {one.key: one.note for one in report.maps if one.note}
            told(report)
        surface = work.known(request)
    maps = {} if surface is None else surface.maps
    for key, note in notes.items():
        how_far = "complete" if key in maps and maps[key].is_done else "not complete"
        warnings.warn(f"The map {key!r} is {how_far}. {note}", stacklevel=3)  # where `compute` is called
    return surface
