from itertools import count

import numpy as np
import pytest

from landscape_widget.live.work import Report, Work
from tests.live_cases import Slope, request


def never() -> bool:
    return False


def work(slope: Slope) -> Work:
    ticks = count()
    return Work(slope.prepare, clock=lambda: next(ticks) * 0.01)


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
