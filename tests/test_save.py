"""Does the suffix choose the format, and does each format refuse what it can't do in words?"""

import errno
import gc
import io

import pytest

from landscape_widget import atomic
from landscape_widget.files import save as saving
from landscape_widget.files.hdf5_directions import write_directions
from landscape_widget.surface import files
from tests.test_files import some_surface

FORMATS = list(saving.WRITERS)


def written(surface, path):
    return surface.save(path)


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_suffix_decides_and_the_path_comes_back(tmp_path, suffix):
    path = written(some_surface(), tmp_path / f"run{suffix.upper()}")
    assert path == tmp_path / f"run{suffix.upper()}"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["run", "run.v2", "lr=0.1"])
def test_without_a_suffix_of_letters_it_is_our_own(tmp_path, name):
    path = some_surface().save(tmp_path / name)
    assert path == tmp_path / f"{name}.npz"
    assert files.load(path).samples == 25


@pytest.mark.parametrize("name", ["a.vtk", "a.jpg", "a.npz.json", "a.PT"])
def test_a_suffix_of_other_files_is_refused_with_those_there_are(tmp_path, name):
    with pytest.raises(ValueError, match=rf"saved as one of \.npz, .*\.csv.*; got '{name}'. Choose one"):
        some_surface().save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_an_option_that_a_format_does_not_know_is_refused(tmp_path):
    with pytest.raises(TypeError, match=r"A \.npz file has no option 'metric'; it takes none. Leave it out"):
        some_surface().save(tmp_path / "a.npz", metric="loss")


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_fails_in_the_middle_leaves_the_old_file(tmp_path, suffix, monkeypatch):
    path = tmp_path / f"run{suffix}"
    path.write_bytes(b"old")

    def fail(number):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="Input/output error"):
        some_surface().save(path)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_missing_directory_is_said_by_every_format(tmp_path, suffix):
    with pytest.raises(FileNotFoundError, match=r"there is no directory .*nowhere. Make it first"):
        some_surface().save(tmp_path / "nowhere" / f"run{suffix}")


class FullDisk(io.FileIO):
    """A file on a disk that is full after some bytes."""

    def __init__(self, path, room: int) -> None:
        super().__init__(path, "x+b")
        self._room = room

    def write(self, data) -> int:
        fits = min(memoryview(data).nbytes, self._room - self.tell())
        if fits <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(memoryview(data).cast("B")[:fits])


@pytest.fixture
def full_disk(monkeypatch):
    def leave(room):
        monkeypatch.setattr(
            atomic, "_opened", lambda _, unfinished: io.BufferedRandom(FullDisk(unfinished, room))
        )

    leave(200)
    return leave


def saved_page(surface, path):
    return surface.save_html(path)


def saved_picture(surface, path):
    return surface.save_png(path)


SAVERS = [
    *((written, f"run{suffix}") for suffix in FORMATS),
    (saved_page, "a.html"),
    (saved_picture, "a.png"),
]


@pytest.mark.parametrize(("save", "name"), SAVERS, ids=[name for _, name in SAVERS])
def test_a_full_disk_leaves_the_old_file_and_says_so(tmp_path, full_disk, save, name):
    path = tmp_path / name
    path.write_bytes(b"old")
    with pytest.raises(OSError) as raised:
        save(some_surface(), path)
    assert raised.value.errno == errno.ENOSPC
    assert str(raised.value).endswith(
        f"{path} can't be written: the disk is full. What was there before is as it was. "
        "Make room, or choose another place"
    )
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def write_directions_only(surface, path):
    write_directions(surface, path)
    return path


@pytest.mark.parametrize(
    ("save", "name"), [(written, "run.h5"), (written, "run.nc"), (write_directions_only, "directions.h5")]
)
def test_wherever_a_disk_is_full_hdf5_lets_go_of_the_file(tmp_path, full_disk, save, name):
    path = tmp_path / name
    full_disk(1 << 20)
    size = save(some_surface(), path).stat().st_size
    whole = path.read_bytes()
    for room in range(0, size, 500):
        full_disk(room)
        with pytest.raises(OSError, match="the disk is full"):
            save(some_surface(), path)
        gc.collect()
        assert path.read_bytes() == whole
    full_disk(size)
    assert save(some_surface(), path).stat().st_size == size
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["run.h5", "run.nc"])
def test_a_stop_while_hdf5_writes_is_a_stop(tmp_path, monkeypatch, name):
    class Stopped(io.FileIO):
        def write(self, data) -> int:
            raise KeyboardInterrupt

    monkeypatch.setattr(atomic, "_opened", lambda _, unfinished: Stopped(unfinished, "x+b"))
    with pytest.raises(KeyboardInterrupt):
        written(some_surface(), tmp_path / name)
    gc.collect()
    assert list(tmp_path.iterdir()) == []
