"""Sums and weights over any batches give what the criterion says of all the data at once."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.objective.criterion import Criterion, batch_loss, name_of_loss, tensor_inside
from landscape_widget.objective.fitting import read_criterion
from landscape_widget.objective.terms import Terms, as_terms, ratio
from tests.cases import draw, draw_classes

WEIGHT = torch.tensor([0.2, 1.0, 3.0])
CLASSES = draw_classes(3, 20)
SOME_IGNORED = torch.where(torch.arange(20) % 3 == 0, -100, CLASSES)
TOKENS = torch.where(draw_classes(3, 20, 7) == 0, -100, draw_classes(3, 20, 7, seed=1))
TOKENS[0] = -100
SIGNS = draw_classes(2, 20, 3).float()

CRITERIA: dict[str, tuple[Callable[..., Any], Tensor, Tensor]] = {
    "function": (F.cross_entropy, draw(20, 3), CLASSES),
    "module": (nn.CrossEntropyLoss(), draw(20, 3), CLASSES),
    "class weights": (nn.CrossEntropyLoss(WEIGHT), draw(20, 3), CLASSES),
    "smoothing": (nn.CrossEntropyLoss(WEIGHT, label_smoothing=0.2), draw(20, 3), SOME_IGNORED),
    "partial": (partial(F.cross_entropy, weight=WEIGHT, ignore_index=1), draw(20, 3), CLASSES),
    "ignored": (nn.CrossEntropyLoss(), draw(20, 3), SOME_IGNORED),
    "tokens": (nn.CrossEntropyLoss(WEIGHT), draw(20, 3, 7), TOKENS),
    "token sum": (nn.CrossEntropyLoss(WEIGHT, reduction="sum"), draw(20, 3, 7), TOKENS),
    "probabilities": (nn.CrossEntropyLoss(WEIGHT), draw(20, 3), draw(20, 3, seed=1).softmax(1)),
    "likelihood": (nn.NLLLoss(WEIGHT), draw(20, 3).log_softmax(1), CLASSES),
    "mean square": (nn.MSELoss(), draw(20, 3, 2), draw(20, 3, 2, seed=1)),
    "function sum": (partial(F.mse_loss, reduction="sum"), draw(20, 3), draw(20, 3, seed=1)),
    "unreduced": (partial(F.l1_loss, reduction="none"), draw(20, 3), draw(20, 3, seed=1)),
    "huber": (nn.HuberLoss(delta=0.3), draw(20), draw(20, seed=1)),
    "binary": (nn.BCEWithLogitsLoss(pos_weight=WEIGHT), draw(20, 3), SIGNS),
    "probability": (F.binary_cross_entropy, draw(20, 3).sigmoid(), SIGNS),
    "batchmean": (nn.KLDivLoss(reduction="batchmean"), draw(20, 3).log_softmax(1), draw(20, 3).softmax(1)),
    "divergence": (nn.KLDivLoss(reduction="sum"), draw(20, 3).log_softmax(1), draw(20, 3).softmax(1)),
    "margin": (nn.MultiMarginLoss(), draw(20, 3), CLASSES),
    "soft margin": (nn.SoftMarginLoss(), draw(20, 3), SIGNS * 2 - 1),
    "poisson": (nn.PoissonNLLLoss(), draw(20, 3), SIGNS),
    "multi-label": (nn.MultiLabelSoftMarginLoss(), draw(20, 3), SIGNS),
    "own, one a sample": (lambda output, target: (output - target).square().sum(1), draw(20, 3), draw(20, 3)),
}


def over_batches(criterion: Criterion, output: Tensor, target: Tensor, size: int = 6) -> list[Terms]:
    """Terms of batches of six and a smaller last one."""
    return [
        criterion(o, t, len(o)).detached()
        for o, t in zip(output.split(size), target.split(size), strict=True)
    ]


def at_once(loss: Callable[..., Any], output: Tensor, target: Tensor) -> float:
    """The loss of all the data, in float64."""
    if isinstance(loss, nn.Module):
        loss = loss.double()
    if isinstance(loss, partial) and "weight" in loss.keywords:
        loss = partial(loss, weight=loss.keywords["weight"].double())
    return float(loss(output.double(), target.double() if target.is_floating_point() else target).mean())


@pytest.mark.parametrize("name", CRITERIA)
def test_batches_add_up_to_the_criterion_called_once(name: str) -> None:
    loss, output, target = CRITERIA[name]
    criterion, notes = read_criterion(loss, output[:6], target[:6], 6)
    assert notes == ()
    value, error, count = ratio(over_batches(criterion, output, target), 20)
    assert value == pytest.approx(at_once(loss, output, target), rel=1e-12)
    assert count == 20
    assert np.isfinite(error)


def test_the_users_criterion_is_left_alone() -> None:
    loss = nn.CrossEntropyLoss(WEIGHT.clone())
    read_criterion(loss, draw(20, 3), CLASSES, 20)
    assert loss.reduction == "mean"
    assert loss.weight is not None and loss.weight.dtype == torch.float32


def test_the_error_of_a_mean_is_the_textbooks() -> None:
    criterion, _ = read_criterion(nn.MSELoss(), draw(20), draw(20, seed=1), 20)
    losses = (draw(20).double() - draw(20, seed=1).double()).square().numpy()
    _, error, _ = ratio(over_batches(criterion, draw(20), draw(20, seed=1)), 20)
    assert error == pytest.approx(losses.std(ddof=1) / np.sqrt(20), rel=1e-9)


def test_the_error_of_a_weighted_mean_is_the_delta_methods() -> None:
    """Against the spread of the ratio over bootstrap samples."""
    loss, output, target = nn.CrossEntropyLoss(WEIGHT), draw(400, 3), draw_classes(3, 400)
    criterion, _ = read_criterion(loss, output, target, 400)
    (terms,) = over_batches(criterion, output, target, 400)
    _, error, _ = ratio([terms], 400)
    draws = torch.randint(400, (3000, 400), generator=torch.Generator().manual_seed(0))
    assert terms.weights is not None
    ratios = terms.sums[draws].sum(1) / terms.weights[draws].sum(1)
    assert error == pytest.approx(ratios.std().item(), rel=0.05)


def test_a_sum_is_scaled_up_from_a_subset() -> None:
    criterion, _ = read_criterion(nn.MSELoss(reduction="sum"), draw(20), draw(20, seed=1), 20)
    terms = over_batches(criterion, draw(20), draw(20, seed=1))
    all_of_it, all_error, _ = ratio(terms, 20)
    of_hundred, hundred_error, _ = ratio(terms, 100)
    assert of_hundred == pytest.approx(5 * all_of_it)
    assert hundred_error == pytest.approx(5 * all_error)


def test_one_sample_has_no_standard_error() -> None:
    criterion, _ = read_criterion(F.mse_loss, draw(1), draw(1, seed=1), 1)
    assert np.isnan(ratio(over_batches(criterion, draw(1), draw(1, seed=1)), 1)[1])


NUMBER_A_BATCH: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "mean": (lambda o, t: F.mse_loss(o, t), ("The loss is one number a batch",)),
    "sum": (lambda o, t: (o - t).square().sum(), ("The loss is one number a batch",)),
    "python number": (lambda o, t: F.mse_loss(o, t).item(), ("The loss is one number a batch",)),
}


@pytest.mark.parametrize("name", NUMBER_A_BATCH)
def test_one_number_a_batch_is_weighted_right_and_has_no_error(name: str) -> None:
    loss, starts = NUMBER_A_BATCH[name]
    output, target = draw(20), draw(20, seed=1)
    criterion, notes = read_criterion(loss, output, target, 20)
    assert [note[: len(start)] for note, start in zip(notes, starts, strict=True)] == list(starts)
    value, error, count = ratio(over_batches(criterion, output, target), 20)
    assert value == pytest.approx(float(loss(output.double(), target.double())), rel=1e-12)
    assert np.isnan(error) and count == 20


def test_a_loss_that_depends_on_the_batches_says_so() -> None:
    _, notes = read_criterion(lambda o, t: (o - t).square().mean().sqrt(), draw(20), draw(20, seed=1), 20)
    assert "neither the mean nor the sum of its parts' losses" in notes[0]


def test_unreduced_values_are_believed_only_if_they_give_the_loss() -> None:
    class Focal(nn.Module):
        """Its unreduced values are of another scale than its mean."""

        def __init__(self) -> None:
            super().__init__()
            self.reduction = "mean"

        def forward(self, output: Tensor, target: Tensor) -> Tensor:
            each = (output - target).square()
            return each if self.reduction == "none" else 3 * each.mean()

    criterion, notes = read_criterion(Focal(), draw(20), draw(20, seed=1), 20)
    assert criterion.elements is None
    assert notes == ("The loss is one number a batch, so its standard error is unknown.",)


def test_a_loss_that_refuses_float64_is_computed_in_float32_and_says_so() -> None:
    matrix = torch.eye(3)

    def loss(output: Tensor, target: Tensor) -> Tensor:
        return (output @ matrix - target).square().mean(1)

    criterion, notes = read_criterion(loss, draw(20, 3), draw(20, 3, seed=1), 20)
    assert notes == ("The loss refuses float64, so it is computed in the model's precision.",)
    value, _, _ = ratio(over_batches(criterion, draw(20, 3), draw(20, 3, seed=1)), 20)
    assert value == pytest.approx(float((draw(20, 3) - draw(20, 3, seed=1)).square().mean()), rel=1e-6)


def test_float64_is_what_makes_small_losses_right() -> None:
    output = torch.tensor([[20.0, 0.0], [18.0, 0.0]])
    target = torch.zeros(2, dtype=torch.long)
    criterion, _ = read_criterion(F.cross_entropy, output, target, 2)
    exact = np.log1p(np.exp([-20.0, -18.0])).mean()
    assert ratio(over_batches(criterion, output, target), 2)[0] == pytest.approx(exact, rel=1e-7)
    assert abs(float(F.cross_entropy(output, target)) - exact) > 1e-2 * exact


def test_a_model_output_gives_its_tensor_only_if_the_loss_wants_it() -> None:
    output = {"hidden": draw(20, 5), "logits": draw(20, 3)}
    criterion, _ = read_criterion(nn.CrossEntropyLoss(), output, CLASSES, 20)
    assert criterion.bare
    expected = float(F.cross_entropy(output["logits"].double(), CLASSES))
    assert ratio([criterion(output, CLASSES, 20).detached()], 20)[0] == pytest.approx(expected)
    whole, _ = read_criterion(lambda o, t: F.cross_entropy(o["logits"], t), output, CLASSES, 20)
    assert not whole.bare


def test_the_tensor_inside() -> None:
    class Answer:
        logits = draw(2)

    tensor = draw(3)
    assert tensor_inside(tensor) is tensor
    assert tensor_inside((tensor, draw(4))) is tensor
    assert tensor_inside({"a": tensor, "b": draw(4)}) is tensor
    assert tensor_inside({"a": draw(4), "logits": tensor}) is tensor
    assert tensor_inside(Answer()) is Answer.logits


def test_a_loss_that_raises_shows_shapes_and_its_own_words() -> None:
    def swapped(target: Tensor, output: Tensor) -> Tensor:
        return F.cross_entropy(output, target)

    with pytest.raises(
        ValueError,
        match=r"(?s)called as loss\(output, target\); with output float32\[20, 3\] and target int64\[20\] it "
        r"raised \w+Error: .+Check the order of its arguments",
    ) as raised:
        read_criterion(swapped, draw(20, 3), CLASSES, 20)
    assert raised.value.__cause__ is not None


@pytest.mark.parametrize(
    ("value", "came"),
    [(draw(7), r"float32\[7\]"), (draw(3, 20), r"float32\[3, 20\]"), (draw(0), r"float32\[0\]")],
)
def test_a_loss_of_the_wrong_size_is_refused(value: Tensor, came: str) -> None:
    with pytest.raises(ValueError, match=rf"each of the 20 samples of the batch; got {came}\. Return a mean"):
        read_criterion(lambda output, target: value, draw(20, 3), CLASSES, 20)


@pytest.mark.parametrize(
    ("value", "came"), [(None, "NoneType"), ("low", "str"), (draw(20) * 1j, r"complex64\[20\]")]
)
def test_a_loss_that_is_no_number_is_refused(value: object, came: str) -> None:
    with pytest.raises(TypeError, match=rf"the loss to return a number or one value a sample; got {came}"):
        read_criterion(lambda output, target: value, draw(20, 3), CLASSES, 20)


def test_pairs_are_sums_and_weights() -> None:
    each = as_terms((draw(4, 3), torch.ones(4, 3)), 4, "the loss")
    assert each.individual and each.weights is not None
    assert torch.equal(each.sums, draw(4, 3).sum(1)) and each.weights.tolist() == [3] * 4
    whole = as_terms((torch.tensor(6.0), torch.tensor(4)), 10, "the loss")
    assert not whole.individual
    assert ratio([whole.detached()], 10)[0] == 1.5


def test_pairs_of_two_sizes_are_refused() -> None:
    with pytest.raises(
        ValueError, match=r"pair \(sum, weight\) of one size; got \(float32\[4\], float32\[\]\)"
    ):
        as_terms((draw(4), torch.tensor(1.0)), 4, "the loss")


@pytest.mark.parametrize(
    ("loss", "name"),
    [
        (F.cross_entropy, "cross_entropy"),
        (nn.MSELoss(), "MSELoss()"),
        (partial(F.cross_entropy, label_smoothing=0.1), "cross_entropy"),
        (batch_loss(partial(F.mse_loss)), "mse_loss"),
        (lambda output, target: 0, "<lambda>"),
    ],
)
def test_a_loss_is_called_by_its_name(loss: object, name: str) -> None:
    assert name_of_loss(loss) == name
