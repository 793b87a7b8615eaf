"""Does an old file stay until the new one is whole, and does a path that can't be written say so?"""

import os
import resource
import subprocess
import sys

import pytest

from landscape_widget.atomic import replaced


def test_the_new_content_takes_the_place_of_the_old(tmp_path):
    path = tmp_path / "file.bin"
    for content in (b"old", b"new and longer"):
        with replaced(path) as file:
            file.write(content)
        assert path.read_bytes() == content
    assert [entry.name for entry in tmp_path.iterdir()] == ["file.bin"]


def test_until_the_block_ends_others_read_the_old_file(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    with replaced(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"


def test_what_raises_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    with pytest.raises(KeyError, match="halfway"), replaced(path) as file:
        file.write(b"ne")
        raise KeyError("halfway")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file.bin"]


KILLED = """
import os, sys
from landscape_widget.atomic import replaced
with replaced(sys.argv[1]) as file:
    file.write(b"ne")
    file.flush()
    os._exit(9)
"""


def test_a_process_that_is_killed_in_the_middle_leaves_the_old_file(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    assert subprocess.run([sys.executable, "-c", KILLED, path]).returncode == 9
    assert path.read_bytes() == b"old"


def test_a_disk_that_is_full_leaves_the_old_file(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"), replaced(path) as file:
            file.write(bytes(5000))
            file.flush()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file.bin"]


def test_a_name_as_long_as_names_may_be_is_written(tmp_path):
    path = tmp_path / ("n" * 255)
    with replaced(path) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"


def test_a_missing_directory_is_named_before_the_block_begins(tmp_path):
    with (
        pytest.raises(
            FileNotFoundError, match=r"a\.bin can't be written: there is no directory .*there. Make"
        ),
        replaced(tmp_path / "there" / "a.bin"),
    ):
        raise AssertionError("the block has begun")


def test_a_directory_is_no_file_to_write(tmp_path):
    with pytest.raises(IsADirectoryError, match=r"it is a directory. Add the name"), replaced(tmp_path):
        pass


def test_what_is_no_ordinary_file_is_left_alone(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    sentence = r"pipe can't be written: it is no ordinary file\. Choose another name"
    with pytest.raises(OSError, match=sentence), replaced(pipe):
        pass
    assert pipe.is_fifo()


def test_nothing_is_written_below_a_file(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with (
        pytest.raises(NotADirectoryError, match=r"file is no directory. Choose another place"),
        replaced(tmp_path / "file" / "a.bin"),
    ):
        pass


def test_a_read_only_file_is_left_alone(tmp_path, monkeypatch):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    path.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda file, mode: not (file == path and mode == os.W_OK))  # for root
    with (
        pytest.raises(PermissionError, match=r"file\.bin can't be written: it is read-only. Choose"),
        replaced(path),
    ):
        pass
    assert path.read_bytes() == b"old"


def test_a_directory_where_nothing_can_be_made_says_so(tmp_path, monkeypatch):
    def refuse(path, mode):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "open", refuse)
    with (
        pytest.raises(PermissionError, match=r"nothing can be made in .* \(Permission denied\). Choose"),
        replaced(tmp_path / "a.bin"),
    ):
        pass
