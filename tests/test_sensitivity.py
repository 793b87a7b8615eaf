"""Is it found where the modes of BatchNorm differ most, and left alone where there is nothing to compare?"""

from __future__ import annotations

import copy
import math
from dataclasses import replace
from time import perf_counter

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from landscape_widget.evaluate.sensitivity import measure_sensitivity, probes
from landscape_widget.objective.batch_norm import MODES
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.direction import Direction, as_direction, with_batch_norm
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.subspace.towards_model import TowardsModel
from tests.cases import ConvNet, ResidualNet, draw, draw_classes, mlp, seeded

X, Y = draw(700, 1, 6, 6), draw_classes(3, 700)


def never() -> bool:
    return False


def objective_of(model: nn.Module, loss: object = F.cross_entropy) -> Objective:
    return read_objective(model, loss, (X, Y), test_data=(X[:20], Y[:20]))


def planes(objective: Objective, *modes: str) -> dict[str, Subspace]:
    directions = RandomDirection(0)(objective), RandomDirection(1)(objective)
    return dict.fromkeys(modes, Subspace(objective.params, directions))


def test_cells_lie_half_way_to_the_sides_of_the_window_and_between_models_half_way_too():
    assert probes([(-1, 1), (-2, 2)]) == ((-0.5, 0), (0.5, 0), (0, -1), (0, 1))
    assert probes([(-0.5, 1.5)]) == ((0.0,), (1.0,), (0.5,))


def test_the_worst_cell_is_found_with_the_losses_there():
    objective = objective_of(seeded(ConvNet))
    cells = probes([(-2, 2), (-1, 1)])
    found = measure_sensitivity(objective, planes(objective, "frozen", "reestimate"), cells, never)
    assert found is not None
    assert (found.samples, found.losses.keys()) == (512, {"frozen", "reestimate"})
    subspace = planes(objective, "frozen")["frozen"]
    ratios = {}
    for cell in cells:
        model = copy.deepcopy(objective.model)
        model.load_state_dict(model.state_dict() | subspace.point(cell))
        losses = {}
        for mode in ("frozen", "reestimate"):
            moved = replace(objective, batch_norm=mode)
            losses[mode] = moved.measure(model, moved.portions(512)).mean[0]
        ratios[cell] = max(losses.values()) / min(losses.values())
        if cell == found.at:
            assert found.losses == pytest.approx(losses, rel=1e-6)
    assert found.worst == pytest.approx(max(ratios.values()), rel=1e-6)
    assert ratios[found.at] == pytest.approx(found.worst, rel=1e-6)


def test_three_modes_are_compared_between_models():
    here, there = seeded(ConvNet), seeded(ConvNet)
    there.norm.running_var = there.norm.running_var * 30
    there.conv.weight.data *= 2
    objective = objective_of(here)
    towards = as_direction(TowardsModel(there), objective)
    lines = {
        mode: Subspace(objective.params, (with_batch_norm(towards, replace(objective, batch_norm=mode)),))
        for mode in MODES
    }
    found = measure_sensitivity(objective, lines, [(0.0,), (1.0,)], never)
    assert found is not None
    assert found.at == (1.0,)
    batches = objective.portions(512)[0]
    x, y = (torch.cat(column) for column in zip(*batches, strict=True))
    with torch.no_grad():
        expected = float(F.cross_entropy(there.eval()(x), y))
    assert found.losses["interpolate"] == pytest.approx(expected, rel=1e-5)
    assert found.worst > 1.001


def test_the_objective_stays_as_it_is():
    objective = objective_of(seeded(ConvNet))
    before = copy.deepcopy(objective.model.state_dict())
    measure_sensitivity(objective, planes(objective, "frozen", "reestimate"), probes([(-1, 1)] * 2), never)
    assert all(torch.equal(before[name], t) for name, t in objective.model.state_dict().items())
    assert objective.batch_norm == "frozen"


def test_without_batch_norm_or_a_second_mode_there_is_nothing_to_compare():
    flat = read_objective(mlp(), F.cross_entropy, (draw(20, 4), draw_classes(3, 20)))
    assert measure_sensitivity(flat, planes(flat, "frozen", "reestimate"), [(0.5, 0)], never) is None
    objective = objective_of(seeded(ConvNet))
    assert measure_sensitivity(objective, planes(objective, "frozen"), [(0.5, 0)], never) is None


def test_a_mode_that_fails_is_left_out():
    """A single sample has no statistics that could be estimated again."""
    model = seeded(lambda: nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3)))
    objective = read_objective(model, F.cross_entropy, (draw(1, 4), draw_classes(3, 1)))
    found = measure_sensitivity(objective, planes(objective, "frozen", "reestimate"), [(0.5, 0)], never)
    assert found is not None
    assert (found.worst, list(found.losses)) == (1.0, ["frozen"])


def test_where_every_mode_fails_the_error_is_the_losses_own():
    def only_once(output, target):
        asked.append(output)
        if len(asked) > tried:
            raise RuntimeError("no more")
        return F.cross_entropy(output, target)

    asked, tried = [], 10**9
    objective = objective_of(seeded(ConvNet), only_once)
    tried = len(asked)
    with pytest.raises(RuntimeError, match="no more"):
        measure_sensitivity(objective, planes(objective, "frozen", "reestimate"), [(0.5, 0)], never)


def test_a_cancelled_comparison_is_none():
    objective = objective_of(seeded(ConvNet))
    asked = iter([False] * 3 + [True] * 9)
    found = measure_sensitivity(
        objective, planes(objective, "frozen", "reestimate"), probes([(-1, 1)] * 2), lambda: next(asked)
    )
    assert found is None


def shifted(model: nn.Module, loss: object, step: float) -> float | None:
    """The ratio where only the frozen mode sees statistics that were moved."""
    objective = objective_of(model, loss)
    still = {name: torch.zeros_like(p) for name, p in objective.params.items()}
    still["head.bias"][0] = 1e-9
    moved = Direction(still | {"norm.running_mean": torch.full((4,), step)}, "d")
    lines = {
        "frozen": Subspace(objective.params, (Direction(still, "d"),)),
        "interpolate": Subspace(objective.params, (moved,)),
    }
    found = measure_sensitivity(objective, lines, [(1.0,)], never)
    return None if found is None else found.worst


def test_losses_that_are_finite_in_one_mode_only_differ_without_bound():
    assert shifted(seeded(ConvNet), F.cross_entropy, torch.nan) == math.inf


def test_losses_that_agree_have_the_ratio_one_whatever_they_are():
    assert shifted(seeded(ConvNet), F.cross_entropy, 0.0) == 1
    assert shifted(seeded(ConvNet), lambda output, target: output[:, 0] * torch.nan, 0.0) == 1
    assert shifted(seeded(ConvNet), lambda output, target: output[:, 0] * 0, 1.0) == 1


def test_negative_losses_are_compared_by_their_difference():
    ratio = shifted(seeded(ConvNet), lambda output, target: -F.cross_entropy(output, target), 3.0)
    assert ratio is not None and 1 < ratio < 2


def test_it_is_cheap():
    """Eight cells in two modes on 512 samples of a small network: a fraction of a second."""
    x, y = draw(2000, 2, 12, 12), draw_classes(3, 2000)
    objective = read_objective(seeded(ResidualNet), F.cross_entropy, (x, y))
    cells = probes([(-1, 1)] * 2) * 2
    began = perf_counter()
    measure_sensitivity(objective, planes(objective, "frozen", "reestimate"), cells, never)
    assert perf_counter() - began < 3
