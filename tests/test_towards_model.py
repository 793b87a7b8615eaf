"""Is the other model exactly at coordinate 1, and is a model of another shape refused?"""

from __future__ import annotations

import copy

import pytest
import torch
from filter_cases import Tied, place
from torch import nn
from torch.nn import functional as F

from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.checkpoint import Checkpoint, InMemory
from landscape_widget.subspace.direction import as_direction
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.subspace.towards_model import TowardsModel


def network(seed: int, hidden: int = 3) -> nn.Module:
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(4, hidden), nn.BatchNorm1d(hidden), nn.Linear(hidden, 2))
    model(torch.randn(20, 4))  # leaves statistics behind
    return model.eval()


def test_the_other_model_is_at_coordinate_one():
    here, other = network(0), network(1)
    objective = place(here)
    direction = as_direction(TowardsModel(other), objective)
    point = Subspace(objective.params, (direction,)).point([1.0])
    assert all(torch.equal(point[name], p) for name, p in other.named_parameters())
    assert (direction.label, direction.endpoint) == ("towards other model", "other model")
    assert direction.range == (-0.5, 1.5)
    assert direction.variance is None


def test_differences_are_float64_and_hold_the_running_statistics():
    here, other = network(0), network(1)
    vector = as_direction(TowardsModel(other), place(here)).vector
    assert {tensor.dtype for tensor in vector.values()} == {torch.float64}
    assert list(vector)[-2:] == ["1.running_mean", "1.running_var"]
    for name in ("running_mean", "running_var"):
        expected = getattr(other[1], name).double() - getattr(here[1], name).double()
        assert torch.equal(vector[f"1.{name}"], expected)


def test_variances_that_would_turn_negative_are_counted():
    here, other = network(0), network(1)
    here[1].running_var, other[1].running_var = torch.tensor([1.0, 1.0, 1.0]), torch.tensor([0.2, 1.5, 4.0])
    (note,) = as_direction(TowardsModel(other), place(here)).notes
    assert note.startswith("2 running variances of BatchNorm would be negative")  # 1 − 1.2 and 1 − 1.5
    assert as_direction(TowardsModel(network(1)), place(network(0))).notes == ()


def test_a_state_dict_is_as_good_as_a_module():
    objective = place(network(0))
    by_module = as_direction(TowardsModel(network(1)), objective)
    by_state = as_direction(TowardsModel(network(1).state_dict(), name="SGD"), objective)
    assert by_module.fingerprint == by_state.fingerprint
    assert (by_state.label, by_state.endpoint) == ("towards SGD", "SGD")


def test_wrappers_do_not_matter():
    expected = as_direction(TowardsModel(network(1)), place(network(0))).fingerprint
    wrapped = nn.DataParallel(network(1))
    saved = {f"_orig_mod.{name}": tensor for name, tensor in network(1).state_dict().items()}
    checkpoint = Checkpoint(0, InMemory(network(1).state_dict()))
    for other in (wrapped, wrapped.state_dict(), saved, checkpoint):
        assert as_direction(TowardsModel(other), place(network(0))).fingerprint == expected
    around = as_direction(TowardsModel(network(1)), place(nn.DataParallel(network(0))))
    assert next(iter(around.vector)) == "module.0.weight"


def test_a_real_objective_works_too():
    here, other = network(0), network(1)
    objective = read_objective(here, F.cross_entropy, (torch.randn(8, 4), torch.randint(2, (8,))))
    point = Subspace(objective.params, (as_direction(TowardsModel(other), objective),)).point([1.0])
    assert all(torch.equal(point[name], p) for name, p in other.named_parameters())


def test_the_other_model_may_train_on():
    objective, other = place(network(0)), network(1)
    rule = TowardsModel(other)
    before = as_direction(rule, objective).fingerprint
    nn.init.zeros_(other[0].weight)
    assert as_direction(rule, objective).fingerprint == before


def test_the_other_model_is_left_alone():
    other = network(1)
    before = copy.deepcopy(other.state_dict())
    vector = as_direction(TowardsModel(other), place(network(0))).vector
    vector["0.weight"].add_(1)
    assert all(torch.equal(before[name], tensor) for name, tensor in other.state_dict().items())


def test_a_tied_weight_may_be_saved_under_either_name():
    here, other = Tied(), Tied()
    saved = {"head.weight": other.embedding.weight.detach()}
    direction = as_direction(TowardsModel(saved), place(here))
    assert list(direction.vector) == ["embedding.weight"]
    assert direction.endpoint == "other model"


def test_an_untied_twin_is_not_the_point_at_one():
    other = Tied().state_dict() | {"head.weight": torch.randn(7, 3)}
    direction = as_direction(TowardsModel(other), place(Tied()))
    assert direction.endpoint is None


def test_a_frozen_part_that_differs_is_said_and_the_endpoint_is_gone():
    here, other = network(0), network(1)
    here[0].requires_grad_(False)
    direction = as_direction(TowardsModel(other), place(here))
    assert direction.endpoint is None
    assert direction.notes[0].startswith("2 tensors of other model differ but don't move, 0.weight for one")


def test_the_same_model_is_refused():
    with pytest.raises(ValueError, match=r"same moved parameters .* earlier checkpoint\.$"):
        as_direction(TowardsModel(network(0)), place(network(0)))


def test_the_same_model_but_for_its_frozen_part_is_refused_with_a_hint():
    here, other = network(0), network(0)
    nn.init.zeros_(other[0].weight)
    here[0].requires_grad_(False)
    with pytest.raises(ValueError, match=r"1 tensors that don't move differ; try `parameters='all'`"):
        as_direction(TowardsModel(other), place(here))


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (network(1, hidden=5), r"'0.weight' has shape \[5, 4\]; expected \[3, 4\] \(7 shapes differ\)"),
        (nn.Sequential(nn.Linear(4, 3)), r"lacks '1.weight' \(6 missing, 0 unexpected names\)"),
        (
            nn.Sequential(*network(1), nn.Linear(2, 2)),
            r"has '3.weight', unknown here \(0 missing, 2 unexpected names\)",
        ),
    ],
)
def test_another_architecture_is_refused(other: nn.Module, sentence: str):
    with pytest.raises(ValueError, match=sentence):
        as_direction(TowardsModel(other), place(network(0)))


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ("model.pt", "expects a module or its `state_dict\\(\\)`; got str"),
        ({"model": {}, "epoch": 3}, "'model' is dict. A checkpoint often holds"),
    ],
)
def test_what_is_no_model_is_refused(other: object, sentence: str):
    with pytest.raises(TypeError, match=sentence):
        TowardsModel(other)


@pytest.mark.parametrize("other", [nn.Linear(3, 2, device="meta"), nn.LazyLinear(2)])
def test_a_model_without_values_is_refused(other: nn.Module):
    with pytest.raises(ValueError, match="no values for 'weight' yet"):
        TowardsModel(other)


def test_weights_that_are_not_finite_are_refused():
    other = network(1)
    nn.init.constant_(other[2].bias, torch.nan)
    with pytest.raises(ValueError, match=r"'towards other model' is not finite in '2.bias'"):
        as_direction(TowardsModel(other), place(network(0)))
