"""What does a person at a terminal see of a run? Where it stands, and each note once."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from landscape_widget.command.screen import Screen
from landscape_widget.command.words import standing
from landscape_widget.live.report import Report
from landscape_widget.surface.surface import Surface

SPACING = 0.1
"""Seconds between two drawings of one line."""

PATIENCE = 600.0
"""Seconds after which a log has a line more, though no level was finished."""


class Progress:
    """Tells a screen of a run, report by report.

    Args:
        clock: seconds, monotonic.
    """

    def __init__(self, screen: Screen, clock: Callable[[], float]) -> None:
        self._screen = screen
        self._clock = clock
        self._noted: set[str] = set()
        self._is_kept = False
        self._levels = 0
        self._drawn, self._logged = -math.inf, clock()
        self._began: tuple[float, int] | None = None

    def read(self, samples: int) -> None:
        """Count the samples while the data are read."""
        self._screen.now(f"reading data: {samples:,} samples so far (Ctrl+C to stop)")

    def __call__(self, report: Report) -> None:
        if report.kept and not self._is_kept:
            self._is_kept = True
            self._screen.say(report.kept[0])
        for note in _notes(report):
            self._note(note)
        now, levels = self._clock(), _levels(report.surface)
        text = standing(report, self._pace(report.surface, now))
        if levels != self._levels or now - self._logged >= PATIENCE:
            self._levels, self._drawn, self._logged = levels, now, now
            self._screen.level(text)
        elif now - self._drawn >= SPACING:
            self._drawn = now
            self._screen.now(text)

    def _note(self, note: str) -> None:
        if note not in self._noted:
            self._noted.add(note)
            self._screen.say(note)

    def _pace(self, surface: Surface | None, now: float) -> float | None:
        """Cells a second since this run began; those it found in a file took no time."""
        if surface is None:
            return None
        measured = int(np.count_nonzero(surface.final))
        since, before = self._began = self._began or (now, measured)
        return (measured - before) / (now - since) if measured > before and now > since else None


def _notes(report: Report) -> tuple[str, ...]:
    """What is true of the scene, the engine and the file, and why a map isn't complete."""
    of_the_scene = () if report.facts is None else report.facts.notes
    of_the_engine = () if report.how is None else report.how.notes
    error = "" if report.how is None else report.how.error
    of_cells = (f"A cell failed, and is left out: {error}",) if error else ()
    of_maps = (one.note for one in report.maps if one.note)
    return (*of_the_scene, *of_the_engine, *of_cells, *report.kept[1:], *of_maps)


def _levels(surface: Surface | None) -> int:
    """How many levels are finished, of the picture and of its maps."""
    return 0 if surface is None else sum(held.level + 1 for held in (surface, *surface.maps.values()))
