"""Does a direction get exactly the lengths that the paper's formulas give it?"""

from __future__ import annotations

import pytest
import torch
from filter_cases import FILTER_CASES, FilterCase, LowRank, Tables
from torch import Tensor, nn

from landscape_widget.subspace.draw import draw
from landscape_widget.subspace.filters import filter_axes
from landscape_widget.subspace.normalize import NORMALIZATIONS, Normalized, normalize


def normalized(model: nn.Module, how: str, one_dimensional: str = "fixed", seed: int = 0) -> Normalized:
    weights = {name: p.detach() for name, p in model.named_parameters()}
    drawn = {name: draw(seed, name, weight) for name, weight in weights.items()}
    return normalize(drawn, weights, filter_axes(model), how, one_dimensional)


def norms(blocks: list[Tensor]) -> Tensor:
    return torch.stack([torch.linalg.vector_norm(block.to(torch.complex128)) for block in blocks])


def cosine(a: Tensor, b: Tensor) -> float:
    return float((a.flatten().conj() @ b.flatten()).real / a.norm() / b.norm())


@pytest.mark.parametrize("case", FILTER_CASES.values(), ids=FILTER_CASES)
def test_filter_norms_are_those_of_the_weights(case: FilterCase):
    """O2, and O19 for every kind of module."""
    model = case.make()
    vector = normalized(model, "filter").vector[case.tensor]
    weight = model.get_parameter(case.tensor).detach()
    torch.testing.assert_close(norms(case.filters(vector)), norms(case.filters(weight)), rtol=1e-6, atol=0)


@pytest.mark.parametrize("case", FILTER_CASES.values(), ids=FILTER_CASES)
def test_filters_keep_the_way_they_were_drawn(case: FilterCase):
    model = case.make()
    weight = model.get_parameter(case.tensor).detach()
    vector = normalized(model, "filter").vector[case.tensor]
    drawn = draw(0, case.tensor, weight)
    pairs = zip(case.filters(vector), case.filters(drawn), strict=True)
    assert [cosine(a, b) for a, b in pairs] == pytest.approx([1] * len(case.filters(weight)), abs=1e-6)


@pytest.mark.parametrize("case", FILTER_CASES.values(), ids=FILTER_CASES)
def test_layer_norms_are_those_of_the_weights(case: FilterCase):
    model = case.make()
    vector = normalized(model, "layer").vector[case.tensor]
    weight = model.get_parameter(case.tensor).detach()
    torch.testing.assert_close(norms(case.layers(vector)), norms(case.layers(weight)), rtol=1e-6, atol=0)
    for block, drawn in zip(case.layers(vector), case.layers(draw(0, case.tensor, weight)), strict=True):
        assert cosine(block, drawn) == pytest.approx(1, abs=1e-6)


def test_weight_is_the_draw_times_the_weight_and_none_the_draw_itself():
    model = nn.Linear(4, 3)
    drawn = draw(0, "weight", model.weight)
    torch.testing.assert_close(normalized(model, "weight").vector["weight"], drawn * model.weight.detach())
    assert torch.equal(normalized(model, "none").vector["weight"], drawn)


def test_a_filter_of_norm_zero_stays_exactly_zero_and_is_counted():
    """O2."""
    model = nn.Linear(4, 3, dtype=torch.float64)
    with torch.no_grad():
        model.weight[1] = 0
        model.weight[2] = 1e-30
    made = normalized(model, "filter")
    assert not made.vector["weight"][1].any()
    assert made.vector["weight"][2].norm().item() == pytest.approx(2e-30, rel=1e-12)
    assert made.zero_filters == 1


def test_zeros_are_counted_as_they_come_out():
    model = LowRank()
    assert {how: normalized(model, how).zero_filters for how in NORMALIZATIONS} == {
        "filter": 5,
        "layer": 5,
        "weight": 5,
        "none": 0,
    }


def test_a_zero_filter_moves_under_layer_normalization():
    model = nn.Linear(4, 3)
    with torch.no_grad():
        model.weight[1] = 0
    made = normalized(model, "layer")
    assert made.vector["weight"][1].any()
    assert made.zero_filters == 0


def test_filters_of_a_single_weight_are_counted_and_become_plus_or_minus_the_weight():
    model = nn.Linear(1, 5)
    made = normalized(model, "filter")
    assert made.single_weight_filters == 5
    torch.testing.assert_close(made.vector["weight"].abs(), model.weight.detach().abs())
    assert normalized(model, "layer").single_weight_filters == 0
    assert normalized(model, "weight").single_weight_filters == 0


@pytest.mark.parametrize("how", NORMALIZATIONS)
def test_one_dimensional_tensors_go_their_own_way(how: str):
    model = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3))
    nn.init.normal_(model[1].weight)
    bias, gain = model[0].bias.detach(), model[1].weight.detach()
    assert not normalized(model, how, "fixed").vector["0.bias"].any()
    assert torch.equal(normalized(model, how, "copy").vector["1.weight"], gain)
    scaled = normalized(model, how, "scaled").vector["0.bias"]
    drawn = draw(0, "0.bias", bias)
    torch.testing.assert_close(scaled, drawn * bias.norm() / drawn.norm())


def test_fixed_tensors_are_not_counted_as_zero_but_scaled_ones_are():
    model = nn.BatchNorm1d(3)  # the bias is zero
    assert normalized(model, "filter", "fixed").zero_filters == 0
    assert normalized(model, "filter", "scaled").zero_filters == 1
    assert normalized(model, "filter", "copy").zero_filters == 1


def test_a_scaled_scalar_is_a_filter_of_a_single_weight():
    made = normalized(Tables(), "filter", "scaled")
    assert made.single_weight_filters == 1
    assert made.vector["temperature"].abs() == 2


def test_a_copy_is_a_copy():
    model = nn.Linear(4, 3)
    normalized(model, "filter", "copy").vector["bias"].add_(1)
    assert torch.equal(normalized(model, "filter", "copy").vector["bias"], model.bias.detach())


@pytest.mark.parametrize(
    ("weights", "direction"),
    [
        (torch.bfloat16, torch.float32),
        (torch.float16, torch.float32),
        (torch.float32, torch.float32),
        (torch.float64, torch.float64),
    ],
)
def test_a_direction_is_float32_or_wider(weights: torch.dtype, direction: torch.dtype):
    made = normalized(nn.Linear(4, 3, dtype=weights), "filter")
    assert made.vector["weight"].dtype == direction


def test_rescaled_layers_rescale_a_filter_normalized_direction():
    model, rescaled = nn.Linear(5, 4, dtype=torch.float64), nn.Linear(5, 4, dtype=torch.float64)
    rescaled.weight.data = model.weight.data * 10
    one, ten = (normalized(m, "filter").vector["weight"] for m in (model, rescaled))
    torch.testing.assert_close(ten, 10 * one, rtol=1e-14, atol=0)


@pytest.mark.parametrize(
    ("how", "one_dimensional", "sentence"),
    [
        ("filters", "fixed", "normalization must be one of .* got 'filters'. Did you mean 'filter'"),
        ("filter", "scale", "one_dimensional must be one of .* got 'scale'. Did you mean 'scaled'"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(how: str, one_dimensional: str, sentence: str):
    with pytest.raises(ValueError, match=sentence):
        normalize({}, {}, {}, how, one_dimensional)
