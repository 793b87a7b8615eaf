"""Does a principal direction go where training went, at the length, sign and range that are promised?"""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from filter_cases import place
from torch import Tensor, nn
from trajectory_cases import from_rows, trajectory_of

from landscape_widget.subspace import principal_direction
from landscape_widget.subspace.direction import Direction, as_direction
from landscape_widget.subspace.principal_direction import PrincipalDirection
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.subspace.trajectory import Trajectory

PATH = torch.tensor([[9.0, 1.0, 3.0], [6.0, 2.0, 3.0], [5.0, 4.0, 3.0], [3.0, 4.0, 3.0]])


def network(row: Tensor) -> nn.Module:
    model = nn.Linear(len(row), 1, bias=False, dtype=torch.float64)
    with torch.no_grad():
        model.weight[0] = row
    return model


def states(count: int = 6) -> list[dict[str, Tensor]]:
    """Checkpoints of a layer with a bias."""
    generator = torch.Generator().manual_seed(0)
    return [
        {"weight": torch.randn(2, 3, generator=generator), "bias": torch.randn(2, generator=generator)}
        for _ in range(count)
    ]


def at_the_end(trajectory: Trajectory) -> nn.Module:
    model = nn.Linear(3, 2)
    model.load_state_dict(trajectory[-1].state())
    return model


@pytest.mark.parametrize("mode", ["paper", "anchored"])
def test_two_ranks_are_orthogonal_and_as_long_as_the_parameters(mode: str) -> None:
    trajectory = trajectory_of(states())
    objective = place(at_the_end(trajectory))
    directions = [as_direction(PrincipalDirection(trajectory, rank, mode), objective) for rank in (0, 1)]
    subspace = Subspace(objective.params, tuple(directions))
    square = sum(float(w.double().square().sum()) for w in objective.params.values())
    assert subspace.gram.diagonal().tolist() == pytest.approx([square, square])
    assert abs(subspace.cosine) < 1e-6
    for direction in directions:
        flat = torch.cat([tensor.reshape(-1) for tensor in direction.vector.values()])
        assert flat[flat.abs().argmax()] > 0


def test_the_path_lies_inside_the_range_with_a_margin() -> None:
    trajectory = from_rows(PATH)
    objective = place(network(PATH[-1]))
    directions = tuple(PrincipalDirection(trajectory, rank, "anchored")(objective) for rank in (0, 1))
    subspace = Subspace(objective.params, directions)
    found = np.array([subspace.project({"weight": row[None].double()}) for row in PATH])
    for axis, direction in enumerate(directions):
        low, high = float(found[:, axis].min()), float(found[:, axis].max())
        margin = 0.15 * (high - low)
        assert direction.range == pytest.approx((low - margin, high + margin), abs=1e-9)


def test_the_range_holds_the_origin_also_where_training_went_on() -> None:
    trajectory = from_rows([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0]])
    direction = PrincipalDirection(trajectory, 0, "anchored")(place(network(torch.tensor([7.0, 0.0]))))
    low, high = -6 / 7, 0.0  # from 1 to the origin at 7, in units of a vector as long as the weights
    assert direction.range == pytest.approx((low - 0.15 * (high - low), high + 0.15 * (high - low)))


def test_a_straight_path_is_explained_wholly_and_says_what_chance_would() -> None:
    trajectory = from_rows([[0.0, 5.0], [1.0, 5.0], [2.0, 5.0], [3.0, 5.0], [4.0, 5.0]])
    direction = PrincipalDirection(trajectory)(place(network(torch.tensor([4.0, 5.0]))))
    assert direction.label == "1st PC: 100.0 %"
    assert (direction.explained, direction.endpoint) == (pytest.approx(1.0), None)
    assert direction.by_chance == pytest.approx(0.655, abs=0.001)
    torch.testing.assert_close(direction.vector["weight"], torch.tensor([[math.sqrt(41), 0.0]]).double())


def test_what_moves_little_is_second() -> None:
    trajectory = from_rows([[4.0, 0.0], [0.0, 1.0], [-4.0, 0.0], [0.0, -1.0]])
    direction = PrincipalDirection(trajectory, 1)(place(network(torch.tensor([0.0, -1.0]))))
    assert direction.label == "2nd PC: 5.9 %"  # 2 of 34
    torch.testing.assert_close(direction.vector["weight"], torch.tensor([[0.0, 1.0]]).double())


def test_the_paper_leaves_biases_out_and_anchored_takes_them_along() -> None:
    trajectory = trajectory_of(states())
    objective = place(at_the_end(trajectory))
    assert not PrincipalDirection(trajectory)(objective).vector["bias"].any()
    assert PrincipalDirection(trajectory, mode="anchored")(objective).vector["bias"].any()
    as_bias = PrincipalDirection(trajectory, mode="paper", filter_axes={"weight": None})
    with pytest.raises(ValueError, match=r"is one-dimensional, .* Choose `mode='anchored'`"):
        as_bias(objective)


def test_both_ranks_share_one_analysis_until_the_trajectory_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    solve = principal_direction.principal_components
    monkeypatch.setattr(
        principal_direction, "principal_components", lambda *a, **k: calls.append(1) or solve(*a, **k)
    )
    more = states(7)
    trajectory = trajectory_of(more[:6])
    objective = place(at_the_end(trajectory))
    before = [PrincipalDirection(trajectory, rank)(objective) for rank in (0, 1)]
    assert len(calls) == 1
    trajectory.append(trajectory_of(more)[6])
    after = PrincipalDirection(trajectory)(objective)
    assert len(calls) == 2
    assert after.explained != before[0].explained


def test_only_the_first_checkpoints_count_where_that_is_asked_for() -> None:
    trajectory = trajectory_of(states(7))
    objective = place(at_the_end(trajectory))
    ours = PrincipalDirection(trajectory, 1, checkpoints=5)(objective)
    theirs = PrincipalDirection(trajectory_of(states(7)[:5]), 1)(objective)
    assert (ours.explained, ours.range) == (theirs.explained, theirs.range)
    assert all(torch.equal(tensor, theirs.vector[name]) for name, tensor in ours.vector.items())


def test_a_network_of_zeros_has_directions_of_length_one() -> None:
    trajectory = from_rows([[3.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    direction: Direction = PrincipalDirection(trajectory)(place(network(torch.zeros(2))))
    assert float(direction.vector["weight"].norm()) == pytest.approx(1)
    assert direction.notes == ("All moved parameters are zero, so the component has length 1.",)


def test_low_precision_weights_get_a_float32_direction() -> None:
    trajectory = trajectory_of(states())
    objective = place(at_the_end(trajectory).to(torch.bfloat16))
    vector = PrincipalDirection(trajectory)(objective).vector
    assert {tensor.dtype for tensor in vector.values()} == {torch.float32}


@pytest.mark.parametrize(
    ("rows", "rank", "message"),
    [
        ([[1.0, 2.0]] * 3, 0, r"The 1st principal component needs two different checkpoints; .* 3 span 0"),
        ([[1.0, 2.0]], 0, "A trajectory needs two checkpoints or more; got 1. A trajectory of one point"),
        ([[0.0, 1.0], [1.0, 1.0]], 1, r"The 2nd principal component needs 3 that lie on no line; .* span 1"),
        (
            [[0.0, 1.0], [1.0, 1.0], [5.0, 1.0]],
            1,
            r"span 1, as far as float64 can tell\. Record more of the training, or",
        ),
    ],
)
def test_a_trajectory_that_is_too_short_is_refused(rows: list[list[float]], rank: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PrincipalDirection(from_rows(rows), rank)(place(network(torch.tensor(rows[-1]))))


def test_a_trajectory_of_another_network_is_refused() -> None:
    with pytest.raises(ValueError, match=r"has shape \[1, 2\] for 'weight'; the model has \[1, 3\]"):
        PrincipalDirection(from_rows(PATH[:, :2]))(place(network(PATH[-1])))


def test_settings_are_checked_when_they_are_made() -> None:
    trajectory = from_rows(PATH)
    with pytest.raises(TypeError, match="A rank is 0 for the first component, 1 for the second, …; got -1"):
        PrincipalDirection(trajectory, -1)
    with pytest.raises(TypeError, match="checkpoints is how many of the first count, or None; got 0"):
        PrincipalDirection(trajectory, checkpoints=0)
    with pytest.raises(ValueError, match="anchord"):
        PrincipalDirection(trajectory, mode="anchord")
    with pytest.raises(TypeError, match=r"Expected a trajectory from .* got list"):
        PrincipalDirection([1, 2])(place(network(PATH[-1])))  # type: ignore[arg-type]
