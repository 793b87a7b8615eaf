"""Does a level's line run where the heights cross it, and nowhere else, and bear its name on itself?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape_widget.export.isolines import isolines
from landscape_widget.export.level_names import APART, BORDER, level_names

X, Y = np.linspace(-1, 1, 9), np.linspace(-2, 2, 7)
A, B = np.meshgrid(X, Y)


def ends(heights, level, x=X, y=Y):
    """float64[pieces, from or to, x or y]."""
    across, along = isolines(x, y, np.asarray(heights, float), level)
    assert np.isnan(across[2::3]).all() and np.isnan(along[2::3]).all()
    return np.stack([across.reshape(-1, 3)[:, :2], along.reshape(-1, 3)[:, :2]], axis=-1)


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-5, 5))
def test_on_a_tilted_plane_every_point_of_it_has_the_level(slope, other, level):
    places = ends(slope * A + other * B, level)
    assert slope * places[..., 0] + other * places[..., 1] == pytest.approx(level, abs=1e-9)


def test_it_runs_from_edge_to_edge_without_a_gap():
    places = ends(A, 0.3)
    assert len(places) == len(Y) - 1
    assert places[..., 0] == pytest.approx(0.3)
    assert sorted(places[..., 1].ravel()) == pytest.approx(np.sort([*Y, *Y[1:-1]]))


def test_around_a_hill_it_is_closed():
    x = y = np.linspace(-1, 1, 41)
    a, b = np.meshgrid(x, y)
    places = ends(np.exp(-(a**2) - b**2), np.exp(-(0.51**2)), x, y)
    assert np.hypot(places[..., 0], places[..., 1]) == pytest.approx(0.51, abs=2e-3)
    corners, seen = np.unique(places.reshape(-1, 2).round(9), axis=0, return_counts=True)
    assert len(corners) == len(places)
    assert (seen == 2).all()


@pytest.mark.parametrize(("middle", "pairs"), [(1.0, "the two high corners"), (-1.0, "the two low corners")])
def test_a_saddle_joins_the_corners_that_its_middle_sides_with(middle, pairs):
    heights = np.array([[2.0, -1.0], [-1.0, 2.0]]) + 0.5 * (middle - 1)
    places = ends(heights, 0.0, np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    assert len(places) == 2
    around_low = np.abs(places.mean(axis=1).sum(axis=1) - 1) < 0.2
    assert around_low.all() == (pairs == "the two high corners")


def test_tiles_with_a_hole_have_no_line():
    heights = A.copy()
    heights[3, 4] = np.nan
    assert len(ends(heights, 0.1)) == len(Y) - 1 - 2
    assert len(ends(np.full_like(A, np.nan), 0.1)) == 0


def test_beyond_the_heights_and_on_flat_ground_there_is_none():
    assert len(ends(A, 5.0)) == len(ends(A, -5.0)) == len(ends(np.ones_like(A), 1.0)) == 0
    assert len(ends(np.empty((0, 0)), 0.0, np.empty(0), np.empty(0))) == 0


def test_names_lie_on_their_lines_apart_from_each_other_and_from_the_border():
    levels = np.linspace(-0.9, 0.9, 40)
    x, y = np.linspace(-1, 1, 41), np.linspace(0, 10, 31)
    slope = np.broadcast_to(x, (31, 41))
    names = level_names([isolines(x, y, slope, level) for level in levels], x, y)
    assert 10 < len(names) < 40
    assert [place for _, place, _ in names] == pytest.approx([levels[number] for number, _, _ in names])
    places = np.array([[(a + 1) / 2, b / 10] for _, a, b in names])
    apart = np.hypot(*(places[:, None] - places).transpose(2, 0, 1))
    assert apart[~np.eye(len(places), dtype=bool)].min() > APART
    assert ((places > BORDER) & (places < 1 - BORDER)).all()


def test_a_line_along_the_border_has_no_name():
    lines = [isolines(X, Y, A, level) for level in (-0.99, 5.0)]
    assert level_names(lines, X, Y) == level_names(lines, np.empty(0), np.empty(0)) == []
