"""Does a journal give back what was written, lose no more than its torn end, and belong to one writer?"""

import errno
import os
import struct
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from landscape_widget.surface.journal import MAGIC, Journal, Record, Stranger, encoded, read_records
from landscape_widget.surface.only_writer import Taken, only_writer

RECORDS = [
    Record({"kind": "begin", "file": "ab"}),
    Record({"kind": "cells"}, b"1234"),
    Record({"kind": "→"}, b""),
]


@pytest.fixture
def journal(request):
    """Make journals, which are closed when the test is over."""

    def make(path: Path, opened=only_writer, end: int = 0) -> Journal:
        made = Journal(opened(path), path)
        request.addfinalizer(made.close)
        made.start(end)
        return made

    return make


def written(path: Path) -> Path:
    with closing(Journal(only_writer(path), path)) as made:
        made.start()
        made.append(RECORDS)
    return path


class Full:
    """A file on a disk that has room for some bytes more."""

    def __init__(self, file, room: int) -> None:
        self.file, self.room = file, room

    def write(self, data) -> int:
        if self.room == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        some = self.file.write(data[: self.room])
        self.room -= some
        return some

    def __getattr__(self, name: str):
        return getattr(self.file, name)


def test_records_come_back_as_they_were(tmp_path):
    records, end = read_records(written(tmp_path / "j"))
    assert records == RECORDS and end == (tmp_path / "j").stat().st_size


def test_later_records_are_read_from_where_one_left_off(tmp_path, journal):
    made = journal(tmp_path / "j")
    made.append(RECORDS[:1])
    records, end = read_records(tmp_path / "j")
    assert records == RECORDS[:1]
    assert read_records(tmp_path / "j", end) == ([], end)
    made.append(RECORDS[1:])
    assert read_records(tmp_path / "j", end)[0] == RECORDS[1:]


def test_wherever_it_is_cut_off_the_whole_records_are_read(tmp_path):
    whole = written(tmp_path / "j").read_bytes()
    ends = [len(MAGIC)]
    for record in RECORDS:
        ends.append(ends[-1] + len(encoded(record)))
    for length in range(len(whole) + 1):
        (tmp_path / "cut").write_bytes(whole[:length])
        records, end = read_records(tmp_path / "cut")
        kept = sum(length >= place for place in ends[1:])
        assert records == RECORDS[:kept]
        assert end == (ends[kept] if length >= ends[0] else 0)


def test_whichever_byte_is_wrong_no_record_from_there_on_is_read(tmp_path):
    whole = written(tmp_path / "j").read_bytes()
    for place in range(len(MAGIC), len(whole)):
        (tmp_path / "wrong").write_bytes(whole[:place] + bytes([whole[place] ^ 0x40]) + whole[place + 1 :])
        records, _ = read_records(tmp_path / "wrong")
        assert len(records) < len(RECORDS) and records == RECORDS[: len(records)]


@pytest.mark.parametrize("length", [5, 2**31, 2**32 - 1])
def test_no_memory_is_taken_for_what_a_length_claims(tmp_path, length):
    (tmp_path / "j").write_bytes(MAGIC + struct.pack("<II", length, 0) + b"1234")
    assert read_records(tmp_path / "j") == ([], len(MAGIC))


def test_a_head_too_long_to_be_one_is_not_read_nor_written(tmp_path, journal):
    long = b'{"kind": "' + b"x" * (2 << 20) + b'"}'
    for head, claimed in (long, len(long)), (b'{"kind": 1}', 12), (b"[" * 10**5, 10**5), (b"7", 1):
        payload = struct.pack("<I", claimed) + head
        frame = struct.pack("<II", len(payload), zlib.crc32(payload))
        (tmp_path / "j").write_bytes(MAGIC + frame + payload)
        assert read_records(tmp_path / "j") == ([], len(MAGIC))
    with pytest.raises(ValueError, match=r"settings of 2,097,\d\d\d bytes, where 2,097,152 may be written"):
        journal(tmp_path / "other").append([Record({"kind": "x" * (2 << 20)})])


def test_another_file_is_refused_in_words(tmp_path):
    (tmp_path / "j").write_bytes(b"my diary, which is long enough")
    with pytest.raises(
        ValueError, match=r"j should be the journal .* it begins with b'my diary.* Move it away"
    ):
        read_records(tmp_path / "j")


def test_going_on_cuts_off_what_is_torn(tmp_path, journal):
    path = written(tmp_path / "j")
    with path.open("ab") as file:
        file.write(b"half a rec")
    records, end = read_records(path)
    journal(path, end=end).append(RECORDS)
    assert read_records(path)[0] == [*records, *RECORDS]


def test_a_second_writer_is_refused_until_the_first_has_closed(tmp_path):
    first = only_writer(tmp_path / "j")
    with pytest.raises(Taken, match="somebody else writes to it"):
        only_writer(tmp_path / "j")
    first.close()
    only_writer(tmp_path / "j").close()


def test_a_file_that_somebody_else_holds_open_too_is_given_back_all_the_same(tmp_path, journal):
    """As the workers of a DataLoader do, which were forked while we wrote."""
    file = only_writer(tmp_path / "j")
    made = journal(tmp_path / "j", lambda _: file)
    with os.fdopen(os.dup(file.fileno()), "ab") as copy:
        with pytest.raises(Taken):
            only_writer(tmp_path / "j")
        made.close()
        only_writer(tmp_path / "j").close()
        assert not copy.closed


def test_who_waited_for_a_file_that_was_removed_gets_one_that_is_there(tmp_path, monkeypatch):
    """Between opening and locking, the writer before may remove what was opened."""
    path, opened = tmp_path / "j", Path.open

    def removed_after_opening(self, *args, **options):
        file = opened(self, *args, **options)
        monkeypatch.undo()
        self.unlink()
        return file

    monkeypatch.setattr(Path, "open", removed_after_opening)
    with only_writer(path) as file:
        assert os.path.samestat(os.fstat(file.fileno()), path.stat())


def test_where_a_disk_knows_no_locks_a_file_is_opened_without(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def no_locks(*_):
        raise OSError(errno.ENOTSUP, "no locks here")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with only_writer(tmp_path / "j") as one, only_writer(tmp_path / "j") as other:
        assert one is not other


def test_a_strangers_bytes_are_noticed_before_anything_is_written(tmp_path, journal):
    made = journal(tmp_path / "j")
    with (tmp_path / "j").open("ab") as stranger:
        stranger.write(encoded(RECORDS[1]))
    with pytest.raises(Stranger, match="grown by somebody else's hand"):
        made.append(RECORDS)
    assert read_records(tmp_path / "j")[0] == RECORDS[1:2]


def test_a_strangers_file_in_the_place_of_ours_is_noticed(tmp_path, journal):
    made = journal(tmp_path / "j")
    (tmp_path / "other").write_bytes(MAGIC)
    os.replace(tmp_path / "other", tmp_path / "j")
    with pytest.raises(Stranger):
        made.append(RECORDS)


@pytest.mark.parametrize("room", [0, 1, 20, 60])
def test_what_a_full_disk_took_half_of_is_cut_off_and_written_again(tmp_path, journal, room):
    path = tmp_path / "j"
    file = Full(only_writer(path), 10**6)
    made = journal(path, lambda _: file)
    made.append(RECORDS[:1])
    file.room = room
    with pytest.raises(OSError, match="No space left"):
        made.append(RECORDS[1:])
    assert read_records(path)[0] == RECORDS[:1]
    assert path.stat().st_size == read_records(path)[1]
    file.room = 10**6
    made.append(RECORDS[1:])
    assert read_records(path)[0] == RECORDS


def test_an_empty_one_is_removed_when_it_is_closed_and_others_stay(tmp_path):
    Journal(only_writer(tmp_path / "empty"), tmp_path / "empty").close()
    written(tmp_path / "full")
    assert [path.name for path in tmp_path.iterdir()] == ["full"]
