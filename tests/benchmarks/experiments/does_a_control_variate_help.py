"""On huge data: does a small subset on every cell help the few cells measured on all the data?

Run it as ``python -m tests.benchmarks.experiments.does_a_control_variate_help``; prints a table in Markdown.

All the data are measured on the cells of one level, a fixed subset on every cell. The picture is the subset's
log-loss plus the spline through the difference of the two, known on that level. It is compared, on the cells
nobody measured on all the data, with the spline through the level alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landscape_widget.surface.spline import spread
from tests.benchmarks.experiments.plane import GRID, LEVELS, Plane, planes, up_to

SUBSETS = (16, 64, 128, 512)


def main() -> None:
    """Print errors on held-out cells, and what each picture costs in cells on all the data."""
    for plane in planes():
        print(f"\n**{plane.name}**\n")
        print(
            "| known on all the data | beside it | off by, mean | off by, max | cost, cells on all the data |"
        )
        print("|---|---|---|---|---|")
        for level in LEVELS[:3]:
            cells = up_to(level)
            held_out = np.setdiff1d(np.arange(GRID.size), cells)
            alone = plane.surface(cells).interpolated("loss")
            row(f"level {level}, {len(cells)} cells", "nothing", plane.error(alone), held_out, len(cells))
            for samples in (n for n in SUBSETS if 2 * n <= plane.size):
                helped = plane.error(with_subset(plane, level, samples))
                cost = len(cells) + GRID.size * samples / plane.size
                row("", f"{samples} samples everywhere", helped, held_out, cost)


def with_subset(plane: Plane, level: int, samples: int) -> NDArray[np.float64]:
    """The subset's picture, corrected by the interpolated difference to all the data."""
    draw = np.random.default_rng(0)
    some = draw.choice(plane.size, samples, replace=False)
    subset = np.log(plane.losses[:, some].mean(axis=1)).reshape(GRID.shape)
    lattice = GRID.x.lattice(level)
    known = np.ix_(lattice, lattice)
    knots, places = lattice.astype(float), np.arange(GRID.x.points, dtype=float)
    difference = spread((plane.logs - subset)[known], [knots] * 2, [places] * 2)
    return np.exp(subset + difference)


def row(
    known: str, beside: str, error: NDArray[np.float64], held_out: NDArray[np.int64], cost: float
) -> None:
    """Print the error on the held-out cells."""
    error = error.ravel()[held_out]
    print(f"| {known} | {beside} | {error.mean():.3%} | {error.max():.2%} | {cost:,.0f} |")


if __name__ == "__main__":
    main()
