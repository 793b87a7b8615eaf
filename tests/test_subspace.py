"""Are points, projections, angles and shares those of the mathematics?"""

from __future__ import annotations

import math

import pytest
import torch
from filter_cases import Complex, LowRank, Place, place
from torch import nn

from landscape_widget.subspace.direction import Direction, as_direction
from landscape_widget.subspace.filters import filter_axes
from landscape_widget.subspace.normalize import NORMALIZATIONS
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace


def network() -> nn.Module:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(6, 5), nn.Linear(5, 4))
    with torch.no_grad():
        model[0].weight[0] *= 6  # one filter that counts more than the others
    return model


def plane(objective: Place, first: RandomDirection, second: RandomDirection) -> Subspace:
    return Subspace(objective.params, (as_direction(first, objective), as_direction(second, objective)))


def flat(**vectors: list[float]) -> tuple[Direction, ...]:
    return tuple(Direction({"w": torch.tensor(v)}, name) for name, v in vectors.items())


def test_a_point_is_the_origin_and_its_steps():
    objective = place(network())
    subspace = plane(objective, RandomDirection(0), RandomDirection(1))
    d, e = (direction.vector for direction in subspace.directions)
    for name, tensor in subspace.point((0.3, -0.7)).items():
        expected = objective.params[name].double() + 0.3 * d[name].double() - 0.7 * e[name].double()
        assert torch.equal(tensor, expected.float())


def test_the_origin_is_at_zero_bit_for_bit():
    objective = place(network().to(torch.bfloat16))
    point = plane(objective, RandomDirection(0), RandomDirection(1)).point((0, 0))
    assert all(torch.equal(point[name], weight) for name, weight in objective.params.items())
    assert {tensor.dtype for tensor in point.values()} == {torch.bfloat16}


def test_projection_returns_the_coordinates_from_axes_that_are_not_orthogonal():
    """O7."""
    origin = {"w": torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)}
    subspace = Subspace(origin, flat(d=[3.0, 0.0, 0.0], e=[2.0, 0.5, 0.0]))
    assert subspace.angle < 15
    assert subspace.project(subspace.point((0.3, -0.7))) == pytest.approx((0.3, -0.7), abs=1e-12)
    beside = {"w": subspace.point((0.3, -0.7))["w"] + torch.tensor([0.0, 0.0, 9.0])}
    assert subspace.project(beside) == pytest.approx((0.3, -0.7), abs=1e-12)


@pytest.mark.parametrize("model", [network(), Complex()], ids=["real", "complex"])
def test_projection_inverts_point_on_a_network(model: nn.Module):
    subspace = plane(place(model), RandomDirection(0), RandomDirection(1))
    assert subspace.project(subspace.point((0.3, -0.7))) == pytest.approx((0.3, -0.7), abs=1e-6)


def test_a_line_has_no_angle():
    subspace = Subspace({"w": torch.zeros(2)}, flat(d=[3.0, 4.0]))
    assert subspace.gram.tolist() == [[25.0]]
    assert subspace.cosine is subspace.angle is subspace.expected_cosine is subspace.spread is None
    assert subspace.project({"w": torch.tensor([6.0, 8.0])}) == pytest.approx((2.0,))


def test_gram_matrix_cosine_and_angle():
    subspace = Subspace({"w": torch.zeros(2)}, flat(d=[2.0, 0.0], e=[-1.0, math.sqrt(3)]))
    torch.testing.assert_close(subspace.gram, torch.tensor([[4.0, -2.0], [-2.0, 4.0]], dtype=torch.float64))
    assert subspace.cosine == pytest.approx(-0.5)
    assert subspace.angle == pytest.approx(120)


def test_statistics_have_no_part_in_the_geometry():
    d, e = flat(d=[1.0, 0.0], e=[0.0, 1.0])
    moving = Direction({**d.vector, "running_var": torch.ones(5)}, "d")
    subspace = Subspace({"w": torch.zeros(2)}, (moving, e))
    assert subspace.gram.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert subspace.point((1.0, 1.0)).keys() == {"w"}


def test_filter_normalization_has_the_effective_number_of_its_formula():
    model = network()
    subspace = plane(place(model), RandomDirection(0), RandomDirection(1))
    square, fourth = 0.0, 0.0
    for weight in (model[0].weight, model[1].weight):
        for row in weight.detach().double():
            square += float(row.norm() ** 2)
            fourth += float(row.norm() ** 4) / row.numel()
    assert subspace.expected_cosine == pytest.approx(math.sqrt(fourth) / square, rel=1e-6)


def test_without_normalization_every_weight_counts_the_same():
    subspace = plane(place(network()), RandomDirection(0, "none"), RandomDirection(1, "none"))
    assert subspace.expected_cosine == pytest.approx(1 / math.sqrt(5 * 6 + 4 * 5))


@pytest.mark.parametrize(
    ("first", "second", "one_dimensional"),
    [
        *((how, how, "fixed") for how in NORMALIZATIONS),
        ("filter", "weight", "fixed"),
        ("filter", "filter", "scaled"),
    ],
)
def test_chance_gives_the_spread_that_is_said(first: str, second: str, one_dimensional: str):
    torch.manual_seed(2)
    objective = place(
        nn.Sequential(nn.Conv1d(2, 3, 3), nn.ConvTranspose1d(4, 6, 5, groups=2), nn.Linear(20, 9))
    )
    cosines, said = [], []
    for seed in range(600):
        a, b = (
            RandomDirection(2 * seed, first, one_dimensional),
            RandomDirection(2 * seed + 1, second, one_dimensional),
        )
        subspace = Subspace(objective.params, (a(objective), b(objective)))
        cosines.append(subspace.cosine)
        said.append(subspace.expected_cosine)
    assert max(said) == pytest.approx(min(said))
    # The error of a standard deviation from 600 pairs is 2.9 %.
    assert torch.tensor(cosines).square().mean().sqrt().item() == pytest.approx(said[0], rel=0.1)


def test_copied_tensors_turn_both_directions_alike():
    objective = place(network())
    copied = [RandomDirection(seed, one_dimensional="copy") for seed in range(400)]
    planes = [plane(objective, a, b) for a, b in zip(copied[::2], copied[1::2], strict=True)]
    cosines = torch.tensor([subspace.cosine for subspace in planes])
    biases = sum(float(w.norm() ** 2) for name, w in objective.params.items() if "bias" in name)
    whole = sum(float(w.norm() ** 2) for w in objective.params.values())
    assert cosines.mean().item() == pytest.approx(biases / whole, abs=0.05)
    assert cosines.std().item() == pytest.approx(planes[0].expected_cosine, rel=0.2)


def test_the_spread_is_in_degrees_and_known_for_random_directions_only():
    objective = place(network())
    subspace = plane(objective, RandomDirection(0), RandomDirection(1))
    assert math.sin(math.radians(subspace.spread)) == pytest.approx(subspace.expected_cosine)
    own = as_direction(dict(objective.params), objective)
    mixed = Subspace(objective.params, (subspace.directions[0], own))
    assert mixed.expected_cosine is mixed.spread is None
    assert 0 < mixed.angle < 180


def test_the_share_that_moves_leaves_out_what_is_fixed_and_what_is_frozen():
    model = network()
    subspace = plane(place(model), RandomDirection(0), RandomDirection(1))
    squares = {name: float(p.detach().double().norm() ** 2) for name, p in model.named_parameters()}
    weights = squares["0.weight"] + squares["1.weight"]
    expected = weights / sum(squares.values())
    assert subspace.moved_share(place(model)) == pytest.approx(expected)
    assert subspace.moved_share(place(model, share=0.25)) == pytest.approx(0.25 * expected)
    assert subspace.unmoved == ("0.bias", "1.bias")


def test_an_entry_moves_if_either_direction_moves_it():
    model = nn.Linear(3, 1, bias=False)
    model.weight.data = torch.tensor([[1.0, 2.0, 2.0]])
    rows = [torch.tensor([[1.0, 0.0, 0.0]]), torch.tensor([[0.0, 1.0, 0.0]])]
    subspace = Subspace(place(model).params, tuple(Direction({"weight": row}, "own") for row in rows))
    assert subspace.moved_share(place(model)) == pytest.approx(5 / 9)


def test_a_share_of_nothing_is_the_share_of_the_objective():
    model = nn.Linear(2, 1, bias=False)
    nn.init.zeros_(model.weight)
    objective = place(model, share=1.0)
    subspace = plane(objective, RandomDirection(0, "none"), RandomDirection(1, "none"))
    assert subspace.moved_share(objective) == 1.0


def test_zero_adapters_do_not_move():
    assert plane(place(LowRank()), RandomDirection(0), RandomDirection(1)).unmoved == ("lora_B",)


@pytest.mark.parametrize("second", [[1.0, 2.0], [-3.0, -6.0]])
def test_parallel_directions_are_refused(second: list[float]):
    with pytest.raises(ValueError, match="'d' and 'e' are parallel, so they span no plane"):
        Subspace({"w": torch.zeros(2)}, flat(d=[1.0, 2.0], e=second))


def test_the_same_seed_twice_is_refused():
    with pytest.raises(ValueError, match=r"'random, seed 4' .* another seed"):
        plane(place(network()), RandomDirection(4), RandomDirection(4))


@pytest.mark.parametrize("count", [0, 3])
def test_another_number_of_directions_is_refused(count: int):
    with pytest.raises(ValueError, match=rf"one direction \(a line\) or two \(a plane\); got {count}"):
        Subspace({"w": torch.zeros(2)}, flat(d=[1.0, 0.0], e=[0.0, 1.0], f=[1.0, 1.0])[:count])


def test_another_number_of_coordinates_is_refused():
    subspace = Subspace({"w": torch.zeros(2)}, flat(d=[1.0, 0.0], e=[0.0, 1.0]))
    with pytest.raises(ValueError, match="Expected 2 coordinates, one a direction; got 1"):
        subspace.point((0.5,))


def test_a_point_without_a_moved_parameter_is_refused():
    subspace = Subspace({"w": torch.zeros(2)}, flat(d=[1.0, 0.0]))
    with pytest.raises(ValueError, match=r"no entry for 'w' \(1 missing\)"):
        subspace.project({"v": torch.zeros(2)})


def test_rules_cover_every_parameter_that_may_move():
    model = network()
    assert filter_axes(model).keys() == place(model).params.keys()
