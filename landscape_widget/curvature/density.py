"""How are the eigenvalues of the Hessian distributed? Stochastic Lanczos quadrature."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from landscape_widget.curvature.lanczos import lanczos
from landscape_widget.curvature.products import Vector
from landscape_widget.curvature.trace import rademacher
from landscape_widget.sharpness_values import Spectrum

Flags = NDArray[np.bool_]

STEPS, RUNS = 80, 3
ROOM = 2**28
"""Bytes that the vectors of a run may take; of large networks fewer steps are taken."""
WIDTH = 1 / 200
"""Of the bell that stands for one eigenvalue, as a share of the spectrum's extent."""
POINTS = 1024
REACH = 5
"""Widths that the grid goes on beyond the ends."""
APART = 3
"""Widths without any eigenvalue that set a group of them apart."""
SHARP = 1e-3
"""Residual, as a share of |H|, of an eigenvalue that is known as such."""


def spectrum(
    operator: Callable[[Vector], Vector], size: int, seed: int, steps: int = STEPS, runs: int = RUNS
) -> Spectrum:
    """Return the density, averaged over runs, and the eigenvalues that lie apart (Ghorbani et al. 2019).

    Equal eigenvalues are one to Lanczos, so among the outliers they count once.
    """
    steps = max(2, min(steps, ROOM // (8 * size)))
    generator = np.random.default_rng(seed)
    found = [lanczos(operator, rademacher(generator, size), steps).quadrature() for _ in range(runs)]
    nodes, weights, residuals = (np.concatenate([run[part] for run in found]) for part in range(3))
    weights = weights / runs
    low, high = float(nodes.min()), float(nodes.max())
    width = WIDTH * (high - low) or WIDTH * abs(high) or 1.0
    grid = np.linspace(low - REACH * width, high + REACH * width, POINTS)
    density = _bells(grid, nodes, width) @ weights
    known = residuals <= SHARP * max(abs(low), abs(high))
    run = np.repeat(np.arange(runs), [len(nodes) for nodes, _, _ in found])
    return Spectrum(
        grid,
        density,
        _outliers(nodes, _bulk(nodes, weights, width), known, run),
        float(density.sum() * (grid[1] - grid[0])),  # it is 0 at both ends
        runs,
        len(found[0][0]),
        width,
    )


def _bells(grid: Vector, nodes: Vector, width: float) -> Vector:
    return np.exp(-(((grid[:, None] - nodes) / width) ** 2) / 2) / (width * np.sqrt(2 * np.pi))


def _bulk(nodes: Vector, weights: Vector, width: float) -> Flags:
    """Tell which nodes belong to the heaviest group of those that lie near each other."""
    order = np.argsort(nodes)
    groups = np.split(order, np.flatnonzero(np.diff(nodes[order]) > APART * width) + 1)
    bulk = np.zeros(len(nodes), bool)
    bulk[max(groups, key=lambda group: weights[group].sum())] = True
    return bulk


def _outliers(nodes: Vector, bulk: Flags, known: Flags, run: NDArray[np.int64]) -> Vector:
    """Return the known ones of the run that knows most, the largest first."""
    each = [np.sort(nodes[(run == number) & known & ~bulk])[::-1] for number in np.unique(run)]
    return max(each, key=len)
