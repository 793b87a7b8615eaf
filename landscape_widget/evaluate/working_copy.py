"""A copy of the model that moves: θ + Σ cᵢ dᵢ, always from the centre, rounded once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from landscape_widget.objective.copies import Buffers, private_copy


@dataclass(frozen=True, eq=False)
class _Moved:
    """One tensor of the copy, and the line it moves on, in the precision of the arithmetic."""

    target: Tensor
    centre: Tensor
    directions: tuple[Tensor, ...]
    is_variance: bool


class WorkingCopy:
    """A private model whose weights, and floating buffers that have a direction, are written in place.

    Attributes:
        model: the copy, in eval mode.
        clamped: the most running variances of BatchNorm that one point drove below 0, where they are held.
    """

    def __init__(
        self, model: nn.Module, origin: Mapping[str, Tensor], vectors: Sequence[Mapping[str, Tensor]]
    ) -> None:
        names = dict.fromkeys(name for vector in vectors for name in vector)
        moving = [name for name in names if any(v[name].any() for v in vectors if name in v)]
        self.model, _ = private_copy(model, moving=moving)
        self.clamped = 0
        self._buffers = Buffers(self.model)
        own = dict(self.model.named_parameters(remove_duplicate=False))
        own |= dict(self.model.named_buffers(remove_duplicate=False))
        self._moved = [
            _line(name, own[name], origin.get(name), [v.get(name) for v in vectors]) for name in moving
        ]
        self._row: tuple[float, ...] | None = None
        self._along_row: list[Tensor] = []

    @torch.no_grad()  # a loss may have made the copy's weights require gradients
    def move(self, coordinates: Sequence[float]) -> None:
        """Put the model at a point; points that share all but the first coordinate share their sums."""
        self._buffers.restore()
        first, row = coordinates[0], tuple(coordinates[1:])
        if row != self._row:
            self._along_row = [_sum(line.centre, row, line.directions[1:]) for line in self._moved]
            self._row = row
        below = 0
        for line, start in zip(self._moved, self._along_row, strict=True):
            point = torch.add(start, line.directions[0], alpha=first)
            if line.is_variance:
                below += int((point < 0).sum())
                point.clamp_(min=0)
            line.target.copy_(point)
        self.clamped = max(self.clamped, below)


def _line(name: str, target: Tensor, centre: Tensor | None, directions: list[Tensor | None]) -> _Moved:
    dtype = torch.promote_types(target.dtype, torch.float32)
    for direction in directions:
        dtype = dtype if direction is None else torch.promote_types(dtype, direction.dtype)
    centre = (target if centre is None else centre).detach().to(target.device, dtype, copy=True)
    moved = (
        torch.zeros_like(centre)
        if direction is None
        else direction.detach().to(target.device, dtype, copy=True)
        for direction in directions
    )
    return _Moved(target, centre, tuple(moved), name.rpartition(".")[2] == "running_var")


def _sum(centre: Tensor, coordinates: Sequence[float], directions: Sequence[Tensor]) -> Tensor:
    for coordinate, direction in zip(coordinates, directions, strict=True):
        centre = torch.add(centre, direction, alpha=coordinate)
    return centre
