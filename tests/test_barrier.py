"""Is the barrier the one between both models, against the chord, and monotone what never rises?"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape_widget.facts import MetricFacts, Point
from landscape_widget.surface.barrier import NOISE, Barrier, chord
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State

ENDS = Point("origin", (0.0,)), Point("other", (1.0,))


def line(function, points=41, low=-0.5, high=1.5, *, ends=ENDS, cells=None, states=State.EXACT):
    """A line whose loss is a function of the coordinate; all of it is known, or ``cells``."""
    surface = Surface.empty(
        Grid(Axis(low, high, points)), (MetricFacts("loss", "", 10),), points=ends, samples=10
    )
    known = np.arange(len(surface.states)) if cells is None else np.asarray(cells, np.int64)
    values = np.asarray(function(surface.coordinates(known)[:, 0]), float)[None]
    state = np.full(len(known), states, np.uint8)
    return surface.tell(Patch(known, values, np.zeros_like(values), np.full(values.shape, 10), state))


def test_a_double_well_has_the_barrier_of_its_closed_form():
    """L = 16 a²(1 − a)² is 0 at both ends and 1 at a half."""
    found = line(lambda a: 16 * a**2 * (1 - a) ** 2).barrier()
    assert found == Barrier(
        height=pytest.approx(1),
        at=0.5,
        is_monotone=False,
        rise=pytest.approx(1),
        rise_at=0.5,
        missing=0,
    )


def test_it_is_measured_against_the_chord():
    """L = a + a(1 − a): a(1 − a) above the chord, 1/4 at most; it falls from 1 to 0 without a rise."""
    found = line(lambda a: a + a * (1 - a)).barrier()
    assert (found.height, found.at) == (pytest.approx(0.25), 0.5)
    assert (found.is_monotone, found.rise, found.rise_at) == (True, 0.0, None)


def test_a_convex_loss_has_none_however_far_the_line_goes_on():
    """(a − ½)² passes the chord by 0.75 at −0.5 and 1.5, which is not between the models."""
    found = line(lambda a: (a - 0.5) ** 2).barrier()
    assert (found.height, found.at) == (0.0, 0.0)
    steep = line(lambda a: np.exp(3 * a)).barrier()
    assert steep == Barrier(0.0, 0.0, True, 0.0, None, 0)


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0.01, 5))
def test_every_parabola_that_opens_upwards_has_none(slope, shift, bend):
    found = line(lambda a: bend * a**2 + slope * a + shift).barrier()
    assert found.height <= NOISE
    assert found.missing == 0


def test_monotone_goes_from_the_worse_end_to_the_better_whichever_is_the_origin():
    for function in (lambda a: (1 - a) ** 2, lambda a: a**2):
        assert line(function).barrier().is_monotone
    bump = line(lambda a: 1 - a + 0.5 * np.exp(-(((a - 0.3) / 0.05) ** 2)))
    assert bump.barrier().rise_at == pytest.approx(0.3)
    assert not bump.barrier().is_monotone
    backwards = line(lambda a: a + 0.5 * np.exp(-(((1 - a - 0.3) / 0.05) ** 2))).barrier()
    assert (backwards.rise, backwards.rise_at) == (
        pytest.approx(bump.barrier().rise),
        pytest.approx(0.7),
    )


def test_what_rises_by_rounding_only_is_monotone():
    ripple = line(lambda a: 5 - a + 1e-7 * np.sin(400 * a), points=401)
    assert ripple.barrier().is_monotone
    assert not line(lambda a: 5 - a + 0.1 * np.sin(40 * a), points=401).barrier().is_monotone


def test_both_ends_are_the_labelled_points_where_the_lattice_meets_neither():
    """51 points on [−0.5, 1.5] contain neither 0 nor 1."""
    surface = line(lambda a: a * (1 - a), points=51)
    assert not {0.0, 1.0} & set(surface.x)
    assert surface.barrier().height == pytest.approx(0.25, abs=1e-3)
    low = replace(surface, values=np.where(np.arange(53) == 52, -7.0, surface.values))
    assert low.barrier().height == pytest.approx(max(a * (1 - a) + 7 * a for a in surface.x if 0 < a < 1))


def test_an_infinite_wall_is_infinitely_high_and_nan_is_left_out_and_counted():
    wall = line(lambda a: np.where(np.abs(a - 0.5) < 0.12, np.inf, 1.0)).barrier()
    assert (wall.height, wall.rise, wall.is_monotone, wall.missing) == (np.inf, np.inf, False, 0)
    hole = line(lambda a: np.where(np.abs(a - 0.5) < 0.12, np.nan, a * (1 - a)), points=41).barrier()
    assert hole.missing == 5
    assert hole.height == pytest.approx(0.35 * 0.65)


def test_a_wall_beyond_all_numbers_is_infinitely_high():
    found = line(lambda a: np.where((a > 0.2) & (a < 0.5), 1e308, -1e308)).barrier()
    assert (found.height, found.rise, found.is_monotone) == (np.inf, np.inf, False)


def test_nothing_is_said_before_both_ends_and_a_cell_between_are_known():
    def hill(a):
        return a * (1 - a)

    assert line(hill, cells=[]).barrier() is None
    assert line(hill, cells=[41, 42]).barrier() is None
    assert line(hill, cells=[20, 41]).barrier() is None
    assert line(hill, cells=[0, 41, 42]).barrier() is None
    assert line(hill, cells=[20, 41, 42]).barrier().height == 0.25


def test_exact_ends_are_not_compared_with_a_preview_between():
    hill = line(lambda a: a * (1 - a), states=State.PREVIEW)
    assert hill.barrier().height == 0.25
    exact = line(lambda a: 0 * a, cells=[41, 42])
    assert hill.carry(exact).barrier() is None


@pytest.mark.parametrize("end", [0, 1])
def test_nothing_is_said_against_an_end_that_is_not_finite(end):
    assert line(lambda a: np.where(a == end, np.nan, 1.0)).barrier() is None


def test_a_plane_and_a_line_to_nowhere_have_no_barrier():
    assert line(lambda a: a, ends=ENDS[:1]).barrier() is None
    plane = Surface.empty(Grid(Axis(-1, 1, 5), Axis(-1, 1, 5)), (MetricFacts("loss", "", 1),), samples=1)
    assert plane.barrier() is None


def test_an_unknown_metric_is_refused():
    with pytest.raises(ValueError, match=r"one of 'loss'; got 'los'\. Did you mean 'loss'"):
        line(lambda a: a).barrier("los")


def test_the_chord_goes_through_both_ends():
    assert chord(np.array([0, 0.25, 1]), 2.0, 6.0).tolist() == [2, 3, 6]
