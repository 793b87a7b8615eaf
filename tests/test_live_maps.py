import time
from dataclasses import replace

import numpy as np
import pytest
import traitlets

from landscape_widget.live.engine import Engine
from landscape_widget.live.library import Library
from landscape_widget.live.report import Report
from landscape_widget.live.request import Request
from landscape_widget.live.widget import LandscapeWidget
from landscape_widget.live.work import Work
from landscape_widget.sharpness_values import CAVEAT, Sharpness
from tests.live_cases import TRAITS, Walk, never, request
from tests.map_cases import COLUMNS, WITH_A_MAP, Curved

CELLS = 13 * 7 + 1  # and the origin


def work(curved: Curved, **options) -> Work:
    return Work(curved.prepare, curved.clock, **options)


def run(work: Work, what: Request, generation: int = 1) -> list[Report]:
    return list(work.steps(what, generation, never))


def test_the_map_follows_when_all_of_the_loss_is_known():
    reports = run(work(Curved()), request())
    first = next(report for report in reports if report.map is not None)
    assert first.surface.is_done and np.count_nonzero(first.surface.map("curvature").known) <= 1
    assert reports[-1].phase == "done" and reports[-1].surface.map("curvature").is_done
    levels = [report.surface.map("curvature").level for report in reports if report.map is not None]
    assert levels == sorted(levels) and set(levels) == {-1, 0, 1, 2}


def test_a_map_that_is_not_square_is_not_transposed():
    surface = run(work(Curved()), request())[-1].surface
    held = surface.map("curvature_max")
    assert np.array_equal(surface["curvature_max"], np.add.outer(10 * held.y, held.x))
    assert surface["curvature"].shape == (7, 13)


def test_a_generation_opens_with_a_map_of_which_nothing_is_known():
    opening = next(report for report in run(work(Curved()), request()) if report.opens)
    assert not opening.surface.map("curvature").known.any()
    assert [one.phase for one in opening.maps] == ["waiting"]


def test_what_a_map_costs_is_announced_before_its_first_cell():
    curved = Curved()
    seen = []
    for report in work(curved).steps(request(), 1, never):
        seen += [(one.phase, one.cost, len(curved.asked)) for one in report.maps]
    announced = ("waiting", 2.0 * CELLS, 0)
    assert seen.index(announced) < seen.index(("measuring", 2.0 * CELLS, 1))
    assert curved.announced == [CELLS] and seen[-1] == ("done", 2.0 * CELLS, CELLS)
    assert {phase for phase, cost, _ in seen if cost is None} == {"waiting"}


def test_the_time_that_is_left_is_that_of_the_cells_that_are_left():
    reports = [report for report in run(work(Curved()), request()) if report.map is not None]
    left = [np.count_nonzero(~report.surface.map("curvature").final) for report in reports]
    assert [report.remaining for report in reports] == [2.0 * cells for cells in left]


def test_the_patches_of_a_map_alone_rebuild_it():
    reports = run(work(Curved()), request())
    rebuilt = next(report for report in reports if report.opens).surface.map("curvature")
    for report in reports:
        if report.map == "curvature":
            rebuilt = rebuilt.tell(report.patch)
    assert np.array_equal(rebuilt.states, reports[-1].surface.map("curvature").states)


def test_a_picture_seen_before_brings_its_map_along():
    curved = Curved()
    here = work(curved)
    run(here, request())
    run(here, request(17))
    assert len(curved.asked) == CELLS  # another resolution of the loss is no other map
    run(here, replace(request(), samples=50))
    assert len(curved.asked) == CELLS and curved.announced == [CELLS]


def test_zooming_out_keeps_the_cells_of_the_map_on_its_lattice():
    curved = Curved()
    here = work(curved)
    run(here, request())
    surface = run(here, request(high=2.0))[-1].surface
    assert len(curved.asked) == 2 * CELLS - 7 * 3 - 1 and surface.map("curvature").is_done


def test_a_cancelled_map_keeps_what_is_known_and_goes_on_from_there():
    curved = Curved()
    here = work(curved)
    reports = list(here.steps(request(), 1, lambda: len(curved.asked) >= 30))
    assert reports[-1].phase == "computing" and reports[-1].task == "map"
    assert np.count_nonzero(here.known(request()).maps["curvature"].final) == 30
    run(here, request())
    assert len(curved.asked) == CELLS and curved.announced == [CELLS, CELLS - 30]


def test_a_map_that_fails_leaves_the_picture_whole_and_says_why():
    curved = Curved()
    curved.fail_at = 10
    last = run(work(curved), request())[-1]
    assert last.phase == "done" and last.surface.is_done and last.failure is None
    assert [(one.phase, one.note) for one in last.maps] == [
        ("skipped", "ZeroDivisionError: the Hessian divides by zero")
    ]
    assert np.count_nonzero(last.surface.map("curvature").final) == 9


def test_a_map_whose_first_level_would_not_be_done_in_time_is_skipped():
    curved = Curved(seconds=50.0)  # of 5 × 5 cells and the origin, 2 s each
    (one,) = run(work(curved), request())[-1].maps
    assert (one.phase, curved.asked) == ("skipped", [])
    assert one.note == (
        "Stopped before level 1 of 3: its 26 cells would take about 52 s, and 0 of 50 s are gone."
    )


def test_a_map_ends_with_the_last_level_that_is_done_in_time():
    curved = Curved(seconds=60.0)
    last = run(work(curved), request())[-1]
    (one,) = last.maps
    assert (one.phase, last.surface.map("curvature").level, len(curved.asked)) == ("done", 0, 26)
    assert one.note.startswith(
        "Stopped before level 2 of 3: its 38 cells would take about 76 s, and 52 of 60 s"
    )


def test_a_trajectory_that_grows_while_a_map_is_measured_is_taken_up():
    curved, walk = Curved(), Walk(3)
    lengths = []

    def prepare(scene):
        return replace(curved.prepare(scene), track=walk)

    for report in Work(prepare, curved.clock).steps(request(), 1, never):
        if report.map is not None and len(curved.asked) == 20:
            walk.size = 5
        lengths += [len(report.path)] if report.path is not None else []
    assert lengths[-1] == 5 and sorted(walk.measured) == [0, 1, 2, 3, 4]
    assert report.surface.path.known.all() and report.surface.map("curvature").is_done


def test_sharpness_is_told_part_by_part_and_then_the_request_goes_on():
    def parts(cancelled):
        yield Sharpness(critical=2.0)
        yield Sharpness(critical=2.0, largest=3.0, done=True)

    reports = list(work(Curved(), sharpness=parts).read_out(request(), 1, never))
    assert [report.sharpness.largest for report in reports if report.sharpness] == [None, 3.0]
    assert reports[0].task == "sharpness" and reports[-1].phase == "done"


def test_sharpness_that_was_cut_off_follows_the_cells_of_the_next_request():
    curved = Curved()
    began = []

    def parts(cancelled):
        began.append(curved.slope.cells)
        if not cancelled():
            yield Sharpness(critical=2.0, done=True)

    here = work(curved, sharpness=parts)
    assert not [report for report in here.read_out(request(), 1, lambda: True) if report.sharpness]
    assert [report.sharpness for report in run(here, request()) if report.sharpness]
    assert began == [0, 82] and not [report for report in run(here, request()) if report.sharpness]


def test_sharpness_is_measured_once():
    began = []

    def parts(cancelled):
        began.append(True)
        yield Sharpness(critical=2.0)
        yield Sharpness(critical=2.0, done=True)

    here = work(Curved(), sharpness=parts)
    for told in (2, 1):
        reports = here.read_out(request(), 1, never)
        assert len([report for report in reports if report.sharpness]) == told
    assert began == [True]


def test_sharpness_that_fails_says_so_beside_its_control():
    def parts(cancelled):
        yield Sharpness(critical=2.0)
        raise ZeroDivisionError("no slope")

    reports = list(work(Curved(), sharpness=parts).read_out(request(), 1, never))
    assert [report.refusals for report in reports if report.refusals] == [
        {"sharpness": "ZeroDivisionError: no slope"}
    ]
    assert reports[-1].phase == "done"


class Recorded(LandscapeWidget):
    """The widget, with a page that acknowledges whatever comes."""

    def __init__(self, *args, **kwargs) -> None:
        self.messages: list[dict] = []
        super().__init__(*args, **kwargs)

    def send(self, content, buffers=None) -> None:
        self.messages.append(content)
        if "sequence" in content:
            self._channel.acknowledge(content["generation"], content["sequence"])


@pytest.fixture
def shown():
    made = []

    def show(curved: Curved, **options) -> Recorded:
        engine = Engine()
        engine.start()
        here = Work(curved.prepare, time.monotonic, **options)
        made.append(Recorded(engine, here, WITH_A_MAP, TRAITS, Library()))
        return made[-1]

    yield show
    for widget in made:
        widget.close()


def test_waiting_waits_for_the_maps_too(shown):
    surface = shown(Curved()).wait()
    assert surface.is_done and surface.map("curvature").is_done


def test_the_page_hears_of_each_surface_by_its_key(shown):
    widget = shown(Curved())
    widget.wait()
    surfaces = [content["map"] for content in widget.messages if content["kind"] == "surface"]
    assert surfaces == [None, "curvature"]
    patches = [content["map"] for content in widget.messages if content["kind"] == "patch"]
    assert set(patches) == {None, "curvature"} and patches == sorted(patches, key=bool)
    numbers = [content["sequence"] for content in widget.messages if "sequence" in content]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_page_that_comes_later_is_told_of_the_maps_too(shown):
    widget = shown(Curved())
    widget.wait()
    widget.messages.clear()
    widget._handle_custom_msg({"kind": "hello"}, [])
    assert [content["map"] for content in widget.messages if content["kind"] == "surface"] == [
        None,
        "curvature",
    ]


def test_the_status_tells_how_far_a_map_is_and_what_it_costs(shown):
    widget = shown(Curved())
    widget.wait()
    assert widget.status["maps"] == [
        {
            "key": "curvature",
            "phase": "done",
            "cost": 2.0 * CELLS,
            "remaining": 0.0,
            "note": "",
            "known": 91,
            "cells": 91,
            "level": 2,
            "resolution": [13, 7],
            "samples": 32,
            "unconverged": 1,
            "settings": {"samples": 32, "resolution": 13, "parameters": "moved"},
        }
    ]


def test_a_map_is_kept_for_a_notebook_without_a_kernel(shown):
    widget = shown(Curved())
    widget.wait()
    assert widget.snapshots.keys() == {"curvature"} and b'"map": "curvature"' in widget.snapshots["curvature"]
    assert b'"map": null' in widget.snapshot


def test_a_slow_map_is_left_for_another_picture_and_its_snapshot_goes(shown):
    curved = Curved()
    curved.hold_at = 40
    widget = shown(curved)
    assert curved.held.wait(10)
    assert widget.status["task"] == "map" and widget.status["phase"] == "computing"
    assert widget.snapshots.keys() == {"curvature"}
    widget.x = (-3.0, 3.0)
    curved.hold_at = -1
    curved.gate.set()
    surface = widget.wait()
    assert surface.map("curvature").x[0] == -3 and surface.map("curvature").is_done
    assert b'"generation": 2' in widget.snapshots["curvature"]


def test_a_stopped_map_waits_and_keeps_what_is_known(shown):
    curved = Curved()
    curved.hold_at = 40
    widget = shown(curved)
    assert curved.held.wait(10)
    widget.stop()
    curved.gate.set()
    (one,) = widget.status["maps"]
    assert widget.status["phase"] == "stopped" and (one["phase"], one["known"]) == ("waiting", 39)
    curved.hold_at = -1
    widget.resume()
    assert widget.wait().map("curvature").is_done


def test_a_maps_column_may_be_drawn_and_an_unknown_one_is_refused(shown):
    widget = shown(Curved())
    widget.metric = "curvature_max"
    assert [(one["name"], one["map"]) for one in widget.choices["metrics"]] == [
        ("loss", None),
        *((column.name, "curvature") for column in COLUMNS),
    ]
    with pytest.raises(traitlets.TraitError, match="'loss', 'curvature', 'curvature_max'; got 'curvatur'"):
        widget.metric = "curvatur"


def test_sharpness_fills_a_trait_the_page_can_ask_for(shown):
    widget = shown(Curved(), sharpness=lambda cancelled: iter([Sharpness(largest=3.0, done=True)]))
    assert widget.sharpness is None
    widget._handle_custom_msg({"kind": "sharpness"}, [])
    widget.wait()
    assert widget.sharpness["largest"] == 3.0 and widget.sharpness["caveat"] == CAVEAT
    widget.set_state({"sharpness": {"largest": 4.0}, "snapshots": {}})
    assert widget.sharpness["largest"] == 3.0 and widget.snapshots


def test_pictures_are_served_before_what_is_patient_and_maps_last(shown):
    held = Curved()
    held.hold_at = 3
    engine = Engine()
    engine.start()
    first = Recorded(engine, Work(held.prepare, time.monotonic), WITH_A_MAP, TRAITS, Library())
    assert held.held.wait(10)
    other = Curved()
    second = Recorded(engine, Work(other.prepare, time.monotonic), WITH_A_MAP, TRAITS, Library())
    held.hold_at = -1
    other.hold_at = 0
    held.gate.set()
    assert other.held.wait(10)
    assert len(held.asked) < 10 and other.slope.cells == 82  # its own picture came before the first one's map
    other.gate.set()
    assert first.wait().map("curvature").is_done and second.wait().map("curvature").is_done
    first.close(), second.close()
