"""Are cells measured on the user's own model what they are on a copy?"""

from __future__ import annotations

import copy
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parametrizations, weight_norm

import landscape_widget as lw
from landscape_widget.evaluate.in_place.in_place import InPlace
from landscape_widget.objective.in_place import lend
from landscape_widget.subspace.direction import as_direction
from landscape_widget.subspace.towards_model import TowardsModel
from landscape_widget.values import State
from tests.cases import CASES, classification, draw, draw_classes, mlp, quadratic, seeded
from tests.in_place_cases import POINTS, TWO, copied, lent, measured, spanned, standing


@pytest.mark.parametrize("name", [name for name in CASES if name != "trained"])  # which takes seconds
def test_cells_are_those_of_a_copy_bit_for_bit_and_the_model_comes_back_as_it_was(name: str) -> None:
    case = CASES[name]()
    case.model.train()
    before = standing(case.model)
    values = measured(lent(case))
    assert standing(case.model) == before
    np.testing.assert_array_equal(values, measured(copied(case)))


def test_a_quadratic_has_its_closed_form() -> None:
    case = quadratic()
    objective = lent(case)
    first, second = (as_direction(rule, objective).vector["theta"] for rule in TWO)
    values = measured(objective)
    for (a, b), (loss,) in zip(POINTS, values, strict=True):
        offset = case.model.theta.detach() + a * first + b * second - case.model.minimum
        assert loss == pytest.approx(0.7 + float(offset @ case.model.hessian @ offset) / 2, rel=1e-12)


def test_directions_are_those_of_a_copy_and_held_by_nobody() -> None:
    case = classification()
    here, there = spanned(lent(case)), spanned(copied(case))
    for drawn, held in zip(here.directions, there.directions, strict=True):
        assert drawn.fingerprint == held.fingerprint
        assert drawn.vector["0.weight"] is not drawn.vector["0.weight"]
        assert drawn.blocks is not None and held.blocks is not None
        assert drawn.blocks.of == held.blocks.of
    assert torch.equal(here.gram, there.gram)
    assert here.spread == there.spread


class Odd(nn.Module):
    """Weights that lie oddly: transposed, a part of something larger, one number, tied."""

    def __init__(self) -> None:
        super().__init__()
        self.turned = nn.Parameter(draw(5, 4).T)
        self.whole = draw(4, 12, seed=1)
        self.part = nn.Parameter(self.whole[:, 2:7])
        self.scale = nn.Parameter(torch.tensor(0.7))
        self.again = self.turned

    def forward(self, x: Tensor) -> Tensor:
        return self.scale * (x @ self.turned @ self.part.T[:, :3] + (x @ self.again)[:, :3])


def _odd() -> nn.Module:
    return seeded(Odd)


def _bf16() -> nn.Module:
    return mlp().to(torch.bfloat16)


def _parametrized() -> nn.Module:
    return seeded(
        lambda: nn.Sequential(parametrizations.weight_norm(nn.Linear(4, 6)), nn.Tanh(), nn.Linear(6, 3))
    )


def _hooked() -> nn.Module:
    with pytest.warns(FutureWarning, match="weight_norm"):
        return seeded(lambda: nn.Sequential(weight_norm(nn.Linear(4, 6)), nn.Tanh(), nn.Linear(6, 3)))


def _half_frozen() -> nn.Module:
    model = mlp()
    model[0].requires_grad_(False)
    return model


@pytest.mark.parametrize("make", [_odd, _bf16, _parametrized, _hooked, _half_frozen])
def test_weights_of_every_kind_move_as_in_a_copy_and_come_back(make: Any) -> None:
    case = replace(classification(), model=make())
    if make is _bf16:
        x, y = case.data
        case = replace(case, data=(x.bfloat16(), y))
    before = standing(case.model)
    expected = measured(copied(case))
    values = measured(lent(case))
    assert standing(case.model) == before
    if make is _odd:  # which lies otherwise in a copy, and so is multiplied in another order
        np.testing.assert_allclose(values, expected, rtol=1e-6)
    else:
        np.testing.assert_array_equal(values, expected)
    assert len(np.unique(expected[:, 0])) == len(POINTS)


def test_dropout_draws_the_same_numbers_in_train_mode() -> None:
    model = seeded(lambda: nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 3)))
    case = replace(classification(), model=model.eval())
    before = standing(model)
    expected = measured(copied(case, mode="train"))
    np.testing.assert_array_equal(measured(lent(case, mode="train")), expected)
    assert standing(model) == before
    assert not np.array_equal(expected, measured(copied(case)))


@pytest.mark.parametrize("batch_norm", ["frozen", "reestimate", "interpolate"])
def test_every_treatment_of_batch_norm_is_that_of_a_copy(batch_norm: str) -> None:
    case = CASES["convolution, BatchNorm, sum"]()
    other = copy.deepcopy(case.model)
    with torch.no_grad():
        for tensor in (*other.parameters(), other.norm.running_mean):
            tensor.add_(0.3 * draw(*tensor.shape, seed=5))
        other.norm.running_var.mul_(0.3)
    values = {}
    for where in (lent, copied):
        objective = replace(where(case), batch_norm=batch_norm)
        values[where] = measured(objective, [TowardsModel(other)], np.array([[0.0], [0.4], [1.0], [1.4]]))
    np.testing.assert_array_equal(values[lent], values[copied])


def test_variances_driven_below_zero_are_held_and_counted() -> None:
    case = CASES["convolution, BatchNorm, sum"]()
    other = copy.deepcopy(case.model)
    with torch.no_grad():
        other.norm.running_var.mul_(0.1)
        other.conv.weight.add_(1.0)
    objective = replace(lent(case), batch_norm="interpolate")
    evaluator = InPlace(objective, spanned(objective, [TowardsModel(other)]))
    (values,) = evaluator(np.array([[1.5], [0.0]]), objective.samples, lambda: False)
    assert np.isfinite(values.mean).all()
    assert evaluator.clamped == 4
    assert (case.model.norm.running_var > 0).all()


def test_several_draws_of_a_line_are_those_of_a_copy() -> None:
    surfaces = [
        lw.compute(
            mlp(),
            F.cross_entropy,
            _data(),
            directions=[lw.RandomDirection(0)],
            repeats=3,
            resolution=5,
            copy=c,
        )
        for c in (False, True)
    ]
    for metric in ("loss", "loss #1", "loss #2"):
        np.testing.assert_allclose(surfaces[0][metric], surfaces[1][metric], rtol=1e-6)
    assert [bool((s["loss"] != s["loss #1"]).any()) for s in surfaces] == [True, True]


def _data() -> tuple[Tensor, Tensor]:
    return draw(37, 4), draw_classes(3, 37)


def test_the_gradient_and_given_tensors_are_directions_too_and_say_what_they_hold() -> None:
    case = classification()
    before = standing(case.model)
    objective = lent(case)
    given = {name: torch.ones_like(weight) for name, weight in objective.params.items()}
    rules = (lw.GradientDirection(), given)
    np.testing.assert_array_equal(measured(objective, rules), measured(copied(case), rules))
    assert standing(case.model) == before
    numbers = sum(weight.numel() for weight in objective.params.values())
    notes = as_direction(given, objective).notes
    assert notes == (f"own direction: held in memory, {4 * numbers / 1e6:.3g} MB.",)
    assert InPlace(objective, spanned(objective, rules)).nbytes == 8 * numbers
    assert InPlace(objective, spanned(objective)).nbytes == 0


def test_centre_and_directions_are_handed_out_as_from_a_copy() -> None:
    case = classification()
    there, here = (
        lw.compute(case.model, case.loss, case.data, resolution=3, copy=is_copied)
        for is_copied in (True, False)
    )
    for ours, theirs in zip((here.origin, *here.directions), (there.origin, *there.directions), strict=True):
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[name], theirs[name]) for name in ours)
        assert all(ours[name].dtype == theirs[name].dtype for name in ours)


def test_cells_that_fail_are_skipped_and_the_model_comes_back() -> None:
    case = classification()

    def fails_far_out(output: Tensor, target: Tensor) -> Tensor:
        if output.abs().max() > 3:
            raise ValueError("too far")
        return F.cross_entropy(output, target)

    case = replace(case, loss=fails_far_out)
    before = standing(case.model)
    surface = lw.compute(
        case.model, case.loss, case.data, resolution=5, x=(-9, 9), copy=False, on_error="skip"
    )
    assert standing(case.model) == before
    assert (surface.state == State.FAILED).any() and (surface.state == State.EXACT).any()
    assert surface.settings["engine"]["error"] == "ValueError: too far"


def test_batches_that_do_not_fit_are_halved() -> None:
    case = classification()
    sizes: list[int] = []

    def hungry(output: Tensor, target: Tensor) -> Tensor:
        sizes.append(len(output))
        if len(output) > 10:
            raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")
        return F.cross_entropy(output, target, reduction="none")

    objective = lent(replace(case, loss=hungry))
    (values,) = InPlace(objective, spanned(objective))(POINTS, objective.samples, lambda: False)
    np.testing.assert_allclose(values.mean, measured(copied(case)), rtol=1e-6)
    assert values.how is not None
    assert values.how.notes == ("Batches of at most 6 samples: larger ones didn't fit into memory.",)
    assert max(sizes[-20:]) <= 10


def test_a_previous_answer_is_no_part_of_the_next() -> None:
    """Each cell from the centre: the same point twice, with another between, is the same bit for bit."""
    objective = lent(CASES["residual convolutions, batches"]())
    first, _, again = measured(objective, points=np.array([(0.3, 0.4), (-1.0, 0.9), (0.3, 0.4)]))
    assert np.array_equal(first, again)


def test_coordinates_of_another_shape_are_refused() -> None:
    objective = lent(classification())
    with pytest.raises(ValueError, match=r"shape \[n, 2\], one column a direction; got \[3, 1\]"):
        list(InPlace(objective, spanned(objective))(np.zeros((3, 1)), 37, lambda: False))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"compile": True}, "of which there is one, as it is; got compile=True too"),
        ({"device": ["cpu", "cpu"]}, "of which there is one, as it is; got a list of devices too"),
        (
            {"dtype": torch.float64},
            "whose dtype is torch.float32; got dtype='torch.float64'. Leave dtype out",
        ),
        ({"parameters": "merged"}, "Merge it yourself, `model.merge_and_unload\\(\\)`"),
        ({"metrics": {"curved": lw.HessianExtremes()}}, "Curvature is measured on copies of the model"),
        ({"directions": [lw.HessianDirection(0)]}, "Curvature is measured on copies of the model"),
        ({"trajectory": lw.Trajectory()}, "checkpoints are measured on a copy of the model; got copy=False"),
        ({"copy": None}, "copy is True, or False to measure on your own model; got None"),
    ],
)
def test_what_needs_a_copy_is_refused_at_the_door(options: dict[str, Any], sentence: str) -> None:
    model = mlp()
    before = standing(model)
    with pytest.raises((ValueError, TypeError), match=sentence):
        lw.compute(model, F.cross_entropy, _data(), **{"copy": False, **options})
    assert standing(model) == before


def test_another_device_is_refused_with_the_models_own() -> None:
    model = nn.Linear(4, 3)
    with pytest.raises(ValueError, match="whose device is cpu; got device='meta'"):
        lend(model, "trainable", "meta", None, nullcontext())
