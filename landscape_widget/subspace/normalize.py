"""How long is a direction? Scaled to the weights it moves: by filter, layer, weight, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from landscape_widget.names import one_of
from landscape_widget.objective.params import cut_axis, pieces
from landscape_widget.subspace.direction import Blocks, wide
from landscape_widget.subspace.filters import FilterRule, Shape

NORMALIZATIONS = ("filter", "layer", "weight", "none")
ONE_DIMENSIONAL = ("fixed", "scaled", "copy")


@dataclass(frozen=True, eq=False)
class Normalized:
    """A direction at its final length; the fields are those of `Direction`."""

    vector: Mapping[str, Tensor]
    variance: Mapping[str, Tensor]
    zero_filters: int
    single_weight_filters: int
    blocks: Blocks | None


def normalize(
    direction: Mapping[str, Tensor],
    weights: Mapping[str, Tensor],
    rules: Mapping[str, FilterRule],
    how: str = "filter",
    one_dimensional: str = "fixed",
) -> Normalized:
    """Scale a draw d to the weights w (Li et al. 2018, section 4, and the authors' code for the others).

    ``filter`` and ``layer``: d_b ← d_b·‖w_b‖/‖d_b‖ for each block b, exactly 0 where ‖w_b‖ = 0.
    ``weight``: d ← d·w, entry by entry. ``none``: d as drawn.
    One-dimensional tensors go their own way under each of them. ``fixed``: d ← 0, as in the paper's figures;
    ``scaled``: the whole tensor is one block; ``copy``: d ← w.

    Args:
        direction: a standard normal draw for each name of ``weights``, in its shape.
        weights: the moved parameters, on any device, in any precision; the arithmetic is float64 on the CPU.
        rules: one for each name of ``weights``; more are ignored.

    Raises:
        ValueError: if ``how`` or ``one_dimensional`` is unknown, with the nearest known name.
    """
    one_of(how, NORMALIZATIONS, "normalization")
    one_of(one_dimensional, ONE_DIMENSIONAL, "one_dimensional")
    scalings, vector, zeros = {}, {}, 0
    for name, weight in weights.items():
        drawn = direction[name]
        scalings[name] = one = scaling(drawn, weight, rules[name], how, one_dimensional)
        vector[name] = one(drawn, weight)
        zeros += one.zeros(vector[name])
    variance = {name: one.variance(weights[name]) for name, one in scalings.items()}
    singles = sum(one.singles for one in scalings.values())
    return Normalized(vector, variance, zeros, singles, blocks_of(scalings, how))


@dataclass(frozen=True, eq=False)
class Scaling:
    """How the draw of one tensor is scaled, known once it has been seen.

    Attributes:
        rule: the tensor's filters and layers.
        action: ``"filter"``, ``"layer"``, ``"weight"``, ``"none"``, ``"fixed"``, ``"scaled"`` or ``"copy"``.
        lengths: ‖w_b‖ of each block, float64; None where nothing is scaled to blocks.
        factors: ‖w_b‖/‖d_b‖, 0 where one of the two is; None like ``lengths``.
    """

    rule: FilterRule
    action: str
    lengths: Tensor | None
    factors: Tensor | None

    @property
    def axes(self) -> Shape:
        """Axes of the split tensor that one block spans; none where it has no blocks."""
        return _block_axes(self.rule, self.action)

    @property
    def singles(self) -> int:
        """Filters of one weight, of which only a random sign is left."""
        return self.rule.filters if self.axes and self.rule.size(self.axes) == 1 else 0

    def __call__(self, draw: Tensor, weight: Tensor, out: Tensor | None = None) -> Tensor:
        """Return the scaled draw in the weight's shape, float32 or wider; ``out`` may be the draw itself."""
        d, w = (tensor.detach().cpu().reshape(self.rule.split) for tensor in (draw, weight))
        wider = torch.promote_types(weight.dtype, torch.float32)
        made = torch.empty(weight.shape, dtype=wider, device="cpu") if out is None else out
        self._write(d, w, made.view(self.rule.split))
        return made

    def zeros(self, made: Tensor) -> int:
        """Count the filters that don't move, though their kind does."""
        if self.action == "fixed":
            return 0
        return int((block_norms(made.reshape(self.rule.split), self.rule.filter_axes) == 0).sum())

    def variance(self, weight: Tensor) -> Tensor:
        """Return each entry's variance over seeds, float64; what a block shares is repeated, not copied."""
        certain = torch.zeros((), dtype=torch.float64, device="cpu")
        if self.lengths is not None:
            chance = self.lengths**2 / max(1, self.rule.size(self.axes))
        elif self.action == "weight":
            chance = wide(weight.reshape(self.rule.split)).abs() ** 2
        else:
            chance = certain + 1 if self.action == "none" else certain
        return chance.expand(self.rule.split).reshape(weight.shape)

    def _write(self, d: Tensor, w: Tensor, out: Tensor) -> None:
        if self.factors is not None:
            factors = self.factors.expand(self.rule.split)
            write(lambda some: wide(d[some]) * factors[some], out)
        elif self.action == "weight":
            write(lambda some: wide(d[some]) * wide(w[some]), out)
        elif self.action == "none":
            out.copy_(d)
        else:
            out.copy_(w if self.action == "copy" else torch.zeros((), device="cpu"))


def scaling(draw: Tensor, weight: Tensor, rule: FilterRule, how: str, one_dimensional: str) -> Scaling:
    """Find out how a tensor's draw is scaled to its weight; see `normalize`."""
    action = one_dimensional if rule.one_dimensional else how
    d, w = (tensor.detach().cpu().reshape(rule.split) for tensor in (draw, weight))
    lengths = factors = None
    if axes := _block_axes(rule, action):
        lengths, drawn = block_norms(w, axes), block_norms(d, axes)
        factors = torch.where((lengths > 0) & (drawn > 0), lengths / drawn, 0)
    return Scaling(rule, action, lengths, factors)


def blocks_of(scalings: Mapping[str, Scaling], how: str) -> Blocks | None:
    """Return which parts of the direction are as long as the weights' own."""
    of = {
        name: (one.rule.split, one.axes or one.rule.filter_axes)
        for name, one in scalings.items()
        if one.axes or one.action == "copy"
    }
    return Blocks(how, of) if how in ("filter", "layer") else None


def write(values: Callable[[tuple[slice, ...]], Tensor], out: Tensor) -> None:
    """Fill a tensor piece by piece, so that no wide copy of the whole is made."""
    for some in pieces(out):
        out[some] = values(some)


def _block_axes(rule: FilterRule, action: str) -> Shape:
    return {"filter": rule.filter_axes, "scaled": rule.filter_axes, "layer": rule.layer_axes}.get(action, ())


def block_norms(tensor: Tensor, axes: Shape) -> Tensor:
    """Lengths of the blocks, float64, each axis of a block kept with length 1."""
    squares = [(wide(tensor[some]).abs() ** 2).sum(axes, keepdim=True) for some in pieces(tensor)]
    return joined(squares, axes, cut_axis(tensor)).sqrt()


def joined(sums: Sequence[Tensor], axes: Shape, cut: int) -> Tensor:
    """Put sums over ``axes`` together that were made of pieces along one axis."""
    return torch.stack(list(sums)).sum(0) if cut in axes else torch.cat(list(sums), cut)
