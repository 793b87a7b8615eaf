"""On how few samples must the first picture be drawn, so that nobody waits for it?"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from landscape_widget.surface.surface import Surface
from landscape_widget.values import Evaluate

FEWEST = 8
GROWTH = 4
TELLING = 0.02  # seconds; what takes less says more of the overhead than of the samples


def preview_samples(
    surface: Surface,
    evaluate: Evaluate,
    cells: int,
    seconds: float,
    clock: Callable[[], float],
    cancelled: Callable[[], bool],
) -> int:
    """Return how many samples of ``cells`` cells fit into ``seconds``: 8 at least, all where they do.

    Measures the origin on more and more samples until the time they take says something, each number twice:
    the first time warms up. It is thrown away.
    """
    began, samples = clock(), min(FEWEST, surface.samples)
    while True:
        _origin(surface, evaluate, samples, cancelled)
        once = clock()
        _origin(surface, evaluate, samples, cancelled)
        spent = clock() - once
        if spent >= TELLING or samples == surface.samples or cancelled():
            break
        samples = min(GROWTH * samples, surface.samples)
    left = seconds - (clock() - began)
    fitting = int(samples * left / max(cells * spent, 1e-9))
    return int(np.clip(fitting, min(FEWEST, surface.samples), surface.samples))


def _origin(surface: Surface, evaluate: Evaluate, samples: int, cancelled: Callable[[], bool]) -> None:
    deque(evaluate(np.zeros((1, len(surface.grid.axes))), samples, cancelled), maxlen=0)
