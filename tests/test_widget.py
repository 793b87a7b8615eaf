import gc
import json
import threading
import time
import weakref

import ipywidgets
import numpy as np
import pytest
import traitlets

from landscape_widget.live.engine import Engine
from landscape_widget.live.ground import INTERPOLATED
from landscape_widget.live.library import Library
from landscape_widget.live.request import request_of
from landscape_widget.live.widget import LandscapeWidget
from landscape_widget.live.work import Work
from landscape_widget.values import State
from tests.live_cases import CHOICES, TRAITS, Growing, Guest, Slope, Walk


class Recorded(LandscapeWidget):
    """The widget, with a page that only listens."""

    def __init__(self, *args, **kwargs) -> None:
        self.messages: list[tuple[dict, list]] = []
        self.states: list[tuple[str, ...]] = []
        super().__init__(*args, **kwargs)

    def send(self, content, buffers=None) -> None:
        self.messages.append((content, buffers or []))

    def send_state(self, key=None) -> None:
        self.states.append((key,) if isinstance(key, str) else tuple(key or ()))
        super().send_state(key)

    def of_kind(self, kind: str) -> list[dict]:
        return [content for content, _ in self.messages if content["kind"] == kind]


def never(seconds, callback):
    """A timer that never goes off."""
    return threading.Timer(seconds, callback)


@pytest.fixture
def slope() -> Slope:
    return Slope()


@pytest.fixture
def widget(slope):
    made = shown(Work(slope.prepare, time.monotonic))
    yield made
    slope.release()
    made.close()


def shown(work: Work, **request) -> Recorded:
    """A widget of its own on an engine of its own."""
    engine = Engine()
    engine.start()
    return Recorded(engine, work, CHOICES, TRAITS | request, Library(), later=never)


def page_acknowledges(widget: Recorded) -> None:
    """The page has drawn all that came, and all that comes then."""
    sent = 0
    while len(widget.messages) > sent:
        sent, content = len(widget.messages), widget.messages[-1][0]
        page_says(widget, kind="ack", generation=content["generation"], sequence=content["sequence"])


def page_says(widget: LandscapeWidget, **content) -> None:
    """A custom message from the browser."""
    widget._handle_custom_msg(content, [])


def page_sets(widget: LandscapeWidget, **state) -> None:
    """A trait update from the browser."""
    widget.set_state(state)


def test_computing_starts_without_being_shown(widget):
    surface = widget.wait()
    assert surface.is_done
    assert np.array_equal(surface["loss"], np.add.outer(10 * surface.y, surface.x))
    assert widget.status["phase"] == "done" and widget.status["known"] == widget.status["cells"] == 81


def test_the_first_message_is_a_surface_and_acknowledged_patches_complete_it(widget):
    widget.wait()
    page_acknowledges(widget)
    assert widget.messages[0][0]["kind"] == "surface"
    last_level = widget.of_kind("patch")[-1]["level"] if widget.of_kind("patch") else 1
    assert last_level == 1
    patches = [buffers for content, buffers in widget.messages if content["kind"] == "patch"]
    cells, states = (
        np.concatenate([np.frombuffer(buffers[index], kind) for buffers in patches])
        for index, kind in ((0, "<i4"), (3, "u1"))
    )
    measured = cells[states != INTERPOLATED]
    assert len(set(measured)) == len(measured)
    first = widget.messages[0][1]
    known = np.frombuffer(first[7], "u1").copy()
    known[cells] = states
    assert (known == State.EXACT).all()


def test_a_finished_level_brings_the_ground_between_its_cells(slope):
    slope.hold(after=26 + 5)
    widget = shown(Work(slope.prepare, time.monotonic))
    assert slope.held.wait(10)
    page_acknowledges(widget)
    patches = [(content, buffers) for content, buffers in widget.messages if content["kind"] == "patch"]
    states = np.concatenate([np.frombuffer(buffers[3], "u1") for _, buffers in patches])
    assert np.count_nonzero(states == INTERPOLATED) == 9 * 9 - 5 * 5
    assert b'"level": 0' in widget.snapshot
    widget.close()


def test_the_status_says_how_true_the_picture_is():
    widget = shown(Work(Guest(10**9).prepare, time.monotonic))
    before = widget.status
    widget.wait()
    status = widget.status
    assert before["how"] is None and not before["settled"] and before["surplus"] is None
    assert status["where"] == "cpu, 2 workers"
    assert status["how"] == {"choices": ["batches of 7 samples"], "notes": []}
    assert status["surplus"].keys() == {"level", "worst", "mean"} and status["surplus"]["level"] == 1
    assert status["preview"] == 0
    json.dumps(status, allow_nan=False)
    widget.close()


def test_a_tolerance_settles_and_refining_further_lifts_it():
    widget = shown(Work(Guest(10**9).prepare, time.monotonic), resolution=(33, 33), tolerance=0.05)
    settled = widget.wait()
    assert not settled.is_done and widget.status["settled"] and widget.status["phase"] == "done"
    page_says(widget, kind="refine_further")
    assert widget.wait().is_done and widget.tolerance is None and widget.resolution == (33, 33)
    assert not widget.status["settled"]
    page_sets(widget, tolerance=2)
    assert "between 0 and 1" in widget.of_kind("refusal")[-1]["reason"]
    widget.close()


def test_each_finished_level_leaves_a_snapshot(widget):
    widget.wait()
    assert b'"kind": "surface"' in widget.snapshot and b'"level": 1' in widget.snapshot


def test_a_slider_moved_in_the_browser_starts_a_new_generation(widget):
    widget.wait()
    page_sets(widget, x=[-2, 2])
    assert widget.wait().x[0] == -2.0
    assert widget.status["generation"] == 2


def test_a_trait_set_in_python_does_the_same(widget):
    widget.wait()
    widget.resolution = (5, 5)
    assert widget.wait().grid.shape == (5, 5)


def test_a_change_of_view_computes_nothing(widget, slope):
    widget.wait()
    cells = slope.cells
    page_sets(widget, kind="contour", scale="log", clip=3.0, colors="viridis", metric="loss")
    widget.camera = {"eye": {"x": 1, "y": 1, "z": 1}}
    assert widget.status["generation"] == 1 and slope.cells == cells


def test_a_refused_value_is_answered_with_the_old_one_and_the_reason(widget):
    widget.wait()
    page_sets(widget, x=[1, -1], kind="contour")
    assert widget.x == (-1.0, 1.0) and widget.kind == "contour"
    assert ("x",) in widget.states
    (refusal,) = widget.of_kind("refusal")
    assert refusal["name"] == "x" and "low below high" in refusal["reason"]


def test_python_hears_the_same_reason_as_an_error(widget):
    with pytest.raises(traitlets.TraitError, match="Did you mean 'filter'"):
        widget.normalization = "filters"
    assert widget.normalization == "filter"


def test_the_page_cannot_write_what_only_the_kernel_knows(widget):
    widget.wait()
    page_sets(widget, status={"phase": "fooled"}, snapshot=b"", error={"message": "no"})
    assert widget.status["phase"] == "done" and widget.snapshot and widget.error is None


def test_an_unknown_message_is_refused(widget):
    page_says(widget, kind="format_disk")
    assert "Expected a message" in widget.of_kind("refusal")[-1]["reason"]


def test_a_ping_is_answered_with_how_far_the_kernel_is_with_telling(widget):
    widget.wait()
    page_acknowledges(widget)
    last = widget.messages[-1][0]["sequence"]
    page_says(widget, kind="ping", ping=41)
    told = {"generation": 1, "sequence": last, "phase": "done"}
    assert widget.of_kind("pong") == [{"kind": "pong", "ping": 41, "told": told}]


def test_hello_brings_what_a_page_may_have_missed_of_the_traits(widget):
    widget.wait()
    widget.states.clear()
    page_says(widget, kind="hello", visible=True)
    told = {name for names in widget.states for name in names}
    assert {"x", "samples", "kind", "status", "error", "choices"} <= told
    assert not {"snapshot", "snapshots", "told", "_esm", "_css"} & told


def test_hello_brings_everything_known(widget):
    widget.wait()
    last = widget.messages[-1][0]
    page_says(widget, kind="ack", generation=last["generation"], sequence=last["sequence"])
    page_says(widget, kind="hello", visible=True)
    last = widget.messages[-1][0]
    page_says(widget, kind="ack", generation=last["generation"], sequence=last["sequence"])
    assert widget.of_kind("surface")[-1]["level"] == 1


def test_pause_resume_and_stop_from_the_page(widget, slope):
    widget.wait()
    slope.hold(after=5)
    page_sets(widget, resolution=[33, 33])
    assert slope.held.wait(10)
    page_says(widget, kind="pause")
    assert widget.status["phase"] == "paused"
    slope.release()
    with pytest.raises(RuntimeError, match="paused"):
        widget.wait()
    page_says(widget, kind="resume")
    assert widget.wait().is_done
    slope.hold(after=5)
    page_sets(widget, directions=[{"key": "random", "seed": 9}, {"key": "random", "seed": 10}])
    assert slope.held.wait(10)
    page_says(widget, kind="stop")
    slope.release()
    assert widget.status["phase"] == "stopped"
    assert int((widget.wait().states != 0).sum()) == 5


def test_an_observer_that_raises_is_told_as_a_failure_and_the_run_can_be_tried_again(widget):
    widget.wait()
    mishaps = [ValueError("no such file")]

    def write_down(change):
        if change.new["level"] >= 0 and mishaps:
            raise mishaps.pop()

    widget.observe(write_down, names="status")
    page_sets(widget, resolution=[33, 33])
    with pytest.raises(ValueError, match="no such file"):
        widget.wait()
    assert widget.status["phase"] == "failed"
    assert widget.error["message"] == "ValueError: no such file" and "write_down" in widget.error["traceback"]
    page_says(widget, kind="retry")
    assert widget.wait().is_done
    assert widget.error is None


def test_an_error_is_shown_with_its_traceback_and_goes_with_the_next_change(widget, slope):
    widget.wait()
    slope.fail_at = slope.cells + 4
    page_sets(widget, resolution=[33, 33])
    with pytest.raises(ZeroDivisionError):
        widget.wait()
    assert widget.error["message"] == "ZeroDivisionError: the loss divides by zero"
    assert "Traceback" in widget.error["traceback"]
    assert widget.status["known"] == 81 + 3
    page_says(widget, kind="retry")
    assert widget.wait().is_done
    assert widget.error is None


def test_refining_further_keeps_the_cells_that_are_known(widget, slope):
    widget.wait()
    cells = slope.cells
    page_says(widget, kind="refine_further")
    assert widget.wait().grid.shape == (17, 17)
    assert slope.cells - cells == 17 * 17 - 9 * 9


def test_auto_range_answers_a_flat_axis_with_a_reason(widget):
    widget.wait()
    page_says(widget, kind="auto_range", factor=10)
    widget.wait()
    assert widget.x != (-1.0, 1.0) or widget.of_kind("refusal")


def test_a_closed_widget_says_so(widget):
    widget.wait()
    widget.close()
    with pytest.raises(RuntimeError, match=r"closed; call explore\(\) again"):
        widget.wait()


def test_closing_ends_the_wait_of_another_thread(widget, slope):
    slope.hold(after=5)
    widget.resolution = (33, 33)
    assert slope.held.wait(10)
    closing = threading.Timer(0.1, widget.close)
    closing.start()
    with pytest.raises(RuntimeError, match="closed"):
        widget.wait()
    closing.join()


def test_a_closed_widget_leaves_memory_with_all_it_held():
    engine = Engine()
    engine.start()
    held = []
    for _ in range(20):
        work = Work(Slope().prepare, time.monotonic)
        made = Recorded(engine, work, CHOICES, TRAITS, Library(), later=never)
        made.wait()
        made.close()
        held += [weakref.ref(made), weakref.ref(work)]
    del made, work
    other = engine.session(Work(Slope().prepare, time.monotonic), lambda report: None)
    other.show(request_of(TRAITS))
    other.wait()
    gc.collect()
    assert [reference() for reference in held] == [None] * 40


def test_none_is_no_value_of_a_request(widget):
    for name in ("x", "y", "resolution", "samples", "normalization", "directions", "metric", "kind", "scale"):
        before = getattr(widget, name)
        with pytest.raises(traitlets.TraitError, match="None"):
            setattr(widget, name, None)
        assert getattr(widget, name) == before


def test_a_factor_that_no_loss_rises_by_is_refused(widget):
    for factor in (1, -3.0, float("nan"), float("inf"), True, "ten"):
        with pytest.raises(ValueError, match="factor is a finite number above 1; got"):
            widget.auto_range(factor)


def test_traits_are_linked_with_those_of_other_widgets(widget):
    slider = ipywidgets.FloatRangeSlider(value=(-0.5, 0.5), min=-5, max=5)
    samples = ipywidgets.IntSlider(value=40, min=1, max=100)
    links = [
        traitlets.link((slider, "value"), (widget, "x")),
        traitlets.link((samples, "value"), (widget, "samples")),
    ]
    slider.value, samples.value = (-2.0, 2.0), 50
    assert widget.wait().x[0] == -2.0 and widget.surface.samples == 50
    widget.x = (-3.0, 3.0)
    assert slider.value == (-3.0, 3.0)
    for link in links:
        link.unlink()
    ipywidgets.jslink((widget, "x"), (slider, "value")).close()


def test_a_thousand_slider_moves_end_at_the_last(widget):
    for move in range(1, 1001):
        page_sets(widget, x=[-move, move])
    assert widget.wait().x[-1] == 1000.0
    assert widget.status["phase"] == "done"


def test_two_threads_writing_traits_lose_nothing(widget):
    widget.wait()
    seen: list[int] = []
    widget.observe(lambda change: seen.append(change["new"]), names=["clip"])

    def write() -> None:
        for value in range(500):
            widget.clip = float(value)

    thread = threading.Thread(target=write)
    thread.start()
    for move in range(200):
        page_sets(widget, kind="contour" if move % 2 else "surface")
    thread.join()
    assert seen == [float(value) for value in range(500)]


def test_a_path_is_sent_as_it_grows_and_kept_with_the_snapshot():
    walk = Walk(2)
    growing = Growing(walk)
    later: list = []
    engine = Engine()
    engine.start()
    widget = Recorded(
        engine,
        Work(growing.prepare, time.monotonic, growth=growing.listen),
        CHOICES,
        TRAITS,
        Library(),
        later=lambda seconds, callback: later.append(callback) or never(seconds, callback),
    )
    surface = widget.wait()
    assert surface.path.known.all() and widget.of_kind("surface")[0]["path"]["size"] == 2
    walk.size = 3
    growing.heard()
    while len(widget.surface.path) < 3 or not widget.surface.path.known.all():
        threading.Event().wait(0.01)
    kept = len(widget.snapshot)
    for callback in later:
        callback()
    assert len(widget.snapshot) > kept
    assert widget.of_kind("path")[-1]["size"] == 3
    widget.close()
    engine.close()
