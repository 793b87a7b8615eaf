"""How long is a direction? Scaled to the weights it moves: by filter, layer, weight, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from landscape_widget.names import one_of
from landscape_widget.objective.lazy_tensors import fill, without_numbers
from landscape_widget.objective.pieces import Place, cut_axis, in_pieces, pieces
from landscape_widget.subspace.direction import Blocks, at_least_float32, wide
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
        drawn = direction[name].reshape(-1)
        scalings[name] = one = scaling([drawn], weight, rules[name], how, one_dimensional)
        made = torch.empty(weight.shape, dtype=at_least_float32(weight.dtype), device="cpu")
        vector[name] = fill(made, one.parts([drawn], weight))
        zeros += one.zeros([vector[name].reshape(-1)])
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

    def parts(self, draw: Iterable[Tensor], weight: Tensor) -> Iterator[Tensor]:
        """Yield the scaled draw in flat parts, float32 or wider; so comes the draw itself."""
        w, wider = self._split(weight), at_least_float32(weight.dtype)
        drawn = in_pieces(draw, self.rule.split) if self.is_drawn else ((some, w[some]) for some in pieces(w))
        for some, d in drawn:
            yield self._values(d, w[some], some).to(wider).reshape(-1)

    @property
    def is_drawn(self) -> bool:
        """Whether it depends on the draw at all."""
        return self.action not in ("fixed", "copy")

    def zeros(self, made: Iterable[Tensor]) -> int:
        """Count the filters that don't move, though their kind does; ``made`` comes in flat parts."""
        if self.action == "fixed":
            return 0
        return int((norms_in_parts(made, self.rule.split, self.rule.filter_axes) == 0).sum())

    def variance(self, weight: Tensor) -> Tensor:
        """Return each entry's variance over seeds, float64; what a block shares is repeated, not copied."""
        return self._chance(self._split(weight), self.lengths).expand(self.rule.split).reshape(weight.shape)

    def variance_parts(self, weight: Tensor) -> Iterator[Tensor]:
        """Yield what `variance` returns in flat parts."""
        w = self._split(weight)
        for some in pieces(w):
            lengths = None if self.lengths is None else self.lengths.expand(w.shape)[some]
            yield self._chance(w[some], lengths).expand(w[some].shape).reshape(-1)

    def _chance(self, w: Tensor, lengths: Tensor | None) -> Tensor:
        if lengths is not None:
            return lengths**2 / max(1, self.rule.size(self.axes))
        if self.action == "weight":
            return wide(w).abs() ** 2
        return torch.tensor(float(self.action == "none"), dtype=torch.float64, device="cpu")

    def _split(self, weight: Tensor) -> Tensor:
        return weight.detach().cpu().reshape(self.rule.split)

    def _values(self, d: Tensor, w: Tensor, some: Place) -> Tensor:
        """Scale one piece of the draw to the same piece of the weight."""
        if self.factors is not None:
            return wide(d) * self.factors.expand(self.rule.split)[some]
        if self.action == "weight":
            return wide(d) * wide(w)
        if self.action == "none":
            return d
        return w if self.action == "copy" else torch.zeros_like(w)


def scaling(
    draw: Iterable[Tensor], weight: Tensor, rule: FilterRule, how: str, one_dimensional: str
) -> Scaling:
    """Find out how a tensor's draw, which comes in flat parts, is scaled to its weight; see `normalize`."""
    action = one_dimensional if rule.one_dimensional else how
    lengths = factors = None
    if axes := _block_axes(rule, action):
        lengths = block_norms(weight.detach().cpu().reshape(rule.split), axes)
        drawn = norms_in_parts(draw, rule.split, axes)
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


def write(values: Callable[[Place], Tensor], out: Tensor) -> None:
    """Fill a tensor piece by piece, so that no wide copy of the whole is made."""
    for some in pieces(out):
        out[some] = values(some)


def _block_axes(rule: FilterRule, action: str) -> Shape:
    return {"filter": rule.filter_axes, "scaled": rule.filter_axes, "layer": rule.layer_axes}.get(action, ())


def block_norms(tensor: Tensor, axes: Shape) -> Tensor:
    """Lengths of the blocks, float64, each axis of a block kept with length 1."""
    return _norms((tensor[some] for some in pieces(tensor)), axes, cut_axis(tensor))


def norms_in_parts(parts: Iterable[Tensor], shape: Shape, axes: Shape) -> Tensor:
    """Return the `block_norms` of a tensor of this shape whose numbers come in flat parts."""
    cut = cut_axis(without_numbers(shape, torch.float32))
    return _norms((piece for _, piece in in_pieces(parts, shape)), axes, cut)


def _norms(parts: Iterable[Tensor], axes: Shape, cut: int) -> Tensor:
    squares = [(wide(part).abs() ** 2).sum(axes, keepdim=True) for part in parts]
    return joined(squares, axes, cut).sqrt()


def joined(sums: Sequence[Tensor], axes: Shape, cut: int) -> Tensor:
    """Put sums over ``axes`` together that were made of pieces along one axis."""
    return torch.stack(list(sums)).sum(0) if cut in axes else torch.cat(list(sums), cut)
