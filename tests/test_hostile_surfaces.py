"""What can a surface do that somebody else has written? Be refused, at once and in words."""

from dataclasses import replace

import numpy as np
import pytest

from landscape_widget.surface import files
from landscape_widget.surface.archive import DamagedFile
from tests.hostile_cases import SURFACES, claims, edited, manifest_of
from tests.test_files import some_surface


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_that_lies_is_refused_in_words(tmp_path, name):
    SURFACES[name](tmp_path / "hostile.npz")
    with pytest.raises(DamagedFile, match=r"hostile\.npz should be a surface written by Surface\.save"):
        files.load(tmp_path / "hostile.npz")


def test_what_a_file_is_refused_for_is_said(tmp_path):
    path = tmp_path / "hostile.npz"
    for name, sentence in {
        "members that overlap": "it is an archive whose parts overlap",
        "a member twice": "it is an archive whose parts overlap",
        "a million axes": r"a manifest of 4,\d{3},\d{3} bytes, more than it speaks of",
        "a metric with a number for a unit": "TypeError: 5 where str belongs",
        "settings that are a list": "1, 1, 1.* where dict belongs",
        "a tensor of objects": "numbers of type '|O'",
    }.items():
        SURFACES[name](path)
        with pytest.raises(DamagedFile, match=sentence):
            files.load(path)


def test_settings_that_could_not_be_read_back_are_not_saved(tmp_path):
    surface = some_surface()
    long = {"notes": ["all that was ever said"] * 100_000}
    with pytest.raises(ValueError, match=r"may take 2,097,152 bytes in a file.*got 2,\d{3},\d{3} beside"):
        files.save(replace(surface, settings=long), tmp_path / "long.npz")
    assert not (tmp_path / "long.npz").exists()


def test_a_long_manifest_beside_long_arrays_is_read(tmp_path):
    surface = some_surface()
    weights = {f"w{number:04}": np.zeros(10_000) for number in range(40)}
    rich = replace(surface, settings={"notes": ["x" * 2_500_000]}, origin=weights)
    assert files.load(rich.save(tmp_path / "rich.npz")).settings == rich.settings


def test_names_in_a_file_open_no_other_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("not yours")
    odd = {"../secret": b"changed", "/etc/../secret.npy": b"changed", "a\nb\x1b[31m.npy": b""}
    write = edited(lambda manifest, members: members.update(odd))
    write(tmp_path / "run.npz")
    assert files.load(tmp_path / "run.npz").settings == some_surface().settings
    assert secret.read_text() == "not yours"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.npz", "secret"]


def test_a_link_is_read_and_never_written_through(tmp_path):
    some_surface().save(tmp_path / "real.npz")
    (tmp_path / "link.npz").symlink_to(tmp_path / "real.npz")
    assert files.load(tmp_path / "link.npz").settings == some_surface().settings


def test_nothing_is_unpickled(tmp_path, monkeypatch):
    unpickled = []
    monkeypatch.setattr("pickle.load", lambda *_args, **_options: unpickled.append(1))
    monkeypatch.setattr("pickle.loads", lambda *_args, **_options: unpickled.append(1))
    for name in ("values", "manifest"):
        write = edited(
            lambda manifest, members, name=name: members.update({f"{name}.npy": claims("|O", (), b"N.")})
        )
        write(tmp_path / "run.npz")
        with pytest.raises(DamagedFile):
            files.load(tmp_path / "run.npz")
    assert not unpickled


def test_a_manifest_may_be_any_json_and_is_refused(tmp_path):
    for content in (
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"1e999",
        b"NaN",
        b"\xff\xfe",
        b'{"format": NaN}',
        b"{}" * 9,
    ):
        write = edited(
            lambda _, members, content=content: members.update({"manifest.npy": manifest_of(content)})
        )
        write(tmp_path / "run.npz")
        with pytest.raises(DamagedFile, match="a manifest that is not ours"):
            files.load(tmp_path / "run.npz")
