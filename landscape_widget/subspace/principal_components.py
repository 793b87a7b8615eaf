"""Along which directions did training move most? Principal components, without all checkpoints in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from landscape_widget.subspace.checkpoint import Checkpoint
from landscape_widget.subspace.rows import WIDTH, groups_of, row_of

GROUP = 2**24
"""Bytes of differences between checkpoints that are in memory at once."""
NOISE = 1e-12
"""Share of the largest component below which float64 can't tell a component from rounding."""


@dataclass(frozen=True, eq=False)
class PrincipalComponents:
    """Of the T rows θₜ − θ_T, where θ_T is the last checkpoint.

    Attributes:
        weights: float64[T, components]; Σₜ weights[t, k]·(θₜ − θ_T) is component k, of length 1.
        explained: float64[components], share of the variance.
        by_chance: float64[T], what a random walk of the same step lengths would give.
        coordinates: float64[T, components] of the checkpoints, 0 at the last one.
    """

    weights: Tensor
    explained: Tensor
    by_chance: Tensor
    coordinates: Tensor

    def __len__(self) -> int:
        return len(self.explained)


def principal_components(
    checkpoints: Sequence[Checkpoint], sizes: Mapping[str, int], centred: bool
) -> PrincipalComponents:
    """Solve for them by the Gram matrix of the rows, in float64.

    Args:
        sizes: how many numbers each tensor has that counts, by its name in the checkpoints.
        centred: whether the mean row is subtracted (Li et al. 2018, section 7, as in their code).

    Raises:
        ValueError: where a checkpoint isn't finite.
    """
    gram = _gram_matrix(checkpoints, sizes)
    if not torch.isfinite(gram).all():
        _refuse_diverged(checkpoints, sizes)
    values, vectors = _eigen(gram, centred)
    count = int((values > NOISE * values[0]).sum())
    weights = vectors[:, :count] / values[:count].sqrt()
    return PrincipalComponents(
        weights=weights,
        explained=values[:count] / values.sum(),
        by_chance=_shares_of_a_walk(gram, centred),
        coordinates=gram @ weights,
    )


def combined(checkpoints: Sequence[Checkpoint], sizes: Mapping[str, int], weights: Tensor) -> Tensor:
    """Return Σₜ weights[t]·(θₜ − θ_T) as one row, float64."""
    return torch.cat([weights @ rows for rows in _differences(checkpoints, sizes)])


def _refuse_diverged(checkpoints: Sequence[Checkpoint], sizes: Mapping[str, int]) -> None:
    diverged = next((n for n, one in enumerate(checkpoints) if not _is_finite(one, sizes)), None)
    if diverged is None:
        raise ValueError(
            f"The {len(checkpoints)} checkpoints are too far from each other for float64, so there are no "
            "principal components; did the training diverge? Give the checkpoints before."
        )
    how = f", `lw.Trajectory(list(trajectory)[:{diverged}])`" if diverged > 1 else ""
    raise ValueError(
        f"Checkpoint {diverged} of {len(checkpoints)} holds NaN or infinities, so there are no principal "
        f"components; did the training diverge? Give the checkpoints before{how}."
    )


def _is_finite(checkpoint: Checkpoint, sizes: Mapping[str, int]) -> bool:
    return all(bool(torch.isfinite(row_of(checkpoint, group)).all()) for group in groups_of(sizes, WIDTH))


def _gram_matrix(checkpoints: Sequence[Checkpoint], sizes: Mapping[str, int]) -> Tensor:
    gram = torch.zeros(len(checkpoints), len(checkpoints), dtype=torch.float64, device="cpu")
    for rows in _differences(checkpoints, sizes):
        gram += rows @ rows.T
    return gram


def _differences(checkpoints: Sequence[Checkpoint], sizes: Mapping[str, int]) -> Iterator[Tensor]:
    """Yield θₜ − θ_T of all checkpoints, float64[T, n], a group of n numbers at a time, in one buffer."""
    count = len(checkpoints)
    width = max(1, min(WIDTH, GROUP // (16 * count)))  # of complex entries, two numbers each
    buffer = torch.empty(count, 2 * width, dtype=torch.float64, device="cpu")
    for group in groups_of(sizes, width):
        last = row_of(checkpoints[-1], group)
        rows = buffer[:, : len(last)]
        for row, checkpoint in zip(rows, checkpoints, strict=True):
            torch.sub(row_of(checkpoint, group), last, out=row)
        yield rows


def _eigen(gram: Tensor, centred: bool) -> tuple[Tensor, Tensor]:
    """Return eigenvalues, the largest first, and eigenvectors, of what is left without the mean row."""
    if centred:
        gram = gram - gram.mean(0) - gram.mean(1, keepdim=True) + gram.mean()
    values, vectors = torch.linalg.eigh(gram)
    return values.flip(0).clamp(min=0), vectors.flip(1)


def _shares_of_a_walk(gram: Tensor, centred: bool) -> Tensor:
    """Return what independent steps of the same lengths explain (Antognini & Sohl-Dickstein 2018).

    Rows i and j have the steps after both in common, so their expected product is Σ |step|² over those.
    """
    squares = gram.diagonal()
    steps = (squares[1:] + squares[:-1] - 2 * gram.diagonal(1)).clamp(min=0)
    left = torch.cat([steps.flip(0).cumsum(0).flip(0), steps.new_zeros(1)])
    values, _ = _eigen(torch.minimum(left[:, None], left), centred)
    return values / values.sum()
