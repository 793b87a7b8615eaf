"""How long is a direction? Scaled to the weights it moves: by filter, layer, weight, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from landscape_widget.names import one_of
from landscape_widget.objective.params import pieces
from landscape_widget.subspace.direction import Blocks, kept, wide
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
    vector, variance, blocks = {}, {}, {}
    zeros = singles = 0
    for name, weight in weights.items():
        rule = rules[name]
        action = one_dimensional if rule.one_dimensional else how
        d, w = (tensor.detach().cpu().reshape(rule.split) for tensor in (direction[name], weight))
        moved = kept(torch.empty(rule.split, dtype=w.dtype, device="cpu"), like=weight)
        chance = _normalized(d, w, rule, action, out=moved)
        vector[name] = moved.reshape(weight.shape)
        variance[name] = chance.expand(rule.split).reshape(weight.shape)
        if action != "fixed":
            zeros += int((block_norms(moved, rule.filter_axes) == 0).sum())
        if (axes := _block_axes(rule, action)) and rule.size(axes) == 1:
            singles += rule.filters
        if axes or action == "copy":
            blocks[name] = rule.split, axes or rule.filter_axes
    has_blocks = how in ("filter", "layer")
    return Normalized(vector, variance, zeros, singles, Blocks(how, blocks) if has_blocks else None)


def _normalized(d: Tensor, w: Tensor, rule: FilterRule, action: str, out: Tensor) -> Tensor:
    """Write the scaled tensor; return the variance of its entries, which broadcasts to it."""
    if axes := _block_axes(rule, action):
        lengths, drawn = block_norms(w, axes), block_norms(d, axes)
        factors = torch.where((lengths > 0) & (drawn > 0), lengths / drawn, 0).expand(rule.split)
        write(lambda some: wide(d[some]) * factors[some], out)
        return lengths**2 / max(1, rule.size(axes))
    if action == "weight":
        write(lambda some: wide(d[some]) * wide(w[some]), out)
        return wide(w).abs() ** 2
    certain = torch.zeros((), dtype=torch.float64, device="cpu")
    if action == "none":
        out.copy_(d)
        return certain + 1
    out.copy_(w if action == "copy" else torch.zeros((), device="cpu"))
    return certain


def write(values: Callable[[slice], Tensor], out: Tensor) -> None:
    """Fill a tensor piece by piece, so that no wide copy of the whole is made."""
    for some in pieces(out):
        out[some] = values(some)


def _block_axes(rule: FilterRule, action: str) -> Shape:
    return {"filter": rule.filter_axes, "scaled": rule.filter_axes, "layer": rule.layer_axes}.get(action, ())


def block_norms(tensor: Tensor, axes: Shape) -> Tensor:
    """Lengths of the blocks, float64, each axis of a block kept with length 1."""
    squares = [(wide(tensor[some]).abs() ** 2).sum(axes, keepdim=True) for some in pieces(tensor)]
    if 0 in axes or -tensor.ndim in axes:
        return torch.stack(squares).sum(0).sqrt()
    return torch.cat(squares).sqrt()
