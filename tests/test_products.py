"""Is a product with the Hessian that of the mean loss, whatever the network, the loss and the batches?"""

from __future__ import annotations

import warnings
from threading import Thread

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from curvature_cases import CURVED, dense_hessian, objective_of, whole_matrix
from torch import Tensor, nn

from landscape_widget.curvature.door import check_curvature
from landscape_widget.curvature.place import all_names, at_origin
from landscape_widget.curvature.plain_attention import PlainAttention
from landscape_widget.curvature.products import Cancelled
from landscape_widget.objective.criterion import batch_loss
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.read_objective import read_objective
from tests.cases import CASES, ComplexNet, ConvNet, classification, draw, draw_classes, mlp, seeded


@pytest.mark.parametrize("name", CURVED)
@pytest.mark.parametrize("keep", [True, False])
def test_all_products_together_are_the_dense_hessian(name: str, keep: bool) -> None:
    case = CURVED[name]()
    objective = objective_of(case, dtype=torch.float64)
    right = dense_hessian(case, tuple(objective.params))
    np.testing.assert_allclose(whole_matrix(objective, keep=keep), right, atol=1e-9 * np.abs(right).max())


@pytest.mark.parametrize("name", ["classification", "attention", "GRU", "residual convolutions, batches"])
def test_single_precision_is_near_enough(name: str) -> None:
    case = CURVED[name]()
    objective = objective_of(case)
    right = dense_hessian(case, tuple(objective.params))
    found = whole_matrix(objective)
    assert np.linalg.norm(found - right, 2) < 1e-4 * np.linalg.norm(right, 2)


@pytest.mark.parametrize("name", ["classification", "convolution, BatchNorm, sum"])
def test_curvlinops_says_the_same(name: str) -> None:
    """A mean over all samples and not of the batches' means, which differ in size."""
    case = CURVED[name]()
    objective = objective_of(case, dtype=torch.float64)
    is_image = name != "classification"
    samples = 21 if is_image else 37
    x, y = draw(21, 1, 6, 6) if is_image else draw(37, 4), draw_classes(3, samples)
    data = [(x[:16].double(), y[:16]), (x[16:].double(), y[16:])]
    model, loss = case.model.double().eval(), nn.CrossEntropyLoss(reduction="sum")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch.jit.script, which it uses, warns
        from curvlinops import HessianLinearOperator

        operator = HessianLinearOperator(
            model, loss, list(model.parameters()), data, check_deterministic=False
        )
        right = (operator @ torch.eye(operator.shape[1], dtype=torch.float64)).detach().numpy()
    right /= 1 if is_image else samples
    np.testing.assert_allclose(whole_matrix(objective), right, atol=1e-8 * np.abs(right).max())


def test_loss_and_gradient_are_the_objectives_own() -> None:
    objective = objective_of(CURVED["class weights, smoothing, shuffled loader"]())
    with at_origin(objective).hessian(objective.train.take(20)) as hessian:
        gradient = objective.gradient(20)
        flat = np.concatenate([gradient[name].double().numpy().ravel() for name in objective.params])
        np.testing.assert_allclose(hessian.gradient, flat, rtol=1e-5, atol=1e-8)
        measured = objective.measure(objective.model, objective.portions(20))
        assert measured is not None
        assert hessian.loss == pytest.approx(measured.mean[0], rel=1e-6)


def test_some_parameters_have_a_block_of_it() -> None:
    case = classification()
    objective = objective_of(case, dtype=torch.float64, parameters="weight")
    right = dense_hessian(case, ["0.weight", "2.weight"])
    np.testing.assert_allclose(whole_matrix(objective), right, atol=1e-12)


def test_all_parameters_count_those_that_are_frozen_too() -> None:
    case = classification()
    case.model[0].requires_grad_(False)
    objective = objective_of(case, dtype=torch.float64)
    assert set(objective.params) < set(all_names(objective))
    with at_origin(objective, all_names(objective)).hessian(objective.portions(37)[0]) as hessian:
        found = np.stack([hessian(unit) for unit in np.eye(hessian.size)])
    np.testing.assert_allclose(found, dense_hessian(case, all_names(objective)), atol=1e-12)
    assert not any(parameter.requires_grad for parameter in objective.model.parameters())


def test_weights_tied_by_their_storage_alone_are_one() -> None:
    """Two parameters of one memory: what moves is both, so the slope is that of both."""

    class Tied(nn.Module):
        def __init__(self, together: bool) -> None:
            super().__init__()
            self.first = nn.Linear(4, 4, bias=False)
            self.second = nn.Linear(4, 4, bias=False)
            self.second.weight = self.first.weight if together else nn.Parameter(self.first.weight.data)

        def forward(self, x: Tensor) -> Tensor:
            return self.second(self.first(x).tanh())

    x, y = draw(9, 4), draw_classes(4, 9)
    identical, stored = (
        read_objective(seeded(lambda together=together: Tied(together)), F.cross_entropy, (x, y))
        for together in (True, False)
    )
    assert len(stored.params) == 1
    np.testing.assert_array_equal(whole_matrix(stored), whole_matrix(identical))


def test_dropout_draws_the_same_in_every_product() -> None:
    model = seeded(lambda: nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Dropout(0.5), nn.Linear(8, 3)))
    data = (draw(30, 4), draw_classes(3, 30))
    objective = read_objective(model, F.cross_entropy, data, mode="train", seed=3, dtype=torch.float64)
    kept = whole_matrix(objective)
    np.testing.assert_allclose(kept, kept.T, atol=1e-12)
    np.testing.assert_allclose(whole_matrix(objective, keep=False), kept, atol=1e-12)
    plain = read_objective(model, F.cross_entropy, data, dtype=torch.float64)
    assert np.abs(whole_matrix(plain) - kept).max() > 1e-3


def test_a_loss_that_is_linear_in_the_weights_has_none() -> None:
    model, x = nn.Linear(3, 1), draw(5, 3)
    objective = read_objective(model, lambda output, target: output.mean(), (x, x))
    assert not whole_matrix(objective).any()
    assert check_curvature(objective) > 0


class OnceOnly(torch.autograd.Function):
    """A square whose gradient nobody may differentiate again."""

    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, slope: Tensor) -> Tensor:
        return 2 * ctx.saved_tensors[0] * slope


def read(loss) -> Objective:
    return read_objective(mlp(), loss, (draw(9, 4), draw_classes(3, 9)))


def test_a_loss_that_can_be_differentiated_once_only_is_refused() -> None:
    objective = read(lambda output, target: OnceOnly.apply(output).mean())
    with pytest.raises(
        ValueError, match=r"differentiated twice, .*OnceOnly is marked with @once_differentiable. Build it"
    ):
        check_curvature(objective)


@pytest.mark.parametrize(
    "loss",
    [
        lambda output, target: (output.argmax(1) != target).double(),
        lambda output, target: F.cross_entropy(output.detach(), target),
        torch.no_grad()(lambda output, target: F.cross_entropy(output, target)),
    ],
)
def test_a_loss_without_a_gradient_is_refused(loss) -> None:
    with pytest.raises(ValueError, match=r"cut off from the weights .* Give a differentiable one"):
        check_curvature(read(loss))


def test_weights_of_samples_that_depend_on_the_network_are_refused() -> None:
    """A quotient whose divisor curves, too, isn't the mean that is differentiated here."""

    def loss(model: nn.Module, batch: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        output = model.requires_grad_()(batch[0])
        return F.cross_entropy(output, batch[1], reduction="none"), output.abs().sum(1)

    objective = read_objective(mlp(), batch_loss(loss), (draw(9, 4), draw_classes(3, 9)))
    with pytest.raises(
        ValueError, match=r"pairs \(sum, weight\) whose weights don't depend .* or detach them"
    ):
        check_curvature(objective)


def test_complex_weights_are_refused() -> None:
    case = CASES["complex"]()
    assert isinstance(case.model, ComplexNet)
    with pytest.raises(ValueError, match=r"Expected real weights.*'weight' is complex.*`parameters=…`"):
        check_curvature(objective_of(case))


def test_it_stops_within_a_product() -> None:
    x, y = draw(40, 4), draw_classes(3, 40)
    objective = read_objective(
        mlp(), F.cross_entropy, [(x[i : i + 10], y[i : i + 10]) for i in (0, 10, 20, 30)]
    )
    asked = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 6

    with (
        at_origin(objective).hessian(objective.portions(40)[0], cancelled) as hessian,
        pytest.raises(Cancelled),
    ):
        hessian(np.ones(hessian.size))
    assert len(asked) == 7  # four batches for the gradient, and the third of the product


def test_the_model_and_its_statistics_stay_as_they_are() -> None:
    model = seeded(ConvNet).train()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    objective = read_objective(model, F.cross_entropy, (draw(21, 1, 6, 6), draw_classes(3, 21)))
    origin = {name: tensor.clone() for name, tensor in objective.model.state_dict().items()}
    state = torch.random.get_rng_state()
    whole_matrix(objective)
    for own, kept in ((model, before), (objective.model, origin)):
        assert all(torch.equal(tensor, kept[name]) for name, tensor in own.state_dict().items())
    assert model.training and all(p.grad is None and p.requires_grad for p in model.parameters())
    assert torch.equal(torch.random.get_rng_state(), state)


def test_fused_attention_is_given_up_by_this_thread_alone() -> None:
    """torch's own switch is the whole process's, and a thread that left it late would leave it off."""
    query = draw(1, 2, 5, 4).requires_grad_()

    def name() -> str:
        return F.scaled_dot_product_attention(query, query, query).grad_fn.name()

    fused, inside = name(), []
    with PlainAttention():
        plain = name()
        thread = Thread(target=lambda: inside.append(name()))
        thread.start()
        thread.join()
    assert "Flash" in fused and inside == [fused] and "Flash" not in plain
    assert name() == fused
