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
    measured on more and more samples, each number twice, until the time says more of the samples than of the
    overhead, or all seem to fit and to know better would be dear. What is measured is thrown away.
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
        enough = TELLING / (2 * GROWTH) if fitting >= surface.samples else TELLING
        is_known = samples == surface.samples
        is_quick = fitting >= (surface.samples if is_known else 2 * surface.samples)
        if is_quick or is_known or spent >= enough or cancelled():
            few = int(np.clip(fitting, min(FEWEST, surface.samples), most))
            return surface.samples if is_quick else few
        samples = min(GROWTH * samples, surface.samples)
