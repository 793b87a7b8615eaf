"""Which statistics BatchNorm uses at a cell, against the same by hand."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.objective.batch_norm import CALIBRATION, batch_norms
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.direction import Direction
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace
from tests.cases import ConvNet, draw, draw_classes, mlp, seeded
from tests.pools import pool

Y = draw_classes(3, 256)
X = draw(256, 1, 6, 6) + 2 * draw(3, 1, 6, 6, seed=1)[Y]
TEST = draw(40, 1, 6, 6, seed=1), draw_classes(3, 40, seed=1)


def re_estimating(model: nn.Module, data: object, **options: object) -> Objective:
    objective = read_objective(model, F.cross_entropy, data, **options)
    return replace(objective, batch_norm="reestimate")


def loss(objective: Objective, column: int = 0) -> float:
    measurement = objective.measure(objective.model, objective.portions(objective.samples))
    assert measurement is not None
    return measurement.mean[column]


def by_hand(model: nn.Module, batches: Sequence[Tensor]) -> nn.Module:
    """Torch's own cumulative mean, of batches of one size."""
    model = copy.deepcopy(model).eval()
    for norm in batch_norms(model):
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for batch in batches:
            model(batch)
    return model.eval()


def deep() -> nn.Module:
    blocks = [nn.Sequential(nn.Conv2d(c, 8, 3), nn.BatchNorm2d(8), nn.ReLU()) for c in (1, 8)]
    return nn.Sequential(*blocks, nn.Flatten(), nn.Linear(32, 3))


def trained() -> nn.Module:
    """Two convolutions with BatchNorm, trained until loss and statistics are good."""
    model = seeded(deep).train()
    optimizer = torch.optim.SGD(model.parameters(), 0.05)
    for step in range(200):
        optimizer.zero_grad()
        part = torch.randint(256, (64,), generator=torch.Generator().manual_seed(step))
        F.cross_entropy(model(X[part]), Y[part]).backward()
        optimizer.step()
    optimizer.zero_grad()
    return model.eval()


def test_re_estimated_statistics_are_torchs_cumulative_mean_of_the_same_batches() -> None:
    model = seeded(ConvNet)
    objective = re_estimating(model, (X, Y), dtype=torch.float64)
    batches = [x for x, _ in objective.portions(256)[0]]
    assert [len(batch) for batch in batches] == [CALIBRATION, CALIBRATION]
    expected = by_hand(model.double(), batches)
    with torch.no_grad():
        assert loss(objective) == pytest.approx(float(F.cross_entropy(expected(X.double()), Y)), rel=1e-12)


def test_batches_of_different_sizes_are_weighted_by_samples() -> None:
    model = seeded(ConvNet).double()
    sizes = (3, 50, 20, 1)
    batches = list(X.double()[:74].split(sizes))
    objective = re_estimating(
        model, [(x, y) for x, y in zip(batches, Y[:74].split(sizes), strict=True)], dtype=torch.float64
    )
    objective = replace(objective, trial=replace(objective.trial, cuttable=False))
    assert objective.calibration == {"batch_size": None, "seed": None}
    norm = model.norm
    outputs = [model.conv(x) for x in batches[:-1]]  # no statistics from a batch of one sample
    weights = torch.tensor(sizes[:-1], dtype=torch.float64) / 73
    mean = sum(w * out.mean((0, 2, 3)) for w, out in zip(weights, outputs, strict=True))
    variance = sum(w * out.var((0, 2, 3)) for w, out in zip(weights, outputs, strict=True))
    norm.running_mean.copy_(mean.detach())
    norm.running_var.copy_(variance.detach())
    with torch.no_grad():
        expected = float(F.cross_entropy(model.eval()(X[:74].double()), Y[:74]))
    assert loss(objective) == pytest.approx(expected, rel=1e-12)


def test_test_metrics_use_the_statistics_of_the_training_data() -> None:
    model = seeded(ConvNet)
    objective = re_estimating(model, (X, Y), test_data=TEST, dtype=torch.float64)
    expected = by_hand(model.double(), [x for x, _ in objective.portions(256)[0]])
    with torch.no_grad():
        value = float(F.cross_entropy(expected(TEST[0].double()), TEST[1]))
    assert loss(objective, column=2) == pytest.approx(value, rel=1e-12)


def test_a_module_that_is_called_twice_averages_over_both_calls() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm, self.head = nn.BatchNorm1d(4), nn.Linear(4, 3)

        def forward(self, x: Tensor) -> Tensor:
            return self.head(self.norm(x) + self.norm(input=3 * x))

    model = seeded(Twice).double()
    x, y = draw(100, 4).double(), draw_classes(3, 100)
    value = loss(re_estimating(model, (x, y)))
    model.norm.running_mean.copy_((x.mean(0) + 3 * x.mean(0)) / 2)
    model.norm.running_var.copy_((x.var(0) + 9 * x.var(0)) / 2)
    with torch.no_grad():
        assert value == pytest.approx(float(F.cross_entropy(model.eval()(x), y)), rel=1e-12)


def test_the_model_is_put_back_and_the_origin_measured_frozen_is_as_before() -> None:
    objective = read_objective(seeded(ConvNet), F.cross_entropy, (X, Y))
    before, first = copy.deepcopy(objective.model.state_dict()), loss(objective)
    assert loss(replace(objective, batch_norm="reestimate")) != first
    after = objective.model.state_dict()
    assert all(torch.equal(before[name], tensor) for name, tensor in after.items())
    norm = objective.model.norm
    assert (norm.momentum, norm.training, len(norm._forward_pre_hooks)) == (0.1, False, 0)
    assert loss(objective) == first


def test_an_error_puts_the_model_back_too() -> None:
    objective = re_estimating(seeded(ConvNet), (X, Y))
    before = copy.deepcopy(objective.model.state_dict())
    count = 0

    def failing(*_: object) -> None:
        nonlocal count
        count += 1
        if count == 2:
            raise KeyError

    objective.model.register_forward_hook(failing)
    with pytest.raises(KeyError):
        loss(objective)
    assert all(torch.equal(before[name], t) for name, t in objective.model.state_dict().items())
    assert not objective.model.norm.training


def test_re_estimating_is_cancelled_between_batches() -> None:
    objective = re_estimating(seeded(ConvNet), (X, Y))
    asked = iter([False, True, True])
    assert objective.measure(objective.model, objective.portions(256), lambda: next(asked)) is None


def test_the_batch_size_and_the_order_are_recorded_and_no_limit_changes_them() -> None:
    objective = re_estimating(seeded(ConvNet), (X, Y), seed=5, samples=200)
    assert objective.calibration == {"batch_size": 128, "seed": 5}
    assert [len(x) for x, _ in objective.portions(200, limit=16)[0]] == [100, 100]
    assert replace(objective, batch_norm="frozen").calibration is None
    assert objective.is_plain and not replace(objective, batch_norm="frozen").is_plain


def test_what_a_diverged_model_kept_has_no_part_in_new_statistics() -> None:
    model = seeded(ConvNet)
    expected = loss(re_estimating(model, (X, Y)))
    model.norm.running_mean = torch.full((4,), torch.nan)
    assert loss(re_estimating(model, (X, Y))) == expected


@pytest.mark.parametrize("kind", [nn.BatchNorm1d, nn.SyncBatchNorm])
def test_every_kind_of_batch_norm_is_found(kind: type[nn.Module]) -> None:
    model = nn.Sequential(nn.Linear(4, 3), kind(3), nn.InstanceNorm1d(3), kind(3, track_running_stats=False))
    assert batch_norms(model) == (model[1],)


def test_a_model_without_running_statistics_has_no_mode() -> None:
    data = draw(20, 4), draw_classes(3, 20)
    assert read_objective(mlp(), F.cross_entropy, data).batch_norm is None
    assert read_objective(seeded(ConvNet), F.cross_entropy, (X, Y)).batch_norm == "frozen"


def plane(objective: Objective) -> Subspace:
    return Subspace(objective.params, (RandomDirection(0)(objective), RandomDirection(1)(objective)))


def losses(objective: Objective, cells: Sequence[Sequence[float]], workers: int = 2) -> np.ndarray:
    evaluator = Evaluator(objective, plane(objective), pool(workers), plain=objective.is_plain)
    answers = np.full(len(cells), np.nan)
    for values in evaluator(np.array(cells, dtype=float), objective.samples, lambda: False):
        answers[values.cells] = values.mean[:, 0]
    return answers


def test_the_modes_agree_at_the_centre_of_a_trained_network_and_differ_away_from_it() -> None:
    """O21."""
    model = trained()
    frozen = read_objective(model, F.cross_entropy, (X, Y))
    re_estimated = replace(frozen, batch_norm="reestimate")
    cells = [(0.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0)]
    a, b = losses(frozen, cells), losses(re_estimated, cells)
    with torch.no_grad():
        assert a[0] == pytest.approx(float(F.cross_entropy(model(X), Y)), rel=1e-6)
    assert b[0] == pytest.approx(a[0], rel=0.05)
    assert max(abs(b[1:] / a[1:] - 1)) > 0.2


def test_a_cell_has_the_same_value_whatever_was_computed_before_and_by_whom() -> None:
    objective = re_estimating(trained(), (X, Y))
    cells = [(0.0, 0.0), (0.5, -1.0), (-1.0, 0.3)]
    one = losses(objective, cells, workers=1)
    np.testing.assert_array_equal(losses(objective, cells[::-1])[::-1], one)


def test_an_interpolating_direction_moves_the_statistics_itself() -> None:
    objective = read_objective(seeded(ConvNet), F.cross_entropy, (X, Y), dtype=torch.float64)
    objective = replace(objective, batch_norm="interpolate")
    step = {name: torch.zeros_like(p) for name, p in objective.params.items()}
    step["norm.running_mean"] = torch.ones(4, dtype=torch.float64)
    evaluator = Evaluator(objective, Subspace(objective.params, (Direction(step | _one(step), "d"),)), pool())
    (values,) = evaluator(np.array([[0.5]]), 256, lambda: False)
    model = copy.deepcopy(objective.model)
    with torch.no_grad():
        model.norm.running_mean += 0.5
        model.head.bias[0] += 0.5
        assert values.mean[0, 0] == pytest.approx(float(F.cross_entropy(model(X.double()), Y)), rel=1e-12)


def _one(step: dict[str, Tensor]) -> dict[str, Tensor]:
    """Something must move beside statistics, or there is no plane."""
    bias = torch.zeros_like(step["head.bias"])
    bias[0] = 1
    return {"head.bias": bias}
