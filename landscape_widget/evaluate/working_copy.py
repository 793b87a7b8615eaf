"""A private model that moves: its weights are views of one buffer, set from the centre for every cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from landscape_widget.evaluate.lines import Group, Lines
from landscape_widget.objective.copies import Buffers, private_copy
from landscape_widget.objective.params import lies_in_memory


@dataclass(frozen=True, eq=False)
class _Moving:
    """One group's buffers: where the weights are, and where the row began."""

    group: Group
    weights: Tensor
    row: Tensor
    variances: tuple[Tensor, ...]
    copied: tuple[tuple[Tensor, Tensor], ...]


class WorkingCopy:
    """One worker's model. Use it on one thread at a time.

    Attributes:
        model: the copy, in eval mode.
        clamped: the most running variances of BatchNorm that one point drove below 0, where they are held.
    """

    def __init__(self, model: nn.Module, lines: Lines) -> None:
        weights = [group.centre.to(group.dtype, copy=True) for group in lines.groups]
        views = {
            slot.name: slot.of(flat)
            for group, flat in zip(lines.groups, weights, strict=True)
            for slot in group.slots
        }
        own_memory = _alone(model)
        alone = {name: view for name, view in views.items() if name in own_memory}
        self.model, _ = private_copy(model, moving=lines.names, views=alone)
        self.clamped = 0
        own = _named(self.model)
        copied = {name: (own[name].data, view) for name, view in views.items() if name not in alone}
        pairs = zip(lines.groups, weights, strict=True)
        self._moving = [_moving(group, flat, copied) for group, flat in pairs]
        self._buffers = Buffers(self.model)
        self._row: tuple[float, ...] | None = None

    @torch.no_grad()  # a loss may have made the copy's weights require gradients
    def move(self, coordinates: Sequence[float]) -> None:
        """Put the model at a point; points that share all but the first coordinate share their sums."""
        self._buffers.restore()
        first, row = coordinates[0], tuple(coordinates[1:])
        below = 0
        for moving in self._moving:
            if row and (row != self._row or moving.row is moving.weights):
                _add(moving.group, row, moving.row)
            torch.add(moving.row, moving.group.directions[0], alpha=first, out=moving.weights)
            for variance in moving.variances:
                below += int((variance < 0).sum())
                variance.clamp_(min=0)
            for target, weights in moving.copied:
                target.copy_(weights)
        self._row = row
        self.clamped = max(self.clamped, below)


def _add(group: Group, coordinates: Sequence[float], out: Tensor) -> None:
    start = group.centre
    for coordinate, direction in zip(coordinates, group.directions[1:], strict=True):
        if coordinate:
            torch.add(start, direction, alpha=coordinate, out=out)
            start = out
    if start is not out:
        out.copy_(start)


def _moving(group: Group, weights: Tensor, copied: Mapping[str, tuple[Tensor, Tensor]]) -> _Moving:
    row = weights if len(group.directions) > 1 else group.centre
    if group.keeps_row:
        row = torch.empty_like(group.centre)
    names = [slot.name for slot in group.slots]
    variances = [slot.of(weights) for slot in group.slots if slot.name.rpartition(".")[2] == "running_var"]
    return _Moving(group, weights, row, tuple(variances), tuple(copied[n] for n in names if n in copied))


def _alone(model: nn.Module) -> set[str]:
    """Names of the tensors whose memory nobody else can look at: they may be put elsewhere."""
    named = {name: tensor for name, tensor in _named(model).items() if lies_in_memory(tensor)}
    distinct = {id(tensor): tensor for tensor in named.values()}
    users = Counter(_place(tensor) for tensor in distinct.values())
    return {
        name
        for name, tensor in named.items()
        if users[_place(tensor)] == 1 and tensor.untyped_storage().nbytes() == tensor.nbytes
    }


def _named(model: nn.Module) -> dict[str, Tensor]:
    named: dict[str, Tensor] = dict(model.named_parameters(remove_duplicate=False))
    return named | dict(model.named_buffers(remove_duplicate=False))


def _place(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()
