"""How is a landscape told that another process computes? From its file, as what is written there comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from landscape_widget.export.numbers import format_duration
from landscape_widget.live.maps import Standing
from landscape_widget.live.outbox import Timer
from landscape_widget.live.page_traits import facts_of
from landscape_widget.live.report import Cancelled, Report
from landscape_widget.live.request import Request
from landscape_widget.live.watch import Watch
from landscape_widget.surface.differences import has_forgotten, new_cells
from landscape_widget.surface.following import Following
from landscape_widget.surface.interpolate import surplus
from landscape_widget.surface.surface import Surface

PAUSE = 0.5
"""Seconds between two looks at the file."""

SILENT = 30.0
"""Seconds after which whoever wrote may be gone."""

NO_MODEL = "A file has no model to measure; show it with explore(model, loss, data)."


class Followed:
    """The work of a session whose cells somebody else measures.

    Args:
        following: the file.
        own: gives a surface's tensors their own form.
        now: seconds since the epoch.
        later: ``later(seconds, callback)`` starts a `Timer`.
        lock: a reentrant one.
    """

    borrows = False

    def __init__(
        self,
        following: Following,
        own: Callable[[Surface], Surface],
        now: Callable[[], float],
        later: Callable[[float, Callable[[], None]], Timer],
        lock: Any,
    ) -> None:
        self._following = following
        self._own = own
        self._now = now
        self._later, self._lock = later, lock
        self._surface = own(following.surface)
        self._began = (following.written(), _measured(self._surface))
        self._said = ""

    def listen(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Have ``heard`` called when the file has news, or the time since it had any is to be told anew."""

        def look() -> bool:
            if self._following.has_news() or self._sentence() != self._said:
                heard()
            return self._following.grows

        watch = Watch(look, self._later, self._lock, PAUSE)
        if self._following.grows:
            watch.start()
        return watch.close

    def known(self, request: Request) -> Surface | None:
        """All that was in the file when we last looked."""
        return self._surface

    def steps(self, request: Request, generation: int, cancelled: Cancelled) -> Iterator[Report]:
        """Yield one report, of all that is known."""
        report = Report(generation, "computing", "cells", request, facts=facts_of(self._surface))
        yield replace(self._standing(report), surplus=surplus(self._surface), opens=True)

    def follow(self, report: Report, cancelled: Cancelled) -> Iterator[Report]:
        """Yield what is new in the file, or how long nothing was."""
        before, news = self._surface, self._following.news()
        if news is None:
            yield self._standing(report)
            return
        self._surface = after = self._own(news)
        if after.exact_level > before.exact_level:
            report = replace(report, surplus=surplus(after))
        report = self._standing(report)
        if has_forgotten(before, after):
            yield replace(report, opens=True)
            return
        path = after.path if after.path is not before.path else None
        yield replace(report, patch=new_cells(before, after), path=path)
        for key, held in after.maps.items():
            if (patch := new_cells(before.maps[key], held)) is not None:
                yield replace(report, patch=patch, map=key)

    def probe(
        self, request: Request, generation: int, factor: float, cancelled: Cancelled
    ) -> Iterator[Report]:
        """Refuse, since that would have to be computed."""
        return self._refusing(request, generation, "x", "y")

    def fit(
        self, request: Request, generation: int, cancelled: Cancelled, coming: Request | None = None
    ) -> Iterator[Report]:
        """Refuse, since that would have to be computed."""
        return self._refusing(request, generation, "x", "y")

    def read_out(self, request: Request, generation: int, cancelled: Cancelled) -> Iterator[Report]:
        """Refuse, since that would have to be computed."""
        return self._refusing(request, generation, "sharpness")

    def close(self) -> None:
        """Nothing is held elsewhere; the watch ends with who listens."""

    def _refusing(self, request: Request, generation: int, *controls: str) -> Iterator[Report]:
        report = Report(generation, "computing", "cells", request, facts=facts_of(self._surface))
        report = replace(self._standing(report), surplus=surplus(self._surface))
        yield replace(report, refusals=dict.fromkeys(controls, NO_MODEL), ranges=())

    def _standing(self, report: Report) -> Report:
        """Return the report with what is known by now, and how fresh that is."""
        surface, grows = self._surface, self._following.grows
        phase = "computing" if grows else "done" if surface.is_done else "stopped"
        self._said = self._sentence()
        kept = (self._said, f"Another process computes it, into {self._following.path}.") if grows else ()
        maps = tuple(_standing_of(key, held, grows) for key, held in surface.maps.items())
        report = replace(report, phase=phase, task="cells" if grows else None, surface=surface)
        return replace(report, maps=maps, kept=kept, remaining=self._remaining() if grows else None)

    def _remaining(self) -> float | None:
        """Seconds until the picture is done, at the pace since we began to look; None while nobody knows."""
        (since, before), measured = self._began, _measured(self._surface)
        if measured <= before or self._silence() >= SILENT:
            return None
        pace = (self._following.written() - since) / (measured - before)
        return pace * (self._surface.states.size - measured)

    def _silence(self) -> float:
        """Seconds since somebody wrote; clocks of two machines may differ."""
        return max(0.0, self._now() - self._following.written())

    def _sentence(self) -> str:
        """How long ago somebody wrote; to the minute, once that is some."""
        name, silent = self._following.path.name, self._silence()
        if silent < SILENT:
            return f"following {name}: written {format_duration(silent)} ago"
        coarse = silent if silent < 60 else silent // 60 * 60
        return f"nobody has written to {name} for {format_duration(coarse)}"


def _measured(surface: Surface) -> int:
    return int(np.count_nonzero(surface.final))


def _standing_of(key: str, held: Surface, grows: bool) -> Standing:
    if held.is_done:
        return Standing(key, "done")
    return Standing(key, ("measuring" if held.known.any() else "waiting") if grows else "skipped")
