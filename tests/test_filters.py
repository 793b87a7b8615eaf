"""Does each kind of module get the filters that the table says?"""

from __future__ import annotations

import pytest
import torch
from filter_cases import FILTER_CASES, FilterCase, LowRank, Tables, Tied
from torch import Tensor, nn

from landscape_widget.subspace.filters import FilterRule, filter_axes


def block_sums(weight: Tensor, rule: FilterRule, axes: tuple[int, ...]) -> Tensor:
    return weight.reshape(rule.split).sum(dim=axes).flatten()


@pytest.mark.parametrize("case", FILTER_CASES.values(), ids=FILTER_CASES)
def test_filters_are_those_taken_out_by_hand(case: FilterCase):
    """O19."""
    model = case.make()
    rule = filter_axes(model)[case.tensor]
    numbered = torch.arange(model.get_parameter(case.tensor).numel()).double() ** 2
    weight = numbered.reshape(model.get_parameter(case.tensor).shape)
    by_hand = case.filters(weight)
    assert not rule.one_dimensional
    assert rule.filters == len(by_hand)
    assert {rule.size(rule.filter_axes)} == {block.numel() for block in by_hand}
    assert sorted(block_sums(weight, rule, rule.filter_axes)) == sorted(block.sum() for block in by_hand)


@pytest.mark.parametrize("case", FILTER_CASES.values(), ids=FILTER_CASES)
def test_layers_are_split_where_they_are_fused(case: FilterCase):
    model = case.make()
    rule = filter_axes(model)[case.tensor]
    shape = model.get_parameter(case.tensor).shape
    weight = torch.arange(shape.numel()).double().reshape(shape) ** 2
    by_hand = [block.sum() for block in case.layers(weight)]
    assert sorted(block_sums(weight, rule, rule.layer_axes)) == sorted(by_hand)


def test_tables_tokens_gains_and_scalars_are_one_dimensional():
    rules = filter_axes(Tables())
    flat = {name for name, rule in rules.items() if rule.one_dimensional}
    assert flat == rules.keys() - {"gained.parametrizations.weight.original1"}
    assert all(rules[name].filters == 1 for name in flat)


def test_biases_and_norms_are_one_dimensional():
    model = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.GroupNorm(1, 3), nn.PReLU(3))
    flat = [name for name, rule in filter_axes(model).items() if rule.one_dimensional]
    assert flat == ["0.bias", "1.weight", "1.bias", "2.weight", "2.bias", "3.weight"]


def test_attention_biases_are_one_dimensional():
    rules = filter_axes(nn.MultiheadAttention(4, 2, add_bias_kv=True))
    assert all(rules[name].one_dimensional for name in ("bias_k", "bias_v", "in_proj_bias"))


def test_old_style_weight_norm_is_read_like_the_new_one():
    with pytest.warns(FutureWarning):
        model = nn.utils.weight_norm(nn.Linear(1, 4))
    rules = filter_axes(model)
    assert rules["weight_g"].one_dimensional
    assert rules["weight_v"].filters == 4


def test_both_names_of_a_tied_weight_have_a_rule():
    rules = filter_axes(Tied())
    assert rules["embedding.weight"] == rules["head.weight"]


def test_frozen_parameters_have_rules_too():
    assert filter_axes(LowRank()).keys() == {"weight", "lora_A", "lora_B"}


def test_an_override_says_which_axes_a_filter_spans():
    experts = nn.Module()
    experts.register_parameter("stack", nn.Parameter(torch.randn(2, 3, 4)))
    assert filter_axes(experts)["stack"].filters == 2
    assert filter_axes(experts, {"stack": 2})["stack"].filters == 6
    assert filter_axes(experts, {"stack": (-1,)})["stack"].filters == 6
    assert filter_axes(experts, {"st": [1, 2]})["stack"].filters == 2


def test_an_override_moves_a_positional_table_or_makes_a_matrix_one_dimensional():
    rules = filter_axes(Tables(), {"positions": (0, 2), r"original1$": None})
    assert rules["positions"].filters == 5
    assert not rules["positions"].one_dimensional
    assert rules["gained.parametrizations.weight.original1"].one_dimensional


def test_the_first_override_found_decides():
    rules = filter_axes(nn.Linear(4, 3), {"weight": (0,), "w": (1,)})
    assert rules["weight"].filters == 4


@pytest.mark.parametrize("axes", [(), 2, -3, (0, 0), (0, -2), (1.0,), True, "rows"])
def test_an_override_that_does_not_fit_is_refused(axes: object):
    with pytest.raises(
        ValueError, match=r"'weight' expects one or more different axes of 'weight'.*\[3, 4\]"
    ):
        filter_axes(nn.Linear(4, 3), {"weight": axes})


def test_overrides_that_are_no_mapping_are_refused():
    with pytest.raises(TypeError, match=r"Expected filter_axes as a mapping.*got \(1,\)"):
        filter_axes(nn.Linear(2, 2), (1,))


def test_an_override_that_is_found_nowhere_is_refused():
    with pytest.raises(ValueError, match=r"'expert' is found in no parameter name.*weight, bias"):
        filter_axes(nn.Linear(4, 3), {"expert": (1,)})


def test_an_override_that_is_no_expression_is_refused():
    with pytest.raises(ValueError, match=r"'\(weight' is no regular expression"):
        filter_axes(nn.Linear(4, 3), {"(weight": (1,)})
