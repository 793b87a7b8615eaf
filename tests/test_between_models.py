"""Two models on a line, three in a plane: is each where it is said to be, BatchNorm included (O9, O10)?"""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.corners import points, ranges
from landscape_widget.subspace.direction import Direction, as_direction, with_batch_norm
from landscape_widget.subspace.orthogonal import orthogonal
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.subspace.towards_model import TowardsModel
from tests.cases import draw, draw_classes, seeded
from tests.pools import pool

X, Y = draw(60, 4).double(), draw_classes(3, 60)


def network(seed: int) -> nn.Module:
    """A network with statistics of its own."""
    model = seeded(lambda: nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 3)))
    model = model.double().train()
    with torch.no_grad():
        for number, parameter in enumerate(model.parameters()):
            parameter += 0.5 * draw(*parameter.shape, seed=10 * seed + number)
        for step in range(30):
            model(X[draw_classes(60, 40, seed=step)])
    return model.eval()


def objective_at(model: nn.Module, mode: str = "interpolate") -> Objective:
    return replace(read_objective(model, F.cross_entropy, (X, Y)), batch_norm=mode)


def losses(
    objective: Objective, directions: tuple[Direction, ...], cells: list[tuple[float, ...]]
) -> np.ndarray:
    evaluator = Evaluator(objective, Subspace(objective.params, directions), pool())
    answers = np.full(len(cells), np.nan)
    for values in evaluator(np.array(cells), 60, lambda: False):
        answers[values.cells] = values.mean[:, 0]
    return answers


def own_loss(model: nn.Module) -> float:
    with torch.no_grad():
        return float(F.cross_entropy(model(X), Y))


def plane(mode: str = "interpolate") -> tuple[Objective, tuple[Direction, ...], list[nn.Module]]:
    models = [network(seed) for seed in range(3)]
    objective = objective_at(models[0], mode)
    towards = [
        as_direction(TowardsModel(m, name), objective) for m, name in zip(models[1:], "BC", strict=True)
    ]
    first, second = (with_batch_norm(direction, objective) for direction in towards)
    return objective, (first, orthogonal(first, second, objective)), models


def test_the_ends_of_a_line_are_the_two_models_with_their_statistics():
    """O9."""
    here, there = network(0), network(1)
    objective = objective_at(here)
    direction = with_batch_norm(as_direction(TowardsModel(there), objective), objective)
    found = losses(objective, (direction,), [(0.0,), (1.0,)])
    assert found == pytest.approx([own_loss(here), own_loss(there)], rel=1e-13)


def test_between_the_ends_statistics_are_interpolated_and_beyond_them_held_at_zero():
    here, there = network(0), network(1)
    objective = objective_at(here)
    direction = as_direction(TowardsModel(there), objective)
    cells = [(a,) for a in (-3.0, 0.3, 4.0)]
    found = losses(objective, (direction,), cells)
    for (a,), value in zip(cells, found, strict=True):
        model, end = copy.deepcopy(here), dict(there.state_dict())
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                tensor.copy_((1 - a) * tensor + a * end[name])
        model[1].running_var.clamp_(min=0)
        assert value == pytest.approx(own_loss(model), rel=1e-12)


def test_frozen_statistics_stay_those_of_the_origin():
    here, there = network(0), network(1)
    objective = objective_at(here, "frozen")
    direction = with_batch_norm(as_direction(TowardsModel(there, "B"), objective), objective)
    assert list(direction.vector) == list(objective.params)
    assert direction.endpoint == "B"
    assert direction.notes[-1].startswith(
        "BatchNorm statistics stay those of the origin, so the loss at B isn't"
    )
    assert not any("running variances" in note for note in direction.notes)
    mixed = copy.deepcopy(here)
    mixed.load_state_dict(there.state_dict() | dict(here.named_buffers()))
    assert losses(objective, (direction,), [(1.0,)])[0] == pytest.approx(own_loss(mixed), rel=1e-13)
    assert own_loss(mixed) != pytest.approx(own_loss(there), rel=1e-3)


def test_re_estimated_statistics_are_not_moved_either_and_need_no_warning():
    objective = objective_at(network(0), "reestimate")
    direction = with_batch_norm(as_direction(TowardsModel(network(1)), objective), objective)
    assert direction.notes == ()
    assert list(direction.vector) == list(objective.params)


def test_statistics_of_other_layers_move_where_there_is_no_batch_norm():
    def network(seed):
        model = nn.Sequential(nn.Conv1d(1, 2, 2), nn.InstanceNorm1d(2, track_running_stats=True))
        model = nn.Sequential(nn.Unflatten(1, (1, 4)), model, nn.Flatten(), nn.Linear(6, 3)).double()
        with torch.no_grad():
            for number, tensor in enumerate([*model.parameters(), model[1][1].running_mean]):
                tensor += draw(*tensor.shape, seed=10 * seed + number)
        return model.eval()

    here, there = network(0), network(1)
    objective = read_objective(here, F.cross_entropy, (X, Y))
    assert objective.batch_norm is None
    direction = with_batch_norm(as_direction(TowardsModel(there), objective), objective)
    assert losses(objective, (direction,), [(1.0,)])[0] == pytest.approx(own_loss(there), rel=1e-13)


def test_a_direction_without_statistics_is_the_same_in_every_mode():
    for mode in ("frozen", "reestimate", "interpolate"):
        objective = objective_at(network(0), mode)
        direction = RandomDirection(0)(objective)
        assert with_batch_norm(direction, objective) is direction


def test_a_convex_loss_has_no_barrier():
    """O9: above the chord nowhere between the ends."""
    models = [nn.Linear(4, 1).double() for _ in range(2)]
    for seed, model in enumerate(models):
        nn.init.zeros_(model.bias)
        model.weight.data = draw(1, 4, seed=seed).double()
    objective = read_objective(models[0], F.mse_loss, (X, X[:, :1]))
    direction = as_direction(TowardsModel(models[1]), objective)
    places = np.linspace(0, 1, 21)
    found = losses(objective, (direction,), [(a,) for a in places])
    assert (found - ((1 - places) * found[0] + places * found[-1])).max() <= 1e-12


@pytest.mark.parametrize("mode", ["interpolate", "frozen"])
def test_the_corners_of_a_plane_are_the_three_models(mode: str):
    """O10."""
    objective, directions, models = plane(mode)
    corners = points(directions)
    assert [corner.label for corner in corners] == ["origin", "B", "C"]
    found = losses(objective, directions, [corner.coordinates for corner in corners])
    if mode == "frozen":
        buffers = dict(models[0].named_buffers())
        for model in models[1:]:
            model.load_state_dict(model.state_dict() | buffers)
    assert found == pytest.approx([own_loss(model) for model in models], rel=1e-12)


def test_the_axes_are_garipovs():
    """u = w2 − w1 and v = (w3 − w1) − ⟨w3 − w1, u⟩ u / |u|², here in units of themselves."""
    objective, (first, second), models = plane()
    w1, w2, w3 = (torch.cat([p.detach().flatten() for p in model.parameters()]) for model in models)
    u, v = (
        (lambda d: torch.cat([d.vector[n].flatten() for n in objective.params]))(d) for d in (first, second)
    )
    share = (w3 - w1) @ (w2 - w1) / ((w2 - w1) @ (w2 - w1))
    torch.testing.assert_close(u, w2 - w1)
    torch.testing.assert_close(v, w3 - w1 - share * (w2 - w1))
    assert second.slant == pytest.approx(float(share))
    assert abs(Subspace(objective.params, (first, second)).cosine) < 1e-14


def test_the_window_has_a_fifth_of_the_extent_on_each_side():
    _, directions, _ = plane()
    (low, high), vertical = ranges(directions)
    left, right = min(0.0, directions[1].slant), max(1.0, directions[1].slant)
    assert (low, high) == pytest.approx((left - 0.2 * (right - left), right + 0.2 * (right - left)))
    assert vertical == pytest.approx((-0.2, 1.2))


@pytest.mark.parametrize("slant", [-0.4, 0.3, 1.7])
def test_a_corner_far_to_the_side_is_in_the_window(slant: float):
    first, second = (
        Direction({}, "towards B", (-0.5, 1.5), "B"),
        Direction({}, "towards C", (-0.5, 1.5), "C", slant),
    )
    (low, high), _ = ranges((first, second))
    assert low < min(0, slant) and max(1, slant) < high


def test_without_three_models_the_rules_say_where_to_look():
    random = Direction({}, "random")
    towards = Direction({}, "towards B", (-0.5, 1.5), "B")
    assert ranges((random, random)) == ((-1, 1), (-1, 1))
    assert ranges((towards,)) == ((-0.5, 1.5),)
    assert ranges((random, towards)) == ((-1, 1), (-0.5, 1.5))
    assert ranges((random, replace(towards, slant=1.3))) == ((-1, 1.3), (-0.5, 1.5))
    assert points((random, replace(towards, slant=1.3)))[1].coordinates == (1.3, 1.0)
    assert points((towards, random))[1].coordinates == (1.0, 0.0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("place", [0.5, -2.0, 1.001])
def test_three_models_on_one_line_are_refused_by_name(dtype: torch.dtype, place: float):
    models = [network(seed).to(dtype) for seed in (0, 1)]
    between = copy.deepcopy(models[0])
    ends: list[dict[str, Tensor]] = [model.state_dict() for model in models]
    for name, tensor in between.state_dict().items():
        tensor.copy_(((1 - place) * ends[0][name].double() + place * ends[1][name].double()).to(tensor.dtype))
    objective = read_objective(models[0], F.cross_entropy, (X.to(dtype), Y))
    first = as_direction(TowardsModel(models[1], "B"), objective)
    second = as_direction(TowardsModel(between, "C"), objective)
    with pytest.raises(
        ValueError, match=r"This model, 'B' and 'C' lie on one line.*third model from another run"
    ):
        orthogonal(first, second, objective)


def test_a_third_model_close_to_the_line_is_still_a_third_model():
    models = [network(seed).float() for seed in (0, 1)]
    beside = copy.deepcopy(models[1])
    beside[0].weight.data[0, 0] += 0.01
    objective = read_objective(models[0], F.cross_entropy, (X.float(), Y))
    first = as_direction(TowardsModel(models[1], "B"), objective)
    second = as_direction(TowardsModel(beside, "C"), objective)
    assert 0.9 < orthogonal(first, second, objective).slant < 1.1
