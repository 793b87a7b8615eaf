"""How large are the weights of the models that the directions know (Li et al. 2018, figure 2)?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from landscape_widget.facts import Histogram, Point
from landscape_widget.objective.lazy_tensors import thinned
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import squared_norm
from landscape_widget.objective.pieces import pieces
from landscape_widget.subspace.corners import points
from landscape_widget.subspace.direction import Direction, at_least_float32, wide

BINS = 64

COVERED = 0.999
"""Share of all weights between the edges; the rest is counted at the ends."""

LOOKED_AT = 2**20
"""Weights that the edges are found from, spread evenly over all."""


def weight_histograms(objective: Objective, directions: Sequence[Direction]) -> tuple[Histogram, ...]:
    """Return one of the origin and one of each direction's end point, of what moves, with equal bins."""
    models = points(directions)
    size = len(models) * sum(weight.numel() for weight in objective.params.values())
    every = max(1, size // LOOKED_AT)
    some = [piece for model in models for piece in _weights(objective.params, directions, model, every)]
    sample = torch.cat([piece.double() for piece in some])
    sample = sample[sample.isfinite()].abs()
    edge = float(sample.quantile(COVERED)) if len(sample) else 0.0
    edges = np.linspace(-1.0, 1.0, BINS + 1) * (edge or 1.0)
    return tuple(
        _histogram(model.label, _weights(objective.params, directions, model), edges) for model in models
    )


def _weights(
    params: Mapping[str, Tensor],
    directions: Sequence[Direction],
    model: Point,
    every: int = 1,
) -> Iterator[Tensor]:
    """Yield the weights of a model piece by piece, or some of them; where nothing is added, as they are."""
    for name, centre in params.items():
        flat = centre.detach().reshape(-1)[::every].cpu()
        along = [
            (c, thinned(d.vector, name, every))
            for c, d in zip(model.coordinates, directions, strict=True)
            if c
        ]
        for some in pieces(flat):
            steps = [c * wide(vector[some]) for c, vector in along]
            piece = sum(steps, wide(flat[some])) if steps else flat[some].to(at_least_float32(flat.dtype))
            yield torch.view_as_real(piece).reshape(-1) if piece.is_complex() else piece


def _histogram(label: str, weights: Iterable[Tensor], edges: NDArray[np.float64]) -> Histogram:
    counts, square = torch.zeros(BINS, dtype=torch.float64, device="cpu"), 0.0
    for piece in weights:
        square += squared_norm({"": piece.nan_to_num(0.0, 0.0, 0.0)})
        counts += torch.histc(piece.clamp(edges[0], edges[-1]), BINS, edges[0], edges[-1])
    return Histogram(label, edges, counts.numpy().astype(np.int64), math.sqrt(square))
