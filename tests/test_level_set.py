"""Is the width that of the part connected with the origin, and does it say when there may be more?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape_widget.surface.level_set import LevelSet, level_set_width

X = np.linspace(-1, 1, 33)


@given(st.floats(0.5, 50), st.floats(0.01, 0.4))
def test_a_parabola_is_as_wide_as_its_closed_form_up_to_the_grid(bend, rise):
    """bend · a² ≤ rise on |a| ≤ √(rise / bend); a chord across a cell is off by less than the cell."""
    found = level_set_width(X, 3 + bend * X**2, rise)
    assert not found.is_open
    assert found.width == pytest.approx(2 * np.sqrt(rise / bend), abs=2 / 16 / 2)
    assert found.width <= 2 * np.sqrt(rise / bend) + 1e-9


def test_a_parabola_that_crosses_at_a_cell_is_exact():
    assert level_set_width(X, 4 * X**2, 1.0) == LevelSet(1.0, False)


def test_between_two_cells_the_crossing_is_on_the_straight_line():
    assert level_set_width(X, np.abs(X) * 7, 0.5) == LevelSet(pytest.approx(1 / 7), False)
    lopsided = np.where(X > 0, 2 * X, -8 * X)
    assert level_set_width(X, lopsided, 1.0).width == pytest.approx(0.5 + 0.125)


def test_only_the_valley_around_the_origin_counts():
    """(4b² − 1)² with b = a + ½ has a well at a = 0 and another one behind a hill, at −1."""
    wells = (4 * (X + 0.5) ** 2 - 1) ** 2
    inside = level_set_width(X, wells, 0.36)
    assert not inside.is_open
    assert inside.width == pytest.approx((np.sqrt(1.6) - np.sqrt(0.4)) / 2, abs=0.02)


def test_what_runs_out_of_the_range_is_open_and_a_lower_bound():
    assert level_set_width(X, X**2 / 100, 1.0) == LevelSet(2.0, True)
    assert level_set_width(X, np.where(X > 0, X, 0.0), 0.5) == LevelSet(1.5, True)


def test_nan_and_infinities_end_it():
    holed = np.where(X > 0.5, np.nan, X**2 / 100)
    assert level_set_width(X, holed, 1.0) == LevelSet(1.5, True)
    walled = np.where(np.abs(X) > 0.5, np.inf, 0.0)
    assert level_set_width(X, walled, 1.0) == LevelSet(1.0, False)
    assert np.isnan(level_set_width(X, np.full(33, np.nan), 1.0).width)


def test_an_even_grid_starts_from_between_the_cells_beside_the_origin():
    x = np.linspace(-1, 1, 32)
    found = level_set_width(x, 4 * x**2, 1.0)
    assert found.width == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize(
    ("x", "rise", "sentence"),
    [
        (X + 2, 0.1, "cells on both sides of 0; got .*Choose a range with 0 in it"),
        (X, 0.0, "larger than 0; got 0.0"),
        (X, float("nan"), "larger than 0; got nan"),
    ],
)
def test_a_range_without_the_origin_and_no_rise_are_refused(x, rise, sentence):
    with pytest.raises(ValueError, match=sentence):
        level_set_width(x, x**2, rise)
