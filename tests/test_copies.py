"""A copy computes the same and shares nothing."""

import warnings
from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations, prune

from landscape_widget.objective.copies import private_copy, uncompiled
from tests.cases import CASES, ConvNet, TiedNet, draw, mlp, seeded


def old_weight_norm(module: nn.Module) -> nn.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return nn.utils.weight_norm(module)


WRAPPED: dict[str, Callable[[], nn.Module]] = {
    "plain": lambda: nn.Linear(4, 3),
    "pruned": lambda: prune.l1_unstructured(nn.Linear(4, 3), "weight", amount=0.5),
    "weight norm": lambda: parametrizations.weight_norm(nn.Linear(4, 3)),
    "old weight norm": lambda: old_weight_norm(nn.Linear(4, 3)),
    "spectral norm": lambda: parametrizations.spectral_norm(nn.Linear(4, 3)),
    "orthogonal": lambda: parametrizations.orthogonal(nn.Linear(4, 4)),
}


@pytest.mark.parametrize("name", WRAPPED)
def test_a_copy_computes_the_same_before_and_after_a_forward(name: str) -> None:
    model = seeded(WRAPPED[name]).eval()
    x = draw(5, 4)
    expected = model(x)
    copied, notes = private_copy(model)
    assert notes == ()
    assert torch.equal(copied(x), expected)


@pytest.mark.parametrize("name", WRAPPED)
def test_moving_the_copy_moves_its_output_and_nothing_of_the_original(name: str) -> None:
    model = seeded(WRAPPED[name]).eval()
    x = draw(5, 4)
    before = model(x)
    copied, _ = private_copy(model)
    for parameter in copied.parameters():
        parameter.copy_(draw(*parameter.shape, seed=7))
    assert not torch.allclose(copied(x), before)
    assert torch.equal(model(x), before)


@pytest.mark.parametrize("name", CASES)
def test_storages_are_private(name: str) -> None:
    model = CASES[name]().model
    copied, _ = private_copy(model)
    theirs = {t.untyped_storage().data_ptr() for t in (*model.parameters(), *model.buffers())}
    ours = {t.untyped_storage().data_ptr() for t in (*copied.parameters(), *copied.buffers())}
    assert ours and not theirs & ours


def test_what_does_not_move_is_shared_unless_it_is_tied_to_what_does() -> None:
    model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3), nn.BatchNorm1d(3))
    model[1].weight = nn.Parameter(model[0].weight.data.T)
    copied, _ = private_copy(model, moving=["0.weight"])
    theirs, ours = dict(model.named_parameters()), dict(copied.named_parameters())
    assert {name for name in ours if ours[name].data_ptr() == theirs[name].data_ptr()} == {
        "0.bias",
        "1.bias",
        "2.weight",
        "2.bias",
    }
    assert copied.get_buffer("2.running_mean").data_ptr() != model.get_buffer("2.running_mean").data_ptr()


def test_a_copy_is_in_eval_mode_without_gradients() -> None:
    model = seeded(ConvNet).train()
    copied, _ = private_copy(model)
    assert not any(module.training for module in copied.modules())
    assert not any(parameter.requires_grad for parameter in copied.parameters())
    assert all(module.training for module in model.modules())
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_ties_are_kept_by_identity_and_by_storage() -> None:
    tied = private_copy(seeded(TiedNet))[0]
    assert tied.get_parameter("head.weight") is tied.get_parameter("embedding.weight")
    model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    model[1].weight = nn.Parameter(model[0].weight.data.T)
    copied, _ = private_copy(model, dtype=torch.float64)
    copied.get_parameter("0.weight").copy_(draw(3, 3))
    assert torch.equal(copied.get_parameter("1.weight"), copied.get_parameter("0.weight").T)


def test_floating_tensors_are_converted_and_others_are_not() -> None:
    copied, _ = private_copy(seeded(ConvNet), dtype=torch.float64)
    assert copied.get_parameter("conv.weight").dtype == torch.float64
    assert copied.get_buffer("norm.running_var").dtype == torch.float64
    assert copied.get_buffer("norm.num_batches_tracked").dtype == torch.long
    complexes, _ = private_copy(CASES["complex"]().model, dtype=torch.float64)
    assert complexes.get_parameter("weight").dtype == torch.complex128


def test_stored_activations_are_detached() -> None:
    model = mlp()
    output = model(draw(2, 4))
    model.last = {"outputs": [output]}
    copied, _ = private_copy(model)
    stored = copied.last["outputs"][0]
    assert torch.equal(stored, output) and stored.grad_fn is None


def test_the_users_hooks_are_left_out_and_that_is_said() -> None:
    calls = []
    model = mlp()
    model[0].register_forward_hook(lambda *_: calls.append("forward"))
    model.register_forward_pre_hook(lambda *_: calls.append("before"))
    copied, notes = private_copy(model)
    copied(draw(2, 4))
    assert calls == []
    assert notes == ("2 of the model's hooks left out of the measured copy.",)
    model(draw(2, 4))
    assert calls == ["before", "forward"]


def test_hooks_that_are_methods_of_the_model_are_kept_and_bound_to_the_copy() -> None:
    class Tapped(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = mlp()
            self.body.register_forward_hook(self.double)
            self.calls = 0

        def double(self, module: nn.Module, inputs: object, output: torch.Tensor) -> torch.Tensor:
            self.calls += 1
            return 2 * output

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.body(x)

    model = Tapped()
    copied, notes = private_copy(model)
    assert isinstance(copied, Tapped)
    assert notes == ()
    assert torch.equal(copied(draw(2, 4)), model(draw(2, 4)))
    assert (model.calls, copied.calls) == (1, 1)


def test_a_model_that_cannot_be_copied_says_why() -> None:
    model = mlp()
    model.log = (line for line in "generators can't be copied")
    with pytest.raises(
        ValueError, match=r"copying Sequential raised TypeError.*generator.*Remove attributes"
    ):
        private_copy(model)


def test_a_copy_made_in_inference_mode_is_an_ordinary_one() -> None:
    with torch.inference_mode():
        copied, _ = private_copy(mlp())
    assert not any(parameter.is_inference() for parameter in copied.parameters())


def test_a_compiled_model_is_measured_by_its_plain_names() -> None:
    class Compiled(nn.Module):
        def __init__(self, model: nn.Module) -> None:
            super().__init__()
            self._orig_mod = model

    model = mlp()
    assert uncompiled(Compiled(model)) is model
    assert uncompiled(model) is model
