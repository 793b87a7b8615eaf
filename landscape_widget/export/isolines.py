"""Where does a grid of heights cross a level? Marching squares; plotly itself takes even steps only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

AROUND = ((0, 0), (0, 1), (1, 1), (1, 0))
"""The corners of a tile, row and column, one after the other."""


def isolines(x: Numbers, y: Numbers, heights: Numbers, level: float) -> tuple[Numbers, Numbers]:
    """Return the line's pieces as x and y float64[3 m]: from, to, NaN, one piece a tile and crossing.

    Straight inside each tile; where all four edges are crossed, the mean of the corners decides which two
    belong together. Tiles with a corner that isn't finite have none.
    """
    ny, nx = len(y), len(x)
    rows, columns = np.divmod(np.arange(max(ny - 1, 0) * max(nx - 1, 0)), max(nx - 1, 1))
    at = [(rows + down, columns + right) for down, right in AROUND]
    corners = np.stack([heights[place] for place in at])
    whole = np.isfinite(corners).all(axis=0)
    corners, across = corners[:, whole], np.stack([x[column] for _, column in at])[:, whole]
    along = np.stack([y[row] for row, _ in at])[:, whole]
    after, above = np.roll(corners, -1, axis=0), corners >= level
    crossed = above != np.roll(above, -1, axis=0)
    share = (level - corners) / np.where(crossed, after - corners, 1.0)
    edges = np.stack([line + share * (np.roll(line, -1, axis=0) - line) for line in (across, along)])

    pieces = []
    twice = crossed.sum(axis=0) == 2
    first = np.argmax(crossed[:, twice], axis=0)
    last = 3 - np.argmax(crossed[::-1, twice], axis=0)
    pieces.append((edges[:, first, np.flatnonzero(twice)], edges[:, last, np.flatnonzero(twice)]))
    saddles = np.flatnonzero(crossed.all(axis=0))
    joined = (corners[:, saddles].mean(axis=0) >= level) == above[0, saddles]
    for start, if_joined, if_apart in (0, 1, 3), (2, 3, 1):
        end = np.where(joined, if_joined, if_apart)
        pieces.append((edges[:, start, saddles], edges[:, end, saddles]))
    begin, finish = (np.concatenate([piece[end] for piece in pieces], axis=1) for end in (0, 1))
    line = np.stack([begin, finish, np.full_like(begin, np.nan)], axis=-1).reshape(2, -1)
    return line[0], line[1]
