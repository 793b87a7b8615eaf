"""How large are the largest and the smallest eigenvalue? Both ends from one Lanczos run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.curvature.lanczos import lanczos

Vector = NDArray[np.float64]
Operator = Callable[[Vector], Vector]
UNKNOWN = float("nan")

DENSE = 64
"""Weights below which the whole matrix is cheaper, and ARPACK has too little room."""
BASIS = 12
"""Lanczos vectors between restarts; near a good start fewer products than ARPACK's own 20."""
RESTARTS = 24
"""After which a cell is given up as unconverged."""
LAST = 40
"""Lanczos steps from the best that was found, where iterations were given up."""
SHIFT = 2.0
"""In units of |H|. ARPACK's tolerance is relative to each eigenvalue; of H + shift all are of one size."""


@dataclass(frozen=True, eq=False)
class Extremes:
    """Both ends of a spectrum; NaN where products aren't finite.

    Attributes:
        largest: λ_max.
        smallest: λ_min.
        residual: the larger ‖Hv − λv‖ of both, as a share of |H| = max(|λ_max|, |λ_min|).
        vectors: float64[2, N], unit eigenvectors, of the largest first.
    """

    largest: float
    smallest: float
    residual: float
    vectors: Vector

    @property
    def norm(self) -> float:
        """|H|."""
        return max(abs(self.largest), abs(self.smallest))


class _NotFinite(ArithmeticError):
    """A product holds NaN or infinities."""


def extremes(operator: Operator, start: Vector, tolerance: float) -> Extremes:
    """Find both ends.

    Args:
        operator: multiplies a symmetric matrix with a vector.
        start: where iterations begin, float64[N]; near the eigenvectors is quicker.
        tolerance: of the residual; where it stays larger, the values are the best that were found.
    """

    def finite(vector: Vector) -> Vector:
        if not np.isfinite(product := operator(vector)).all():
            raise _NotFinite
        return product

    try:
        return _found(finite, start, tolerance)
    except _NotFinite:
        return Extremes(UNKNOWN, UNKNOWN, UNKNOWN, np.full((2, len(start)), UNKNOWN))


def _found(operator: Operator, start: Vector, tolerance: float) -> Extremes:
    if len(start) < DENSE:
        matrix = np.stack([operator(unit) for unit in np.eye(len(start))])
        values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
        return _checked(operator, values[[-1, 0]], vectors[:, [-1, 0]].T)
    norm = about_norm(operator, start)
    if norm == 0:
        zeros = np.stack([start, start]) / np.linalg.norm(start)
        return Extremes(0.0, 0.0, 0.0, zeros)
    found = _checked(operator, *_both_ends(operator, start, norm, tolerance))
    if found.residual <= tolerance:
        return found
    # the norm was a guess; from the answer it is known
    return _checked(operator, *_both_ends(operator, found.vectors.sum(0), found.norm, tolerance))


def about_norm(operator: Operator, start: Vector, steps: int = 4) -> float:
    """Return a lower bound of |H| that is rarely far off."""
    nodes, _, _ = lanczos(operator, start, steps).quadrature()
    return float(np.abs(nodes).max())


def _both_ends(operator: Operator, start: Vector, norm: float, tolerance: float) -> tuple[Vector, Vector]:
    values, vectors = ends(operator, start, norm, tolerance, 2)
    return values[[-1, 0]], vectors[:, [-1, 0]].T


def ends(
    operator: Operator, start: Vector, norm: float, tolerance: float, count: int, basis: int = BASIS
) -> tuple[Vector, Vector]:
    """Return so many eigenvalues, half of them from each end, ascending, and the vectors as columns.

    Args:
        norm: about |H|, which the tolerance is relative to.
        count: even, below N − 1.
        basis: Lanczos vectors between restarts.
    """
    from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh  # which takes long to import

    shift = SHIFT * norm
    make: Any = LinearOperator
    shifted = make((len(start), len(start)), lambda v: operator(v) + shift * v, dtype=np.float64)
    how: Any = {
        "tol": tolerance / (1 + SHIFT),
        "ncv": min(basis, len(start) - 1),
        "maxiter": RESTARTS,
        "v0": start,
    }
    try:
        values, vectors = eigsh(shifted, count, which="BE", **how)
        return values - shift, vectors
    except ArpackNoConvergence as error:
        better = start / np.linalg.norm(start) + error.eigenvectors.sum(1)
    values, vectors = lanczos(operator, better, max(LAST, count)).eigenvectors()
    both = np.r_[: count // 2, -(count // 2) : 0]
    return values[both], vectors[:, both]


def _checked(operator: Operator, values: Vector, vectors: Vector) -> Extremes:
    """Measure the residuals by true products."""
    largest, smallest = (float(value) for value in values)
    norm = max(abs(largest), abs(smallest))
    off = max(np.linalg.norm(operator(v) - value * v) for v, value in zip(vectors, values, strict=True))
    return Extremes(largest, smallest, float(off / norm) if norm else 0.0, vectors)
