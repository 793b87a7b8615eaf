"""What does a symmetric matrix look like from one vector? A tridiagonal one, by Lanczos' steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh_tridiagonal

Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Tridiagonal:
    """The matrix seen in an orthonormal basis that begins with the start vector.

    Attributes:
        diagonal: float64[m].
        beside: float64[m − 1].
    """

    diagonal: Vector
    beside: Vector

    def quadrature(self) -> tuple[Vector, Vector]:
        """Return nodes and weights, of sum 1, of the spectrum as the start vector sees it."""
        nodes, vectors = eigh_tridiagonal(self.diagonal, self.beside)
        return nodes, vectors[0] ** 2


def lanczos(operator: Callable[[Vector], Vector], start: Vector, steps: int) -> Tridiagonal:
    """Take so many steps, fewer where the vectors already span an invariant space.

    Each vector is made orthogonal to all before it, twice: else copies of outliers turn up.
    """
    basis = [start / np.linalg.norm(start)]
    diagonal: list[float] = []
    beside: list[float] = []
    while True:
        turned = operator(basis[-1])
        diagonal.append(float(basis[-1] @ turned))
        known = np.stack(basis)
        for _ in range(2):
            turned = turned - known.T @ (known @ turned)
        length = float(np.linalg.norm(turned))
        size = max(map(abs, [*diagonal, *beside]))
        if len(diagonal) == min(steps, len(start)) or length <= 1e-10 * size:
            return Tridiagonal(np.array(diagonal), np.array(beside))
        beside.append(length)
        basis.append(turned / length)
