"""A private model that moves: its weights are views of one buffer, set from the centre for every cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from landscape_widget.evaluate.lines import Group, Lines, Slot
from landscape_widget.objective.copies import Buffers, private_copy


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
        self.model, _ = private_copy(model, moving=lines.names)
        self.clamped = 0
        self._moving = [_moving(self.model, group) for group in lines.groups]
        self._buffers = Buffers(self.model)
        self._row: tuple[float, ...] | None = None

    @torch.no_grad()  # a loss may have made the copy's weights require gradients
    def move(self, coordinates: Sequence[float]) -> None:
        """Put the model at a point; points that share all but the first coordinate share their sums."""
        self._buffers.restore()
        first, row = coordinates[0], tuple(coordinates[1:])
        below = 0
        for moving in self._moving:
            if row and row != self._row:
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
        torch.add(start, direction, alpha=coordinate, out=out)
        start = out


def _moving(model: nn.Module, group: Group) -> _Moving:
    weights = group.centre.to(group.dtype, copy=True)
    named = dict(model.named_parameters(remove_duplicate=False))
    named |= dict(model.named_buffers(remove_duplicate=False))
    distinct = {id(tensor): tensor for tensor in named.values() if tensor.layout == torch.strided}
    users = Counter(map(_place, distinct.values()))
    copied, variances = [], []
    for slot in group.slots:
        target, view = named[slot.name], slot.of(weights)
        if users[_place(target)] == 1 and _is_whole(target, slot):
            target.data = view
        else:
            copied.append((target.data, view))
        if slot.name.rpartition(".")[2] == "running_var":
            variances.append(view)
    row = torch.empty_like(group.centre) if len(group.directions) > 1 else group.centre
    return _Moving(group, weights, row, tuple(variances), tuple(copied))


def _place(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def _is_whole(target: Tensor, slot: Slot) -> bool:
    """Whether nobody else can look at the tensor's memory: then it may be put elsewhere."""
    return target.untyped_storage().nbytes() == slot.shape.numel() * target.element_size()
