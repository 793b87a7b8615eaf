"""Does turning by φ give cos φ · first + sin φ · second, and the two themselves at the ends?"""

from __future__ import annotations

import math

import pytest
import torch
from filter_cases import place
from torch import nn

from landscape_widget.subspace.blended_direction import BlendedDirection
from landscape_widget.subspace.direction import as_direction
from landscape_widget.subspace.gradient_direction import GradientDirection
from landscape_widget.subspace.histograms import weight_histograms
from landscape_widget.subspace.orthogonal import orthogonal
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.subspace.towards_model import TowardsModel


def network(seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Linear(6, 3)).eval()


def test_it_is_the_cosine_of_one_and_the_sine_of_the_other():
    objective = place(network(), slope=dict(network(1).named_parameters()))
    first, second = RandomDirection(1)(objective), GradientDirection()(objective)
    made = as_direction(BlendedDirection(RandomDirection(1), GradientDirection(), 30), objective)
    for name in objective.params:
        expected = math.cos(math.pi / 6) * first.vector[name] + math.sin(math.pi / 6) * second.vector[name]
        torch.testing.assert_close(made.vector[name], expected)
    assert made.label == "random, seed 1, turned 30° towards −gradient"
    assert made.variance is None


@pytest.mark.parametrize(("degrees", "seed"), [(0, 1), (90.0, 2)])
def test_the_ends_are_the_directions_themselves_bit_for_bit(degrees: float, seed: int):
    objective = place(network())
    made = BlendedDirection(RandomDirection(1), RandomDirection(2, "layer"), degrees)(objective)
    expected = RandomDirection(seed, "layer" if seed == 2 else "filter")(objective)
    assert made.fingerprint == expected.fingerprint
    assert (made.label, made.blocks == expected.blocks or made.blocks.kind) == (
        expected.label,
        expected.blocks.kind,
    )


def test_the_length_of_two_orthogonal_equals_stays():
    objective = place(nn.Linear(2, 1, bias=False))
    rules = {"weight": torch.tensor([[3.0, 0.0]])}, {"weight": torch.tensor([[0.0, 3.0]])}
    for degrees in (10, 45, 80):
        made = BlendedDirection(*rules, degrees)(objective)
        assert made.vector["weight"].norm().item() == pytest.approx(3)


def test_what_chance_gives_is_propagated():
    """Var = cos² A + sin² B of independent draws: the spread that Subspace says is that of many planes."""
    torch.manual_seed(2)
    objective = place(nn.Sequential(nn.Linear(6, 5), nn.Linear(20, 9)))
    cosines, said = [], []
    for seed in range(400):
        blend = BlendedDirection(RandomDirection(3 * seed), RandomDirection(3 * seed + 1, "layer"), 35)
        subspace = Subspace(objective.params, (RandomDirection(3 * seed + 2)(objective), blend(objective)))
        cosines.append(subspace.cosine)
        said.append(subspace.expected_cosine)
    assert max(said) == pytest.approx(min(said))
    # The error of a standard deviation from 400 pairs is 3.5 %.
    assert torch.tensor(cosines).square().mean().sqrt().item() == pytest.approx(said[0], rel=0.12)


def test_variances_that_repeat_are_not_copied():
    objective = place(nn.Linear(1000, 5))
    made = BlendedDirection(RandomDirection(0), RandomDirection(1), 45)(objective)
    assert made.variance["weight"].untyped_storage().nbytes() == 5 * 8


def test_statistics_of_one_of_them_go_along():
    other = network(1)
    other[1].running_mean += 2
    objective = place(network())
    made = BlendedDirection(RandomDirection(0), TowardsModel(other), 30)(objective)
    torch.testing.assert_close(made.vector["1.running_mean"], torch.ones(6, dtype=torch.float64))
    assert made.endpoint is None


@pytest.mark.parametrize("degrees", [-1, 90.5, math.nan])
def test_angles_out_of_range_are_refused(degrees: float):
    with pytest.raises(ValueError, match=r"degrees from 0 \(the first direction\) to 90 \(the second\); got"):
        BlendedDirection(RandomDirection(0), RandomDirection(1), degrees)


@pytest.mark.parametrize("degrees", ["30", None, True])
def test_what_is_no_angle_is_refused(degrees: object):
    with pytest.raises(TypeError, match="Expected degrees as a number from 0 to 90; got"):
        BlendedDirection(RandomDirection(0), RandomDirection(1), degrees)


def test_a_default_device_of_the_session_makes_no_difference():
    objective = place(network())
    rule = BlendedDirection(RandomDirection(0), TowardsModel(network(1)), 30)
    before = rule(objective)
    first = RandomDirection(3)(objective)
    apart = orthogonal(
        first, BlendedDirection(RandomDirection(0), RandomDirection(1), 45)(objective), objective
    )
    with torch.device("meta"):
        made = rule(objective)
        again = orthogonal(
            first, BlendedDirection(RandomDirection(0), RandomDirection(1), 45)(objective), objective
        )
        (histogram,) = weight_histograms(objective, (made,))
    assert made.fingerprint == before.fingerprint
    assert again.fingerprint == apart.fingerprint
    assert histogram.counts.sum() == sum(p.numel() for p in objective.params.values())
