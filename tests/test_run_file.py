"""Is what a file holds always what was known, whatever goes wrong while it grows?"""

import errno
import gc
import os
import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from landscape_widget.facts import MetricFacts, Point
from landscape_widget.files.load import load
from landscape_widget.surface import files
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.growing import journal_of, read_grown
from landscape_widget.surface.journal import Record, encoded, read_records
from landscape_widget.surface.only_writer import only_writer
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.run_file import RunFile
from landscape_widget.surface.surface import Surface
from landscape_widget.track import Path as Trail
from landscape_widget.values import State
from tests.test_journal import Full

METRICS = MetricFacts("loss", "", 100), MetricFacts("accuracy", "%", 100)


def empty(points: int = 5, name: str = "loss") -> Surface:
    grid = Grid(Axis(-1, 1, points), Axis(-1, 1, points))
    vectors = {"w": np.arange(3.0)}, {"w": np.ones(3)}
    held = Surface.empty(Grid(Axis(-1, 1, 3), Axis(-1, 1, 3)), (MetricFacts("λ", "", 10),), samples=10)
    metrics = replace(METRICS[0], name=name), METRICS[1]
    made = Surface.empty(
        grid,
        metrics,
        points=(Point("origin", (0.0, 0.0)),),
        samples=100,
        directions=vectors,
        origin=vectors[0],
    )
    return replace(made, settings={"seed": 3}).with_map("curvature", held)


def told(surface: Surface, cells, state: State = State.EXACT) -> Surface:
    """The value at a cell is its number, the second metric's its negative."""
    cells = np.asarray(cells)
    values = np.stack([cells, -cells])[: len(surface.metrics)].astype(float)
    counts = np.full(values.shape, 100)
    return surface.tell(Patch(cells, values, values / 10, counts, np.full(len(cells), state, np.uint8)))


def trail(known=(), size: int = 4, last: int = 4) -> Trail:
    """Checkpoints on the way to the last one."""
    numbers = np.arange(size)
    is_known = np.isin(numbers, known)
    values = np.where(is_known, [numbers, 10.0 * numbers], np.nan)
    along = numbers / last
    where = {"coordinates": np.stack([along, -along], 1), "distances": along, "norms": 1 + along}
    when = {"steps": 10 * numbers, "epochs": along, "learning_rates": np.full(size, np.nan)}
    return Trail(
        **where, **when, values=values, known=is_known, explained=(0.5, None), by_chance=(0.25, None)
    )


def same(a: Surface, b: Surface) -> bool:
    names = ("values", "errors", "counts", "states")
    arrays = all(getattr(a, name).tobytes() == getattr(b, name).tobytes() for name in names)
    frames = (a.grid, a.metrics, a.points, a.samples) == (b.grid, b.metrics, b.points, b.samples)
    vectors = [(*one.directions, one.origin) for one in (a, b)]
    tensors = all(
        x.keys() == y.keys() and all((x[k] == y[k]).all() for k in x) for x, y in zip(*vectors, strict=True)
    )
    paths = (a.path is None) == (b.path is None)
    if a.path is not None and b.path is not None:
        pairs = [(getattr(a.path, name), getattr(b.path, name)) for name in vars(a.path)]
        paths = all(
            np.array_equal(np.asarray(x, float), np.asarray(y, float), equal_nan=True) for x, y in pairs
        )
    maps = a.maps.keys() == b.maps.keys() and all(same(a.maps[key], b.maps[key]) for key in a.maps)
    return arrays and frames and tensors and paths and maps and a.settings == b.settings


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def run(tmp_path, request):
    """Open run files, which are closed when the test is over."""

    def opened(name: str = "run.npz", **options) -> RunFile:
        made = RunFile(tmp_path / name, options.pop("clock", Clock()), **{"others": {}, **options})
        request.addfinalizer(made.close)
        return made

    return opened


def grow(file: RunFile, surface: Surface, steps=((25,), (0, 4, 20, 24), (2, 10, 12), (14, 22))):
    for cells in steps:
        surface = told(surface, cells)
        file.append(surface)
        yield surface


def test_whatever_is_known_is_in_the_file_at_once(run, tmp_path):
    file, surface = run(), empty()
    assert list(tmp_path.iterdir()) == [tmp_path / "run.npz.journal"]
    file.append(surface)
    assert same(load(tmp_path / "run.npz"), surface)
    for known in grow(file, surface):
        assert same(load(tmp_path / "run.npz"), known)
    assert file.trouble == ""


def test_maps_paths_and_settings_are_in_it_too(run, tmp_path):
    file, surface = run(), empty()
    file.append(surface)
    for change in (
        lambda s: s.with_map("curvature", told(s.map("λ"), [0, 4, 8])),
        lambda s: s.with_path(trail()),
        lambda s: s.with_path(replace(s.path, values=trail([0, 3]).values, known=trail([0, 3]).known)),
        lambda s: s.with_path(trail([0, 1, 3])),
        lambda s: s.with_path(trail([0, 1, 2, 3, 6], 7)),
        lambda s: s.with_path(trail([0, 1, 3, 5], 7, last=7)),
        lambda s: s.with_path(trail([0, 1], 2, last=7)),
        lambda s: replace(told(s, [0]), settings={"seed": 3, "engine": {"batch": 7}}),
    ):
        held = change(surface)
        surface = replace(
            held,
            maps={
                key: replace(one, settings={}, directions=(), origin={}, path=None)
                for key, one in held.maps.items()
            },
        )
        file.append(surface)
        assert same(load(tmp_path / "run.npz"), surface)


def test_a_path_that_grows_costs_its_new_checkpoints_only(run, tmp_path):
    file = run()
    for size in range(2, 10):
        file.append(empty().with_path(trail(range(size), size)))
    paths = [
        record
        for record in read_records(journal_of(tmp_path / "run.npz"))[0]
        if record.head["kind"] == "path"
    ]
    assert [record.head["from"] for record in paths] == list(range(2, 9))
    assert {len(record.body) for record in paths} == {8 * (2 + 1 + 1 + 1 + 1 + 1 + 2) + 1}
    assert same(load(tmp_path / "run.npz"), empty().with_path(trail(range(9), 9)))


def test_what_is_taken_back_is_unknown_in_the_file(run, tmp_path):
    file, surface = run(), empty()
    *_, known = grow(file, surface)
    file.append(known.forgotten())
    assert not load(tmp_path / "run.npz").known.any()


def test_a_link_is_followed(run, tmp_path):
    (tmp_path / "link.npz").symlink_to(tmp_path / "run.npz")
    file = run("link.npz")
    *_, known = grow(file, empty())
    assert same(load(tmp_path / "link.npz"), known) and same(load(tmp_path / "run.npz"), known)
    with pytest.raises(ValueError, match="is being written"):
        run()


def test_a_preview_gives_way_to_what_is_exact(run, tmp_path):
    file, surface = run(), empty()
    file.append(told(surface, [0, 4], State.PREVIEW))
    assert load(tmp_path / "run.npz").states[4] == State.PREVIEW
    file.append(told(surface, [0, 4]))
    assert load(tmp_path / "run.npz").states[4] == State.EXACT


def test_a_preview_gives_way_to_one_on_more_samples(run, tmp_path):
    file, surface = run(), empty()
    file.append(surface := told(surface, [0, 4], State.PREVIEW))
    more = surface.tell(
        Patch(np.array([4]), np.ones((2, 1)), np.ones((2, 1)), np.full((2, 1), 101), np.array([2], np.uint8))
    )
    file.append(more)
    assert same(load(tmp_path / "run.npz"), more)


def test_a_finished_one_is_whole_and_alone(run, tmp_path):
    file = run()
    *_, known = grow(file, empty())
    file.finish(known)
    assert list(tmp_path.iterdir()) == [tmp_path / "run.npz"]
    assert same(files.load(tmp_path / "run.npz"), known)


def test_what_comes_after_the_end_is_written_too(run, tmp_path):
    file = run()
    *_, known = grow(file, empty())
    file.finish(known)
    file.append(more := told(known, [6]))
    assert same(load(tmp_path / "run.npz"), more)
    file.finish(more)
    assert list(tmp_path.iterdir()) == [tmp_path / "run.npz"]


def test_one_that_goes_on_adds_to_what_was_there(run, tmp_path):
    first = run()
    *_, known = grow(first, empty())
    first.close()
    second = run()
    assert same(second.known, known)
    whole = (tmp_path / "run.npz").read_bytes()
    second.append(more := told(known, [6, 8]))
    assert second.known is None and (tmp_path / "run.npz").read_bytes() == whole
    assert same(load(tmp_path / "run.npz"), more)


def test_a_torn_end_costs_only_itself(run, tmp_path):
    first = run()
    states = [*grow(first, empty())]
    first.close()
    journal = journal_of(tmp_path / "run.npz")
    journal.write_bytes(journal.read_bytes()[:-5])
    second = run()
    assert same(second.known, states[-2])
    second.append(states[-1])
    assert same(load(tmp_path / "run.npz"), states[-1])


def test_a_finished_one_with_nothing_new_is_left_as_it_is(run, tmp_path):
    first = run()
    *_, known = grow(first, empty())
    first.finish(known)
    first.close()
    before = (tmp_path / "run.npz").stat()
    second = run()
    second.finish(replace(second.known, settings={"seed": 4}))
    after = (tmp_path / "run.npz").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_the_journal_of_another_file_is_left_out(run, tmp_path):
    file = run()
    [*grow(file, empty())]
    file.close()
    other = told(empty(7), [1, 2])
    files.save(other, tmp_path / "run.npz")
    assert same(load(tmp_path / "run.npz"), other)


def test_records_that_do_not_fit_are_refused_in_words(run, tmp_path):
    file = run()
    [*grow(file, empty())]
    file.close()
    body = b"\0" * (8 + 3 * 16 + 1)
    head = {"kind": "cells", "map": None, "cells": 1, "metrics": 2}
    journal = journal_of(tmp_path / "run.npz")
    whole = journal.read_bytes()
    far = np.int64(99).tobytes() + body[8:]
    for changed, wrong, said in (
        ({"cells": 2}, body, "57 bytes, where more are spoken of"),
        ({"cells": -1}, body, "-1 where a number"),
        ({"cells": 2**60}, body, "where more are spoken of"),
        ({"metrics": 3}, body, "3 metrics, where there are 2"),
        ({"map": "nothing"}, body, "KeyError"),
        ({}, body + b"1", "58 bytes, where 57 are spoken of"),
        ({}, far, "cells from 99 to 99, where there are 26"),
        ({}, body[:-1] + b"\x77", "in the state 119"),
        ({"kind": "measured", "checkpoints": 1}, b"\0" * 24, "checkpoints of no path"),
        ({"kind": "path", "from": 1, "checkpoints": 0, "axes": 2}, b"", "from 1 on, where there are fewer"),
    ):
        journal.write_bytes(whole + encoded(Record(head | changed, wrong)))
        with pytest.raises(
            ValueError, match=rf"run.npz.journal should be the journal .*{said}.* Move it away"
        ):
            load(tmp_path / "run.npz")


def test_who_reads_while_it_grows_reads_only_what_is_new(run, tmp_path):
    from landscape_widget.surface.growing import grown_further

    file, surface = run(), empty()
    file.append(surface)
    grown = read_grown(tmp_path / "run.npz")
    assert grown.grows and grown_further(grown) is None
    for known in grow(file, surface):
        before, grown = grown, grown_further(grown)
        assert same(grown.surface, known) and grown.end > before.end and grown.grows
    assert grown_further(grown) is None
    file.finish(known)
    grown = grown_further(grown)
    assert same(grown.surface, known) and not grown.grows


def test_another_lattice_keeps_what_was_there_beside_it(run, tmp_path):
    first = run()
    *_, known = grow(first, empty())
    first.close()
    (tmp_path / "run-1.npz").write_text("taken")
    second = run()
    second.append(finer := empty(9))
    assert second.moved == tmp_path / "run-2.npz"
    assert same(files.load(second.moved), known)
    assert same(load(tmp_path / "run.npz"), finer)


def test_anew_nothing_is_taken_up_and_nothing_lost_before_something_is_written(run, tmp_path):
    first = run()
    *_, known = grow(first, empty())
    first.close()
    second = run(anew=True)
    assert second.known is None and same(load(tmp_path / "run.npz"), known)
    second.append(surface := empty(9))
    assert same(load(tmp_path / "run.npz"), surface) and second.moved is None


def test_one_that_is_closed_with_nothing_written_leaves_nothing(run, tmp_path):
    run().close()
    assert list(tmp_path.iterdir()) == []


def test_a_second_writer_is_refused_and_told_who_is_first(run):
    file = run()
    with pytest.raises(ValueError, match=r"run.npz is being written by another process\. Let that end"):
        run()
    [*grow(file, empty())]
    with pytest.raises(ValueError, match=rf"by process {os.getpid()} on .*; `lw.load` reads meanwhile"):
        run()
    file.close()
    assert run().known is not None


def test_in_one_process_the_last_one_writes_and_the_first_says_so(run, tmp_path):
    others = {}
    first, surface = run(others=others), empty()
    *_, known = grow(first, surface)
    second = run(others=others)
    assert same(second.known, known)
    assert (
        first.trouble == "It is no longer written, since another landscape of this process writes there now."
    )
    first.append(told(known, [1]))
    second.append(more := told(known, [3]))
    first.close()
    assert same(load(tmp_path / "run.npz"), more)


def test_a_directory_that_is_not_there_is_refused_in_words(run):
    with pytest.raises(FileNotFoundError, match=r"run.npz can't be written: there is no directory .*nowhere"):
        run("nowhere/run.npz")


@pytest.mark.parametrize("hit", ["journal", "file"])
def test_a_strangers_hand_stops_the_writing_and_is_said(run, tmp_path, hit):
    file = run()
    *_, known = grow(file, empty())
    stranger = told(empty(7), [1])
    if hit == "journal":
        with journal_of(tmp_path / "run.npz").open("ab") as journal:
            journal.write(b"a stranger's")
    else:
        files.save(stranger, tmp_path / "run.npz")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    file.append(told(known, [1]))
    file.finish(told(known, [1]))
    assert file.trouble == "It is no longer written, since somebody else has written there too."
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("gone", ["run.npz", "run.npz.journal"])
def test_what_somebody_has_removed_is_written_anew(run, tmp_path, gone):
    file = run()
    *_, known = grow(file, empty())
    (tmp_path / gone).unlink()
    file.append(more := told(known, [1]))
    file.append(more := told(more, [3]))
    assert same(load(tmp_path / "run.npz"), more) and file.trouble == ""


def full(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_on_a_full_disk_it_says_so_and_tries_again_at_the_next_level(run, tmp_path):
    disks = []

    def opened(path: Path):
        disks.append(Full(only_writer(path), 10**6))
        return disks[-1]

    file, surface = run(opened=opened), empty()
    *_, known = grow(file, surface, [(0, 1)])
    disks[-1].room = 10
    file.append(more := told(known, [3]))
    assert file.trouble == (
        "What is new could not be written (No space left on device); it is tried again at the next level."
    )
    assert same(load(tmp_path / "run.npz"), known)
    disks[-1].room = 10**6
    file.append(more := told(more, [5]))
    assert same(load(tmp_path / "run.npz"), known)  # the same level still
    file.append(more := told(more, range(26)))
    assert same(load(tmp_path / "run.npz"), more) and file.trouble == ""


def test_a_full_disk_is_tried_again_after_a_minute(run, tmp_path):
    clock, state = Clock(), {"full": True}
    file = run(clock=clock, save=lambda *args: full() if state["full"] else files.save(*args))
    file.append(surface := empty())
    state["full"] = False
    file.append(surface)
    assert not (tmp_path / "run.npz").exists() and "No space left" in file.trouble
    clock.now += 61
    file.append(surface)
    assert same(load(tmp_path / "run.npz"), surface) and file.trouble == ""


def test_a_disk_that_is_full_at_the_end_keeps_the_journal_and_is_tried_again_at_closing(run, tmp_path):
    state = {"full": False}
    file = run(save=lambda *args: full() if state["full"] else files.save(*args))
    *_, known = grow(file, empty())
    state["full"] = True
    file.finish(known)
    assert "No space left" in file.trouble and same(load(tmp_path / "run.npz"), known)
    state["full"] = False
    file.close()
    assert list(tmp_path.iterdir()) == [tmp_path / "run.npz"]
    assert same(files.load(tmp_path / "run.npz"), known)


def test_room_that_is_missing_for_another_lattice_leaves_what_was_there(run, tmp_path):
    first = run()
    *_, known = grow(first, empty())
    first.close()
    second = run(save=full)
    second.append(empty(9))
    assert "No space left" in second.trouble and second.moved is None
    second.close()
    assert same(load(tmp_path / "run.npz"), known)


def test_the_disk_is_waited_for_once_a_second_and_at_each_level(run, monkeypatch):
    clock, waits, sync = Clock(), [], os.fsync
    file = run(clock=clock)
    file.append(surface := empty())
    monkeypatch.setattr(os, "fsync", lambda number: (waits.append(clock.now), sync(number)))
    for cell in (1, 3, 5, 7, 9, 11):
        clock.now += 0.3
        file.append(surface := told(surface, [cell]))
    assert len(waits) == 1
    file.append(told(surface, range(26)))
    assert len(waits) == 2


def test_what_a_disk_has_lost_is_written_anew(run, tmp_path, monkeypatch):
    clock = Clock()
    file = run(clock=clock)
    *_, known = grow(file, empty())
    clock.now += 2
    monkeypatch.setattr(os, "fsync", full)
    file.append(more := told(known, [1]))
    assert "No space left" in file.trouble and file.saved is None
    monkeypatch.undo()
    clock.now += 61
    file.append(more)
    assert same(files.load(tmp_path / "run.npz"), more) and file.trouble == ""


def test_no_tensor_is_held_for_it(run):
    class Tensors(dict):
        pass

    vector = Tensors(w=np.ones(3))
    held = weakref.ref(vector)
    file = run()
    surface = replace(empty(), directions=(vector, vector), origin=vector)
    file.append(surface)
    file.append(told(surface, [1]))
    file.finish(told(surface, [1]))
    del surface, vector
    gc.collect()
    assert held() is None


def test_between_any_two_operations_of_the_disk_all_that_was_said_to_be_saved_is_there(
    run, tmp_path, monkeypatch
):
    """What a kill would leave at that moment is copied, and read."""
    states, moments = [], []

    def look(*_, **__):
        copy = tmp_path / f"moment {len(moments)}"
        copy.mkdir()
        for entry in tmp_path.iterdir():
            if entry.is_file():
                (copy / entry.name).write_bytes(entry.read_bytes())
        moments.append((copy, len(states)))

    def around(name, of):
        done = getattr(of, name)
        monkeypatch.setattr(of, name, lambda *args, **options: (look(), done(*args, **options), look())[1])

    class Watched:
        def __init__(self, file) -> None:
            self.file = file

        def write(self, data) -> int:
            look()
            some = self.file.write(data[: max(1, len(data) // 2)])  # in two halves
            look()
            return some

        def truncate(self, size: int) -> None:
            look()
            self.file.truncate(size)
            look()

        def __getattr__(self, name: str):
            return getattr(self.file, name)

    around("replace", os)
    around("unlink", Path)
    first = run(opened=lambda path: Watched(only_writer(path)))
    first.append(empty())
    states.append(empty())
    for known in grow(first, empty()):
        states.append(known)
    first.close()
    second = run(opened=lambda path: Watched(only_writer(path)))
    second.append(more := told(known, [6]))
    states.append(more)
    second.finish(more)
    monkeypatch.undo()
    assert len(moments) > 30
    for copy, saved in moments:
        if saved == 0 and not (copy / "run.npz").exists():
            continue
        held = load(copy / "run.npz")
        assert any(same(held, state) for state in [empty(), *states][saved : saved + 2]), (copy, saved)
