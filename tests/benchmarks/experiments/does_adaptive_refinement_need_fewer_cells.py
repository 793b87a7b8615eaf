"""Does it need fewer cells to refine only where the level before was off? Prints a table in Markdown.

Run it as ``python -m tests.benchmarks.experiments.does_adaptive_refinement_need_fewer_cells``.

Uniform: whole levels, the spline through the last. Adaptive: of each further level only the cells beside
which a new cell of the level before was off by more than a threshold; the others take the value the spline
through the level before predicts, so the spline goes through measured and predicted values alike (a quadtree
whose hierarchical surplus is 0 where nothing was measured).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landscape_widget.surface.sampling import is_within
from landscape_widget.surface.spline import spread
from tests.benchmarks.experiments.plane import GRID, LEVELS, POINTS, Plane, planes, up_to

THRESHOLDS = (0.03, 0.01, 0.003, 0.001, 0.0003)
GOALS = (0.01, 0.003)


def main() -> None:
    """Print how far off each is with how many cells, and with how many it is off by no more than a goal."""
    for plane in planes():
        print(f"\n**{plane.name}**: log-loss from {plane.logs.min():.2f} to {plane.logs.max():.2f}\n")
        print("| cells chosen | cells | off by, mean | off by, max |")
        print("|---|---|---|---|")
        rows = [(f"uniform, level {level}", *uniform(plane, level)) for level in LEVELS[:-1]]
        rows += [(f"adaptive, where off by {share:.2%}", *adaptive(plane, share)) for share in THRESHOLDS]
        for name, cells, error in rows:
            print(f"| {name} | {cells:,} | {error.mean():.3%} | {error.max():.2%} |")
        for share in (0.03, *GOALS):
            print(f"\n`tolerance={share}` stops at {stops_at(plane, share):,} cells.", end="")
        for goal in GOALS:
            fewest = {kind: cells_to(rows, kind, goal) for kind in ("uniform", "adaptive")}
            print(f"\nTo within {goal:.1%} everywhere: {fewest['uniform']:,} uniform, ", end="")
            print(f"{fewest['adaptive']:,} adaptive.")


def uniform(plane: Plane, level: int) -> tuple[int, NDArray[np.float64]]:
    """How many cells whole levels take, and how far off each cell of the picture is."""
    surface = plane.surface(up_to(level))
    return int(surface.known.sum()), plane.error(surface.interpolated("loss"))


def stops_at(plane: Plane, tolerance: float) -> int:
    """The cells of the first level that was predicted to within the tolerance."""
    surfaces = (plane.surface(up_to(level)) for level in LEVELS)
    return next((int(s.known.sum()) for s in surfaces if is_within(s, tolerance)), GRID.size)


def adaptive(plane: Plane, share: float) -> tuple[int, NDArray[np.float64]]:
    """The same where cells are left out beside which the level before was off by less than ``share``."""
    logs, limit = plane.logs, share * np.ptp(plane.logs)
    lattice = GRID.x.lattice(0)
    values = logs[np.ix_(lattice, lattice)]
    measured = np.zeros((POINTS, POINTS), bool)
    measured[np.ix_(lattice, lattice)] = True
    surplus = np.full((POINTS, POINTS), np.inf)  # of the level before; of the first nobody knows
    for level in LEVELS[1:]:
        finer = GRID.x.lattice(level)
        cells = np.ix_(finer, finer)
        predicted = refined(values, lattice, finer)
        wanted = ~np.isin(np.arange(POINTS), lattice)
        new = (wanted[:, None] | wanted[None, :])[cells]
        chosen = new & (beside(surplus[cells], lattice, finer) > limit)
        values = np.where(chosen | measured[cells], logs[cells], predicted)
        surplus = np.zeros((POINTS, POINTS))
        surplus[cells] = np.where(chosen, np.abs(logs[cells] - predicted), 0.0)
        measured[cells] |= chosen
        lattice = finer
    return int(measured.sum()), plane.error(np.exp(values))


def refined(values: NDArray[np.float64], coarse: NDArray, fine: NDArray) -> NDArray[np.float64]:
    """Predict a level from the one before."""
    return spread(values, [coarse.astype(float)] * 2, [fine.astype(float)] * 2)


def beside(surplus: NDArray[np.float64], coarse: NDArray, fine: NDArray) -> NDArray[np.float64]:
    """The largest surplus within one step of the coarse lattice of each fine cell."""
    reach = 2 * (len(fine) - 1) // (len(coarse) - 1)
    padded = np.pad(surplus, reach, constant_values=0)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (2 * reach + 1,) * 2)
    return windows.max(axis=(2, 3))


def cells_to(rows: list[tuple[str, int, NDArray[np.float64]]], kind: str, goal: float) -> int:
    """The fewest cells with which the picture is nowhere further off; all of them if none of the runs is."""
    enough = [cells for name, cells, error in rows if name.startswith(kind) and error.max() <= goal]
    return min(enough, default=GRID.size)


if __name__ == "__main__":
    main()
