"""How does a trajectory come into the picture? Projected at once, measured bit by bit, and while it grows."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from landscape_widget.track import Path, Track

SAME_PLACE = 1e-5
"""Relative, and in weights."""

MARGIN = 0.15
"""Of a path's extent, on each side of it."""

Measured = MutableMapping[int, NDArray[np.float64]]
"""A checkpoint's number → its own metrics, float64[metric]; the same in every plane."""


class Journey:
    """One track in one scene.

    Args:
        measured: what is known of the checkpoints already, and where what is measured will be kept.
        metrics: rows of the scene's surface; further repeats of a line have no values of a checkpoint.
    """

    def __init__(self, track: Track, measured: Measured, metrics: int, samples: int) -> None:
        self._track = track
        self._measured = measured
        self._metrics = metrics
        self._samples = samples
        self._projected = track.path(metrics)

    @property
    def has_grown(self) -> bool:
        """Whether there are checkpoints that `path` hasn't told of."""
        return len(self._track) > len(self._projected)

    @property
    def is_measured(self) -> bool:
        """Whether each checkpoint told of has been measured."""
        return not self._missing()

    def path(self) -> Path:
        """Return all checkpoints there are by now, with what is measured of them."""
        if self.has_grown:
            self._projected = self._track.path(self._metrics)
        path = self._projected
        values, known = np.full(path.values.shape, np.nan), np.zeros(len(path), bool)
        for number, metrics in self._measured.items():
            if number < len(path):
                values[: len(metrics), number] = metrics
                known[number] = True
        return replace(path, values=values, known=known)

    def take(self, path: Path | None) -> None:
        """Know what another path does of checkpoints that are where its own were, in the same coordinates."""
        if path is None or path is self._projected:
            return
        both = min(len(path), len(self._projected))
        same = path.steps[:both] == self._projected.steps[:both]
        for name in ("coordinates", "distances", "norms"):
            theirs, ours = getattr(path, name)[:both], getattr(self._projected, name)[:both]
            same &= np.isclose(theirs, ours, rtol=SAME_PLACE, atol=SAME_PLACE).reshape(both, -1).all(axis=1)
        for number in np.flatnonzero(same & path.known[:both]):
            self._measured.setdefault(int(number), path.values[:, number])

    def measure(self, most: int, cancelled: Callable[[], bool]) -> bool:
        """Measure some checkpoints, spread over the trajectory; tell whether any was."""
        numbers = self._missing()[:most]
        if not numbers:
            return False
        coordinates = np.array(numbers, np.float64)[:, None]
        for values in self._track.evaluate(coordinates, self._samples, cancelled):
            for cell, metrics in zip(values.cells, values.mean, strict=True):
                self._measured[numbers[cell]] = metrics
        return True

    def _missing(self) -> list[int]:
        """First the start, then the last, the middle, the quarters, …"""
        last = len(self._projected) - 1
        numbers = [number for number in range(last + 1) if number not in self._measured]
        return sorted(numbers, key=lambda number: (number not in (0, last), -(number & -number)))


def fitted(path: Path) -> list[tuple[float, float] | str]:
    """Return for each axis the range of the path with a margin, or why there is none."""
    return [_fitted(along) for along in path.coordinates.T]


def _fitted(along: NDArray[np.float64]) -> tuple[float, float] | str:
    low, high = float(along.min()), float(along.max())
    if not high > low:
        return "The trajectory doesn't move along this axis; set the range by hand."
    margin = MARGIN * (high - low)
    return _rounded(low - margin), _rounded(high + margin)


def _rounded(value: float) -> float:
    """Three significant digits, as a person would have typed it."""
    return float(f"{value:.3g}")
