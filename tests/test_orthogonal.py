"""Is the second direction orthogonal to the first, and still what it was?"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
import torch
from filter_cases import FILTER_CASES, Complex, FilterCase, place
from torch import Tensor, nn

from landscape_widget.objective.params import dot
from landscape_widget.subspace.blended_direction import BlendedDirection
from landscape_widget.subspace.direction import Direction, as_direction
from landscape_widget.subspace.orthogonal import orthogonal
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.subspace.towards_model import TowardsModel


def network(seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))
    model(torch.randn(20, 4))
    return model.eval()


def cosine(a: Mapping[str, Tensor], b: Mapping[str, Tensor]) -> float:
    return dot(a, b) / math.sqrt(dot(a, a) * dot(b, b))


@pytest.mark.parametrize("how", ["filter", "layer", "weight", "none"])
@pytest.mark.parametrize("one_dimensional", ["fixed", "scaled", "copy"])
def test_random_directions_become_orthogonal_and_keep_their_lengths(how: str, one_dimensional: str):
    objective = place(network())
    first, second = (RandomDirection(seed, how, one_dimensional)(objective) for seed in (0, 1))
    made = orthogonal(first, second, objective)
    assert abs(cosine(first.vector, second.vector)) > 1e-4
    assert abs(Subspace(objective.params, (first, made)).cosine) < 1e-7
    if one_dimensional == "copy" and how in ("filter", "layer"):
        assert "norms kept to within" in made.notes[-1]  # what both copy has the same direction in both
        return
    if how == "filter":
        for name in ("0.weight", "3.weight"):
            torch.testing.assert_close(made.vector[name].norm(dim=1), second.vector[name].norm(dim=1))
    if how == "layer":
        for name in ("0.weight", "3.weight"):
            torch.testing.assert_close(made.vector[name].norm(), second.vector[name].norm())
    if one_dimensional == "fixed":
        assert not made.vector["0.bias"].any() and not made.vector["1.weight"].any()


@pytest.mark.parametrize(
    "name", ["linear", "conv2d", "transposed 2d", "fused qkv", "lstm", "complex", "pruned"]
)
def test_filters_of_every_kind_keep_their_norms(name: str):
    case: FilterCase = FILTER_CASES[name]
    torch.manual_seed(0)
    objective = place(case.make())
    first, second = (RandomDirection(seed)(objective) for seed in (0, 1))
    made = orthogonal(first, second, objective)
    assert abs(cosine(first.vector, made.vector)) < 1e-7
    before, after = (case.filters(d.vector[case.tensor]) for d in (second, made))
    for a, b in zip(before, after, strict=True):
        assert float(b.norm()) == pytest.approx(float(a.norm()), rel=1e-4)


def test_a_zero_filter_stays_zero_beside_a_direction_that_moves_it():
    model = network()
    nn.init.zeros_(model[0].weight[2:4])
    objective = place(model)
    down = as_direction({name: torch.ones_like(p) for name, p in objective.params.items()}, objective)
    made = orthogonal(down, RandomDirection(1)(objective), objective)
    assert not made.vector["0.weight"][2:4].any() and not made.vector["0.bias"].any()
    assert abs(cosine(down.vector, made.vector)) < 1e-7


def test_it_says_what_it_did():
    objective = place(network())
    first, second = RandomDirection(0)(objective), RandomDirection(1)(objective)
    angle = math.degrees(math.acos(cosine(first.vector, second.vector)))
    expected = f"made orthogonal to the first: the angle was {angle:.2f}°; filter norms kept."
    (note,) = orthogonal(first, second, objective).notes
    assert note.endswith(expected)
    plain = orthogonal(first, RandomDirection(1, "none")(objective), objective)
    assert plain.notes[0].endswith("°.")


def test_where_the_lengths_cannot_be_kept_it_says_by_how_much():
    objective = place(nn.Linear(1, 5))  # filters of a single weight: five signs aren't orthogonal to five
    first, second = RandomDirection(0)(objective), RandomDirection(1)(objective)
    made = orthogonal(first, second, objective)
    assert abs(cosine(first.vector, made.vector)) < 1e-7
    worst = ((made.vector["weight"] / second.vector["weight"]).abs() - 1).abs().max()  # signs may change
    assert made.notes[-1].endswith(f"filter norms kept to within {100 * float(worst):.2g} %.")


def test_a_direction_that_is_orthogonal_stays_as_it_is():
    objective = place(nn.Linear(2, 1, bias=False))
    first = Direction({"weight": torch.tensor([[1.0, 0.0]])}, "d")
    second = Direction({"weight": torch.tensor([[0.0, 2.0]])}, "e")
    assert orthogonal(first, second, objective) is second


def test_a_direction_without_lengths_to_keep_loses_its_part_along_the_first():
    objective = place(nn.Linear(2, 1, bias=False))
    first = Direction({"weight": torch.tensor([[2.0, 0.0]])}, "d")
    second = Direction({"weight": torch.tensor([[3.0, 4.0]])}, "e")
    made = orthogonal(first, second, objective)
    assert made.vector["weight"].tolist() == [[0.0, 4.0]]
    assert (made.slant, made.endpoint) == (0.0, None)
    assert made.notes[0].endswith("to the first: the angle was 53.13°.")


def test_a_direction_towards_a_model_beside_a_random_one_keeps_its_end_point():
    objective, other = place(network()), network(1)
    first, second = RandomDirection(0)(objective), as_direction(TowardsModel(other), objective)
    made = orthogonal(first, second, objective)
    assert abs(cosine(first.vector, {name: made.vector[name] for name in objective.params})) < 1e-7
    point = Subspace(objective.params, (first, made)).point((made.slant, 1.0))
    for name, weight in other.named_parameters():
        torch.testing.assert_close(point[name], weight.detach())


def test_the_spread_of_chance_is_gone_with_the_chance():
    objective = place(network())
    first, second = RandomDirection(0)(objective), RandomDirection(1)(objective)
    subspace = Subspace(objective.params, (first, orthogonal(first, second, objective)))
    assert subspace.spread is None
    assert subspace.angle == pytest.approx(90, abs=1e-5)


def test_a_blend_may_be_made_orthogonal_too():
    objective = place(network())
    first = RandomDirection(0)(objective)
    blend = BlendedDirection(RandomDirection(1), RandomDirection(2, "layer"), 40)(objective)
    made = orthogonal(first, blend, objective)
    assert abs(cosine(first.vector, made.vector)) < 1e-7
    assert not made.vector["0.bias"].any()


def test_complex_directions_are_orthogonal_in_the_real_sense():
    torch.manual_seed(0)
    objective = place(Complex())
    ones = as_direction({name: torch.ones(p.shape) for name, p in objective.params.items()}, objective)
    made = orthogonal(ones, RandomDirection(1)(objective), objective)
    assert abs(cosine(ones.vector, made.vector)) < 1e-7
    back = orthogonal(RandomDirection(1)(objective), ones, objective)
    assert abs(cosine(RandomDirection(1)(objective).vector, back.vector)) < 1e-7


def test_a_number_may_be_among_the_parameters():
    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body, self.scale = nn.Linear(3, 2), nn.Parameter(torch.tensor(2.0))

    objective = place(Scaled())
    first, second = ({n: torch.randn(p.shape) for n, p in objective.params.items()} for _ in range(2))
    a, b = as_direction(first, objective), as_direction(second, objective)
    assert abs(cosine(a.vector, orthogonal(a, b, objective).vector)) < 1e-6
    scaled = RandomDirection(0, one_dimensional="scaled")(objective)
    assert abs(cosine(a.vector, orthogonal(a, scaled, objective).vector)) < 1e-7


def test_parallel_directions_are_refused():
    objective = place(network())
    with pytest.raises(ValueError, match="are parallel, so they span no plane"):
        orthogonal(RandomDirection(0)(objective), RandomDirection(0)(objective), objective)
