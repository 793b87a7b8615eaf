"""Which landscape goes into a file, what of it is taken up, and when is it refused? Without torch."""

from contextlib import closing
from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from landscape_widget.files.load import load
from landscape_widget.live.keeping import KeptInFile, refuse_another
from landscape_widget.live.work import Work
from landscape_widget.surface import files
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.run_file import RunFile
from landscape_widget.surface.same_landscape import IDENTITY
from landscape_widget.values import State
from tests.live_cases import Guest, Slope, facts, never, request

PARTS = {
    "weights": "a",
    "data": "b",
    "loss": "c",
    "seed": "d",
    "first direction": "e",
    "second direction": "f",
}
VECTORS = {"w": np.array([1.0, 0.0])}, {"w": np.array([0.0, 1.0])}


class Known(Slope):
    """A slope that says what it is, and whose loss may have changed all the same."""

    def __init__(self, shift: float = 0.0, directions=VECTORS, settings=(), **parts: str) -> None:
        super().__init__()
        self.shift = shift
        identity = {IDENTITY: PARTS | {name.replace("_", " "): part for name, part in parts.items()}}
        made = facts()
        self.facts = replace(
            made, settings=identity | dict(settings), directions=directions, origin=VECTORS[0]
        )

    def __call__(self, coordinates, samples, cancelled):
        for values in super().__call__(coordinates, samples, cancelled):
            yield replace(values, mean=values.mean + self.shift)

    def prepare(self, scene):
        return replace(super().prepare(scene), facts=self.facts)


@pytest.fixture
def kept(tmp_path):
    """Compute what is asked for into the one file, and say what was last reported."""

    def run(slope, what=None, cancelled=never):
        ticks = count()
        keeping = KeptInFile(RunFile(tmp_path / "run.npz", lambda: 0.0, others={}))
        work = Work(slope.prepare, clock=lambda: next(ticks) * 0.01, keeping=keeping)
        with closing(work):
            (*_, last) = work.steps(what or request(), 0, cancelled)
        return last

    return run


def interrupted(kept, cells: int = 30) -> None:
    slope = Known()
    kept(slope, cancelled=lambda: slope.cells >= cells)


def test_what_is_known_of_a_run_that_was_broken_off_is_in_its_file(kept, tmp_path):
    interrupted(kept)
    held = load(tmp_path / "run.npz")
    assert int(held.final.sum()) == 30
    known = np.flatnonzero(held.final[:81])
    there = held.coordinates(known)
    assert np.array_equal(held.values[0, known], there[:, 0] + 10 * there[:, 1])


def test_the_next_run_measures_what_is_missing_and_the_origin(kept, tmp_path):
    interrupted(kept)
    slope = Known()
    last = kept(slope)
    assert slope.cells == 81 + 1 - 30 + 1
    assert last.kept == ("kept in run.npz: 29 of 81 cells were there",)
    assert last.surface.is_done and [path.name for path in tmp_path.iterdir()] == ["run.npz"]
    assert np.array_equal(load(tmp_path / "run.npz").values, last.surface.values)


def test_of_a_finished_one_only_the_origin_is_measured(kept, tmp_path):
    kept(Known())
    before = (tmp_path / "run.npz").read_bytes()
    slope = Known()
    last = kept(slope)
    assert slope.cells == 1 and last.phase == "done" and last.surface.is_done
    assert (tmp_path / "run.npz").read_bytes() == before


def test_cells_of_another_lattice_are_taken_up_and_the_file_is_kept_beside(kept, tmp_path):
    kept(Known())
    before = load(tmp_path / "run.npz")
    slope = Known()
    last = kept(slope, request(17))
    assert slope.cells == 17 * 17 - 81 + 1
    assert last.kept == (
        "kept in run.npz: 81 of 289 cells were there",
        "What it held before is in run-1.npz.",
    )
    assert np.array_equal(load(tmp_path / "run-1.npz").values, before.values)
    assert load(tmp_path / "run.npz").is_done


@pytest.mark.parametrize(
    ("slope", "said"),
    [
        (Known(weights="x"), "its weights differ"),
        (Known(loss="x"), "its loss differs"),
        (Known(weights="x", data="x"), "its weights and its data differ"),
        (Known(weights="x", data="x", loss="x"), "its weights, its data and its loss differ"),
        (Known(weights="x", first_direction="x"), "its weights differ"),
        (Known(first_direction="x", directions=VECTORS[::-1]), "its first direction differs"),
        (Known(seed="x", settings={"mode": "train"}), "its seed differs"),
    ],
)
def test_another_landscape_is_refused_with_its_parts(kept, tmp_path, slope, said):
    kept(Known())
    before = (tmp_path / "run.npz").read_bytes()
    with pytest.raises(ValueError, match=rf"run\.npz holds another landscape: {said}\. Give another name to"):
        kept(slope)
    assert slope.cells == 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"run.npz": before}


def test_another_number_of_samples_or_of_directions_is_refused(kept):
    kept(Known())
    with pytest.raises(ValueError, match="its number of samples differs"):
        kept(Known(), replace(request(), samples=50))
    line = request()
    grid, scene = replace(line.grid, y=None), replace(line.scene, directions=line.scene.directions[:1])
    slope = Known(directions=VECTORS[:1])
    slope.facts = replace(slope.facts, points=())
    with pytest.raises(ValueError, match="its number of directions differs"):
        kept(slope, replace(line, grid=grid, scene=scene))


def test_a_seed_without_a_part_in_the_cells_may_differ(kept):
    kept(Known())
    slope = Known(seed="x")
    kept(slope)
    assert slope.cells == 1


def test_a_direction_may_differ_as_machines_do(kept):
    kept(Known())
    almost = {"w": VECTORS[0]["w"] + 1e-8}, VECTORS[1]
    slope = Known(first_direction="x", directions=almost)
    kept(slope)
    assert slope.cells == 1


def test_a_loss_that_has_changed_unseen_is_refused_before_anything_is_written(kept, tmp_path):
    interrupted(kept)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(ValueError, match=r"at the origin its loss is 0, and here it is 0\.5, though weights"):
        kept(Known(shift=0.5))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_loss_of_few_digits_may_differ_by_them(kept, tmp_path):
    kept(Known(shift=1.0))
    with pytest.raises(ValueError, match="holds another landscape"):
        kept(Known(shift=1.001))
    (tmp_path / "run.npz").unlink()
    kept(Known(shift=1.0, settings={"dtype": "bfloat16"}))
    kept(Known(shift=1.001, settings={"dtype": "bfloat16"}))


def test_a_run_that_is_cancelled_while_it_makes_sure_writes_nothing(kept, tmp_path):
    interrupted(kept)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept(Known(), cancelled=lambda: True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_failed_cells_and_previews_are_asked_for_again(kept, tmp_path):
    kept(Known())
    held = load(tmp_path / "run.npz")
    for cell, state in (3, State.FAILED), (5, State.PREVIEW), (7, State.UNCONVERGED):
        value = np.full((1, 1), np.nan)
        one = Patch(np.array([cell]), value, value, np.full((1, 1), 9), np.array([state], np.uint8))
        held = held.tell(one)
    files.save(held, tmp_path / "run.npz")
    slope = Known()
    last = kept(slope)
    assert slope.cells == 1 + 2
    assert np.isfinite(last.surface.values[0, [3, 5]]).all() and last.surface.states[7] == State.UNCONVERGED


def test_what_a_fast_path_got_wrong_is_unknown_in_the_file_too(kept, tmp_path):
    guest = Guest(until=40)
    made = replace(facts(), settings={IDENTITY: PARTS})
    guest.prepare = lambda scene: replace(Guest.prepare(guest, scene), facts=made)
    last = kept(guest)
    held = load(tmp_path / "run.npz")
    assert last.how.notes == ("The fast path was wrong.",)
    assert held.is_done and np.array_equal(held.values, last.surface.values)


def test_only_what_was_asked_for_first_is_kept(tmp_path):
    keeping = KeptInFile(RunFile(tmp_path / "run.npz", lambda: 0.0, others={}))
    work = Work(Known().prepare, clock=lambda: 0.0, keeping=keeping)
    with closing(work):
        (*_, first) = work.steps(request(), 0, never)
        (*_, other) = work.steps(request(5, seed=3), 1, never)
        (*_, again) = work.steps(replace(request(), tolerance=0.1), 2, never)
    assert first.kept == again.kept == ("kept in run.npz",)
    assert other.kept == ("not kept in run.npz", "It holds the settings that were asked for first.")
    assert load(tmp_path / "run.npz").grid == request().grid


def test_the_status_says_what_could_not_be_written(tmp_path):
    full = RunFile(tmp_path / "run.npz", lambda: 0.0, others={}, save=_full)
    work = Work(Known().prepare, clock=lambda: 0.0, keeping=KeptInFile(full))
    with closing(work):
        (*_, last) = work.steps(request(), 0, never)
    assert last.phase == "done" and last.surface.is_done
    assert last.kept[0] == "run.npz holds 0 cells" and "(no room)" in last.kept[1]


def _full(*_):
    raise OSError(28, "no room")


def test_a_file_that_does_not_say_what_it_is_of_is_refused(kept, tmp_path):
    kept(Known())
    held = load(tmp_path / "run.npz")
    refuse_another(tmp_path / "run.npz", held, {"weights": "a", "seed": "another"})
    with pytest.raises(ValueError, match=r"run\.npz holds another landscape: its weights differ"):
        refuse_another(tmp_path / "run.npz", held, {"weights": "x"})
    with pytest.raises(
        ValueError, match=r"run\.npz doesn't say which weights, data and loss .*`lw.load` reads"
    ):
        refuse_another(tmp_path / "run.npz", replace(held, settings={}), {"weights": "a"})


def test_looking_for_a_range_or_reading_out_says_where_it_is_kept_too(tmp_path):
    keeping = KeptInFile(RunFile(tmp_path / "run.npz", lambda: 0.0, others={}))
    work = Work(Known().prepare, clock=lambda: 0.0, keeping=keeping)
    with closing(work):
        begun = work.steps(request(), 0, never)
        reports = [*begun, *work.probe(request(), 1, 3.0, never), *work.fit(request(), 2, never)]
        reports += work.read_out(request(), 3, never)
    assert {report.kept for report in reports[1:]} == {("kept in run.npz",)}
