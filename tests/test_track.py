"""Is a trajectory where the mathematics puts it, in any plane, and does it grow?"""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from filter_cases import Place, place
from torch import Tensor, nn
from trajectory_cases import from_rows, trajectory_of, walk

from landscape_widget.subspace.checkpoint import Checkpoint, InMemory
from landscape_widget.subspace.direction import Direction
from landscape_widget.subspace.principal_direction import PrincipalDirection
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.subspace.track import TrajectoryTrack
from landscape_widget.subspace.trajectory import Trajectory
from landscape_widget.track import Track


def nothing(coordinates, samples, cancelled):
    """Measures no checkpoint."""
    yield from ()


def linear(row: Tensor) -> Place:
    model = nn.Linear(len(row), 1, bias=False, dtype=torch.float64)
    with torch.no_grad():
        model.weight[0] = row
    return place(model)


def along(*rows: list[float], **facts: float) -> tuple[Direction, ...]:
    vectors = (torch.tensor([row], dtype=torch.float64) for row in rows)
    return tuple(Direction({"weight": vector}, "own", **facts) for vector in vectors)


def track_of(trajectory: Trajectory, objective: Place, *directions: Direction) -> TrajectoryTrack:
    return TrajectoryTrack(trajectory, objective, Subspace(objective.params, directions), nothing)


def test_axes_that_are_not_orthogonal_give_back_the_coordinates() -> None:
    """O7."""
    origin = torch.tensor([1.0, 2.0, 3.0])
    d, e = [3.0, 0.0, 0.0], [2.0, 0.5, 0.0]
    inside = origin + 0.3 * torch.tensor(d) - 0.7 * torch.tensor(e)
    beside = inside + torch.tensor([0.0, 0.0, 4.0])
    path = track_of(from_rows(torch.stack([inside, beside, origin])), linear(origin), *along(d, e)).path(1)
    np.testing.assert_allclose(path.coordinates, [(0.3, -0.7), (0.3, -0.7), (0, 0)], atol=1e-6)
    np.testing.assert_allclose(path.distances, [0, 4, 0], atol=1e-6)
    np.testing.assert_allclose(path.norms, [float(row.norm()) for row in (inside, beside, origin)])


def test_a_line_has_one_coordinate_a_checkpoint() -> None:
    path = track_of(from_rows([[3.0, 4.0], [5.0, 0.0]]), linear(torch.zeros(2)), *along([2.0, 0.0])).path(2)
    np.testing.assert_allclose(path.coordinates, [[1.5], [2.5]])
    np.testing.assert_allclose(path.distances, [4, 0], atol=1e-15)
    np.testing.assert_allclose(path.norms, [5, 5])
    assert path.values.shape == (2, 2)
    assert np.isnan(path.values).all()
    assert not path.known.any()


def test_a_path_in_a_plane_is_at_no_distance_from_its_principal_components() -> None:
    """O5."""
    time = torch.linspace(0, 3, 25, dtype=torch.float64)
    basis = torch.linalg.qr(torch.randn(40, 2, generator=torch.Generator().manual_seed(0)).double()).Q.T
    rows = 5 + torch.stack([time, time.sin()], 1) @ basis
    trajectory, objective = from_rows(rows), linear(rows[-1])
    directions = [PrincipalDirection(trajectory, rank)(objective) for rank in (0, 1)]
    path = track_of(trajectory, objective, *directions).path(1)
    assert path.distances.max() < 1e-8
    assert sum(path.explained) == pytest.approx(1, abs=1e-12)
    assert all(0 < share < 1 for share in path.by_chance)


def test_a_small_distance_far_from_the_origin_is_not_lost_in_rounding() -> None:
    far = torch.tensor([[1e6, 1e-5], [0.0, 0.0]], dtype=torch.float64)
    path = track_of(from_rows(far), linear(torch.zeros(2)), *along([1.0, 0.0])).path(1)
    assert path.distances[0] == pytest.approx(1e-5, rel=1e-9)


def test_a_growing_trajectory_is_projected_bit_by_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    rows = walk(torch.ones(5).double(), 3)
    trajectory, objective = from_rows(rows[:4]), linear(rows[0])
    parts = InMemory.parts
    monkeypatch.setattr(InMemory, "parts", lambda self, wanted: read.append(1) or parts(self, wanted))
    track: Track = track_of(trajectory, objective, *along([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]))
    before = track.path(1)
    assert (len(track), len(before), len(read)) == (4, 4, 4)
    heard: list[int] = []
    stop = track.listen(lambda: heard.append(len(track)))
    trajectory.append(from_rows(rows)[4])
    after = track.path(1)
    assert (len(after), len(read), heard) == (5, 5, [5])
    np.testing.assert_array_equal(after.coordinates[:4], before.coordinates)
    stop()
    trajectory.append(from_rows(rows)[5])
    assert heard == [5]
    np.testing.assert_allclose(track.path(1).coordinates, rows[:, :2], atol=1e-12)


def test_an_empty_trajectory_has_an_empty_path() -> None:
    path = track_of(Trajectory(), linear(torch.ones(2)), *along([1.0, 0.0])).path(3)
    assert (path.coordinates.shape, path.values.shape, len(path)) == ((0, 1), (3, 0), 0)


def test_steps_epochs_and_rates_come_along() -> None:
    state = InMemory({"weight": torch.ones(1, 2)})
    trajectory = Trajectory(
        [Checkpoint(0, state), Checkpoint(10, state, 0.5, 0.1), Checkpoint(20, state, 1.0, 0.01)]
    )
    path = track_of(trajectory, linear(torch.ones(2)), *along([1.0, 0.0])).path(1)
    assert path.steps.tolist() == [0, 10, 20]
    np.testing.assert_array_equal(path.epochs, [np.nan, 0.5, 1.0])
    np.testing.assert_array_equal(path.learning_rates, [np.nan, 0.1, 0.01])
    assert path.drops.tolist() == [2]


def test_only_what_moves_is_projected() -> None:
    model = nn.Sequential(nn.Linear(2, 1, bias=False), nn.Linear(1, 1, bias=False)).double()
    model[1].weight.requires_grad_(False)
    origin = {"0.weight": torch.tensor([[1.0, 2.0]]), "1.weight": torch.tensor([[3.0]])}
    model.load_state_dict(origin)
    trajectory = trajectory_of([origin | {"1.weight": torch.tensor([[9.0]])}, origin])
    objective = place(model)
    subspace = Subspace(objective.params, (Direction({"0.weight": torch.tensor([[1.0, 0.0]])}, "own"),))
    path = TrajectoryTrack(trajectory, objective, subspace, nothing).path(1)
    np.testing.assert_allclose(path.distances, 0)
    np.testing.assert_allclose(path.norms, math.sqrt(5))


def test_complex_weights_are_projected_too() -> None:
    model = nn.Module()
    model.weight = nn.Parameter(torch.tensor([[1j, 0]], dtype=torch.complex128))
    direction = Direction({"weight": torch.tensor([[0, 2j]], dtype=torch.complex128)}, "own")
    there = torch.tensor([[1j + 3, 1j]], dtype=torch.complex128)
    path = track_of(trajectory_of([{"weight": there}]), place(model), direction).path(1)
    np.testing.assert_allclose(path.coordinates, [[0.5]])
    np.testing.assert_allclose(path.distances, [3])


def test_a_diverged_checkpoint_has_no_place() -> None:
    path = track_of(from_rows([[math.nan, 1.0]]), linear(torch.ones(2)), *along([1.0, 0.0])).path(1)
    assert np.isnan(path.coordinates).all()
    assert np.isnan(path.distances).all()
