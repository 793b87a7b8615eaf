"""Does a surface grow in steps of the right size, stop when told and keep what it knows when a loss fails?"""

from itertools import pairwise

import numpy as np
import pytest

from landscape_widget.facts import MetricFacts, Point
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.interpolate import surplus
from landscape_widget.surface.sampling import sample
from landscape_widget.surface.surface import Surface
from landscape_widget.values import How, State, Values

SLOW, QUICK = 1.0, 1 / 1024  # seconds a cell, exact in binary


class Clock:
    """Time that passes only when somebody works."""

    now = 0.0

    def __call__(self):
        return self.now


def answer(cells, coordinates):
    a, b = coordinates[cells].T
    mean = np.stack([a + 10 * b], axis=1)
    return Values(cells, mean, mean * 0, np.full(mean.shape, 10), np.full(len(cells), State.EXACT, np.uint8))


def evaluator(clock, seconds, chunk=1000):
    def evaluate(coordinates, samples, cancelled):
        assert samples == 10
        for cells in np.split(np.arange(len(coordinates)), range(chunk, len(coordinates), chunk)):
            if cancelled():
                return
            clock.now += seconds * len(cells)
            yield answer(cells, coordinates)

    return evaluate


def empty(nx=17, ny=9):
    grid = Grid(Axis(-1, 1, nx), Axis(-2, 2, ny))
    origin = (Point("origin", (0.0, 0.0)),)
    return Surface.empty(grid, (MetricFacts("loss", "", 10),), points=origin, samples=10)


def test_every_cell_is_measured_once_and_lands_where_it_belongs():
    clock = Clock()
    steps = list(sample(empty(), evaluator(clock, QUICK), clock=clock))
    cells = np.concatenate([step.patch.cells for step in steps])
    assert sorted(cells) == list(range(17 * 9 + 1))
    surface = steps[-1].surface
    assert surface.is_done
    assert np.allclose(surface["loss"], surface.x[None, :] + 10 * surface.y[:, None])


def test_coarse_levels_finish_first_and_are_seen():
    clock = Clock()
    levels = [step.surface.level for step in sample(empty(), evaluator(clock, 0.02), clock=clock)]
    assert levels == sorted(levels)
    assert set(levels) == {-1, 0, 1, 2}


def asked_of(surface, clock, seconds_a_cell, **options):
    """How many cells were asked for at a time."""
    steps = sample(surface, evaluator(clock, seconds_a_cell, chunk=9999), clock=clock, **options)
    return [len(step.patch.cells) for step in steps]


def test_it_asks_for_one_cell_and_then_for_as_many_as_fit_into_its_time_but_no_more_than_a_level():
    sizes = asked_of(empty(), Clock(), QUICK, seconds=30 * QUICK)
    assert sizes == [1, 8, 17, 30, 26, 30, 30, 12]
    assert sum(sizes[:3]) == 5 * 5 + 1 and sum(sizes[:5]) == 9 * 9 + 1


def test_it_asks_for_enough_slow_cells_to_share_among_threads():
    sizes = asked_of(empty(), Clock(), SLOW)
    assert sizes[0] == 1 and set(sizes[1:3]) == {8} and max(sizes) == 8


def test_it_asks_for_twice_as_many_cells_as_are_measured_at_once():
    sizes = asked_of(empty(65, 65), Clock(), SLOW, at_once=64)
    assert sizes[0] == 26 and max(sizes) == 128  # 5·5 cells and the origin


def test_it_asks_for_two_seconds_at_a_time():
    assert max(asked_of(empty(129, 129), Clock(), QUICK)) == 2048


def test_the_time_its_reader_takes_is_not_counted():
    clock, asked = Clock(), []
    measure = evaluator(clock, QUICK, chunk=1)

    def evaluate(coordinates, samples, cancelled):
        asked.append(len(coordinates))
        return measure(coordinates, samples, cancelled)

    for _ in sample(empty(), evaluate, clock=clock, seconds=30 * QUICK):
        clock.now += SLOW
    assert asked == [1, 8, 17, 30, 26, 30, 30, 12]


def test_an_answer_in_several_parts_is_several_steps():
    clock = Clock()
    steps = list(sample(empty(), evaluator(clock, QUICK, chunk=3), clock=clock))
    assert [len(step.patch.cells) for step in steps][:5] == [1, 3, 3, 2, 3]
    assert all(later.surface.known.sum() >= step.surface.known.sum() for step, later in pairwise(steps))
    assert steps[-1].surface.is_done


def test_cancelled_stops_it_between_parts_and_keeps_what_is_known():
    clock = Clock()
    known = 0
    growing = sample(
        empty(), evaluator(clock, QUICK, chunk=2), clock=clock, cancelled=lambda: clock.now > 0.02
    )
    for step in growing:
        known += len(step.patch.cells)
        assert int((step.surface.states != 0).sum()) == known
    assert 0 < known < 30


def test_nothing_is_asked_when_it_is_cancelled_from_the_start_or_done():
    def evaluate(coordinates, samples, cancelled):
        raise AssertionError("asked")

    assert list(sample(empty(), evaluate, cancelled=lambda: True)) == []
    clock = Clock()
    done = list(sample(empty(), evaluator(clock, QUICK), clock=clock))[-1].surface
    assert list(sample(done, evaluate)) == []


def test_a_loss_that_raises_passes_through_and_the_last_step_holds_what_is_known():
    clock = Clock()

    def fails_later(coordinates, samples, cancelled):
        yield answer(np.arange(1), coordinates)
        if len(coordinates) > 1:
            raise ZeroDivisionError("in the user's loss")

    last = None
    with pytest.raises(ZeroDivisionError, match="in the user's loss"):
        for step in sample(empty(), fails_later, clock=clock):
            last = step
    assert last is not None
    assert np.count_nonzero(last.surface.states) == 2
    assert list(sample(last.surface, evaluator(clock, QUICK), clock=clock))[-1].surface.is_done


def test_an_evaluator_that_leaves_cells_unanswered_is_refused():
    with pytest.raises(RuntimeError, match=r"answered 0 of 1 cells.*for every coordinate"):
        list(sample(empty(), lambda coordinates, samples, cancelled: iter(())))


def wavy(clock):
    """A loss whose logarithm is a wave, so that each level predicts the next a little better."""

    def evaluate(coordinates, samples, cancelled):
        clock.now += QUICK * len(coordinates)
        mean = np.exp(np.sin(3 * coordinates[:, :1]) + np.cos(2 * coordinates[:, 1:]))
        counts, states = np.full(mean.shape, samples), np.ones(len(mean), np.uint8)
        yield Values(np.arange(len(mean)), mean, 0 * mean, counts, states, How("here", settings={"batch": 7}))

    return evaluate


def test_it_stops_at_the_first_level_that_was_predicted_to_within_the_tolerance():
    errors = {}
    for level in range(1, 4):
        steps = sample(empty(65, 65), wavy(Clock()))
        surface = next(step.surface for step in steps if step.surface.exact_level == level)
        errors[level] = surplus(surface).worst
    assert errors[1] > errors[2] > errors[3]
    between = (errors[2] + errors[1]) / 2
    done = list(sample(empty(65, 65), wavy(Clock()), tolerance=between))[-1].surface
    assert done.exact_level == 2 and np.count_nonzero(done.known) == 17 * 17
    assert surplus(done).worst < between


def test_a_tolerance_already_reached_asks_for_nothing():
    done = list(sample(empty(65, 65), wavy(Clock()), tolerance=0.1))[-1].surface
    assert not done.is_done
    assert list(sample(done, wavy(Clock()), tolerance=0.1)) == []
    assert list(sample(done, wavy(Clock()), tolerance=None))[-1].surface.is_done


def test_a_tolerance_out_of_reach_measures_every_cell():
    assert list(sample(empty(), wavy(Clock()), tolerance=1e-9))[-1].surface.is_done


def test_the_surface_says_how_it_was_computed():
    step = list(sample(empty(), wavy(Clock())))[-1]
    assert step.how.where == "here" and step.surface.settings["engine"] == {"batch": 7}


def test_any_choice_of_cells_serves():
    def from_the_end(surface, budget):
        return np.flatnonzero(surface.states == State.UNKNOWN)[::-1][:budget]

    clock = Clock()
    steps = list(sample(empty(), evaluator(clock, QUICK), refine=from_the_end, clock=clock))
    assert steps[0].patch.cells.tolist() == [17 * 9]
    assert steps[-1].surface.is_done
