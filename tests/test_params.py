"""Which parameters move, and the arithmetic of points."""

import math

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

from landscape_widget.objective.params import dot, fingerprint, moved_parameters, squared_norm
from tests.cases import TiedNet, mlp, seeded


def test_parameters_come_in_the_order_of_the_model() -> None:
    moved, notes = moved_parameters(mlp())
    assert list(moved) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert notes == ()


def test_frozen_parameters_stay_unless_all_are_asked_for() -> None:
    model = mlp()
    model.get_parameter("0.weight").requires_grad_(False)
    assert list(moved_parameters(model)[0]) == ["0.bias", "2.weight", "2.bias"]
    assert len(moved_parameters(model, "all")[0]) == 4


def test_where_nothing_is_trainable_everything_moves_and_it_is_said() -> None:
    moved, notes = moved_parameters(mlp().requires_grad_(False))
    assert len(moved) == 4
    assert notes == ("No parameter requires a gradient, so all of them move.",)


def test_a_regular_expression_chooses_by_name() -> None:
    assert list(moved_parameters(mlp(), r"weight$")[0]) == ["0.weight", "2.weight"]


def test_tied_parameters_move_once() -> None:
    moved, notes = moved_parameters(seeded(TiedNet))
    assert "embedding.weight" in moved and "head.weight" not in moved
    assert notes == ("head.weight is tied to embedding.weight; they move as one.",)


def test_ties_are_found_by_storage() -> None:
    model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    model[1].weight = nn.Parameter(model[0].weight.data.T)
    moved, notes = moved_parameters(model)
    assert "1.weight" not in moved
    assert len(notes) == 1


def test_parametrizations_move_their_originals() -> None:
    moved, _ = moved_parameters(parametrizations.weight_norm(nn.Linear(3, 2)))
    assert list(moved) == [
        "bias",
        "parametrizations.weight.original0",
        "parametrizations.weight.original1",
    ]


def test_norm_and_product_are_summed_in_float64() -> None:
    point = {"a": torch.full((4,), 1e4, dtype=torch.float16), "b": torch.tensor(2.0)}
    assert squared_norm(point) == 4e8 + 4
    assert dot(point, {"b": torch.tensor(3.0, dtype=torch.float64)}) == 6


def test_complex_norms_count_both_parts() -> None:
    assert math.sqrt(squared_norm({"a": torch.tensor([3 + 4j])})) == 5


def test_fingerprints_tell_points_apart() -> None:
    point = {"a": torch.zeros(2, 3), "b": torch.ones((), dtype=torch.bfloat16)}
    digest = fingerprint(point)
    assert len(digest) == 64 and int(digest, 16)
    assert fingerprint(dict(reversed(point.items()))) == digest
    assert fingerprint({**point, "a": torch.zeros(3, 2)}) != digest
    assert fingerprint({**point, "a": torch.zeros(2, 3).double()}) != digest
    assert fingerprint({**point, "a": torch.full((2, 3), 1e-9)}) != digest


class Integers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2, dtype=torch.int8), requires_grad=False)


def test_integer_weights_are_refused() -> None:
    with pytest.raises(
        ValueError, match=r"Expected floating point weights; 'weight' holds int8.*before quantization"
    ):
        moved_parameters(Integers())


def test_integer_weights_may_stay_where_others_move() -> None:
    model = nn.Sequential(Integers(), nn.Linear(2, 2))
    assert list(moved_parameters(model)[0]) == ["1.weight", "1.bias"]


def test_quantized_modules_are_refused() -> None:
    class PackedLinear(nn.Linear):
        pass

    PackedLinear.__module__ = "torch.ao.nn.quantized.dynamic.modules.linear"
    with pytest.raises(ValueError, match=r"PackedLinear holds quantized ones.*before quantization"):
        moved_parameters(nn.Sequential(PackedLinear(2, 2)))


def test_a_model_on_meta_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'weight' is on the meta device.*Load the weights"):
        moved_parameters(nn.Linear(2, 2, device="meta"))


def test_lazy_parameters_are_refused() -> None:
    with pytest.raises(ValueError, match=r"'weight' has no shape yet.*Run the model once"):
        moved_parameters(nn.LazyLinear(2))


def test_a_model_without_parameters_is_refused() -> None:
    with pytest.raises(ValueError, match=r"ReLU has no parameters, so there is nothing to move"):
        moved_parameters(nn.ReLU())


def test_a_pattern_without_a_match_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"'gain' matches no parameter name.*'trainable'.*0\.weight, 0\.bias"
    ):
        moved_parameters(mlp(), "gain")


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"parameters='\(' is no regular expression"):
        moved_parameters(mlp(), "(")
