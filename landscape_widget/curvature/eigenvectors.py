"""Which directions curve most, and which least? Some eigenvectors of the Hessian at the origin."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from landscape_widget.curvature.door import check_curvature
from landscape_widget.curvature.extremes import DENSE, about_norm, ends
from landscape_widget.curvature.place import at_origin
from landscape_widget.curvature.products import Hessian, Vector
from landscape_widget.objective.objective import Objective

TOLERANCE = 1e-3
"""Of the residuals, as a share of |H|: a vector should be righter than a value needs to be."""

ROOM = 10
"""Lanczos vectors beside those that are wanted."""


@dataclass(frozen=True, eq=False)
class Eigenvectors:
    """Both ends of the spectrum.

    Attributes:
        values: float64[k], ascending.
        vectors: float64[N, k], unit columns.
        residuals: float64[k], ‖Hv − λv‖ as a share of |H|.
    """

    values: Vector
    vectors: Vector
    residuals: Vector


@dataclass(eq=False)
class Runs:
    """The last run that was made, so that the axes of a plane share it."""

    _key: tuple[object, ...] = ()
    _last: Eigenvectors | None = field(default=None, repr=False)

    def of(self, objective: Objective, samples: int, seed: int, each: int) -> Eigenvectors:
        """Return ``each`` eigenvectors or more from each end; all of them where there are few weights.

        Raises:
            ValueError: where the loss can't be differentiated twice, or isn't finite at the origin.
        """
        key = objective.model, samples, seed, objective.mode
        if self._last is None or key != self._key or len(self._last.values) < 2 * each:
            self._last, self._key = eigenvectors(objective, samples, seed, each), key
        return self._last


def eigenvectors(objective: Objective, samples: int, seed: int, each: int) -> Eigenvectors:
    """Find ``each`` eigenvectors from each end, of all that moves; all where there are few weights."""
    check_curvature(objective)
    samples = min(samples, objective.train.size)
    with at_origin(objective).hessian(objective.portions(samples)[0]) as hessian:
        if not np.isfinite(hessian.gradient).all():
            raise ValueError(
                "Expected a loss that is finite at the origin; its gradient holds NaN or infinities, so "
                "nobody knows how it is curved. Look along another direction, e.g. `RandomDirection(seed=0)`."
            )
        values, vectors = _found(hessian, np.random.default_rng(seed).standard_normal(hessian.size), each)
        norm = float(np.abs(values).max())
        off = [
            float(np.linalg.norm(hessian(v) - value * v)) for value, v in zip(values, vectors.T, strict=True)
        ]
    return Eigenvectors(values, vectors, np.array(off) / (norm or 1.0))


def _found(hessian: Hessian, start: Vector, each: int) -> tuple[Vector, Vector]:
    if hessian.size < DENSE:
        matrix = np.stack([hessian(unit) for unit in np.eye(hessian.size)])
        values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
        return values, vectors
    norm = about_norm(hessian, start)
    if norm == 0:
        raise ValueError(
            "The Hessian at the origin is exactly zero, so it has no direction of its own: the loss is "
            "linear there. Look along another direction, e.g. `GradientDirection()`."
        )
    return ends(hessian, start, norm, TOLERANCE, 2 * each, basis=2 * each + ROOM)
