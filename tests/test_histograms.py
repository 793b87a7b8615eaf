"""Are all weights counted, of the right models, in the same bins?"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from filter_cases import Complex, place
from torch import Tensor, nn

from landscape_widget.subspace import histograms
from landscape_widget.subspace.direction import as_direction
from landscape_widget.subspace.histograms import BINS, weight_histograms
from landscape_widget.subspace.orthogonal import orthogonal
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.towards_model import TowardsModel


def network(seed: int, scale: float = 1.0) -> nn.Module:
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(40, 30), nn.Linear(30, 5))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(scale * torch.randn_like(parameter))
    return model


def weights_of(model: nn.Module) -> Tensor:
    return torch.cat([p.detach().double().flatten() for p in model.parameters()])


def test_each_model_has_all_its_weights_in_the_same_bins():
    models = [network(0), network(1, 0.3), network(2, 2.0)]
    objective = place(models[0])
    first, second = (
        as_direction(TowardsModel(m, n), objective) for m, n in zip(models[1:], "BC", strict=True)
    )
    found = weight_histograms(objective, (first, orthogonal(first, second, objective)))
    assert [histogram.label for histogram in found] == ["origin", "B", "C"]
    for histogram, model in zip(found, models, strict=True):
        weights = weights_of(model)
        assert histogram.norm == pytest.approx(float(weights.norm()), rel=1e-6)
        edges = histogram.edges
        expected, _ = np.histogram(weights.clamp(edges[0], edges[-1]).numpy(), edges)
        assert abs(histogram.counts - expected).sum() <= 4  # what lies on an edge, rounded
        assert histogram.counts.sum() == weights.numel()
        np.testing.assert_array_equal(edges, found[0].edges)


def test_the_edges_cover_all_but_one_in_a_thousand():
    models = [network(0), network(1, 3.0)]
    objective = place(models[0])
    origin, _ = weight_histograms(objective, (as_direction(TowardsModel(models[1]), objective),))
    together = torch.cat([weights_of(model) for model in models]).abs()
    assert len(origin.edges) == BINS + 1
    assert origin.edges[-1] == -origin.edges[0] == pytest.approx(float(together.quantile(0.999)), rel=1e-6)


def test_without_other_models_there_is_the_origin_alone():
    objective = place(network(0))
    (origin,) = weight_histograms(objective, (RandomDirection(0)(objective), RandomDirection(1)(objective)))
    assert origin.label == "origin"


def test_large_models_are_looked_at_in_part_but_counted_in_full(monkeypatch: pytest.MonkeyPatch):
    objective = place(network(0))
    (exact,) = weight_histograms(objective, (RandomDirection(0)(objective),))
    monkeypatch.setattr(histograms, "LOOKED_AT", 300)
    (rough,) = weight_histograms(objective, (RandomDirection(0)(objective),))
    assert rough.counts.sum() == exact.counts.sum()
    assert rough.edges[-1] == pytest.approx(exact.edges[-1], rel=0.4)


def test_zero_complex_and_not_finite_weights_have_a_place():
    model = nn.Linear(3, 2)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    objective = place(model)
    (histogram,) = weight_histograms(objective, (RandomDirection(0, "none")(objective),))
    assert (histogram.counts.sum(), histogram.norm, histogram.edges[-1]) == (8, 0.0, 1.0)
    objective = place(Complex())
    (histogram,) = weight_histograms(objective, (RandomDirection(0)(objective),))
    assert histogram.counts.sum() == 2 * (12 + 4)
    nn.init.constant_(model.bias, torch.nan)
    (histogram,) = weight_histograms(place(model), ())
    assert histogram.counts.sum() == 6
