"""Are the packages the same bytes wherever they are built, and may everything in them be given away?"""

from __future__ import annotations

import json
import re
import tarfile
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.project_copy import ROOT, STATIC
from tests.supply.installed import licence_of, needed, pinned
from tests.supply.packages import built_twice, checks, differing

PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Zlib|0BSD|HPND|MIT-CMU|Unlicense|CC0", re.IGNORECASE
)
"""Licences under which a package may be used beside ours, and given away with it."""

CALLED = re.compile(r"^(\S+) (\d\S*)\nLicence: (.+)$", re.MULTILINE)


@pytest.mark.processes
def test_two_builds_in_two_places_at_two_times_are_the_same_bytes(tmp_path: Path):
    one, other = built_twice(tmp_path / "a", tmp_path / "b" / "c")
    assert differing(one, other) == []
    assert {name.rpartition(".")[2] for name in one} == {"whl", "gz"}
    said = checks(tmp_path / "a" / "made")
    assert said.count("PASSED") == 2 and ": OK" in said
    (wheel,) = (content for name, content in one.items() if name.endswith(".whl"))
    with ZipFile(BytesIO(wheel)) as archive:
        assert f"{STATIC}/THIRD-PARTY.txt" in archive.namelist()
        assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())
    (sdist,) = (content for name, content in one.items() if name.endswith(".gz"))
    with tarfile.open(fileobj=BytesIO(sdist)) as archive:
        assert any(name.endswith(f"{STATIC}/THIRD-PARTY.txt") for name in archive.getnames())


def test_packages_that_differ_or_are_missing_are_named():
    assert differing({"a.whl": b"1", "b.gz": b"2"}, {"a.whl": b"1", "b.gz": b"3"}) == ["b.gz"]
    assert differing({"a.whl": b"1"}, {}) == ["a.whl"]


def test_few_packages_are_asked_for_and_each_comes_in_a_version():
    asked = needed()
    assert {"torch", "numpy", "scipy", "plotly", "anywidget", "ipywidgets", "traitlets"} <= asked
    assert not asked & {"pytest", "jupyterlab", "matplotlib", "h5py", "distributed"}
    assert {"h5py", "matplotlib"} <= needed(extras=("hdf5", "image"))
    assert all(re.fullmatch(r"[a-z0-9-]+==[\d.]+\w*", line) for line in pinned(asked)), pinned(asked)


def test_what_comes_with_us_may_be_used_beside_our_licence():
    told = {
        name: licence_of(name) for name in sorted(needed(extras=("executors", "hdf5", "image", "xarray")))
    }
    assert {name: licence for name, licence in told.items() if not PERMISSIVE.search(licence)} == {}


def test_whose_work_is_in_the_bundle_is_said_with_the_licence():
    text = (ROOT / STATIC / "THIRD-PARTY.txt").read_text(encoding="utf-8")
    named = {name: licence for name, _, licence in CALLED.findall(text)}
    asked = json.loads((ROOT / "js" / "package.json").read_text())["dependencies"]
    assert asked.keys() <= named.keys()
    assert all(PERMISSIVE.search(licence) for licence in named.values()), named
    assert "Copyright" in text[text.index("plotly.js") :]
    assert str(ROOT) not in text


def test_every_version_in_the_bundle_is_the_locked_one():
    text = (ROOT / STATIC / "THIRD-PARTY.txt").read_text(encoding="utf-8")
    locked = json.loads((ROOT / "js" / "package-lock.json").read_text())["packages"]
    versions = {(place.rpartition("node_modules/")[2], one.get("version")) for place, one in locked.items()}
    assert {(name, version) for name, version, _ in CALLED.findall(text)} <= versions
