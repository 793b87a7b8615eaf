"""What is measured at the origin, with which error, and its gradient."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from landscape_widget.facts import MetricFacts
from landscape_widget.objective.criterion import batch_loss
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.objective.terms import Measurement, ratio
from tests.cases import CASES, classification, draw, draw_classes, mlp, seeded
from tests.reference import in_float64, loss_at

X, Y = draw(37, 4), draw_classes(3, 37)


def cross_entropy(model: nn.Module, x: Tensor, y: Tensor) -> float:
    with torch.no_grad():
        return float(F.cross_entropy(model(x), y))


def at_origin(objective: Objective, samples: int | None = None) -> Measurement:
    measurement = objective.measure(objective.model, objective.portions(samples or objective.train.size))
    assert measurement is not None
    return measurement


@pytest.mark.parametrize("name", CASES)
def test_the_origin_is_the_criterion_called_once_on_all_the_data(name: str) -> None:
    case = CASES[name]()
    expected = loss_at(case, (), ())
    value = at_origin(read_objective(case.model, case.loss, case.data)).mean[0]
    assert abs(value - expected) <= 3e-6 * abs(expected) + 1e-9


@pytest.mark.parametrize("name", CASES)
def test_the_gradient_is_the_one_of_all_the_data(name: str) -> None:
    case = CASES[name]()
    gradient = read_objective(case.model, case.loss, case.data).gradient()
    exact = in_float64(case.model)
    slopes = torch.autograd.grad(case.once(exact), list(exact.parameters()))
    expected = dict(zip(dict(exact.named_parameters()), slopes, strict=True))
    assert gradient.keys() == expected.keys()
    for key, slope in expected.items():
        torch.testing.assert_close(gradient[key].to(slope.dtype), slope, rtol=1e-4, atol=1e-6)


def test_the_columns_are_named_and_sized() -> None:
    objective = read_objective(mlp(), F.cross_entropy, (X, Y), test_data=(X[:9], Y[:9]))
    assert objective.metrics == (
        MetricFacts("loss", "", 37),
        MetricFacts("accuracy", "%", 37),
        MetricFacts("test_loss", "", 9),
        MetricFacts("test_accuracy", "%", 9),
    )
    measurement = at_origin(objective)
    assert measurement.count.tolist() == [37, 37, 9, 9]
    assert measurement.mean[2] == pytest.approx(cross_entropy(mlp(), X[:9], Y[:9]), rel=1e-5)
    assert at_origin(objective, 5).count.tolist() == [5, 5, 5, 5]


def test_own_metrics_come_after_accuracy() -> None:
    metrics = {"confidence": lambda output, target: output.softmax(1).amax(1)}
    objective = read_objective(mlp(), F.cross_entropy, (X, Y), metrics=metrics)
    assert [metric.name for metric in objective.metrics] == ["loss", "accuracy", "confidence"]
    expected = mlp()(X).softmax(1).amax(1).mean().item()
    assert at_origin(objective).mean[2] == pytest.approx(expected, rel=1e-6)


def test_an_own_metric_may_take_the_place_of_accuracy() -> None:
    metrics = {"accuracy": lambda output, target: (output.argmax(1) == target).float()}
    objective = read_objective(mlp(), F.cross_entropy, (X, Y), metrics=metrics)
    assert [(metric.name, metric.unit) for metric in objective.metrics] == [("loss", ""), ("accuracy", "")]
    assert at_origin(objective).mean[1] == pytest.approx((mlp()(X).argmax(1) == Y).float().mean().item())


def test_a_subset_says_its_standard_error_and_covers_the_whole() -> None:
    """O16: 95 % intervals with the finite-population factor cover it in 91 to 99 % of 200 subsets."""
    x, y = draw(600, 4), draw_classes(3, 600)
    objective = read_objective(mlp(), nn.CrossEntropyLoss(torch.tensor([0.5, 1.0, 2.0])), (x, y))
    whole = at_origin(objective).mean[0]
    covered = 0
    for seed in range(200):
        terms = [objective.trial.terms(objective.model, b)["loss"] for b in objective.train.take(150, seed)]
        mean, error, _ = ratio(terms, 600)
        covered += abs(mean - whole) <= 1.96 * error * np.sqrt(1 - 150 / 600)
    assert 182 <= covered <= 198


def test_a_sequence_is_one_sample() -> None:
    case = CASES["tied embedding, ignored tokens, batches"]()
    measurement = at_origin(read_objective(case.model, case.loss, case.data))
    assert measurement.count.tolist() == [23, 23]
    assert np.isfinite(measurement.standard_error).all()


def test_the_share_of_the_norm_that_moves() -> None:
    model = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False))
    nn.init.constant_(model[0].weight, 1.0)
    nn.init.constant_(model[1].weight, 2.0)
    objective = read_objective(model, F.mse_loss, (draw(3, 2), draw(3, 2)), parameters=r"^1\.")
    assert list(objective.params) == ["1.weight"]
    assert objective.share == pytest.approx(16 / 20)


def test_integer_weights_that_stay_take_no_part() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.Parameter(torch.tensor([2], dtype=torch.int8), requires_grad=False)
            self.body = mlp()

        def forward(self, x: Tensor) -> Tensor:
            return self.body(x) * self.scale

    objective = read_objective(Scaled(), F.cross_entropy, (X, Y))
    assert list(objective.params) == ["body.0.weight", "body.0.bias", "body.2.weight", "body.2.bias"]
    assert objective.share == 1.0


def test_another_dtype_takes_model_and_data_along() -> None:
    objective = read_objective(mlp(), F.cross_entropy, (X, Y), dtype=torch.float64)
    assert {p.dtype for p in objective.params.values()} == {torch.float64}
    expected = cross_entropy(mlp().double(), X.double(), Y)
    assert at_origin(objective).mean[0] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_grad_modes_of_the_caller_make_no_difference(mode: Callable[[], Any]) -> None:
    expected = read_objective(mlp(), F.cross_entropy, (X, Y))
    with mode():
        objective = read_objective(mlp(), F.cross_entropy, (X, Y))
        assert at_origin(objective).mean[0] == at_origin(expected).mean[0]
        gradient = objective.gradient()
    for name, slope in expected.gradient().items():
        assert torch.equal(gradient[name], slope)


def test_losses_that_differentiate_inside_are_measured() -> None:
    """Science 7.4.12: inference mode forbids it, so gradients are allowed inside and nothing is kept."""

    def residual(model: nn.Module, batch: Tensor) -> Tensor:
        x = batch.detach().requires_grad_()
        (slope,) = torch.autograd.grad(model(x).sum(), x, create_graph=True)
        return slope.square().sum(1)

    smooth = seeded(lambda: nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1)))
    objective = read_objective(smooth, batch_loss(residual), X)
    assert objective.trial.differentiates
    measurement = at_origin(objective)
    assert measurement.mean[0] == pytest.approx(residual(smooth, X).mean().item(), rel=1e-6)
    assert np.isfinite(measurement.standard_error[0])
    slopes = torch.autograd.grad(residual(smooth, X).mean(), smooth[0].weight)
    torch.testing.assert_close(objective.gradient()["0.weight"], slopes[0])


def named_batches() -> list[dict[str, Tensor]]:
    return [{"x": X[:20], "labels": Y[:20]}, {"x": X[20:], "labels": Y[20:]}]


FUNCTIONS: dict[str, tuple[Callable[[nn.Module, Any], Any], bool]] = {
    "mean": (lambda model, b: F.cross_entropy(model(b["x"]), b["labels"]), False),
    "one a sample": (lambda model, b: F.cross_entropy(model(b["x"]), b["labels"], reduction="none"), True),
    "pair a sample": (
        lambda model, b: (
            F.cross_entropy(model(b["x"]), b["labels"], reduction="none"),
            torch.ones(len(b["x"])),
        ),
        True,
    ),
    "pair a batch": (
        lambda model, b: (F.cross_entropy(model(b["x"]), b["labels"], reduction="sum"), len(b["x"])),
        False,
    ),
    "pops": (
        lambda model, b: F.cross_entropy(target=b.pop("labels"), input=model(**{"input": b["x"]})),
        False,
    ),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_of_model_and_batch(name: str) -> None:
    fn, individual = FUNCTIONS[name]
    measurement = at_origin(read_objective(mlp(), batch_loss(fn), named_batches()))
    assert measurement.mean[0] == pytest.approx(cross_entropy(mlp(), X, Y), rel=1e-6)
    assert np.isfinite(measurement.standard_error[0]) == individual
    assert measurement.count.tolist() == [37]


def test_a_function_may_return_several_metrics() -> None:
    def fn(model: nn.Module, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        output = model(batch["x"])
        return {"spread": output.std(1), "loss": F.cross_entropy(output, batch["labels"])}

    objective = read_objective(mlp(), batch_loss(fn), named_batches())
    assert [metric.name for metric in objective.metrics] == ["loss", "spread"]
    assert objective.notes == ("One number a batch for loss, so no standard error.",)
    assert at_origin(objective).mean[1] == pytest.approx(mlp()(X).std(1).mean().item(), rel=1e-6)


def test_a_model_that_writes_into_its_input_gets_a_new_one_each_time() -> None:
    class Overwriting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = mlp()

        def forward(self, x: Tensor) -> Tensor:
            return self.body(x.mul_(0.5))

    objective = read_objective(Overwriting(), F.cross_entropy, (X.clone(), Y))
    assert objective.trial.writes
    first = at_origin(objective).mean
    np.testing.assert_array_equal(at_origin(objective).mean, first)
    assert first[0] == pytest.approx(cross_entropy(mlp(), X * 0.5, Y), rel=1e-6)


def test_repeated_measurements_are_equal_with_dropout_and_shuffling() -> None:
    """O17."""
    model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 3)).train()
    loader = DataLoader(TensorDataset(X, Y), batch_size=8, shuffle=True)
    objective = read_objective(model, F.cross_entropy, loader)
    np.testing.assert_array_equal(at_origin(objective, 20).mean, at_origin(objective, 20).mean)


def test_several_inputs_are_spread_over_the_model() -> None:
    model = seeded(lambda: nn.Bilinear(4, 4, 3))
    objective = read_objective(model, F.cross_entropy, (X, X.flip(0), Y))
    expected = F.cross_entropy(model(X, X.flip(0)), Y).item()
    assert at_origin(objective).mean[0] == pytest.approx(expected, rel=1e-6)


def test_batches_stay_as_the_user_made_them_and_tensors_are_cut() -> None:
    x, y = draw(1500, 4), draw_classes(3, 1500)
    theirs = read_objective(mlp(), F.cross_entropy, [(x, y)])
    assert [len(b[0]) for b in theirs.train.take(1500)] == [1500]
    ours = read_objective(mlp(), F.cross_entropy, (x, y))
    assert [len(b[0]) for b in ours.train.take(1500)] == [512, 512, 476]


def test_a_loss_is_judged_by_samples_from_all_over() -> None:
    """Sorted by class, a weighted mean looks like a plain one on the first batch."""
    weight = torch.tensor([0.2, 1.0, 3.0])

    def loss(output: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
        losses = F.cross_entropy(output, target, reduction="none") * weight[target]
        return losses if reduction == "none" else losses.sum() / weight[target].sum()

    order = Y.argsort()
    batches = [(X[part], Y[part]) for part in order.split(8)]
    assert Y[order[:8]].unique().tolist() == [0]
    notes = read_objective(mlp(), loss, batches).notes
    assert any("neither the mean nor the sum of its parts' losses" in note for note in notes)


def test_samples_that_only_fit_as_they_came_are_tried_as_they_came() -> None:
    class Descending(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = mlp()

        def forward(self, x: Tensor) -> Tensor:
            if not (x[:, 0].diff() <= 0).all():
                raise ValueError("unsorted")
            return self.body(x)

    order = X[:, 0].argsort(descending=True)
    batches = [(X[part], Y[part]) for part in (order[20:], order[:20])]
    objective = read_objective(Descending(), F.cross_entropy, batches)
    assert at_origin(objective).mean[0] == pytest.approx(cross_entropy(mlp(), X, Y), rel=1e-6)


def test_what_could_not_be_had_is_in_the_notes() -> None:
    case = classification()
    case.model.register_forward_hook(lambda *_: None)
    objective = read_objective(
        case.model.requires_grad_(False), lambda o, t: F.cross_entropy(o, t), case.data
    )
    assert objective.notes == (
        "No parameter requires a gradient, so all of them move.",
        "1 of the model's hooks left out of the measured copy.",
        "The loss is one number a batch, so its standard error is unknown.",
    )


def test_cancelled_measurements_are_none() -> None:
    objective = read_objective(mlp(), F.cross_entropy, (X, Y))
    assert objective.measure(objective.model, objective.portions(37), lambda: True) is None


def test_a_loss_without_gradient_says_so() -> None:
    objective = read_objective(mlp(), lambda output, target: F.cross_entropy(output, target).item(), (X, Y))
    with pytest.raises(ValueError, match=r"Expected a loss with a gradient.*Choose another direction"):
        objective.gradient()
