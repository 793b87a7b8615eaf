"""Where does each contour line bear its value, so that no two names touch?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

BORDER = 0.05  # of the picture, without names
APART = 0.09  # of the picture, at least, between two names


def level_names(
    lines: list[tuple[Numbers, Numbers]], x: Numbers, y: Numbers
) -> list[tuple[int, float, float]]:
    """Return which line bears a name, and where: the middle of its piece farthest from the names before.

    Lines without room for one go without.

    Args:
        lines: as `isolines` gives them.
        x: columns of the picture.
        y: rows of the picture.
    """
    if not (len(x) and len(y)):
        return []
    low, size = np.array([x[0], y[0]]), np.array([x[-1] - x[0], y[-1] - y[0]])
    placed: list[Numbers] = []
    names = []
    for number, line in enumerate(lines):
        pieces = np.stack(line, axis=-1).reshape(-1, 3, 2)[:, :2].mean(axis=1)
        places = (pieces - low) / size
        places = places[((places > BORDER) & (places < 1 - BORDER)).all(axis=1)]
        if not len(places):
            continue
        others = np.array(placed or [[0.5, 0.5]])
        distances = np.hypot(*(places[:, None] - others).transpose(2, 0, 1)).min(axis=1)
        best = int(np.argmax(distances))
        if not placed or distances[best] > APART:
            placed.append(places[best])
            at = low + places[best] * size
            names.append((number, float(at[0]), float(at[1])))
    return names
