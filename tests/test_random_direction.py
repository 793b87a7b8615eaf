"""Does a random direction depend on the seed and the names, and on nothing else?"""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
from filter_cases import Complex, LowRank, Tied, place
from torch import Tensor, nn
from torch.nn import functional as F

from landscape_widget.subspace.direction import as_direction
from landscape_widget.subspace.draw import draw
from landscape_widget.subspace.random_direction import RandomDirection

SLOPES = torch.linspace(-1, 1, 21, dtype=torch.float64)


def network(dtype: torch.dtype = torch.float32) -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 4)).to(dtype)


def curve(model: nn.Module, rule: RandomDirection) -> Tensor:
    """Losses along the direction, each computed from the centre."""
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(40, 6, generator=generator, dtype=torch.float64)
    targets = torch.randint(4, (40,), generator=generator)
    objective = place(model)
    vector = rule(objective).vector
    losses = []
    for a in SLOPES:
        point = {name: weight + a * vector[name] for name, weight in objective.params.items()}
        losses.append(F.cross_entropy(torch.func.functional_call(model, point, inputs), targets))
    return torch.stack(losses)


def rescaled(model: nn.Module, factors: Tensor) -> nn.Module:
    """The same function: hidden node j is multiplied by factors[j] before the ReLU and divided after it."""
    twin = copy.deepcopy(model)
    with torch.no_grad():
        twin[0].weight *= factors[:, None]
        twin[0].bias *= factors
        twin[2].weight /= factors
    return twin


def test_a_draw_is_what_it_always_was():
    expected = torch.tensor([[0.5994403, 0.50218, -1.6384325, -1.072227]])
    torch.testing.assert_close(draw(0, "layer.weight", torch.empty(1, 4)), expected, rtol=0, atol=1e-6)


def test_draws_differ_between_seeds_and_names():
    like = torch.empty(20)
    first = draw(0, "a", like)
    assert torch.equal(first, draw(0, "a", like))
    assert not torch.equal(first, draw(1, "a", like))
    assert not torch.equal(first, draw(0, "b", like))


def test_draws_are_standard_normal():
    sample = draw(-3, "a", torch.empty(200_000))
    assert abs(sample.mean()) < 0.01
    assert abs(sample.var() - 1) < 0.015


def test_complex_draws_have_unit_total_variance():
    sample = draw(0, "a", torch.empty(200_000, dtype=torch.complex64))
    assert abs(sample.abs().square().mean() - 1) < 0.015
    assert abs(sample.real.var() - sample.imag.var()) < 0.01


def test_a_direction_does_not_depend_on_precision():
    single, double = (
        RandomDirection(3)(place(network(dtype))).vector for dtype in (torch.float32, torch.float64)
    )
    for name in single:
        torch.testing.assert_close(single[name].double(), double[name], rtol=1e-6, atol=0)
    half = RandomDirection(3, "none")(place(network(torch.bfloat16))).vector
    assert torch.equal(half["0.weight"], RandomDirection(3, "none")(place(network())).vector["0.weight"])


def test_a_direction_does_not_depend_on_order_or_freezing():
    model = network()
    whole = RandomDirection(3)(place(model)).vector
    objective = place(model)
    turned = replace(objective, params=dict(reversed(objective.params.items())))
    assert all(torch.equal(whole[name], t) for name, t in RandomDirection(3)(turned).vector.items())
    model[0].requires_grad_(False)
    rest = RandomDirection(3)(place(model)).vector
    assert rest.keys() == {"2.weight", "2.bias"}
    assert torch.equal(rest["2.weight"], whole["2.weight"])


def test_global_random_states_are_left_alone():
    objective = place(network())
    before, numpy_before = torch.get_rng_state(), np.random.get_state()[1].copy()
    RandomDirection(3)(objective)
    assert torch.equal(torch.get_rng_state(), before)
    assert (np.random.get_state()[1] == numpy_before).all()


def test_the_parameters_are_left_alone():
    objective = place(network())
    before = copy.deepcopy(objective.params)
    RandomDirection(3, one_dimensional="copy")(objective)
    assert all(torch.equal(before[name], weight) for name, weight in objective.params.items())


@pytest.mark.parametrize("normalization", ["filter", "layer", "weight"])
def test_a_rescaled_layer_draws_the_same_curve(normalization: str):
    model = network(torch.float64)
    rule = RandomDirection(0, normalization)
    change = curve(model, rule) - curve(rescaled(model, torch.full((5,), 10.0)), rule)
    assert change.abs().max() <= 1e-12


def test_rescaled_nodes_draw_the_same_curve_under_weight_normalization_only():
    model = network(torch.float64)
    factors = torch.tensor([0.1, 0.5, 1.0, 3.0, 10.0])
    for normalization, is_invariant in [
        ("weight", True),
        ("filter", False),
        ("layer", False),
        ("none", False),
    ]:
        rule = RandomDirection(0, normalization)
        plain = curve(model, rule)
        change = (plain - curve(rescaled(model, factors), rule)).abs().max()
        assert change <= 1e-12 if is_invariant else change > 0.05 * (plain.max() - plain.min())


def test_a_tied_weight_moves_once():
    direction = RandomDirection(0)(place(Tied()))
    assert list(direction.vector) == ["embedding.weight"]


def test_adapters_that_begin_at_zero_are_counted():
    direction = as_direction(RandomDirection(0), place(LowRank()))
    assert direction.zero_filters == 5
    assert not direction.vector["lora_B"].any()


def test_complex_weights_get_complex_directions():
    direction = as_direction(RandomDirection(0), place(Complex()))
    assert direction.vector["weight"].dtype == torch.complex64


def test_the_label_names_the_seed_and_single_weights_are_noted():
    direction = RandomDirection(np.int64(7))(place(nn.Linear(1, 3)))
    assert direction.label == "random, seed 7"
    assert direction.single_weight_filters == 3
    assert direction.notes == ("3 filters have a single weight; normalized, chance decides its sign only.",)


def test_copied_tensors_are_noted():
    notes = RandomDirection(0, one_dimensional="copy")(place(network())).notes
    assert len(notes) == 1
    assert "aren't orthogonal" in notes[0]
    weight_only = place(nn.Linear(3, 2, bias=False))
    assert RandomDirection(0, one_dimensional="copy")(weight_only).notes == ()


def test_filter_axes_override_the_module_kind():
    model = nn.Linear(4, 3)
    vector = RandomDirection(0, filter_axes={"weight": 0})(place(model)).vector["weight"]
    torch.testing.assert_close(vector.norm(dim=0), model.weight.detach().norm(dim=0))


@pytest.mark.parametrize(
    ("model", "changes"),
    [(nn.BatchNorm1d(3), {}), (nn.Linear(3, 2, bias=False), {"normalization": "weight"})],
)
def test_a_direction_along_which_nothing_moves_is_refused(model: nn.Module, changes: dict[str, str]):
    if isinstance(model, nn.Linear):
        nn.init.zeros_(model.weight)
    with pytest.raises(ValueError, match=r"Nothing moves .* Choose `one_dimensional='scaled'`"):
        RandomDirection(0, **changes)(place(model))


def test_weights_that_are_not_finite_are_refused():
    model = nn.Linear(4, 3)
    nn.init.constant_(model.weight[1], float("nan"))
    with pytest.raises(ValueError, match=r"'weight' holds NaN or infinities.*Give an earlier checkpoint"):
        RandomDirection()(place(model))


def test_bad_settings_are_refused_when_they_are_given():
    with pytest.raises(ValueError, match=r"normalization must be .* Did you mean 'layer'"):
        RandomDirection(0, "layers")
    with pytest.raises(ValueError, match=r"one_dimensional must be .* Did you mean 'copy'"):
        RandomDirection(0, one_dimensional="coppy")
    for seed in (1.5, "0", None, True):
        with pytest.raises(TypeError, match="A seed is an integer; got"):
            RandomDirection(seed)
