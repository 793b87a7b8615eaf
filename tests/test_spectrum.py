"""Is the density that of the eigenvalues, and does the figure show what it holds?"""

from __future__ import annotations

import numpy as np
import pytest

from landscape_widget.curvature.density import spectrum
from landscape_widget.sharpness_values import CAVEAT, Sharpness, Spectrum

BULK = np.random.default_rng(0).standard_normal(3000)
OUTLIERS = np.array([60.0, 30.0, 25.0, -20.0])


def of_known(values: np.ndarray, seed: int = 0, runs: int = 3) -> Spectrum:
    return spectrum(lambda vector: values * vector, len(values), seed, runs=runs)


@pytest.fixture(scope="module")
def found() -> Spectrum:
    return of_known(np.concatenate([BULK, OUTLIERS]))


def test_its_mass_is_one(found: Spectrum) -> None:
    assert found.mass == pytest.approx(1, abs=1e-6)
    assert (found.density >= 0).all()
    assert (found.runs, found.steps, len(found.grid)) == (3, 80, len(found.density))


def test_its_first_moment_is_the_mean_eigenvalue() -> None:
    """tr H / N, within the error over runs."""
    values = np.concatenate([BULK, OUTLIERS])
    means = []
    for seed in range(8):
        one = of_known(values, seed, runs=1)
        means.append(np.sum(one.grid * one.density) / np.sum(one.density))
    error = np.std(means, ddof=1) / np.sqrt(8)
    # signs as start vectors see the diagonal itself without any error
    assert np.mean(means) == pytest.approx(values.mean(), abs=4 * error + 1e-6)


def test_its_first_moment_is_the_mean_of_a_turned_matrix_too() -> None:
    values = np.concatenate([BULK[:400], OUTLIERS])
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((404, 404)))[0]
    matrix = (turn * values) @ turn.T
    means = []
    for seed in range(12):
        one = spectrum(lambda v: matrix @ v, 404, seed, runs=1)
        means.append(np.sum(one.grid * one.density) / np.sum(one.density))
    error = np.std(means, ddof=1) / np.sqrt(12)
    assert error > 1e-3
    assert np.mean(means) == pytest.approx(values.mean(), abs=4 * error)


def test_known_outliers_are_found_and_nothing_else(found: Spectrum) -> None:
    np.testing.assert_allclose(found.outliers, OUTLIERS, rtol=1e-6)


def test_two_that_lie_near_each_other_are_both_outliers() -> None:
    np.testing.assert_allclose(
        of_known(np.concatenate([np.linspace(-3, 3, 3000), [30.0, 30.4]])).outliers, [30.4, 30.0], rtol=1e-6
    )


def test_a_bulk_alone_has_none() -> None:
    assert not len(of_known(np.linspace(-1, 1, 2000)).outliers)


def test_its_bulk_is_where_the_eigenvalues_are(found: Spectrum) -> None:
    """A bell of N(0, 1), widened by that of one eigenvalue."""
    inside = np.abs(found.grid) < 2
    width = np.hypot(1, found.width)
    right = np.exp(-((found.grid / width) ** 2) / 2) / (width * np.sqrt(2 * np.pi))
    assert np.abs(found.density - right)[inside].max() < 0.15 * right.max()


def test_equal_eigenvalues_and_nothing_at_all_have_a_density() -> None:
    for values in (np.full(100, 3.0), np.zeros(100)):
        flat = of_known(values)
        assert flat.mass == pytest.approx(1, abs=1e-3)
        assert flat.grid[flat.density.argmax()] == pytest.approx(values[0], abs=flat.width)


def test_the_figure_shows_density_outliers_and_the_caveat(found: Spectrum) -> None:
    known = Sharpness(spectrum=found, parameters=3004, samples=256, size=1797, done=True)
    figure = known.figure()
    density, marks = figure.data
    np.testing.assert_array_equal(density.x, found.grid)
    assert figure.layout.yaxis.type == "log"
    assert list(marks.text) == ["60", "30", "25", "−20"]
    np.testing.assert_allclose(marks.x, OUTLIERS, rtol=1e-6)
    assert figure.layout.title.text == (
        "Spectrum of the Hessian at the origin · 3,004 weights · 256 of 1,797 samples · 4 outliers"
    )
    assert figure.layout.annotations[0].text.replace("<br>", " ") == CAVEAT


def test_without_outliers_there_is_nothing_to_mark() -> None:
    figure = Sharpness(spectrum=of_known(np.linspace(-1, 1, 2000))).figure()
    assert len(figure.data) == 1


def test_without_a_spectrum_there_is_nothing_to_draw() -> None:
    with pytest.raises(ValueError, match=r"expected a `Sharpness` whose spectrum is known; got one without"):
        Sharpness(critical=2.0).figure()
