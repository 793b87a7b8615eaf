from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from landscape_widget.live.report import Report
from landscape_widget.live.work import Work
from landscape_widget.surface.interpolate import surplus
from landscape_widget.values import State
from tests.live_cases import HOW, Guest, Slope, never, request, wave


def work(slope: Slope | Guest, **options) -> Work:
    ticks = count()
    return Work(slope.prepare, clock=lambda: next(ticks) * 0.01, **options)


def run(work: Work, what, generation: int = 1) -> list[Report]:
    return list(work.steps(what, generation, never))


def test_a_run_prepares_then_computes_then_is_done():
    reports = run(work(Slope()), request())
    phases = [report.phase for report in reports]
    assert phases[0] == "preparing" and phases[1] == "computing" and phases[-1] == "done"
    assert reports[-1].surface is not None and reports[-1].surface.is_done


def test_coarse_levels_finish_first():
    levels = [report.surface.level for report in run(work(Slope()), request()) if report.surface]
    assert levels == sorted(levels)
    assert set(levels) == {-1, 0, 1}


def test_the_patches_alone_rebuild_the_surface():
    reports = run(work(Slope()), request())
    rebuilt = reports[1].surface
    for report in reports[2:]:
        if report.patch is not None:
            rebuilt = rebuilt.tell(report.patch)
    assert np.array_equal(rebuilt.values, reports[-1].surface.values)


def test_remaining_time_falls_to_zero():
    remaining = [r.remaining for r in run(work(Slope()), request()) if r.remaining is not None]
    assert remaining[0] > remaining[len(remaining) // 2] > remaining[-1] == 0


def test_a_setting_seen_before_computes_nothing():
    slope = Slope()
    here = work(slope)
    run(here, request())
    run(here, request(seed=5))
    cells = slope.cells
    assert run(here, request())[-1].surface.is_done
    assert slope.cells == cells


def test_zooming_out_keeps_the_cells_on_the_lattice():
    slope = Slope()
    here = work(slope)
    run(here, request())
    before = slope.cells
    reports = run(here, request(high=2.0))
    assert slope.cells - before == 9 * 9 - 5 * 5
    assert np.array_equal(
        reports[-1].surface["loss"], np.add.outer(10 * reports[-1].surface.y, reports[-1].surface.x)
    )


def test_cancelling_keeps_what_is_known():
    slope = Slope()
    here = work(slope)
    steps = here.steps(request(), 1, lambda: slope.cells >= 7)
    reports = list(steps)
    assert reports[-1].phase == "computing"
    assert int((here.known(request()).states != 0).sum()) == 7
    run(here, request())
    assert slope.cells == 9 * 9 + 1  # the origin is a cell of its own


def test_what_the_loss_raises_comes_out_and_the_known_cells_stay():
    slope = Slope()
    slope.fail_at = 12
    here = work(slope)
    with pytest.raises(ZeroDivisionError, match="divides by zero"):
        run(here, request())
    assert int((here.known(request()).states != 0).sum()) == 11


def test_what_was_carried_over_stays_when_the_first_cell_raises():
    slope = Slope()
    here = work(slope)
    run(here, request())
    slope.fail_at = slope.cells + 1
    with pytest.raises(ZeroDivisionError, match="divides by zero"):
        run(here, request(high=2.0))
    assert int((here.known(request(high=2.0)).states != 0).sum()) == 5 * 5 + 1  # and the origin


def test_probing_reports_ranges_and_then_goes_on():
    reports = list(work(Slope()).probe(request(), 1, 3.0, never))
    assert [r.ranges for r in reports if r.ranges is not None]
    assert reports[-1].phase == "done"


HONEST = 10**9


@pytest.mark.parametrize(
    "ask",
    [
        lambda here: here.probe(request(), 3, 10.0, never),
        lambda here: here.fit(request(), 3, never),
        lambda here: here.read_out(request(), 3, never),
    ],
    ids=["probe", "fit", "read_out"],
)
def test_a_surface_comes_with_its_facts_though_its_scene_was_dropped(ask):
    def large(scene):
        prepared = Slope().prepare(scene)
        return replace(prepared, facts=replace(prepared.facts, nbytes=2**30))

    here = Work(large, clock=lambda: 0.0, sharpness=lambda cancelled: iter(()))
    run(here, request())
    run(here, request(seed=5))
    reports = list(ask(here))
    assert here.known(request()) is not None and reports[0].surface is None
    assert all(report.facts is not None for report in reports if report.surface is not None)
    assert reports[-1].surface.is_done


def test_a_withdrawn_fast_path_starts_the_surface_anew_and_says_so():
    guest = Guest(until=40)
    reports = run(work(guest), request())
    opening = [index for index, report in enumerate(reports) if report.opens]
    assert len(opening) == 2 and guest.prepared == 1
    anew = reports[opening[1]]
    assert not anew.surface.known.any() and anew.how.notes == ("The fast path was wrong.",)
    assert anew.how.where == "cpu, 2 workers"
    done = reports[-1]
    assert done.phase == "done" and done.how.notes == ("The fast path was wrong.",)
    honest = wave(done.surface.coordinates(np.arange(81)), None).mean[:, 0]
    assert np.array_equal(done.surface["loss"].ravel(), honest)


def test_a_withdrawn_fast_path_takes_what_it_said_before_of_the_scene_along():
    guest = Guest(until=81 + 1 + 30)
    here = work(guest)
    run(here, request())
    run(here, request(high=2.0))
    assert here.known(request()) is None
    assert run(here, request())[-1].surface["loss"].min() < 1


def test_a_fast_path_withdrawn_while_a_range_is_probed_is_probed_again():
    reports = list(work(Guest(until=10)).probe(request(), 1, 1.5, never))
    assert [r.ranges for r in reports if r.ranges is not None] and reports[-1].phase == "done"


def test_how_cells_are_computed_is_reported_and_stays():
    here = work(Guest(HONEST))
    reports = run(here, request())
    assert reports[0].how is None and reports[-1].how == HOW
    assert reports[-1].surface.settings["engine"] == {"batch": 7}
    again = run(here, request())
    assert again[0].how == HOW and again[-1].surface.settings["engine"] == {"batch": 7}


def test_the_measured_error_is_reported_with_each_level():
    reports = run(work(Guest(HONEST)), request(33))
    for report in reports[2:]:
        assert (report.surplus is None) == (report.surface.exact_level < 1)
        assert report.surplus == surplus(report.surface)


def test_a_tolerance_settles_the_surface_and_without_it_the_rest_follows():
    guest = Guest(HONEST)
    here = work(guest)
    settled = run(here, replace(request(33), tolerance=0.05))[-1]
    assert settled.phase == "done" and settled.settled and settled.surplus.worst < 0.05
    cells = guest.cells
    assert cells == settled.surface.known.sum() + 1 < 33 * 33
    done = run(here, request(33))[-1]
    assert done.surface.is_done and not done.settled and guest.cells == 33 * 33 + 1
    assert not run(here, replace(request(33), tolerance=0.05))[-1].settled


def test_a_preview_comes_first_where_it_is_asked_for():
    class Slow(Slope):
        def __call__(self, coordinates, samples, cancelled):
            for values in super().__call__(coordinates, samples, cancelled):
                yield replace(values, count=np.full((1, 1), samples))

    reports = run(work(Slow(), preview=0.01), request())
    previews = [r.surface.preview for r in reports if r.surface is not None]
    assert max(previews) == 8 and previews[-1] == 0
    first = next(r for r in reports if r.surface is not None and r.surface.level == 0)
    assert (first.surface.states[:81][first.surface.known.ravel()] == State.PREVIEW).all()
    assert first.remaining is None
