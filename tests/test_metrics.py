"""Accuracy where it means something, and nowhere else."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.objective.metrics import Accuracy, BinaryAccuracy, accuracy_for, own_metric
from landscape_widget.objective.terms import ratio
from tests.cases import draw, draw_classes

NAN = float("nan")


def percent(metric: Accuracy | BinaryAccuracy, output: Tensor, target: Tensor) -> float:
    return ratio([metric(output, target, len(output)).detached()], len(output))[0]


def test_accuracy_is_the_percentage_of_right_rows() -> None:
    output = torch.tensor([[2.0, 1.0], [0.0, 1.0], [5.0, 1.0], [0.0, 3.0]])
    target = torch.tensor([0, 1, 1, 1])
    metric = accuracy_for(F.cross_entropy, output, target)
    assert isinstance(metric, Accuracy) and metric.unit == "%"
    terms = metric(output, target, 4).detached()
    value, error, count = ratio([terms], 4)
    assert (value, count) == (75.0, 4)
    assert error == pytest.approx(np.std([100, 100, 0, 100], ddof=1) / 2)


def test_a_row_with_nan_is_never_right() -> None:
    output = torch.tensor([[NAN, 1.0], [1.0, NAN], [NAN, NAN], [1.0, 0.0]])
    assert percent(Accuracy(), output, torch.tensor([0, 0, 0, 0])) == 25.0


def test_ignored_tokens_do_not_count() -> None:
    output = torch.eye(3).expand(2, 3, 3)  # class = position
    target = torch.tensor([[0, 2, -1], [-1, -1, 2]])
    metric = accuracy_for(nn.CrossEntropyLoss(ignore_index=-1), output, target)
    assert metric == Accuracy(-1)
    assert percent(metric, output, target) == pytest.approx(200 / 3)


def test_binary_accuracy_knows_logits_from_probabilities() -> None:
    target = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
    logits = torch.tensor([[-1.0], [0.2], [-0.2], [NAN]])
    metric = accuracy_for(nn.BCEWithLogitsLoss(), logits, target)
    assert metric == BinaryAccuracy(0.0)
    assert percent(metric, logits, target) == 50.0
    metric = accuracy_for(F.binary_cross_entropy, logits.sigmoid(), target)
    assert metric == BinaryAccuracy(0.5)
    assert percent(metric, logits.sigmoid(), target) == 50.0


@pytest.mark.parametrize(
    ("loss", "output", "target"),
    [
        (F.mse_loss, draw(5, 3), draw(5, 3)),
        (F.mse_loss, draw(5), torch.ones(5)),
        (nn.BCEWithLogitsLoss(), draw(5), torch.full((5,), 0.3)),
        (F.cross_entropy, draw(5, 3), torch.full((5,), 3)),
        (F.cross_entropy, draw(5, 3), draw(5, 3).softmax(1)),
        (F.cross_entropy, draw(5, 3, 2), draw_classes(3, 5)),
        (F.cross_entropy, {"logits": draw(5, 3)}, draw_classes(3, 5)),
        (lambda o, t: F.cross_entropy(o.flatten(0, 1), t.flatten()), draw(5, 3, 3), draw_classes(3, 5, 3)),
        (F.poisson_nll_loss, draw(5, 1), draw_classes(3, 5, 1)),
    ],
)
def test_accuracy_is_absent_where_it_means_nothing(loss: object, output: object, target: object) -> None:
    assert callable(loss)
    assert accuracy_for(loss, output, target) is None


def test_an_own_metric_has_one_value_a_sample_or_one_a_batch() -> None:
    output, target = draw(6, 3), draw(6, 3, seed=1)
    each = own_metric("distance", lambda o, t: (o - t).norm(dim=1), output, target, 6)
    value, error, _ = ratio([each(output, target, 6).detached()], 6)
    assert value == pytest.approx((output - target).norm(dim=1).mean().item())
    assert np.isfinite(error)
    whole = own_metric("largest", lambda o, t: o.max(), output, target, 6)
    value, error, _ = ratio([whole(output, target, 6).detached()], 6)
    assert value == pytest.approx(output.max().item())
    assert np.isnan(error)


def test_own_metrics_are_refused_by_name() -> None:
    output, target = draw(6, 3), draw(6)
    with pytest.raises(TypeError, match=r"metric 'f1' to be a function of \(output, target\); got float"):
        own_metric("f1", 0.5, output, target, 6)
    with pytest.raises(
        ValueError, match=r"metric 'f1'.*output float32\[6, 3\] and target float32\[6\] it raised"
    ):
        own_metric("f1", lambda o, t: o @ t, output, target, 6)
    with pytest.raises(ValueError, match=r"metric 'f1' to return one number or one value for each of the 6"):
        own_metric("f1", lambda o, t: o[:4, 0], output, target, 6)
    with pytest.raises(TypeError, match=r"metric 'f1' to return a number.*got NoneType"):
        own_metric("f1", lambda o, t: None, output, target, 6)
