"""What can an HDF5 file do that somebody else has written? Be refused; and open no other file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from landscape_widget.files.hdf5 import ForeignFile
from landscape_widget.files.hdf5_directions import read_directions
from landscape_widget.files.load import load

h5py = pytest.importorskip("h5py")

HUGE = 2**40


def coordinates(file, nx=3, ny=3):
    file["xcoordinates"] = np.linspace(-1, 1, nx)
    file["ycoordinates"] = np.linspace(-1, 1, ny)


def values(shape=(3, 3)):
    return np.ones(shape)


def external_link(file, folder: Path):
    with h5py.File(folder / "other.h5", "w") as other:
        other["train_loss"] = values()
    file["train_loss"] = h5py.ExternalLink(str(folder / "other.h5"), "/train_loss")


def soft_link(file, folder: Path):
    file["train_loss"] = h5py.SoftLink("/train_loss")


def external_numbers(file, folder: Path):
    (folder / "secret").write_bytes(values().tobytes())
    file.create_dataset("train_loss", (3, 3), "f8", external=[(str(folder / "secret"), 0, 72)])


def virtual_numbers(file, folder: Path):
    with h5py.File(folder / "other.h5", "w") as other:
        other["train_loss"] = values()
    layout = h5py.VirtualLayout((3, 3), "f8")
    layout[:] = h5py.VirtualSource(str(folder / "other.h5"), "train_loss", (3, 3))
    file.create_virtual_dataset("train_loss", layout)


def nothing_held(file, folder: Path):
    file.create_dataset("train_loss", (HUGE,), "f8", chunks=(1024,))


def objects(file, folder: Path):
    file.create_dataset("train_loss", (3, 3), h5py.string_dtype())


def references(file, folder: Path):
    file.create_dataset("train_loss", (3, 3), h5py.ref_dtype)


def compound(file, folder: Path):
    file.create_dataset("train_loss", (3, 3), np.dtype([("a", "f8"), ("b", "i4")]))


def times(file, folder: Path):
    """Found by fuzzing: numpy has no such numbers."""
    space = h5py.h5s.create_simple((3, 3))
    h5py.h5d.create(file.id, b"train_loss", h5py.h5t.UNIX_D32LE, space)


def empty(file, folder: Path):
    file["train_loss"] = h5py.Empty("f8")


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (external_link, "has a link in place of 'train_loss'"),
        (soft_link, "has a link in place of 'train_loss'"),
        (external_numbers, "has 'train_loss' in another file"),
        (virtual_numbers, "has 'train_loss' in another file"),
        (nothing_held, r"has 'train_loss' of shape \(1099511627776,\), but holds 0 bytes of it"),
        (objects, "has 'train_loss' as object, where real numbers belong"),
        (references, "has 'train_loss' as object, where real numbers belong"),
        (compound, "has 'train_loss' as .*, where real numbers belong"),
        (empty, "has 'train_loss' of shape None"),
        (times, "is cut off or damaged .No NumPy equivalent for TypeTimeID exists"),
    ],
    ids=lambda part: part.__name__ if callable(part) else "",
)
def test_a_surface_that_lies_is_refused_in_words(tmp_path, write, sentence):
    with h5py.File(tmp_path / "hostile.h5", "w") as file:
        coordinates(file)
        write(file, tmp_path)
    with pytest.raises(ForeignFile, match=rf"hostile\.h5 should be a surface.*it {sentence}"):
        load(tmp_path / "hostile.h5")


def test_coordinates_that_claim_a_great_deal_are_refused(tmp_path):
    with h5py.File(tmp_path / "hostile.h5", "w") as file:
        file.create_dataset("xcoordinates", (HUGE,), "f8", chunks=(1024,), compression="gzip")
    with pytest.raises(ForeignFile, match=r"has 'xcoordinates' of shape \(1099511627776,\), where a list"):
        load(tmp_path / "hostile.h5")


def test_directions_that_unpack_to_more_than_the_file_could_mean_are_refused(tmp_path):
    with h5py.File(tmp_path / "hostile.h5", "w") as file:
        file.create_dataset("xdirection/0", (HUGE,), "f8", chunks=(1024,), compression="gzip")
    with pytest.raises(ForeignFile, match=r"unpacks to 8,796,093,022,208 bytes or more"):
        read_directions(tmp_path / "hostile.h5")


def test_one_array_under_many_names_counts_each_time(tmp_path):
    with h5py.File(tmp_path / "hostile.h5", "w") as file:
        file["xdirection/0"] = np.ones(2**15)
        for number in range(1, 200):
            file[f"xdirection/{number}"] = file["xdirection/0"]
    with pytest.raises(ForeignFile, match=r"unpacks to 33,\d{3},\d{3} bytes or more"):
        read_directions(tmp_path / "hostile.h5")


def test_a_name_that_is_no_text_is_told_as_far_as_it_is_one(tmp_path):
    """Found by fuzzing: h5py gives such a name as bytes."""
    with h5py.File(tmp_path / "hostile.h5", "w") as file:
        file["train_loss"] = values()
        file[b"\xff\xfecoordinates"] = values()
    with pytest.raises(
        ForeignFile, match="has no 'xcoordinates', but 'train_loss', '\ufffd\ufffdcoordinates'"
    ):
        load(tmp_path / "hostile.h5")
    with pytest.raises(ForeignFile, match="has no group 'xdirection', but 'train_loss'"):
        read_directions(tmp_path / "hostile.h5")


def test_a_group_elsewhere_is_no_group_of_this_file(tmp_path):
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["group/0"] = np.ones(3)
    with h5py.File(tmp_path / "hostile.h5", "w") as file:
        file["xdirection"] = h5py.ExternalLink(str(tmp_path / "other.h5"), "/group")
    with pytest.raises(ForeignFile, match="has a link in place of 'xdirection'"):
        read_directions(tmp_path / "hostile.h5")


@pytest.mark.parametrize(
    "content",
    ["[" * 100_000, "9" * 10_000, '{"data": 5}', '{"notes": 7}', "[1]"],
    ids=["deep", "long", "data", "notes", "list"],
)
def test_settings_that_are_not_ours_are_refused(tmp_path, content):
    with h5py.File(tmp_path / "hostile.h5", "w") as file:
        coordinates(file)
        file["train_loss"] = values()
        file["settings"] = content
    with pytest.raises(ForeignFile, match="has 'settings' that are not ours"):
        load(tmp_path / "hostile.h5")


def test_a_text_without_end_is_refused(tmp_path):
    with h5py.File(tmp_path / "hostile.h5", "w") as file:
        coordinates(file)
        file["train_loss"] = values()
        file.create_dataset("settings", (), h5py.string_dtype(length=2**30))
    with pytest.raises(ForeignFile, match="has no readable text as 'settings'"):
        load(tmp_path / "hostile.h5")


def test_packed_numbers_are_read_all_the_same(tmp_path):
    with h5py.File(tmp_path / "packed.h5", "w") as file:
        coordinates(file, 200, 300)
        file.create_dataset("train_loss", data=values((200, 300)), compression="gzip")
    assert (load(tmp_path / "packed.h5")["loss"] == 1).all()
