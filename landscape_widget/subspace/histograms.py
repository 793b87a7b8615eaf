"""How large are the weights of the models that the directions know (Li et al. 2018, figure 2)?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from landscape_widget.facts import Histogram
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import pieces
from landscape_widget.subspace.corners import points
from landscape_widget.subspace.direction import Direction, wide

BINS = 64

COVERED = 0.999
"""Share of all weights between the edges; the rest is counted at the ends."""

LOOKED_AT = 2**20
"""Weights that the edges are found from, spread evenly over all."""


def weight_histograms(objective: Objective, directions: Sequence[Direction]) -> tuple[Histogram, ...]:
    """Return one of the origin and one of each direction's end point, of what moves, with equal bins."""
    models = [
        (point.label, _weights(objective.params, directions, point.coordinates))
        for point in points(directions)
    ]
    size = len(models) * sum(weight.numel() for weight in objective.params.values())
    step = max(1, size // LOOKED_AT)
    some = torch.cat([piece[::step] for _, weights in models for piece in weights()])
    edge = float(some.abs().quantile(COVERED)) if len(some) else 0.0
    edges = np.linspace(-1.0, 1.0, BINS + 1) * (edge or 1.0)
    return tuple(_histogram(label, weights, edges) for label, weights in models)


def _weights(
    params: Mapping[str, Tensor], directions: Sequence[Direction], coordinates: Sequence[float]
) -> Callable[[], Iterator[Tensor]]:
    """Return what yields the weights at a point, float64 and finite, piece by piece."""

    def weights() -> Iterator[Tensor]:
        for name, centre in params.items():
            flat = centre.detach().reshape(-1)
            along = [direction.vector[name].reshape(-1) for direction in directions]
            for some in pieces(flat):
                steps = (c * wide(d[some]) for c, d in zip(coordinates, along, strict=True) if c)
                piece = sum(steps, wide(flat[some]))
                real = torch.view_as_real(piece).reshape(-1) if piece.is_complex() else piece
                yield real[real.isfinite()]

    return weights


def _histogram(label: str, weights: Callable[[], Iterator[Tensor]], edges: NDArray[np.float64]) -> Histogram:
    counts, square = torch.zeros(BINS, dtype=torch.float64, device="cpu"), 0.0
    for piece in weights():
        square += float(piece @ piece)
        counts += torch.histc(piece.clamp(edges[0], edges[-1]), BINS, edges[0], edges[-1])
    return Histogram(label, edges, counts.numpy().astype(np.int64), math.sqrt(square))
