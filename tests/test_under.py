"""Is the ground between the cells where the picture shows it?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape_widget.facts import MetricFacts
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.surface import Surface
from landscape_widget.surface.under import between, under

PLANE = Grid(Axis(-1, 1, 9), Axis(-2, 2, 5))


def measured(function, grid=PLANE, cells=None):
    surface = Surface.empty(grid, (MetricFacts("loss", "", 10),), samples=10)
    known = np.argsort(grid.cell_levels, kind="stable")[:cells]
    values = np.asarray(function(*surface.coordinates(known).T), float)[None]
    counts = np.full(values.shape, 10)
    return surface.tell(Patch(known, values, np.zeros_like(values), counts, np.ones(len(known), np.uint8)))


@given(st.floats(-1, 1), st.floats(-2, 2))
def test_a_tilted_plane_is_exact_everywhere(a, b):
    surface = measured(lambda a, b: a + 10 * b)
    assert under(surface, "loss", np.array([[a, b]])) == pytest.approx(a + 10 * b, abs=1e-12)


@given(st.floats(-1, 1))
def test_where_all_values_are_positive_logarithms_are_straight(a):
    line = measured(lambda a: np.exp(5 * a), Grid(Axis(-1, 1, 9)))
    assert under(line, "loss", np.array([[a]])) == pytest.approx(np.exp(5 * a), rel=1e-12)


def test_a_cell_is_its_value():
    surface = measured(lambda a, b: np.cos(3 * a) * b)
    places = surface.coordinates(np.arange(45))
    assert under(surface, "loss", places) == pytest.approx(surface["loss"].ravel())


def test_before_everything_is_measured_the_finest_finished_level_tells():
    coarse = measured(lambda a, b: a + b, Grid(Axis(-1, 1, 65), Axis(-1, 1, 65)), cells=25)
    assert under(coarse, "loss", np.array([[0.3, -0.7]])) == pytest.approx(-0.4)
    assert np.isnan(under(measured(lambda a, b: a, cells=3), "loss", np.zeros((1, 2)))).all()


def test_outside_and_beside_a_hole_nothing_is_known():
    holed = measured(lambda a, b: np.where(a > 0.5, np.nan, 1 + a))
    places = np.array([[0.0, 0.0], [0.5, 0.0], [0.6, 0.0], [1.1, 0.0], [0.0, -2.1], [np.nan, 0.0]])
    assert np.isfinite(under(holed, "loss", places)).tolist() == [True, True, False, False, False, False]
    assert np.isnan(under(measured(lambda a, b: np.where(a > 0.5, np.inf, 1.0)), "loss", places)[2])


def test_nothing_to_ask_is_nothing_to_answer():
    axes = [np.array([0.0, 1.0])] * 2
    assert between(axes, np.ones((2, 2)), np.empty((0, 2))).shape == (0,)


@pytest.mark.parametrize("far", [np.inf, -np.inf, np.nan])
def test_a_place_that_is_nowhere_has_no_ground(far):
    places = np.array([[far, 0.0], [0.0, far], [far, far], [0.5, 1.0]])
    assert under(measured(lambda a, b: a + b + 4), "loss", places) == pytest.approx(
        [np.nan, np.nan, np.nan, 5.5], nan_ok=True
    )
