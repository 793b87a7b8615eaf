"""Is it the spline that scipy draws, exact on cubics, and blind to what it can't know?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from landscape_widget.surface.grid import Axis
from landscape_widget.surface.spline import MOST_KNOTS, spline, spread


def levels(points, level):
    """The knots of a level among all places of an axis."""
    return Axis(0.0, 1.0, points).lattice(level).astype(float), np.arange(points, dtype=float)


@given(st.integers(6, 70), st.integers(0, 3), st.integers(0, 2**32 - 1))
def test_it_is_the_not_a_knot_spline_of_scipy(points, level, seed):
    knots, places = levels(points, level)
    values = np.random.default_rng(seed).normal(size=(len(knots), 3))
    np.testing.assert_allclose(
        spline(knots, values, places), CubicSpline(knots, values)(places), rtol=1e-9, atol=1e-9
    )


@given(st.integers(6, 70), st.integers(0, 2**32 - 1))
def test_it_goes_through_its_knots_bit_for_bit(points, seed):
    knots, _ = levels(points, 0)
    values = np.random.default_rng(seed).normal(size=len(knots))
    assert spline(knots, values, knots).tolist() == values.tolist()


@given(st.lists(st.floats(-3, 3), min_size=4, max_size=4), st.integers(6, 70))
def test_it_is_exact_on_cubics(coefficients, points):
    knots, places = levels(points, 0)
    cubic = np.polynomial.Polynomial(coefficients, domain=[0, points - 1])
    np.testing.assert_allclose(spline(knots, cubic(knots), places), cubic(places), atol=1e-11)


def test_a_plane_is_interpolated_along_one_axis_after_the_other():
    (rows, all_rows), (columns, all_columns) = levels(17, 0), levels(33, 1)
    values = np.random.default_rng(0).normal(size=(len(rows), len(columns)))
    expected = CubicSpline(rows, CubicSpline(columns, values, axis=1)(all_columns), axis=0)(all_rows)
    np.testing.assert_allclose(spread(values, [rows, columns], [all_rows, all_columns]), expected, atol=1e-12)


def test_a_product_of_cubics_is_exact():
    knots, places = levels(21, 0)
    product = np.outer(places**3 - places, 2 + places**2)
    known = product[np.ix_(knots.astype(int), knots.astype(int))]
    np.testing.assert_allclose(spread(known, [knots] * 2, [places] * 2), product, rtol=1e-10, atol=1e-8)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_beside_a_hole_nothing_is_guessed_and_elsewhere_it_makes_little_difference(bad):
    knots, places = levels(33, 1)
    whole = np.add.outer(knots**2, 3 * knots)
    broken = whole.copy()
    broken[4, 4] = bad
    expected = spread(whole, [knots] * 2, [places] * 2)
    came = spread(broken, [knots] * 2, [places] * 2)
    row, column = np.argwhere(np.isnan(came)).T
    assert (knots[3] < row).all() and (row < knots[5]).all() and len(row) == 7 * 7
    assert (knots[3] < column).all() and (column < knots[5]).all()
    known = np.isfinite(came)
    assert np.abs(came - expected)[known].max() < 0.01 * np.ptp(expected)


def test_a_hole_at_a_corner_is_continued_straight_and_never_shown():
    knots, places = levels(33, 1)
    plane = np.add.outer(2.0 * knots, 5.0 * knots)
    plane[-2:, -3:] = np.inf
    came = spread(plane, [knots] * 2, [places] * 2)
    expected = np.add.outer(2.0 * places, 5.0 * places)
    np.testing.assert_allclose(came[np.isfinite(came)], expected[np.isfinite(came)], atol=1e-9)
    assert np.isnan(came[-1, -1]) and np.isfinite(came[int(knots[-3]), -1])


def test_nothing_finite_gives_nothing():
    knots, places = levels(9, 0)
    assert np.isnan(spread(np.full((5, 5), np.inf), [knots] * 2, [places] * 2)).all()


def test_an_axis_that_is_known_throughout_stays_as_it_is():
    three, (knots, places) = np.arange(3.0), levels(9, 0)
    values = np.random.default_rng(0).normal(size=(3, 5))
    came = spread(values, [three, knots], [three, places])
    assert came.shape == (3, 9) and came[:, knots.astype(int)].tolist() == values.tolist()


def test_very_many_knots_are_no_larger_system():
    knots = np.arange(0.0, 8 * MOST_KNOTS, 2)
    places = np.arange(knots[-1] + 1)
    came = spline(knots, np.sin(knots / 300), places)
    np.testing.assert_allclose(came, np.sin(places / 300), atol=1e-7)
