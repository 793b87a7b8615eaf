"""Where does a trajectory run in a subspace? Each checkpoint is projected once, also while more come."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import pieces
from landscape_widget.subspace.checkpoint import Checkpoint, Part, numbers
from landscape_widget.subspace.same_network import names_in
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.subspace.trajectory import Trajectory
from landscape_widget.track import Path
from landscape_widget.values import Evaluate


class TrajectoryTrack:
    """A trajectory in one subspace; see `landscape_widget.track.Track`. One caller of `path` at a time."""

    def __init__(
        self, trajectory: Trajectory, objective: Objective, subspace: Subspace, measure: Evaluate
    ) -> None:
        """Wait for the first call with everything.

        Args:
            measure: of checkpoints by their number.
        """
        self.evaluate = measure
        self._trajectory = trajectory
        self._objective = objective
        self._subspace = subspace
        self._projected: list[_Projected] = []

    def __len__(self) -> int:
        return len(self._trajectory)

    def listen(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Have ``heard`` called on the training thread after each new checkpoint; the result ends it."""
        return self._trajectory.listen(heard)

    def path(self, metrics: int) -> Path:
        """Project the checkpoints that are new.

        Raises:
            ValueError: where they are of another network.
        """
        checkpoints = list(self._trajectory)
        for checkpoint in checkpoints[len(self._projected) :]:
            self._projected.append(self._project(checkpoint))
        count = len(checkpoints)
        directions = self._subspace.directions
        rows = [one.coordinates for one in self._projected]
        return Path(
            coordinates=np.array(rows, dtype=np.float64).reshape(count, len(directions)),
            distances=np.array([one.distance for one in self._projected], dtype=np.float64),
            norms=np.array([one.norm for one in self._projected], dtype=np.float64),
            steps=np.array([one.step for one in checkpoints], dtype=np.int64),
            epochs=np.array([one.epoch for one in checkpoints], dtype=np.float64),
            learning_rates=np.array([one.learning_rate for one in checkpoints], dtype=np.float64),
            values=np.full((metrics, count), np.nan),
            known=np.zeros(count, dtype=np.bool_),
            explained=tuple(direction.explained for direction in directions),
            by_chance=tuple(direction.by_chance for direction in directions),
        )

    def _project(self, checkpoint: Checkpoint) -> _Projected:
        """Solve the Gram system, since axes need not be orthogonal; then measure what is left, by entry."""
        there = names_in(self._trajectory, self._objective)
        origin = self._subspace.origin
        whole = [Part(there[name], 0, weight.numel()) for name, weight in origin.items()]
        tensors = list(checkpoint.tensors.parts(whole))
        square = 0.0
        products = torch.zeros(len(self._subspace.directions), dtype=torch.float64, device="cpu")
        for point, offset, along in self._pieces(tensors):
            square += float(point.dot(point))
            products += along @ offset
        coordinates = torch.linalg.solve(self._subspace.gram, products)
        beside = 0.0
        for _, offset, along in self._pieces(tensors):
            rest = offset - coordinates @ along
            beside += float(rest.dot(rest))
        return _Projected(tuple(coordinates.tolist()), math.sqrt(beside), math.sqrt(square))

    def _pieces(self, tensors: Sequence[Tensor]) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """Yield pieces of the point, of its offset from the origin, and of the directions, float64[k, n]."""
        for (name, weight), tensor in zip(self._subspace.origin.items(), tensors, strict=True):
            origin = weight.detach().reshape(-1)
            along = [direction.vector[name].reshape(-1) for direction in self._subspace.directions]
            for some in pieces(tensor):
                point = numbers(tensor[some])
                yield point, point - numbers(origin[some]), torch.stack([numbers(d[some]) for d in along])


@dataclass(frozen=True)
class _Projected:
    coordinates: tuple[float, ...]
    distance: float
    norm: float
