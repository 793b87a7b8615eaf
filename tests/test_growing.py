import os
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import traitlets

import landscape_widget as lw
from landscape_widget.facts import MetricFacts
from landscape_widget.live.engine import Engine
from landscape_widget.live.file_widget import FileWidget
from landscape_widget.live.followed import PAUSE, SILENT, Followed
from landscape_widget.live.library import Library
from landscape_widget.live.report import Report
from landscape_widget.live.traits import COMPUTING, shared_lock
from landscape_widget.surface.following import Following
from landscape_widget.surface.growing import journal_of, read_grown
from landscape_widget.surface.run_file import RunFile
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State
from tests.command_cases import known
from tests.export_cases import path_of

PATH = path_of([(0.0, 0.0), (0.5, 0.5)])


class Clock:
    """Seconds since the epoch, which pass when told to, and timers with them."""

    def __init__(self) -> None:
        self.now = time.time() + 1  # the file itself has the time of the test
        self.waiting: list[Callable[[], None]] = []

    def __call__(self) -> float:
        return self.now

    def later(self, seconds: float, callback: Callable[[], None]) -> "Clock":
        assert seconds == PAUSE
        self.waiting.append(callback)
        return self

    def cancel(self) -> None:
        self.waiting.clear()

    def pass_by(self, seconds: float) -> None:
        """Some time, at the end of which a pause is over."""
        self.now += seconds
        waiting, self.waiting = self.waiting, []
        for callback in waiting:
            callback()


class Written:
    """A file that is written to, and a widget that shows it; one that listens instead of a page."""

    def __init__(self, folder, first: Surface) -> None:
        self.path, self.clock = folder / "run.npz", Clock()
        self.file = RunFile(self.path, lambda: 0.0, others={})
        self.write(first)

    def write(self, surface: Surface) -> None:
        """Now, by the clock of the test."""
        self.file.append(surface)
        os.utime(journal_of(self.path), (self.clock.now, self.clock.now))

    def finish(self, surface: Surface) -> None:
        self.file.finish(surface)

    def show(self) -> "Shown":
        following = Following(read_grown(self.path))
        work = Followed(following, lambda surface: surface, self.clock, self.clock.later, shared_lock())
        shown = Shown(Engine(), work, following.surface, "run.npz", Library())
        shown.clock = self.clock
        shown.work_off()
        return shown


class Shown(FileWidget):
    """The widget, with a page that only listens, on an engine without a thread."""

    clock: Clock

    def __init__(self, *args) -> None:
        self.heard: list[Report] = []
        self.messages: list[dict] = []
        super().__init__(*args)

    def send(self, content, buffers=None) -> None:
        self.messages.append(content)

    def _told(self, report: Report) -> None:
        self.heard.append(report)
        super()._told(report)

    def work_off(self) -> None:
        """Do what the engine would."""
        while self._session.wants_step():
            self._session.step()

    def look(self, seconds: float = PAUSE) -> list[Report]:
        """Let time pass, and return what was told then."""
        self.heard.clear()
        self.clock.pass_by(seconds)
        self.work_off()
        return self.heard


@pytest.fixture
def written(tmp_path):
    made = Written(tmp_path, known(25))
    yield made
    made.file.close()


def test_what_is_known_is_shown_at_once(written):
    widget = written.show()
    assert np.array_equal(widget.surface.states, known(25).states)
    assert widget.status["phase"] == "computing" and widget.status["known"] == 25
    assert widget.messages[0]["kind"] == "surface" and b'"level": 0' in widget.snapshot


def test_what_is_written_meanwhile_is_told_cell_by_cell(written):
    widget = written.show()
    written.write(known(40))
    (report,) = widget.look()
    assert set(report.patch.cells) == set(np.flatnonzero(known(40).states != known(25).states))
    assert np.array_equal(widget.surface.states, known(40).states)


def test_a_new_level_brings_its_measured_error_and_a_snapshot(written):
    widget = written.show()
    before = widget.snapshot
    assert widget.status["surplus"] is None
    written.write(known(81))
    widget.look()
    assert widget.status["surplus"]["worst"] == 0, "a plane is predicted without error"
    assert widget.snapshot != before


def test_how_long_ago_somebody_wrote_is_told_as_time_passes(written):
    widget = written.show()
    assert widget.status["kept"][0] == "following run.npz: written under 1 s ago"
    widget.look(2.0)
    assert widget.status["kept"][0] == "following run.npz: written 2 s ago"
    assert widget.look(0.1) == [], "where nothing has changed, nothing is told"
    widget.look(SILENT)
    assert widget.status["kept"][0] == "nobody has written to run.npz for 32 s"
    widget.look(60.0)
    assert widget.status["kept"][0] == "nobody has written to run.npz for 1 min"
    written.write(known(40))
    widget.look()
    assert widget.status["kept"][0] == "following run.npz: written under 1 s ago"


def test_the_time_left_is_that_of_whoever_writes(written):
    widget = written.show()
    assert widget.status["remaining"] is None
    written.clock.now += 10.0
    written.write(known(45))
    widget.look()
    assert widget.status["remaining"] == pytest.approx((81 - 45) * 10 / (45 - 25), abs=0.1)
    widget.look(SILENT)
    assert widget.status["remaining"] is None


def test_when_it_is_done_nobody_looks_any_more(written):
    widget = written.show()
    written.finish(known(81))
    widget.look()
    assert widget.status["phase"] == "done" and widget.status["kept"] == []
    assert widget.wait().is_done
    widget.clock.pass_by(PAUSE)
    assert widget.clock.waiting == []


def test_a_run_that_left_cells_out_is_done_too(written):
    widget = written.show()
    written.finish(known(30))
    widget.look()
    assert widget.status["phase"] == "stopped"
    assert np.count_nonzero(widget.wait().known) == 30


def test_a_finished_file_is_simply_shown(written):
    written.finish(known(81))
    widget = written.show()
    assert widget.status["phase"] == "done" and widget.clock.waiting == []
    assert widget.wait().is_done


def test_a_closed_widget_looks_no_more(written):
    widget = written.show()
    assert len(widget.clock.waiting) == 1
    widget.close()
    assert widget.clock.waiting == []


def test_stop_and_resume_are_about_looking(written):
    widget = written.show()
    widget.stop()
    assert widget.status["phase"] == "stopped"
    assert np.array_equal(widget.wait().states, known(25).states)
    written.write(known(40))
    assert widget.look() == []
    widget.resume()
    widget.work_off()
    assert np.array_equal(widget.surface.states, known(40).states)
    assert widget.status["phase"] == "computing"


def test_cells_that_are_taken_back_start_the_picture_anew(written):
    widget = written.show()
    written.write(known(10))
    (report,) = widget.look()
    assert report.opens and np.count_nonzero(widget.surface.known) == 10


def test_cells_that_were_given_up_and_measured_again_meanwhile_are_told(written):
    widget = written.show()
    written.write(known(0))
    written.write(known(25, value=0.7))
    (report,) = widget.look()
    assert len(report.patch.cells) == 25
    assert np.nanmax(widget.surface["loss"]) == np.nanmin(widget.surface["loss"]) == 0.7


def test_maps_and_paths_grow_as_well(tmp_path):
    def charted(cells: int, checkpoints: int) -> Surface:
        curvature = replace(known(cells), metrics=(MetricFacts("curvature", "", 100),))
        whole = known(81).with_map("curvature", curvature)
        unknown = np.arange(2) < checkpoints
        return whole.with_path(replace(PATH, known=unknown))

    written = Written(tmp_path, charted(0, 0))
    widget = written.show()
    assert [one["phase"] for one in widget.status["maps"]] == ["waiting"]
    written.write(charted(25, 1))
    first, second = widget.look()
    assert first.path.known.tolist() == [True, False] and first.patch is None
    assert second.map == "curvature" and len(second.patch.cells) == 25
    assert [one["phase"] for one in widget.status["maps"]] == ["measuring"]
    written.finish(charted(81, 2))
    widget.look()
    assert [one["phase"] for one in widget.status["maps"]] == ["done"]


def test_what_would_have_to_be_computed_is_locked_and_refused(written):
    widget = written.show()
    assert widget.locked == ("where", "measured", "status")
    with pytest.raises(
        traitlets.TraitError, match=r"x is as run\.npz has it, \(-1\.0, 1\.0\); got \(-2, 2\)"
    ):
        widget.x = (-2, 2)
    widget.x = [-1.0, 1.0]
    assert widget.x == (-1.0, 1.0)
    widget.locked = ()
    widget.set_state({"resolution": [17, 17]})
    assert widget.resolution == (9, 9)
    assert "Anything else has to be computed" in widget.messages[-1]["reason"]
    assert {name for name in COMPUTING if name not in widget._asked} == set()


@pytest.mark.parametrize("does", ["auto_range", "fit_path", "measure_sharpness"])
def test_what_needs_a_model_says_so(written, does):
    widget = written.show()
    getattr(widget, does)()
    widget.work_off()
    refusals = [message for message in widget.messages if message["kind"] == "refusal"]
    assert refusals and all("A file has no model to measure" in one["reason"] for one in refusals)
    assert widget.status["phase"] == "computing"


def test_it_is_drawn_saved_pinned_and_led_through_as_any_other(written, tmp_path):
    widget = written.show()
    widget.kind, widget.scale, widget.marked = "contour", "log", (0.5, 0.5)
    widget.pin(0.5, 0.5, "here")
    widget.add_step("From above")
    widget.save_html(tmp_path / "page.html")
    assert lw.load(widget.surface.save(tmp_path / "copy.npz")).samples == 100


def test_another_landscape_in_its_place_is_said(written):
    widget = written.show()
    known(81, points=17).save(written.path)
    widget.look()
    assert widget.status["phase"] == "failed"
    assert "has become another landscape" in widget.error["message"]
    assert np.array_equal(widget.surface.states, known(25).states)


def test_explore_shows_a_file(tmp_path):
    known(81, settings={"name": "mine"}).save(tmp_path / "run.npz")
    widget = lw.explore(tmp_path / "run.npz")
    assert widget.wait().is_done and widget.name == "mine"
    widget.close()


def test_a_file_of_unknown_samples_is_shown(tmp_path):
    facts = (MetricFacts("loss", "", 0),)
    surface = replace(known(81), metrics=facts, samples=0)
    surface.save(tmp_path / "run.npz")
    widget = lw.explore(str(tmp_path / "run.npz"))
    assert widget.wait().is_done
    widget.close()


def test_a_file_is_shown_as_it_is(tmp_path):
    known(81).save(tmp_path / "run.npz")
    with pytest.raises(TypeError, match=r"takes nothing else; got resolution beside '.*run\.npz'"):
        lw.explore(tmp_path / "run.npz", resolution=9)
    with pytest.raises(TypeError, match="takes nothing else; got loss beside"):
        lw.explore(tmp_path / "run.npz", len)


def test_a_file_that_is_none_of_ours_is_refused_as_load_does(tmp_path):
    with pytest.raises(FileNotFoundError):
        lw.explore(tmp_path / "away.npz")
    (tmp_path / "picture.png").write_bytes(b"")
    with pytest.raises(ValueError, match="is made for other programs"):
        lw.explore(tmp_path / "picture.png")
    (tmp_path / "text.npz").write_text("no archive")
    with pytest.raises(ValueError, match="should be a surface written by"):
        lw.explore(tmp_path / "text.npz")


def test_a_model_needs_a_loss_and_data():
    import torch

    with pytest.raises(TypeError, match="needs a loss and data; got no loss and no data"):
        lw.explore(torch.nn.Linear(2, 1))
    with pytest.raises(TypeError, match="got no data"):
        lw.explore(torch.nn.Linear(2, 1), len)


def test_failed_cells_are_told_as_such(written):
    widget = written.show()
    surface = known(30)
    states = surface.states.copy()
    states[np.flatnonzero(states)[-1]] = State.FAILED
    written.write(replace(surface, states=states))
    widget.look()
    assert np.count_nonzero(widget.surface.state == State.FAILED) == 1
