"""Do the levels nest, cover and begin at the centre, and do two lattices find the places they share?"""

from fractions import Fraction
from itertools import pairwise
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape_widget.surface.grid import Axis, Grid

points = st.integers(2, 300)


@given(points)
def test_a_level_holds_the_indices_the_formula_says(n):
    for level in range(Axis(-1, 1, n).levels):
        parts = 2 ** (level + 2)
        exact = {floor(Fraction(i * (n - 1), parts) + Fraction(1, 2)) for i in range(parts + 1)}
        assert Axis(-1, 1, n).lattice(level).tolist() == sorted(exact)


@given(points)
def test_each_level_of_an_axis_contains_the_last_and_the_last_is_everything(n):
    axis = Axis(-1, 1, n)
    lattices = [set(axis.lattice(level).tolist()) for level in range(axis.levels)]
    assert all(coarse < fine for coarse, fine in pairwise(lattices))
    assert lattices[-1] == set(range(n))


@given(points)
def test_the_first_level_holds_both_ends_and_the_middle(n):
    first = Axis(-1, 1, n).lattice(0)
    assert {0, n // 2, n - 1} <= set(first.tolist())
    assert len(first) == min(5, n)


@pytest.mark.parametrize(("n", "sizes"), [(2, [2]), (5, [5]), (6, [5, 6]), (51, [5, 9, 17, 33, 51])])
def test_levels_have_the_known_sizes(n, sizes):
    axis = Axis(-1, 1, n)
    assert [len(axis.lattice(level)) for level in range(axis.levels)] == sizes


@given(st.integers(2, 40), st.integers(2, 40))
def test_every_cell_belongs_to_exactly_one_first_level(nx, ny):
    grid = Grid(Axis(-1, 1, nx), Axis(-2, 2, ny))
    for level in range(grid.levels):
        drawn = np.zeros(grid.shape, bool)
        drawn[np.ix_(Axis(-2, 2, ny).lattice(level), Axis(-1, 1, nx).lattice(level))] = True
        assert np.array_equal(drawn.ravel(), grid.cell_levels <= level)
    assert grid.cell_levels.max() == grid.levels - 1


def test_the_levels_of_the_shorter_axis_end_earlier():
    grid = Grid(Axis(-1, 1, 33), Axis(-1, 1, 5))
    assert [axis.levels for axis in grid.axes] == [4, 1]
    assert grid.levels == 4


def test_a_cell_is_row_times_nx_plus_column():
    grid = Grid(Axis(0, 6, 7), Axis(0, 40, 5))
    assert grid.shape == (5, 7)
    assert grid.coordinates(np.array([0, 6, 7, 34])).tolist() == [[0, 0], [6, 0], [0, 10], [6, 40]]
    assert Grid(Axis(0, 6, 7)).coordinates(np.array([2])).tolist() == [[2.0]]


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), points)
def test_the_ends_are_exact_and_coordinates_ascend(low, width, n):
    coordinates = Axis(low, low + width, n).coordinates
    assert (coordinates[0], coordinates[-1]) == (low, low + width)
    assert np.all(np.diff(coordinates) > 0)


@pytest.mark.parametrize("half", [0.1, 0.3, 0.7, 1 / 3, 1e-3])
def test_the_centre_of_an_odd_symmetric_axis_is_exactly_zero(half):
    assert Axis(-half, half, 51).coordinates[25] == 0.0


def matched(new: Grid, old: Grid) -> int:
    """Check a matching against its meaning; return how many cells match."""
    old_cells, new_cells = new.matching(old)
    assert len(set(old_cells.tolist())) == len(set(new_cells.tolist())) == len(old_cells)
    here, there = new.coordinates(new_cells), old.coordinates(old_cells)
    assert np.allclose(here, there, rtol=0, atol=1e-9 * min(axis.step for axis in new.axes + old.axes))
    return len(old_cells)


@given(st.integers(1, 60), st.floats(0.01, 100))
def test_zooming_in_and_out_by_two_keeps_every_shared_place(half, size):
    n = 4 * half + 1
    wide, near = Axis(-size, size, n), Axis(-size / 2, size / 2, n)
    assert matched(Grid(near), Grid(wide)) == matched(Grid(wide), Grid(near)) == 2 * half + 1
    assert matched(Grid(near, near), Grid(wide, wide)) == (2 * half + 1) ** 2


@given(st.integers(2, 60), st.integers(-70, 70), st.floats(-10, 10), st.floats(0.01, 100))
def test_panning_by_whole_steps_keeps_the_overlap(n, steps, low, width):
    axis = Axis(low, low + width, n)
    panned = Axis(low + steps * axis.step, low + width + steps * axis.step, n)
    assert matched(Grid(panned), Grid(axis)) == max(0, n - abs(steps))


def test_another_resolution_keeps_what_both_lattices_hold():
    assert matched(Grid(Axis(-1, 1, 101)), Grid(Axis(-1, 1, 51))) == 51
    assert matched(Grid(Axis(-1, 1, 51)), Grid(Axis(-1, 1, 101))) == 51
    assert matched(Grid(Axis(-1, 1, 31)), Grid(Axis(-1, 1, 21))) == 11
    assert matched(Grid(Axis(0, 1, 7), Axis(0, 1, 3)), Grid(Axis(0, 1, 4), Axis(0, 1, 5))) == 4 * 3


@given(st.floats(-2, 0), st.floats(0.1, 2), points, st.floats(-2, 0), st.floats(0.1, 2), points)
def test_matching_agrees_with_comparing_every_pair(low, width, n, other_low, other_width, m):
    new, old = Axis(low, low + width, n), Axis(other_low, other_low + other_width, m)
    distance = np.abs(np.subtract.outer(old.coordinates, new.coordinates))
    expected = np.argwhere(distance <= 1e-9 * min(new.step, old.step))
    assert set(zip(*new.matching(old), strict=True)) == set(map(tuple, expected))


def test_a_line_and_a_plane_share_no_cells():
    assert matched(Grid(Axis(-1, 1, 5)), Grid(Axis(-1, 1, 5), Axis(-1, 1, 5))) == 0


@pytest.mark.parametrize(
    ("low", "high", "sentence"),
    [
        (1, -1, r"low below high; got \(1.0, -1.0\). Write \(-1.0, 1.0\)"),
        (0.5, 0.5, r"low below high; got \(0.5, 0.5\). Widen it: \(-0.5, 1.5\)"),
        (float("nan"), 1, r"two finite numbers; got \(nan, 1.0\). Try \(-1, 1\)"),
        (0, float("inf"), r"two finite numbers; got \(0.0, inf\)"),
        (-1e308, 1e308, "two finite numbers"),
        ("wide", 1, r"two numbers; got \('wide', 1\). Try \(-1, 1\)"),
        (1e9, 1e9 + 1e-5, "steps that float64 can tell apart.*Widen it or lower the resolution"),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(low, high, sentence):
    with pytest.raises(ValueError, match=sentence):
        Axis(low, high, 51)


@pytest.mark.parametrize("n", [1, 0, -3, 51.0, True, "51", 10**18])
def test_points_that_make_no_sense_are_refused(n):
    with pytest.raises(
        ValueError, match=r"whole number of points from 2 to 10,000,000; got .*51 is a good start"
    ):
        Axis(-1, 1, n)


def test_an_absurdly_large_grid_is_refused_before_anything_is_allocated():
    with pytest.raises(ValueError, match=r"at most 10,000,000 cells; got 5,000 × 4,000 = 20,000,000. Lower"):
        Grid(Axis(-1, 1, 5000), Axis(-1, 1, 4000))


def test_axes_are_values():
    assert Axis(-1, 1, np.int64(5)) == Axis(np.float32(-1), 1, 5)
    assert not Axis(-1, 1, 5).coordinates.flags.writeable
