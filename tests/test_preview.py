"""Does a first picture come in time, however slow the network, and give way to the exact one?"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape_widget.facts import MetricFacts, Point
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.sampling import sample
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State, Values

ORIGIN = Point("origin", (0.0, 0.0))
SIZE = 1000


class Network:
    """Takes some time for a cell, and more for each sample; notes how many it was asked for."""

    def __init__(self, sample: float, cell: float = 0.0) -> None:
        self.now = 0.0
        self.asked: list[tuple[int, int]] = []
        self._sample, self._cell = sample, cell

    def clock(self):
        return self.now

    def evaluate(self, coordinates, samples, cancelled):
        self.asked.append((len(coordinates), samples))
        for row, place in enumerate(coordinates):
            if cancelled():
                return
            self.now += self._cell + samples * self._sample
            one = np.full((1, 1), place.sum() + samples)
            yield Values(np.array([row]), one, one, np.full((1, 1), samples), np.ones(1, np.uint8))


def empty(samples=SIZE, points=9):
    grid = Grid(Axis(-1, 1, points), Axis(-1, 1, points))
    return Surface.empty(grid, (MetricFacts("loss", "", SIZE),), points=(ORIGIN,), samples=samples)


def run(network, surface=None, **options):
    options = {"preview": 0.6, **options}
    return list(sample(surface or empty(), network.evaluate, clock=network.clock, **options))


def first_picture(network):
    growing = sample(empty(), network.evaluate, clock=network.clock, preview=0.6)
    surface = next(step.surface for step in growing if step.surface.level >= 0)
    return surface, network.now


def test_a_quick_network_needs_no_preview():
    steps = run(Network(1e-6))
    assert not any((step.surface.states == State.PREVIEW).any() for step in steps)


def test_a_cell_whose_time_is_all_overhead_needs_none_either():
    network = Network(1e-7, cell=0.001)
    surface, _ = first_picture(network)
    assert surface.preview == 0 and network.asked[0] == (4, 8)


@given(st.floats(1e-4, 2e-3))
def test_a_slow_network_shows_a_preview_in_time(seconds):
    surface, waited = first_picture(Network(seconds))
    assert surface.preview >= 8
    assert waited <= 0.61


def test_it_takes_as_many_samples_as_fit():
    surface, waited = first_picture(Network(1e-3))
    assert 16 <= surface.preview <= 23 and waited > 0.5


def test_where_all_samples_only_just_fit_a_quarter_comes_first():
    surface, waited = first_picture(Network(1.5e-5))
    assert surface.preview == SIZE // 4 and waited < 0.3


def test_few_samples_that_just_fit_are_all_taken_since_they_have_been_tried():
    network = Network(0.016)
    steps = run(network, empty(8), preview=6.0)
    assert not any(step.surface.preview for step in steps) and network.asked[:2] == [(4, 8)] * 2


def test_a_very_slow_one_is_previewed_on_eight_samples():
    surface, _ = first_picture(Network(1.0))
    assert surface.preview == 8


def test_a_preview_counts_as_drawn_but_not_as_done_and_is_replaced():
    steps = run(Network(1e-3))
    previews = [np.count_nonzero(step.surface.states == State.PREVIEW) for step in steps]
    top = previews.index(26)
    assert steps[top].surface.level == 0 and steps[top].surface.exact_level == -1
    assert not steps[top].surface.is_done
    assert all(later <= earlier for earlier, later in pairwise(previews[top:]))
    done = steps[-1].surface
    assert done.is_done and done.preview == 0
    assert (done.counts == SIZE).all() and np.allclose(done["loss"], np.add.outer(done.y, done.x) + SIZE)


def test_exact_cells_come_in_the_same_order_as_without():
    def exact(steps):
        return [cell for step in steps for cell in step.patch.cells if step.patch.state[0] == State.EXACT]

    assert exact(run(Network(1e-3))) == exact(run(Network(1e-3), preview=None))


def test_without_a_preview_nothing_is_asked_on_fewer_samples():
    network = Network(1e-3)
    run(network, preview=None)
    assert {samples for _, samples in network.asked} == {SIZE}


def test_what_is_known_of_the_first_level_is_not_previewed():
    surface = empty()
    cells = np.flatnonzero(surface.grid.cell_levels == 0)[:20]
    ones = np.ones((1, 20))
    surface = surface.tell(Patch(cells, ones, ones, ones.astype(int) * SIZE, np.ones(20, np.uint8)))
    network = Network(1e-3)
    run(network, surface)
    assert [cells for cells, samples in network.asked if samples < SIZE] == [4, 4, 6]


def test_a_known_first_level_needs_none():
    network = Network(1e-3)
    surface = next(step.surface for step in run(network) if step.surface.exact_level == 0)
    network.asked.clear()
    run(network, surface)
    assert {samples for _, samples in network.asked} == {SIZE}


@pytest.mark.parametrize("samples", [1, 7])
def test_fewer_samples_than_a_preview_has_are_all_taken(samples):
    network = Network(1.0)
    steps = run(network, empty(samples))
    assert {asked for _, asked in network.asked} == {samples} and steps[-1].surface.is_done


def test_a_new_request_stops_it():
    network = Network(1.0)
    assert run(network, cancelled=lambda: network.now > 10) == []
    assert len(network.asked) == 2


def test_a_preview_is_measured_by_who_is_near_and_the_rest_by_who_is_far():
    near, far = Network(1e-4), Network(1e-4)
    far.now = 5.0  # as workers begin
    options = {"clock": lambda: near.now + far.now, "preview": 0.6, "previews": near.evaluate}
    steps = list(sample(empty(), far.evaluate, **options))
    assert steps[-1].surface.is_done and near.asked
    assert all(samples < SIZE for _, samples in near.asked)
    assert {samples for _, samples in far.asked} == {SIZE}
