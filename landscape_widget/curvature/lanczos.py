"""What does a symmetric matrix look like from one vector? A tridiagonal one, by Lanczos' steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

INVARIANT = 1e-10
"""Share of the matrix' size below which a step leads nowhere new."""


@dataclass(frozen=True, eq=False)
class Tridiagonal:
    """The matrix seen in an orthonormal basis that begins with the start vector.

    Attributes:
        diagonal: float64[m].
        beside: float64[m − 1].
        left: length of what the last step led out of the basis.
        basis: float64[m, N].
    """

    diagonal: Vector
    beside: Vector
    left: float
    basis: Vector

    @cached_property
    def _solved(self) -> tuple[Vector, Vector]:
        from scipy.linalg import eigh_tridiagonal  # which takes long to import

        nodes, vectors = eigh_tridiagonal(self.diagonal, self.beside)
        return nodes, vectors

    def quadrature(self) -> tuple[Vector, Vector, Vector]:
        """Return nodes, their weights, of sum 1, and their residuals ‖Hv − λv‖."""
        nodes, vectors = self._solved
        return nodes, vectors[0] ** 2, self.left * np.abs(vectors[-1])

    def eigenvectors(self) -> tuple[Vector, Vector]:
        """Return the nodes and, as columns, the vectors that come nearest to being theirs."""
        nodes, vectors = self._solved
        return nodes, self.basis.T @ vectors


def lanczos(operator: Callable[[Vector], Vector], start: Vector, steps: int) -> Tridiagonal:
    """Take so many steps, fewer where the vectors already span an invariant space.

    Each vector is made orthogonal to all before it, twice: else copies of outliers turn up.
    """
    steps = min(steps, len(start))
    basis = np.empty((steps, len(start)))
    basis[0] = start / np.linalg.norm(start)
    diagonal, beside = np.zeros(steps), np.zeros(steps)
    step = 0
    while True:
        turned = operator(basis[step])
        diagonal[step] = basis[step] @ turned
        known = basis[: step + 1]
        for _ in range(2):
            turned = turned - known.T @ (known @ turned)
        beside[step] = np.linalg.norm(turned)
        size = max(np.abs(diagonal[: step + 1]).max(), beside[: step + 1].max())
        if step + 1 == steps or beside[step] <= INVARIANT * size:
            return Tridiagonal(diagonal[: step + 1], beside[:step], float(beside[step]), known)
        basis[step + 1] = turned / beside[step]
        step += 1
