"""Trajectories whose answers are known, made of states in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor

from landscape_widget.subspace.checkpoint import Checkpoint, InMemory
from landscape_widget.subspace.trajectory import Trajectory


def trajectory_of(states: Iterable[Mapping[str, Tensor]]) -> Trajectory:
    """Checkpoints at steps 0, 1, 2, …"""
    return Trajectory(Checkpoint(step, InMemory(dict(state))) for step, state in enumerate(states))


def from_rows(rows: Tensor | Sequence[Sequence[float]], name: str = "weight") -> Trajectory:
    """One tensor of one row, [1, N], a checkpoint: a network of one linear layer with one output."""
    points = torch.as_tensor(rows, dtype=torch.float64)
    return trajectory_of({name: row[None].clone()} for row in points)


def walk(steps: Tensor, size: int, seed: int = 0) -> Tensor:
    """A random walk from 0, float64[len(steps) + 1, size], with steps of exactly these lengths."""
    generator = torch.Generator().manual_seed(seed)
    moves = torch.randn(len(steps), size, generator=generator, dtype=torch.float64)
    moves *= (steps / moves.norm(dim=1))[:, None]
    return torch.cat([moves.new_zeros(1, size), moves.cumsum(0)])
