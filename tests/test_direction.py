"""Is a direction of the user's own taken as it is, and refused when it can't be one?"""

from __future__ import annotations

import pytest
import torch
from filter_cases import Complex, place
from torch import nn

from landscape_widget.subspace.direction import Direction, as_direction, kept, running_statistics, wide
from landscape_widget.subspace.random_direction import RandomDirection


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3))


def own(**changes: object) -> dict[str, object]:
    vector = {name: torch.full_like(p, 2) for name, p in network().named_parameters()}
    return {name: t for name, t in (vector | changes).items() if t is not None}


def test_a_mapping_is_taken_exactly_as_it_is():
    vector = own()
    direction = as_direction(vector, place(network()))
    assert direction.label == "own direction"
    assert direction.range == (-1, 1)
    assert direction.variance is None
    assert all(torch.equal(direction.vector[name], tensor) for name, tensor in vector.items())


def test_a_direction_is_a_private_copy_in_the_order_of_the_parameters():
    objective = place(network())
    direction = as_direction(lambda o: dict(reversed(o.params.items())), objective)
    before = {name: tensor.clone() for name, tensor in objective.params.items()}
    for tensor in direction.vector.values():
        tensor.add_(1)
    assert list(direction.vector) == list(objective.params)
    assert all(torch.equal(objective.params[name], tensor) for name, tensor in before.items())


def test_a_function_may_return_a_direction_with_a_label_of_its_own():
    made = as_direction(lambda o: Direction(o.params, "radial", range=(-2, 2)), place(network()))
    assert (made.label, made.range) == ("radial", (-2, 2))


def test_a_ready_direction_is_accepted():
    assert as_direction(Direction(own(), "mine"), place(network())).label == "mine"


def test_batch_norm_statistics_may_be_in_it():
    direction = as_direction(own(**{"1.running_var": torch.ones(3)}), place(network()))
    assert list(direction.vector)[-1] == "1.running_var"
    assert running_statistics(network()) == ("1.running_mean", "1.running_var")


def test_half_precision_becomes_float32_and_float64_stays():
    half = own(**{"0.weight": torch.ones(3, 4).half(), "0.bias": torch.ones(3).double()})
    vector = as_direction(half, place(network())).vector
    assert (vector["0.weight"].dtype, vector["0.bias"].dtype) == (torch.float32, torch.float64)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"0.bias": None, "0.weight": None}, r"no entry for '0.weight' \(2 missing\).*zeros_like"),
        ({"0.weigth": torch.ones(3, 4), "0.weight": None}, r"'0.weigth' \(1 unknown\).*mean '0.weight'"),
        ({"1.num_batches_tracked": torch.ones(())}, r"'1.num_batches_tracked' \(1 unknown\)"),
        ({"0.weight": torch.ones(4, 3)}, r"shape \[4, 3\] for '0.weight', which has \[3, 4\]"),
        ({"0.bias": torch.tensor([1, torch.nan, 0])}, "not finite in '0.bias'"),
        ({"0.bias": torch.tensor([1, torch.inf, 0])}, "not finite in '0.bias'"),
        (
            {"0.bias": torch.ones(3, dtype=torch.int64)},
            "floating point numbers for '0.bias'; got torch.int64",
        ),
        ({"0.bias": torch.ones(3, dtype=torch.complex64)}, "floating point .*; got torch.complex64"),
        ({name: torch.zeros_like(p) for name, p in network().named_parameters()}, "zero everywhere"),
    ],
)
def test_a_direction_that_cannot_be_one_is_refused(changes: dict[str, object], sentence: str):
    with pytest.raises(ValueError, match=sentence):
        as_direction(own(**changes), place(network()))


def test_statistics_alone_are_no_direction():
    zeros = {name: torch.zeros_like(p) for name, p in network().named_parameters()}
    with pytest.raises(ValueError, match="zero everywhere"):
        as_direction(zeros | {"1.running_mean": torch.ones(3)}, place(network()))


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (3, "got int"),
        ([torch.ones(3)], "got list"),
        (network(), r"got Sequential. For a model write `TowardsModel\(other\)`"),
        (lambda objective: 3, "must return a mapping .* got int"),
        (own(**{"0.bias": [1.0, 2.0, 3.0]}), "needs a tensor for '0.bias'; got list"),
    ],
)
def test_what_is_no_direction_at_all_is_refused(rule: object, sentence: str):
    with pytest.raises(TypeError, match=sentence):
        as_direction(rule, place(network()))


def test_a_complex_parameter_takes_real_or_complex_entries():
    objective = place(Complex())
    mixed = {"weight": torch.ones(4, 3), "bias": torch.ones(4, dtype=torch.complex64)}
    assert as_direction(mixed, objective).vector["bias"].is_complex()
    with pytest.raises(ValueError, match="floating point or complex numbers for 'bias'"):
        as_direction(mixed | {"bias": torch.ones(4, dtype=torch.int32)}, objective)


def test_the_fingerprint_tells_directions_apart():
    objective = place(network())
    one, same, other = (as_direction(RandomDirection(seed), objective).fingerprint for seed in (0, 0, 1))
    assert one == same != other
    assert len(one) == 64


def test_precisions_widen_and_are_kept():
    assert wide(torch.ones(2, dtype=torch.bfloat16)).dtype == torch.float64
    assert wide(torch.ones(2, dtype=torch.complex64)).dtype == torch.complex128
    assert kept(torch.ones(2).double(), like=torch.ones(2).half()).dtype == torch.float32
