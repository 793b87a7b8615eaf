"""On how few samples must the first picture be drawn, so that nobody waits for it?"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from landscape_widget.surface.surface import Surface
from landscape_widget.values import Evaluate

FEWEST = 8
GROWTH = 4
CELLS = 4
"""To try on: enough for two threads, and for the fastest way there is."""

TELLING = 0.02
"""Seconds; what takes less says more of the overhead than of the samples."""


def preview_samples(
    surface: Surface,
    evaluate: Evaluate,
    cells: NDArray[np.int64],
    seconds: float,
    clock: Callable[[], float],
    cancelled: Callable[[], bool],
) -> int:
    """Return how many samples of ``cells`` fit into ``seconds``: 8 at least, a quarter at most, or all.

    All where twice as many would fit, since the first time of a number is dearer. The first of the cells are
    measured on more and more samples, each number twice, until all seem to fit or the time says more of the
    samples than of the overhead. What is measured is thrown away.
    """
    began, samples = clock(), min(FEWEST, surface.samples)
    most = max(samples, surface.samples // 4)
    some = surface.coordinates(cells[:CELLS])
    while True:
        deque(evaluate(some, samples, cancelled), maxlen=0)
        warm = clock()
        deque(evaluate(some, samples, cancelled), maxlen=0)
        now = clock()
        spent, left = now - warm, seconds - (now - began)
        fitting = int(samples * left * len(some) / max(len(cells) * spent, 1e-9))
        if fitting >= surface.samples or spent >= TELLING or samples == surface.samples or cancelled():
            few = int(np.clip(fitting, min(FEWEST, surface.samples), most))
            return surface.samples if fitting >= 2 * surface.samples else few
        samples = min(GROWTH * samples, surface.samples)
