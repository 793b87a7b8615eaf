"""Are both ends of a spectrum found, and is it told where they aren't?"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape_widget.curvature import extremes as module
from landscape_widget.curvature.extremes import Extremes, extremes
from landscape_widget.curvature.hessian_extremes import HessianExtremes
from landscape_widget.curvature.lanczos import lanczos


def with_eigenvalues(values: NDArray[np.float64], seed: int = 0) -> NDArray[np.float64]:
    """A symmetric matrix of these, its eigenvectors turned by chance."""
    turn, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((len(values), len(values))))
    return (turn * values) @ turn.T


def noise(size: int, seed: int = 1) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal(size)


def found(matrix: NDArray[np.float64], tolerance: float = 1e-2) -> tuple[Extremes, int]:
    """Both ends, and the products they took."""
    products = []

    def operator(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        products.append(1)
        return matrix @ vector

    return extremes(operator, noise(len(matrix)), tolerance), len(products)


SPECTRA = {
    "both signs": np.concatenate([np.linspace(-1, 1, 300), [-4.0, 30.0]]),
    "convex": np.concatenate([np.geomspace(1e-7, 1, 300), [20.0, 50.0]]),
    "concave": -np.concatenate([np.geomspace(1e-7, 1, 300), [20.0, 50.0]]),
    "one outlier in nothing": np.concatenate([np.zeros(300), [3.0]]),
    "tiny": 1e-12 * np.concatenate([np.linspace(-1, 1, 300), [7.0]]),
    "huge": 1e12 * np.concatenate([np.linspace(-1, 1, 300), [-9.0]]),
    "few": np.array([3.0, -1.0, 0.5]),
    "two": np.array([3.0, -1.0]),
    "one": np.array([-2.0]),
}


@pytest.mark.parametrize("name", SPECTRA)
@pytest.mark.parametrize("tolerance", [1e-2, 1e-4])
def test_both_ends_are_right_relative_to_the_larger(name: str, tolerance: float) -> None:
    values = SPECTRA[name]
    answer, products = found(with_eigenvalues(values), tolerance)
    size = np.abs(values).max()
    assert answer.residual <= tolerance
    assert answer.largest == pytest.approx(values.max(), abs=tolerance * size)
    assert answer.smallest == pytest.approx(values.min(), abs=tolerance * size)
    assert answer.norm == pytest.approx(size, rel=tolerance)
    assert products < 200


def test_the_residual_is_that_of_the_vectors() -> None:
    matrix = with_eigenvalues(SPECTRA["both signs"])
    answer, _ = found(matrix)
    off = [
        np.linalg.norm(matrix @ vector - value * vector)
        for vector, value in zip(answer.vectors, (answer.largest, answer.smallest), strict=True)
    ]
    assert answer.residual == pytest.approx(max(off) / 30, rel=1e-6)
    np.testing.assert_allclose(np.linalg.norm(answer.vectors, axis=1), 1, rtol=1e-9)


def test_without_the_shift_a_smallest_eigenvalue_near_zero_would_cost_far_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """ARPACK's tolerance is relative to each eigenvalue, and a share of nearly nothing is nothing."""
    matrix = with_eigenvalues(SPECTRA["convex"])
    _, shifted = found(matrix)
    monkeypatch.setattr(module, "SHIFT", 0.0)
    _, unshifted = found(matrix)
    assert unshifted > 2 * shifted


def test_a_start_near_the_answer_needs_fewer_products() -> None:
    values = np.concatenate([np.linspace(-1, 1, 2000), [-1.2, 1.3]])
    products = []

    def operator(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        products.append(1)
        return values * vector

    answer = extremes(operator, noise(2002), 1e-2)
    cold = len(products)
    extremes(operator, answer.vectors.sum(0) + 0.1 * noise(2002, 5) / np.sqrt(2002), 1e-2)
    assert len(products) - cold < cold


def test_what_does_not_converge_is_the_best_known_and_says_so() -> None:
    values = np.linspace(-1, 1, 3000)
    answer = extremes(lambda v: values * v, noise(3000), 1e-9)
    assert answer.residual > 1e-9
    assert 0.9 < answer.largest < 1.001 and -1.001 < answer.smallest < -0.9


def test_nothing_curves_where_all_is_zero() -> None:
    answer = extremes(lambda v: np.zeros(100), noise(100), 1e-2)
    assert (answer.largest, answer.smallest, answer.residual, answer.norm) == (0, 0, 0, 0)


def test_products_that_are_not_finite_have_no_ends() -> None:
    for size in (5, 100):
        answer = extremes(lambda v: v * np.nan, noise(size), 1e-2)
        assert np.isnan([answer.largest, answer.smallest, answer.residual]).all()


def test_the_same_start_gives_the_same_bits() -> None:
    matrix = with_eigenvalues(SPECTRA["both signs"])
    (first, _), (second, _) = found(matrix), found(matrix)
    assert (first.largest, first.smallest) == (second.largest, second.smallest)
    np.testing.assert_array_equal(first.vectors, second.vectors)


def test_lanczos_steps_to_the_end_are_the_matrix_itself() -> None:
    values = np.array([-2.0, -0.5, 0.0, 1.0, 4.0])
    start = noise(5)
    matrix = with_eigenvalues(values)
    nodes, weights, residuals = lanczos(lambda v: matrix @ v, start, 99).quadrature()
    np.testing.assert_allclose(nodes, values, atol=1e-12)
    assert weights.sum() == pytest.approx(1)
    assert weights @ nodes == pytest.approx(start @ matrix @ start / (start @ start))
    np.testing.assert_allclose(residuals, 0, atol=1e-10)


def test_lanczos_ends_where_nothing_new_comes() -> None:
    nodes, _, _ = lanczos(lambda v: v * np.repeat([1.0, 5.0], 50), noise(100), 80).quadrature()
    np.testing.assert_allclose(nodes, [1, 5], atol=1e-12)


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("samples", 0, "samples is a whole number, 1 or more; got 0"),
        ("samples", 2.5, "samples is a whole number, 1 or more; got 2.5"),
        ("resolution", 1, "resolution is a whole number, 2 or more; got 1"),
        ("resolution", (5, 5, 5), r"resolution is a whole number, or two, \(nx, ny\); got \(5, 5, 5\)"),
        ("parameters", "some", "parameters must be one of 'moved', 'all'; got 'some'"),
        ("tolerance", 0.0, "tolerance is how far an eigenvalue may be off.*between 0 and 1; got 0.0"),
        ("tolerance", "tight", "tolerance is how far .* got 'tight'. Leave it out for 0.01"),
        ("seconds", -1, "seconds is how long a map may take, above 0, or None .* got -1"),
        ("seed", -1, "seed is a whole number, 0 or more; got -1"),
    ],
)
def test_what_can_not_be_asked_for_is_refused(field: str, value: object, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        dataclasses.replace(HessianExtremes(), **{field: value})


def test_its_columns_are_the_ratio_both_ends_and_the_residual() -> None:
    columns = HessianExtremes().columns("curvature", 1797)
    assert [column.name for column in columns] == [
        *("curvature", "curvature_max", "curvature_min", "curvature_residual"),
    ]
    assert [column.label for column in columns] == ["|λ_min/λ_max|", "λ_max", "λ_min", "residual"]
    assert columns[0].limits == (0.0, 0.5) and columns[0].colors == "viridis"
    assert {column.size for column in columns} == {1797}
