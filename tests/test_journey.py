import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from landscape_widget.live.engine import Engine
from landscape_widget.live.journey import Journey, fitted
from landscape_widget.live.work import Work
from tests.live_cases import Growing, Walk, never, request


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine()
    made.start()
    yield made
    made.close()


def test_a_path_is_there_at_once_and_measured_bit_by_bit():
    walk = Walk(9)
    journey = Journey(walk, {}, 1, 100)
    assert len(journey.path()) == 9 and not journey.path().known.any()
    assert journey.measure(3, never)
    assert np.flatnonzero(journey.path().known).tolist() == [0, 4, 8]
    while journey.measure(3, never):
        pass
    assert journey.is_measured
    assert journey.path().values[0] == pytest.approx(walk.losses)


def test_what_was_measured_in_one_plane_is_known_in_another():
    measured = {}
    Journey(Walk(5), measured, 1, 100).measure(99, never)
    again = Walk(5)
    assert Journey(again, measured, 1, 100).path().known.all() and again.measured == []


def test_a_path_grows():
    walk = Walk(3)
    journey = Journey(walk, {}, 1, 100)
    assert not journey.has_grown
    walk.size = 4
    assert journey.has_grown and len(journey.path()) == 4 and not journey.has_grown


def test_further_repeats_of_a_line_have_no_values_of_a_checkpoint():
    journey = Journey(Walk(2), {}, 3, 100)
    journey.measure(9, never)
    values = journey.path().values
    assert np.isfinite(values[0]).all() and np.isnan(values[1:]).all()


def test_a_path_is_fitted_with_15_percent_on_each_side():
    path = Walk(5).path(1)
    assert fitted(path) == [
        (-0.15, 1.15),
        "The trajectory doesn't move along this axis; set the range by hand.",
    ]


def test_a_run_projects_at_once_and_measures_every_checkpoint_before_it_is_done():
    walk = Walk(40)
    reports = list(Work(Growing(walk).prepare, clock).steps(request(), 1, never))
    opening = next(report for report in reports if report.opens)
    assert len(opening.surface.path) == 40 and not opening.surface.path.known.any()
    news = [report for report in reports if report.path is not None]
    assert len(news) == 5 and news[-1].path.known.all()
    assert reports[-1].phase == "done" and reports[-1].surface.path.known.all()
    assert sorted(walk.measured) == list(range(40))


def test_a_checkpoint_added_later_is_followed():
    walk = Walk(3)
    work = Work(Growing(walk).prepare, clock)
    done = list(work.steps(request(), 1, never))[-1]
    walk.size = 5
    followed = list(work.follow(done, never))
    assert [int(report.path.known.sum()) for report in followed] == [3, 5]
    assert all(report.phase == "done" and report.surface.is_done for report in followed)
    assert len(work.known(request()).path) == 5


def test_fitting_reports_the_ranges_and_goes_on():
    reports = list(Work(Growing(Walk(3)).prepare, clock).fit(request(), 1, never))
    (found,) = (report.ranges for report in reports if report.ranges is not None)
    assert found[0] == (-0.15, 1.15) and isinstance(found[1], str)
    assert reports[-1].phase == "done"


def test_batch_norm_is_compared_once_after_the_first_level():
    growing = Growing(Walk(1))
    work = Work(growing.prepare, clock)
    reports = list(work.steps(request(), 1, never))
    first = next(index for index, report in enumerate(reports) if report.sensitivity is not None)
    assert reports[first].surface.level >= 0 and reports[-1].sensitivity.worst == 11.6
    list(work.steps(request(17), 2, never))
    assert growing.compared == 1


def test_an_engine_goes_on_when_the_trajectory_grows(engine):
    walk = Walk(2)
    growing = Growing(walk)
    known = threading.Event()

    def listener(report):
        if report.path is not None and len(report.path) == 3 and report.path.known.all():
            known.set()

    session = engine.session(Work(growing.prepare, clock, growth=growing.listen), listener)
    session.show(request())
    session.wait()
    walk.size = 3
    growing.heard()
    assert known.wait(10)
    session.close()
    assert growing.heard is None


def test_a_checkpoint_added_while_the_last_one_is_looked_at_is_seen_too(engine):
    walk = Walk(2)
    growing = Growing(walk)
    known = threading.Event()

    def listener(report):
        if report.phase == "done" and report.path is not None and len(walk) < 6:
            walk.size += 1
            growing.heard()
        if report.path is not None and len(report.path) == 6:
            known.set()

    session = engine.session(Work(growing.prepare, clock, growth=growing.listen), listener)
    session.show(request())
    session.wait()
    walk.size = 3
    growing.heard()
    assert known.wait(10)
    session.close()


def clock() -> float:
    return 0.0


def test_what_another_path_knows_of_the_same_checkpoints_is_not_measured_again():
    before, walk = Walk(5), Walk(5)
    told = Journey(before, {}, 1, 100)
    told.measure(3, never)
    journey = Journey(walk, {}, 1, 100)
    journey.take(told.path())
    assert np.array_equal(journey.path().values, told.path().values, equal_nan=True)
    journey.measure(8, never)
    assert sorted(walk.measured + before.measured) == list(range(5)) and journey.is_measured


def test_nothing_is_taken_of_checkpoints_that_have_moved():
    before = Walk(5)
    told = Journey(before, {}, 1, 100)
    told.measure(8, never)
    path = told.path()
    journey = Journey(Walk(5), {}, 1, 100)
    for changed in ("coordinates", "distances", "norms"):
        journey.take(replace(path, **{changed: getattr(path, changed) + 1e-3}))
    journey.take(replace(path, steps=path.steps + 1))
    journey.take(None)
    assert not journey.path().known.any()
