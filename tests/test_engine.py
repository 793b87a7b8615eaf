import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from landscape_widget.live.engine import Engine
from landscape_widget.live.session import Session
from landscape_widget.live.work import Work
from tests.live_cases import HOW, Reports, Slope, request


@pytest.fixture
def engine() -> Engine:
    made = Engine()
    made.start()
    return made


def opened(engine: Engine, slope: Slope) -> tuple[Session, Reports]:
    reports = Reports()
    return engine.session(Work(slope.prepare, time.monotonic), reports), reports


def test_a_request_is_computed_on_a_thread_of_its_own(engine):
    slope = Slope()
    session, _ = opened(engine, slope)
    session.show(request())
    surface = session.wait().surface
    assert surface.is_done
    assert np.array_equal(surface["loss"], np.add.outer(10 * surface.y, surface.x))
    assert "landscape engine" in {thread.name for thread in threading.enumerate()}


def test_a_new_request_stops_the_old_one(engine):
    slope = Slope()
    session, reports = opened(engine, slope)
    slope.hold(after=10)
    session.show(request(33))
    assert slope.held.wait(10)
    session.show(request(seed=3))
    slope.release()
    report = session.wait()
    assert report.generation == 2 and report.surface.is_done
    assert slope.cells == 10 + 82
    assert max(r.generation for r in reports.all) == 2


def test_reports_of_an_older_request_never_follow_those_of_a_newer(engine):
    session, reports = opened(engine, Slope())
    for seed in range(20):
        session.show(request(seed=seed))
    session.wait()
    generations = [report.generation for report in reports.all]
    assert generations == sorted(generations) and generations[-1] == 20


def test_the_same_request_again_changes_nothing(engine):
    session, _ = opened(engine, Slope())
    session.show(request())
    session.wait()
    session.show(request())
    assert session.wait().generation == 1


def test_pause_keeps_what_is_known_and_resume_goes_on(engine):
    slope = Slope()
    session, reports = opened(engine, slope)
    slope.hold(after=10)
    session.show(request())
    assert slope.held.wait(10)
    session.pause()
    slope.release()
    assert session.report.phase == "paused"
    with pytest.raises(RuntimeError, match=r"paused run won't end by itself; call resume\(\)"):
        session.wait()
    session.resume()
    assert session.wait().surface.is_done
    assert slope.cells == 82
    assert [r.phase for r in reports.all if r.phase in ("paused", "done")] == ["paused", "done"]


def test_a_pause_forgets_neither_the_measured_error_nor_how_cells_are_computed(engine):
    class Telling(Slope):
        def __call__(self, coordinates, samples, cancelled):
            for values in super().__call__(coordinates, samples, cancelled):
                yield replace(values, how=HOW)

    slope = Telling()
    session, reports = opened(engine, slope)
    slope.hold(after=9 * 9 + 1 + 5)
    session.show(request(17))
    assert slope.held.wait(10)
    session.pause()
    slope.release()
    paused = reports.all[-1]
    assert paused.phase == "paused" and paused.how == HOW and paused.surplus.level == 1
    session.close()


def test_stop_ends_the_wait_with_the_partial_surface(engine):
    slope = Slope()
    session, _ = opened(engine, slope)
    slope.hold(after=10)
    session.show(request())
    assert slope.held.wait(10)
    session.stop()
    slope.release()
    report = session.wait()
    assert report.phase == "stopped"
    assert int((report.surface.states != 0).sum()) == 10


def test_a_failure_is_reported_and_the_next_change_works_again(engine):
    slope = Slope()
    slope.fail_at = 12
    session, _ = opened(engine, slope)
    session.show(request())
    report = session.wait()
    assert report.phase == "failed"
    assert report.failure.message == "ZeroDivisionError: the loss divides by zero"
    assert "live_cases.py" in report.failure.traceback
    assert int((report.surface.states != 0).sum()) == 11
    session.show(request(seed=2))
    assert session.wait().phase == "done"


def test_the_same_request_may_be_tried_again_after_a_failure(engine):
    slope = Slope()
    slope.fail_at = 12
    session, _ = opened(engine, slope)
    session.show(request())
    assert session.wait().phase == "failed"
    session.retry()
    assert session.wait().surface.is_done


def test_even_a_system_exit_in_the_loss_leaves_the_engine_alive(engine):
    def prepare(scene):
        raise SystemExit(3)

    broken = engine.session(Work(prepare, time.monotonic), Reports())
    broken.show(request())
    assert broken.wait().failure.message == "SystemExit: 3"
    session, _ = opened(engine, Slope())
    session.show(request())
    assert session.wait().surface.is_done


def test_sessions_take_turns_by_level(engine):
    slopes = Slope(), Slope()
    slopes[0].hold(after=5)
    first, first_reports = opened(engine, slopes[0])
    first.show(request(65))
    assert slopes[0].held.wait(10)
    second, second_reports = opened(engine, slopes[1])
    second.show(request(9))
    order: list[str] = []
    first_reports.__class__ = type("Named", (Reports,), {"__call__": lambda self, r: order.append("first")})
    second_reports.__class__ = type("Named", (Reports,), {"__call__": lambda self, r: order.append("second")})
    slopes[0].release()
    second.wait()
    first.wait()
    assert order.index("second") < len(order) - 1 - order[::-1].index("first")
    assert order[-1] == "first"


def test_closing_ends_the_run(engine):
    slope = Slope()
    session, reports = opened(engine, slope)
    slope.hold(after=3)
    session.show(request(33))
    assert slope.held.wait(10)
    session.close()
    slope.release()
    session.wait()
    other, _ = opened(engine, Slope())
    other.show(request())
    other.wait()
    assert slope.cells <= 4
    assert all(report.phase != "done" for report in reports.all)


def test_what_a_closed_session_holds_elsewhere_is_let_go_when_its_step_has_ended(engine):
    slope, ended = Slope(), threading.Event()
    on = []

    def prepare(scene):
        def close():
            on.append((threading.current_thread().name, slope.gate.is_set()))
            ended.set()

        return replace(slope.prepare(scene), close=close)

    session = engine.session(Work(prepare, time.monotonic), Reports())
    slope.hold(after=10)
    session.show(request(33))
    assert slope.held.wait(10)
    session.close()
    assert not ended.wait(0.05)
    slope.release()
    assert ended.wait(10) and on == [("landscape engine", True)]


def test_a_listener_that_fails_once_is_told_that_it_did_and_may_try_again(engine, caplog):
    heard, mishaps = [], ["the disk is full"]

    def clumsy(report):
        heard.append(report)
        if report.surface is not None and report.surface.level == 0 and mishaps:
            raise OSError(mishaps.pop())

    session = engine.session(Work(Slope().prepare, time.monotonic), clumsy)
    session.show(request())
    failed = session.wait()
    assert failed is heard[-1]
    assert failed.phase == "failed" and failed.failure.message == "OSError: the disk is full"
    assert failed.surface.level == 0 and not failed.opens
    assert not session.closed and "its session says so" in caplog.text
    session.retry()
    assert session.wait().phase == "done" and heard[-1].surface.is_done


def test_a_listener_that_fails_again_closes_its_own_session_only(engine, caplog):
    def broken(report):
        raise OSError("the comm is gone")

    session = engine.session(Work(Slope().prepare, time.monotonic), broken)
    session.show(request())
    session.wait()
    other, _ = opened(engine, Slope())
    other.show(request())
    assert other.wait().surface.is_done
    assert session.closed and "listener failed twice" in caplog.text


def test_a_closed_engine_stops_its_thread_and_all_sessions(engine):
    slope = Slope()
    session, _ = opened(engine, slope)
    slope.hold(after=3)
    session.show(request(33))
    assert slope.held.wait(10)
    engine.close(patience=0)
    assert session.closed
    slope.release()
    engine.close(patience=10)
    assert not engine._thread.is_alive()
    assert slope.cells <= 4


def test_a_thousand_changes_leave_one_thread(engine):
    before = threading.active_count()
    session, _ = opened(engine, Slope())
    for seed in range(1000):
        session.show(request(seed=seed))
    assert session.wait().generation == 1000
    assert threading.active_count() <= before + 1


def test_a_patient_session_waits_while_another_wants_anything(engine):
    slope, order = Slope(), []
    slope.hold(after=0)
    patient = engine.session(
        Work(slope.prepare, time.monotonic), lambda _: order.append("patient"), is_patient=True
    )
    patient.show(request())
    assert slope.held.wait(10)
    other = engine.session(Work(Slope().prepare, time.monotonic), lambda _: order.append("other"))
    other.show(request(33))
    slope.release()
    patient.wait()
    others = [index for index, who in enumerate(order) if who == "other"]
    assert others == list(range(others[0], others[-1] + 1)) and order[-1] == "patient"
