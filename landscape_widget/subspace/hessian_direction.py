"""Which way does the loss curve most, or least? Along an eigenvector of the Hessian."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import torch

from landscape_widget.curvature.door import check_curvature
from landscape_widget.curvature.eigenvectors import TOLERANCE, Runs
from landscape_widget.curvature.extremes import DENSE
from landscape_widget.curvature.hessian_extremes import check_whole
from landscape_widget.objective.autocast import PRECISE
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import squared_norm
from landscape_widget.objective.torch_threads import one_torch_thread
from landscape_widget.subspace.direction import Direction, kept

FEWEST = 2
"""Eigenvectors that are found from each end, whichever was asked for: the other axis is likely to be next."""


@dataclass(frozen=True)
class HessianDirection:
    """An eigenvector of the Hessian at the origin, as long as the moved parameters θ.

    The Hessian is that of the mean loss on a fixed subset of the training data, in the parameters that move,
    one-dimensional ones included (Böttcher and Wheeler 2022). At coordinate a the point is a·‖θ‖ away.

    Attributes:
        rank: 0 for the largest eigenvalue, 1 for the next, …; −1 for the smallest, −2 for the next, ….
        samples: size of the subset; of smaller data all.
        seed: of the vector that iterations start from.
        runs: what was found, for the other axis of a plane.

    Raises:
        TypeError: if the rank is no integer.
        ValueError: for other samples or seeds; when called, also where there are too few weights, or the loss
            can't be differentiated twice.
    """

    rank: int = 0
    samples: int = 256
    seed: int = 0
    runs: Runs = field(default_factory=Runs, compare=False, repr=False)

    def __post_init__(self) -> None:
        if type(self.rank) is not int:
            raise TypeError(
                "A rank is an integer: 0 for the largest eigenvalue, 1 for the next, −1 for the smallest; "
                f"got {self.rank!r}."
            )
        check_whole("samples", self.samples, 1)
        check_whole("seed", self.seed, 0)

    def check(self, objective: Objective) -> None:
        """Refuse what would fail when it is called, quickly.

        Raises:
            ValueError: as when called.
        """
        self._each(objective)
        check_curvature(objective.precise)

    def __call__(self, objective: Objective) -> Direction:
        """Find the eigenvector; both axes of a plane share the work."""
        with one_torch_thread():
            found = self.runs.of(objective.precise, self.samples, self.seed, self._each(objective))
        column = -1 - self.rank
        vector, value = found.vectors[:, column], float(found.values[column])
        vector = vector * math.copysign(1.0, vector[np.abs(vector).argmax()])
        length = math.sqrt(squared_norm(objective.params))
        notes = () if length else ("All moved parameters are zero, so the eigenvector has length 1.",)
        if objective.autocast is not None:
            notes += (PRECISE,)
        if (residual := float(found.residuals[column])) > TOLERANCE:
            notes += (f"{self.name}: found to {residual:.0%} of the largest only (‖Hv − λv‖/|H|).",)
        vectors, start = {}, 0
        for name, weight in objective.params.items():
            piece = torch.from_numpy(vector[start : start + weight.numel()] * (length or 1.0))
            vectors[name] = kept(piece.reshape(weight.shape), like=weight)
            start += weight.numel()
        label = f"{self.name}: λ = {value:.3g}".replace("-", "−")
        return Direction(vectors, label, notes=notes)

    @property
    def name(self) -> str:
        """What it is called before its eigenvalue is known."""
        if self.rank >= 0:
            return f"{_ordinal(self.rank + 1)} Hessian eigenvector"
        return (
            "last Hessian eigenvector"
            if self.rank == -1
            else f"{_ordinal(-self.rank)} last Hessian eigenvector"
        )

    def _each(self, objective: Objective) -> int:
        """Return how many are to be found from each end."""
        size = sum(weight.numel() for weight in objective.params.values())
        wanted = self.rank + 1 if self.rank >= 0 else -self.rank
        if wanted > size or (size >= DENSE and 2 * max(wanted, FEWEST) >= size - 1):
            raise ValueError(
                f"rank={self.rank} asks for {wanted} eigenvectors from one end; expected fewer, since "
                f"{size} weights move. Choose a rank nearer to 0."
            )
        return max(wanted, FEWEST)


def _ordinal(number: int) -> str:
    last = 0 if 10 < number % 100 < 14 else number % 10
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"
