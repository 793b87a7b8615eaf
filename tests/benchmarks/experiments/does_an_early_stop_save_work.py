"""How much work is saved by leaving a cell once its partial sum proves that it lies above the clip?

Run it as ``python -m tests.benchmarks.experiments.does_an_early_stop_save_work``; prints a table in Markdown.

The losses of samples are never negative, so a partial sum over all samples' number is a lower bound of the
mean. Batches in their fixed order; a cell is left after the first batch at which the bound exceeds the clip.
A stopped cell has no value, so there is no ground beside it: the last column says of how many cells below the
clip nothing could be drawn when every third cell is known.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.experiments.plane import LEVELS, Plane, planes, up_to

CLIPS = (2.0, 5.0, 10.0, 50.0)
BATCH = 32


def main() -> None:
    """Print the share of work done, and the share of the cells below the clip that the picture loses."""
    print("| network | clip | cells above it | work done | cells below it without ground at 17×17 |")
    print("|---|---|---|---|---|")
    for plane in planes():
        for clip in CLIPS:
            above = plane.losses.mean(axis=1) > clip
            done = work(plane, clip).mean()
            print(f"| {plane.name} | {clip:g} | {above.mean():.0%} | {done:.0%} | {lost(plane, clip):.1%} |")


def work(plane: Plane, clip: float) -> NDArray[np.float64]:
    """The share of its samples each cell is measured on."""
    bounds = np.cumsum(plane.losses, axis=1) / plane.size
    ends = np.append(np.arange(BATCH, plane.size, BATCH), plane.size)
    proven = bounds[:, ends - 1] > clip
    first = np.where(proven.any(axis=1), proven.argmax(axis=1), len(ends) - 1)
    return ends[first] / plane.size


def lost(plane: Plane, clip: float) -> float:
    """Of the cells below the clip, how many have no interpolated ground because a neighbour was stopped."""
    stopped = plane.losses.mean(axis=1) > clip
    losses = np.where(stopped[:, None], np.nan, plane.losses)
    cells = up_to(LEVELS[2])
    ground = Plane(plane.name, losses).surface(cells).interpolated("loss").ravel()
    below = ~stopped
    return float(np.isnan(ground[below]).mean()) if below.any() else 0.0


if __name__ == "__main__":
    main()
