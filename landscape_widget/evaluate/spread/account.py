"""How did the workers measure? What they told, put into the words of one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from landscape_widget.evaluate.spread.engines import Engine, where
from landscape_widget.evaluate.spread.messages import Measured, Place
from landscape_widget.values import How, Values

ALIKE = ("batch", "channels_last", "rewrites")
"""Settings in which workers of one kind don't differ."""


class Account:
    """What is known of the workers of a scene.

    Attributes:
        clamped: the most running variances of BatchNorm that one cell drove below 0, where they are held.
        places: the workers that have answered.
        received: bytes that they unpacked, in all.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._notes: dict[str, None] = {}
        self._how: How | None = None
        self._error = ""
        self.clamped = 0
        self.places: set[Place] = set()
        self.received = 0

    def note(self, sentence: str) -> None:
        """Tell the user, once."""
        self._notes[sentence] = None

    def hear(self, answer: Measured) -> None:
        """Learn what a worker says of itself."""
        self.places.add(answer.place)
        self.received += answer.received
        self.clamped = max(self.clamped, answer.clamped)
        for how in (values.how for values in answer.values if values.how is not None):
            if self._how is not None and any(how.settings.get(k) != self._how.settings.get(k) for k in ALIKE):
                self.note("The workers don't all compute in the same way, so cells may differ by rounding.")
            self._how = self._how or how
            self._error = self._error or how.error
            for sentence in how.notes:
                self.note(sentence)

    def together(self, known: list[Values], workers: int, pace: float | None) -> Values:
        """Return answers as one, and how they came about.

        Args:
            pace: seconds that one worker needs for a cell.
        """
        how = None if self._how is None else self._told(self._how, workers, pace)
        return joined(known, how)

    def noted(self, values: Values) -> Values:
        """Return an answer from here, with what the user should know of the workers."""
        if values.how is None:
            return values
        notes = dict.fromkeys((*self._notes, *values.how.notes))
        settings = {**values.how.settings, "notes": list(notes)}
        error = self._error or values.how.error
        return replace(values, how=replace(values.how, notes=tuple(notes), settings=settings, error=error))

    def _told(self, how: How, workers: int, pace: float | None) -> How:
        threads = self._engine.threads()
        machines = len({place.machine for place in self.places})
        speed = None if not pace else workers / pace
        place = where(self._engine.name, workers, machines)
        each = "one thread each" if threads == 1 else f"{threads} threads each"
        said = f"{place}, {each}" if workers > 1 else place
        first = said if speed is None else f"{said}: {float(f'{speed:.3g}'):,g} cells a second"
        settings = {
            **how.settings,
            "executor": self._engine.name,
            "workers": workers,
            "machines": machines,
            "torch_threads": threads,
            "cells_per_second": speed,
            "notes": list(self._notes),
        }
        return How(place, (first, *how.choices[1:]), settings, tuple(self._notes), self._error)


def joined(known: list[Values], how: How | None) -> Values:
    """Return several answers as one."""
    return Values(
        cells=np.concatenate([values.cells for values in known]),
        mean=np.concatenate([values.mean for values in known]),
        standard_error=np.concatenate([values.standard_error for values in known]),
        count=np.concatenate([values.count for values in known]),
        state=np.concatenate([values.state for values in known]),
        how=how,
    )
