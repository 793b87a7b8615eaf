"""Are the components those of the mathematics, of scikit-learn, and of chance?"""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from torch import Tensor
from trajectory_cases import from_rows, trajectory_of, walk

from landscape_widget.subspace import principal_components as room
from landscape_widget.subspace.principal_components import (
    PrincipalComponents,
    combined,
    principal_components,
)
from landscape_widget.subspace.trajectory import Trajectory

CENTRED = {"centred": True, "anchored": False}


def components_of(rows: Tensor, centred: bool) -> tuple[PrincipalComponents, Tensor]:
    """And the two leading vectors, float64[2, N]."""
    checkpoints, sizes = list(from_rows(rows)), {"weight": rows.shape[1]}
    components = principal_components(checkpoints, sizes, centred)
    vectors = [combined(checkpoints, sizes, components.weights[:, k]) for k in (0, 1)]
    return components, torch.stack(vectors)


@pytest.mark.parametrize("centred", CENTRED.values(), ids=CENTRED)
def test_a_path_in_a_plane_has_two_components(centred: bool) -> None:
    """O5."""
    time = torch.linspace(0, 3, 40, dtype=torch.float64)
    basis = torch.linalg.qr(torch.randn(50, 2, generator=torch.Generator().manual_seed(0)).double()).Q.T
    rows = 7 + torch.stack([time.cos() * time, time.square()], 1) @ basis
    components, vectors = components_of(rows, centred)
    assert len(components) == 2
    assert float(components.explained.sum()) == pytest.approx(1, abs=1e-12)
    torch.testing.assert_close(vectors @ vectors.T, torch.eye(2).double(), rtol=0, atol=1e-8)
    offsets = rows - rows[-1]
    coordinates = offsets @ vectors.T
    assert (offsets - coordinates @ vectors).norm(dim=1).max() < 1e-8
    torch.testing.assert_close(components.coordinates, coordinates, rtol=0, atol=1e-8)


def test_centred_components_are_those_of_scikit_learn() -> None:
    rows = walk(torch.rand(30, generator=torch.Generator().manual_seed(1)).double(), 200)
    components, vectors = components_of(rows, centred=True)
    theirs = PCA(2).fit((rows - rows[-1]).numpy())
    np.testing.assert_allclose(components.explained[:2], theirs.explained_variance_ratio_, atol=1e-6)
    signs = np.sign((vectors.numpy() * theirs.components_).sum(1))[:, None]
    np.testing.assert_allclose(signs * vectors.numpy(), theirs.components_, atol=1e-6)


def test_anchored_components_are_the_singular_vectors_of_the_rows() -> None:
    rows = walk(torch.ones(20).double(), 60)
    components, vectors = components_of(rows, centred=False)
    _, singular, theirs = torch.linalg.svd(rows - rows[-1], full_matrices=False)
    shares = singular.square() / singular.square().sum()
    torch.testing.assert_close(components.explained[:2], shares[:2])
    torch.testing.assert_close((vectors * theirs[:2]).sum(1).abs(), torch.ones(2).double())


@pytest.mark.parametrize(
    ("centred", "limits"), [(True, (60.8, 15.2, 6.8)), (False, (81.1, 9.0, 3.2))], ids=CENTRED
)
def test_a_random_walk_explains_what_chance_does(centred: bool, limits: tuple[float, ...]) -> None:
    """O6: the limits of many equal steps are 6/π²k² and 2/π²(k−½)²."""
    rows = walk(torch.ones(300).double(), 20_000)
    components = principal_components(list(from_rows(rows)), {"weight": rows.shape[1]}, centred)
    assert 100 * components.explained[:3].numpy() == pytest.approx(limits, abs=2)
    assert 100 * components.by_chance[:3].numpy() == pytest.approx(limits, abs=0.5)
    first = 6 / math.pi**2 if centred else 8 / math.pi**2
    assert 100 * first == pytest.approx(limits[0], abs=0.06)


def test_five_equal_steps_are_far_from_that_limit() -> None:
    rows = walk(torch.ones(4).double(), 100)
    by_chance = components_of(rows, centred=True)[0].by_chance
    assert 100 * by_chance[:2].numpy() == pytest.approx((65.5, 18.1), abs=0.1)


@pytest.mark.parametrize("centred", CENTRED.values(), ids=CENTRED)
def test_chance_of_unequal_steps_is_what_walks_of_the_same_steps_have(centred: bool) -> None:
    steps = torch.cat([torch.full((20,), 1.0), torch.full((20,), 0.3), torch.full((20,), 0.03)]).double()
    shares = [components_of(walk(steps, 20_000, seed), centred)[0] for seed in range(3)]
    mean = torch.stack([components.explained[:2] for components in shares]).mean(0)
    torch.testing.assert_close(mean, shares[0].by_chance[:2], rtol=0, atol=0.01)
    equal = components_of(walk(torch.ones(60).double(), 100), centred)[0].by_chance
    assert abs(float(equal[0] - shares[0].by_chance[0])) > 0.03


def test_however_small_the_groups_the_components_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = torch.randn(6, 33, generator=torch.Generator().manual_seed(0))
    trajectory = trajectory_of({"a": row[:20].reshape(4, 5), "b": row[20:]} for row in draws)
    sizes = {"a": 20, "b": 13}
    whole = principal_components(list(trajectory), sizes, centred=True)
    monkeypatch.setattr(room, "GROUP", 8 * 6 * 7)  # 7 numbers of each checkpoint
    some = principal_components(list(trajectory), sizes, centred=True)
    torch.testing.assert_close(some.explained, whole.explained)
    torch.testing.assert_close(some.weights.abs(), whole.weights.abs(), rtol=1e-6, atol=1e-9)


def test_complex_tensors_count_both_parts() -> None:
    draws = torch.randn(5, 6, generator=torch.Generator().manual_seed(0)).double()
    as_complex = trajectory_of({"w": torch.view_as_complex(row.reshape(3, 2).contiguous())} for row in draws)
    ours = principal_components(list(as_complex), {"w": 3}, centred=True)
    theirs = principal_components(list(from_rows(draws)), {"weight": 6}, centred=True)
    torch.testing.assert_close(ours.explained, theirs.explained)


def test_the_checkpoints_stay_as_they_are() -> None:
    rows = walk(torch.ones(5).double(), 9)
    trajectory = from_rows(rows)
    components = principal_components(list(trajectory), {"weight": 9}, centred=False)
    combined(list(trajectory), {"weight": 9}, components.weights[:, 0])
    assert torch.equal(torch.cat([checkpoint.state()["weight"] for checkpoint in trajectory]), rows)


def test_equal_checkpoints_have_no_component() -> None:
    trajectory: Trajectory = from_rows([[1.0, 2.0]] * 4)
    assert len(principal_components(list(trajectory), {"weight": 2}, centred=True)) == 0


@pytest.mark.parametrize("number", [0, 2, 3])
def test_a_diverged_checkpoint_is_refused_by_its_number(number: int) -> None:
    rows = torch.arange(8.0).reshape(4, 2)
    rows[number, 0] = math.nan
    with pytest.raises(
        ValueError, match=rf"Checkpoint {number} of 4 holds NaN .* Give the checkpoints before"
    ):
        principal_components(list(from_rows(rows)), {"weight": 2}, centred=True)


def test_the_first_that_diverged_is_named_and_how_to_leave_it_out() -> None:
    rows = torch.tensor([[0.0, 1.0], [1.0, 2.0], [math.inf, 0.0], [math.nan, math.nan]])
    with pytest.raises(
        ValueError, match=r"Checkpoint 2 of 4 .* `lw\.Trajectory\(list\(trajectory\)\[:2\]\)`"
    ):
        principal_components(list(from_rows(rows)), {"weight": 2}, centred=True)
    with pytest.raises(ValueError, match=r"The 2 checkpoints are too far from each other for float64"):
        principal_components(list(from_rows([[1e200, 0.0], [0.0, 1.0]])), {"weight": 2}, centred=True)
