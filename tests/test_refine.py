"""Are cells asked for once each, points first, coarse before fine, from the centre outwards?"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from landscape_widget.facts import MetricFacts, Point
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.refine import CoarseToFine
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State

sizes = st.integers(2, 24)


def surface_on(nx, ny=None, points=2):
    grid = Grid(Axis(-1, 1, nx), Axis(-1, 1, ny) if ny else None)
    labelled = tuple(Point(f"point {i}", (i,) * len(grid.axes)) for i in range(points))
    return Surface.empty(grid, (MetricFacts("loss", "", 10),), points=labelled, samples=10)


def told(surface, cells, state=State.EXACT):
    one = np.ones((1, len(cells)))
    states = np.full(len(cells), state, np.uint8)
    return surface.tell(Patch(np.asarray(cells), one, one, one.astype(np.int64), states))


@given(sizes, st.none() | sizes, st.integers(0, 3), st.integers(1, 50), st.randoms(use_true_random=False))
def test_every_unknown_cell_is_asked_for_exactly_once_in_order(nx, ny, points, budget, random):
    surface = surface_on(nx, ny, points)
    carried = [cell for cell in range(len(surface.states)) if random.random() < 0.3]
    surface = told(surface, np.array(carried, np.int64))
    asked = []
    while len(cells := CoarseToFine()(surface, budget)):
        assert len(cells) <= budget
        asked += cells.tolist()
        surface = told(surface, cells)
    assert sorted(asked + carried) == list(range(len(surface.states)))
    assert asked == slow_order(surface.grid, points, set(asked))


def slow_order(grid, points, cells):
    """Points, then cells by level, distance of the row from the middle, row, column."""
    ny = grid.shape[0] if grid.y else 1

    def key(cell):
        row, column = divmod(cell, grid.x.points)
        return grid.cell_levels[cell], abs(row - (ny - 1) / 2), row, column

    labelled = range(grid.size, grid.size + points)
    return [p for p in labelled if p in cells] + sorted(cells - set(labelled), key=key)


def test_the_first_cell_is_the_origin_and_the_next_row_is_the_middle():
    cells = CoarseToFine()(surface_on(51, 51), 7)
    assert cells[:2].tolist() == [2601, 2602]
    assert set(cells[2:] // 51) == {25}


def test_the_cells_of_a_row_are_neighbours():
    surface = surface_on(9, 9, points=0)
    for _ in range(2):
        cells = CoarseToFine()(surface, 1000)
        assert np.count_nonzero(np.diff(cells // 9)) == len(set((cells // 9).tolist())) - 1
        surface = told(surface, cells)


def test_it_never_asks_beyond_the_level_under_way():
    surface = surface_on(9, 9)
    first = CoarseToFine()(surface, 1000)
    assert len(first) == 2 + 5 * 5
    assert len(CoarseToFine()(told(surface, first), 1000)) == 9 * 9 - 5 * 5


def test_a_preview_is_asked_for_again_with_its_level():
    surface = surface_on(9, 9)
    first = CoarseToFine()(surface, 1000)
    assert np.array_equal(CoarseToFine()(told(surface, first, State.PREVIEW), 1000), first)
    mixed = told(told(surface, first, State.PREVIEW), first[:20])
    assert np.array_equal(CoarseToFine()(mixed, 1000), first[20:])


def test_it_asks_the_same_of_the_same_surface_and_nothing_when_done():
    surface = surface_on(9, 9)
    before = surface.states.copy()
    assert np.array_equal(CoarseToFine()(surface, 20), CoarseToFine()(surface, 20))
    assert np.array_equal(surface.states, before)
    assert CoarseToFine()(surface, 0).size == 0
    done = told(surface, np.arange(83))
    assert CoarseToFine()(done, 5).size == 0
    assert CoarseToFine()(done, 5).dtype == np.int64
