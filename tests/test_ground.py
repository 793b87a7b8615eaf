"""Does the page get all that it draws between the measured cells, and nothing that it doesn't?"""

import numpy as np

from landscape_widget.live.ground import INTERPOLATED, ground
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.interpolate import FINER
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State
from tests.live_cases import METRICS


def known_to(level, points=65):
    surface = Surface.empty(Grid(Axis(-1, 1, points), Axis(-1, 1, points)), METRICS, samples=100)
    cells = np.flatnonzero(surface.grid.cell_levels <= level)
    values = np.exp(surface.coordinates(cells).sum(axis=1))[None]
    return surface.tell(
        Patch(cells, values, values, np.ones(values.shape, int), np.ones(len(cells), np.uint8))
    )


def test_it_fills_the_lattice_two_levels_finer_and_no_more():
    surface = known_to(0)
    patch = ground(surface)
    everything = surface.tell(patch)
    drawn = surface.grid.cell_levels <= FINER
    assert set(everything.states[drawn]) == {State.EXACT, INTERPOLATED}
    assert set(everything.states[~drawn]) == {State.UNKNOWN}
    assert len(set(patch.cells)) == len(patch.cells) == 17 * 17 - 5 * 5


def test_its_values_are_those_of_the_surface_and_its_errors_unknown():
    surface = known_to(1)
    patch = ground(surface)
    assert np.array_equal(patch.values[0], surface.interpolated("loss").ravel()[patch.cells])
    assert np.isnan(patch.errors).all() and (patch.state == INTERPOLATED).all()


def test_before_the_first_level_and_after_the_last_there_is_none():
    assert len(ground(known_to(-1)).cells) == len(ground(known_to(4)).cells) == 0


def test_a_line_has_one_too():
    surface = Surface.empty(Grid(Axis(-1, 1, 9)), METRICS, samples=100)
    known = np.arange(0, 9, 2)
    values = (known**2.0 + 1)[None]
    surface = surface.tell(Patch(known, values, values, np.ones((1, 5), int), np.ones(5, np.uint8)))
    assert ground(surface).cells.tolist() == [1, 3, 5, 7]
