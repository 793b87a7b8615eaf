"""Does the picture between the cells keep to what is measured, and is its error the measured one?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape_widget.facts import MetricFacts
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.interpolate import interpolated, surplus
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State

LOSS, ACCURACY = MetricFacts("loss", "", 100), MetricFacts("accuracy", "%", 100)
PLANE = Grid(Axis(-1, 1, 33), Axis(-2, 2, 17))
LINE = Grid(Axis(-1, 1, 33))


def hill(place):
    """The exponential of a cubic: a spline through its logarithm is exact."""
    a, b = place[:, 0], place[:, -1]
    return np.exp(3 * a**3 - a + b * b)


def bumpy(place):
    return np.exp(np.sin(5 * place[:, 0]) + np.cos(3 * place[:, -1]))


def known_to(level, grid=PLANE, loss=hill, metrics=(LOSS,), state=State.EXACT):
    """A surface that knows all cells up to a level; every metric is the loss."""
    surface = Surface.empty(grid, metrics, samples=100)
    cells = np.flatnonzero(grid.cell_levels <= level)
    values = np.stack([loss(surface.coordinates(cells))] * len(metrics))
    counts = np.full(values.shape, 100 if state == State.EXACT else 10)
    return surface.tell(
        Patch(cells, values, np.zeros_like(values), counts, np.full(len(cells), state, np.uint8))
    )


def with_cell(surface, cell, value, state=State.EXACT):
    one = np.full((len(surface.metrics), 1), value)
    patch = Patch(
        np.array([cell]), one, np.zeros_like(one), np.ones_like(one, int), np.array([state], np.uint8)
    )
    return surface.tell(patch)


@pytest.mark.parametrize("grid", [PLANE, LINE])
def test_where_the_logarithm_is_cubic_the_picture_is_exact_from_the_first_level_on(grid):
    everything = known_to(9, grid)
    np.testing.assert_allclose(known_to(0, grid).interpolated("loss"), everything["loss"], rtol=1e-9)


def test_what_is_measured_stays_bit_for_bit():
    surface = known_to(1, loss=bumpy)
    assert np.array_equal(surface.interpolated("loss")[surface.known], surface["loss"][surface.known])


def test_a_cell_of_the_next_level_shows_as_measured_before_the_level_is_finished():
    surface = with_cell(known_to(1, loss=bumpy), 1, 123.0)
    assert surface.interpolated("loss")[0, 1] == 123.0


def test_before_the_first_level_nothing_is_said():
    surface = with_cell(Surface.empty(PLANE, (LOSS,), samples=100), 3, 2.0)
    assert np.isnan(surface.interpolated("loss")).sum() == PLANE.size - 1


@given(st.integers(0, 2), st.integers(0, 2**32 - 1))
def test_a_positive_loss_stays_positive(level, seed):
    wild = np.random.default_rng(seed)
    surface = known_to(level, loss=lambda place: np.exp(wild.normal(size=len(place)) * 5))
    assert (surface.interpolated("loss") > 0).all()


def test_a_loss_that_reaches_zero_is_interpolated_as_it_is():
    surface = known_to(0, loss=lambda place: place[:, 0] ** 2)
    np.testing.assert_allclose(
        surface.interpolated("loss"), known_to(9)["loss"] * 0 + surface.x**2, atol=1e-12
    )


def test_a_percentage_is_never_above_100_or_below_0():
    surface = known_to(0, metrics=(LOSS, ACCURACY), loss=lambda place: 100.0 * (place[:, 0] > 0))
    accuracy = surface.interpolated("accuracy")
    assert accuracy.min() == 0 and accuracy.max() == 100


def test_beside_a_cell_that_is_not_finite_there_is_a_hole():
    surface = with_cell(known_to(1), 0, np.inf)
    came = surface.interpolated("loss")
    assert np.isnan(came[0, 1:4]).all() and np.isnan(came[1, :4]).all() and came[0, 0] == np.inf
    assert np.isfinite(came[:, 4:]).all() and np.isfinite(came[2:]).all()


def test_a_coarser_lattice_than_the_whole_is_part_of_it():
    surface = known_to(0, loss=bumpy)
    rows, columns = (axis.lattice(1) for axis in (PLANE.y, PLANE.x))
    whole = interpolated(surface, 0, 9)
    np.testing.assert_allclose(interpolated(surface, 0, 1), whole[np.ix_(rows, columns)], rtol=1e-12)


def test_the_surplus_of_a_cubic_logarithm_is_nothing():
    measured = surplus(known_to(1))
    assert measured is not None and measured.level == 1 and measured.worst < 1e-12


@pytest.mark.parametrize("grid", [PLANE, LINE])
def test_the_surplus_is_what_the_level_before_got_wrong(grid):
    before, after = (known_to(level, grid, loss=bumpy) for level in (0, 1))
    new = (after.grid.cell_levels == 1).reshape(grid.shape)
    logs = np.log(after["loss"][after.known])
    errors = np.abs(np.log(before.interpolated("loss")[new] / after["loss"][new])) / np.ptp(logs)
    measured = surplus(after)
    assert measured is not None
    np.testing.assert_allclose([measured.worst, measured.mean], [errors.max(), errors.mean()], rtol=1e-12)


def test_each_level_is_better_than_the_one_before_where_the_loss_is_smooth():
    worst = [surplus(known_to(level, loss=bumpy)).worst for level in (1, 2, 3)]
    assert worst[0] > 4 * worst[1] > 16 * worst[2]


def test_one_level_or_a_preview_of_two_has_no_surplus():
    assert surplus(known_to(0)) is None
    assert surplus(known_to(1, state=State.PREVIEW)) is None


def test_a_cell_that_is_not_finite_where_a_value_was_promised_is_off_by_the_whole_range():
    cell = int(np.flatnonzero(PLANE.cell_levels == 1)[40])
    assert surplus(with_cell(known_to(1), cell, np.inf)).worst == 1.0


def test_holes_alone_have_no_surplus():
    assert surplus(known_to(1, loss=lambda place: np.full(len(place), np.nan))) is None


def test_a_flat_loss_is_predicted_perfectly_for_all_the_rounding():
    noise = np.random.default_rng(0)
    flat = known_to(2, loss=lambda place: 2.5 + 1e-12 * noise.normal(size=len(place)))
    assert surplus(flat).worst < 1e-5
