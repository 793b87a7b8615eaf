"""Where does a trajectory run in a subspace? Each checkpoint is projected once, also while more come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from landscape_widget.objective.objective import Objective
from landscape_widget.subspace.checkpoint import Checkpoint
from landscape_widget.subspace.rows import WIDTH, groups_of, row_of
from landscape_widget.subspace.same_network import names_in
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.subspace.trajectory import Trajectory
from landscape_widget.track import Path
from landscape_widget.values import Evaluate

GROUP = WIDTH // 2
"""Entries of each checkpoint at once, since there are two directions."""
NEAR = 1e-6
"""Share of a squared length below which a difference of squares has lost too many of float64's digits."""


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
        self._projected += self._project(checkpoints[len(self._projected) :])
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

    def _project(self, checkpoints: Sequence[Checkpoint]) -> list[_Projected]:
        """Solve the Gram system, since axes need not be orthogonal.

        What is left of an offset follows from the same sums, unless it is so small that rounding would show;
        then it is added up entry by entry.
        """
        count = len(checkpoints)
        norms, reaches = (torch.zeros(count, dtype=torch.float64, device="cpu") for _ in range(2))
        products = torch.zeros(count, len(self._subspace.directions), dtype=torch.float64, device="cpu")
        for origin, along, rows in self._groups(checkpoints):
            for number, row in enumerate(rows):
                offset = row - origin
                norms[number] += row.square().sum()
                reaches[number] += offset.square().sum()
                products[number] += (along * offset).sum(1)
        coordinates = torch.linalg.solve(self._subspace.gram, products.T).T
        left = reaches - (coordinates * products).sum(1)
        close = (left < NEAR * reaches).nonzero().flatten().tolist()
        left[close] = 0
        for origin, along, rows in self._groups([checkpoints[number] for number in close]):
            for number, row in zip(close, rows, strict=True):
                rest = row - origin - (coordinates[number, :, None] * along).sum(0)
                left[number] += rest.square().sum()
        columns = coordinates.tolist(), left.sqrt().tolist(), norms.sqrt().tolist()
        return [_Projected(tuple(place), *lengths) for place, *lengths in zip(*columns, strict=True)]

    def _groups(self, checkpoints: Sequence[Checkpoint]) -> Iterator[_Group]:
        """Yield groups of entries: of the origin, of the directions, [k, n], and of each checkpoint."""
        if not checkpoints:
            return
        subspace, there = self._subspace, names_in(self._trajectory, self._objective)
        for here in groups_of({name: weight.numel() for name, weight in subspace.origin.items()}, GROUP):
            along = [row_of(direction.vector, here) for direction in subspace.directions]
            group = [part._replace(name=there[part.name]) for part in here]
            rows = (row_of(checkpoint, group) for checkpoint in checkpoints)
            yield row_of(subspace.origin, here), torch.stack(along), rows


_Group = tuple[Tensor, Tensor, Iterator[Tensor]]


@dataclass(frozen=True)
class _Projected:
    coordinates: tuple[float, ...]
    distance: float
    norm: float
