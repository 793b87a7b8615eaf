"""Does a saved surface come back bit for bit, survive a failed write, and is everything else refused?"""

import json
import os
import zipfile

import numpy as np
import pytest

from landscape_widget.facts import Histogram, MetricFacts, Point
from landscape_widget.surface import files
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.surface import Surface
from landscape_widget.track import Path

ARRAYS = ("values", "errors", "counts", "states")


def some_surface(line=False):
    random = np.random.default_rng(0)
    grid = Grid(Axis(-0.1, 1 / 3, 7)) if line else Grid(Axis(-0.1, 1 / 3, 7), Axis(-1, 1, 5))
    metrics = MetricFacts("loss", "", 100), MetricFacts("Genauigkeit <ü>", "%", 100)
    points = Point("origin", (0.0,) * len(grid.axes)), Point("a/b", (1 / 3,) * len(grid.axes))
    shape = (2, grid.size + 2)
    values = random.normal(size=shape)
    values[0, :3] = np.nan, np.inf, -np.inf
    values.view(np.uint64)[1, 0] = 0xFFF8_0000_0000_0123  # a NaN with a payload
    direction = {
        "0.weight": random.normal(size=(3, 4)).astype(np.float32),
        "../../étrange name\n.npy": np.asfortranarray(random.normal(size=(2, 3, 4))),
        "": np.float64(3.5),
        "empty": np.empty((0, 3), np.float32),
    }
    return Surface(
        grid,
        metrics,
        points,
        25,
        values,
        random.random(shape),
        random.integers(0, 100, shape),
        random.integers(0, 3, shape[1]).astype(np.uint8),
        directions=(direction,) if line else (direction, {"0.weight": np.ones((3, 4), np.float16)}),
        origin={"0.weight": np.ones((3, 4)), "z": np.array([1 + 2j])},
        settings={"seed": 3, "labels": ["random, seed 0", "→ ∞"], "nested": {"x": None, "y": 0.1}},
        path=some_path(random, len(grid.axes)),
        histograms=(some_histogram(random, "origin"), some_histogram(random, "a/b")),
    )


def some_path(random, axes, size=4):
    return Path(
        random.normal(size=(size, axes)),
        random.random(size),
        random.random(size),
        np.arange(size) * 10,
        np.full(size, np.nan),
        np.array([0.1, 0.1, 0.01, np.nan]),
        np.array([[1, 2, np.nan, np.inf], [50, 60, 70, 80]]),
        np.array([True, True, False, True]),
        (0.612, None)[:axes],
        (0.608, None)[:axes],
    )


def some_histogram(random, label):
    return Histogram(label, np.linspace(-1, 1, 9), random.integers(0, 100, 8), random.random())


@pytest.mark.parametrize("line", [False, True])
def test_everything_comes_back_bit_for_bit(tmp_path, line):
    surface = some_surface(line)
    loaded = files.load(surface.save(tmp_path / "run.npz"))
    for name in ARRAYS:
        before, after = getattr(surface, name), getattr(loaded, name)
        assert (before.dtype, before.shape, before.tobytes()) == (after.dtype, after.shape, after.tobytes())
        assert not after.flags.writeable
    for name in ("grid", "metrics", "points", "samples", "settings"):
        assert getattr(loaded, name) == getattr(surface, name)
    mappings = [*zip(surface.directions, loaded.directions, strict=True), (surface.origin, loaded.origin)]
    for before, after in mappings:
        assert list(before) == list(after)
        for name, array in before.items():
            assert np.asarray(array).dtype == after[name].dtype
            assert np.array_equal(array, after[name])
            assert after[name].flags.writeable or after[name].size == 0


@pytest.mark.parametrize("line", [False, True])
def test_the_path_and_the_histograms_come_back_too(tmp_path, line):
    surface = some_surface(line)
    loaded = files.load(surface.save(tmp_path / "run.npz"))
    for name, before in vars(surface.path).items():
        after = getattr(loaded.path, name)
        if name in ("explained", "by_chance"):
            assert after == before
        else:
            assert (after.dtype, after.shape, after.tobytes()) == (
                before.dtype,
                before.shape,
                before.tobytes(),
            )
    for before, after in zip(surface.histograms, loaded.histograms, strict=True):
        assert (after.label, after.norm) == (before.label, before.norm)
        assert np.array_equal(after.edges, before.edges) and np.array_equal(after.counts, before.counts)


def test_a_file_of_the_first_version_has_neither(tmp_path):
    def as_version_1(manifest, arrays):
        manifest.update(version=1)
        for name in ("path", "histograms"):
            del manifest[name]
        for metric in manifest["metrics"]:
            del metric["repeat"]

    loaded = files.load(rewritten(tmp_path, as_version_1))
    assert (loaded.path, loaded.histograms) == (None, ())
    assert loaded.metrics == some_surface().metrics


def test_the_suffix_is_added_on_both_ways(tmp_path):
    path = some_surface().save(str(tmp_path / "run.v2"))
    assert path == tmp_path / "run.v2.npz"
    assert files.load(tmp_path / "run.v2").samples == 25
    path.rename(tmp_path / "renamed")
    assert files.load(tmp_path / "renamed").samples == 25


def test_numpy_reads_it_too(tmp_path):
    with np.load(some_surface().save(tmp_path / "run"), allow_pickle=False) as archive:
        assert archive["values"].shape == (2, 37)
        assert json.loads(archive["manifest"].tobytes())["version"] == files.VERSION == 3


@pytest.mark.parametrize("failing", ["write_array", "replace"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, failing):
    path = some_surface().save(tmp_path / "run.npz")
    before = path.read_bytes()

    def fail(file, *_, **__):
        raise OSError("no space left on device")

    monkeypatch.setattr(
        *{"write_array": (np.lib.format, "write_array"), "replace": (os, "replace")}[failing], fail
    )
    with pytest.raises(OSError, match="no space left"):
        some_surface(line=True).save(path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.npz"]


def test_a_link_is_followed_and_kept(tmp_path):
    target = some_surface().save(tmp_path / "target.npz")
    link = tmp_path / "link.npz"
    link.symlink_to(target)
    some_surface(line=True).save(link)
    assert link.is_symlink()
    assert files.load(target).y.size == 0


def test_settings_that_are_not_json_are_refused_before_anything_is_written(tmp_path):
    surface = some_surface()
    odd = Surface(**{**surface.__dict__, "settings": {"model": object()}})
    with pytest.raises(
        ValueError, match=r"saved as JSON.*object is not JSON serializable. Convert that entry"
    ):
        odd.save(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


class Bfloat16:
    dtype = "torch.bfloat16"

    def __array__(self, dtype=None, copy=None):
        raise TypeError("Got unsupported ScalarType BFloat16")


@pytest.mark.parametrize(
    ("tensor", "kind"), [(np.array([object()]), "object"), (Bfloat16(), "torch.bfloat16")]
)
def test_tensors_that_are_not_numbers_are_refused(tmp_path, tensor, kind):
    surface = some_surface()
    odd = Surface(**{**surface.__dict__, "origin": {"0.weight": tensor}})
    with pytest.raises(ValueError, match=f"numpy's numbers; '0.weight' is of type {kind}. Convert it first"):
        odd.save(tmp_path / "run")


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nothing\.npz"):
        files.load(tmp_path / "nothing")


def test_a_file_that_is_no_archive_is_refused(tmp_path):
    path = tmp_path / "note.npz"
    path.write_text("loss = 3")
    with pytest.raises(ValueError, match=r"written by Surface.save; it is no \.npz file. Save it again"):
        files.load(path)


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_truncated_file_is_refused(tmp_path, share):
    path = some_surface().save(tmp_path / "run.npz")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ValueError, match="it is a file cut off at the end"):
        files.load(path)


def test_a_damaged_byte_is_refused_or_changes_nothing(tmp_path):
    surface = some_surface()
    path = surface.save(tmp_path / "run.npz")
    whole = path.read_bytes()
    for position in range(0, len(whole), 37):
        damaged = bytearray(whole)
        damaged[position] ^= 0x11
        path.write_bytes(damaged)
        try:
            loaded = files.load(path)
        except ValueError as error:
            assert "should be a surface written by Surface.save" in str(error)
        else:
            assert loaded.values.tobytes() == surface.values.tobytes()


def test_a_compressed_archive_is_refused(tmp_path):
    with np.load(some_surface().save(tmp_path / "run.npz")) as archive:
        np.savez_compressed(tmp_path / "small.npz", **archive)
    with pytest.raises(ValueError, match=r"compressed, which Surface.save never does"):
        files.load(tmp_path / "small.npz")


def test_somebody_elses_archive_is_refused(tmp_path):
    np.savez(tmp_path / "foreign.npz", values=np.ones(3))
    with pytest.raises(ValueError, match="it is an archive without a manifest"):
        files.load(tmp_path / "foreign.npz")
    for manifest in (np.ones(3), np.frombuffer(b'{"format": "other"}', np.uint8)):
        np.savez(tmp_path / "foreign.npz", manifest=manifest)
        with pytest.raises(ValueError, match="a manifest that is not ours"):
            files.load(tmp_path / "foreign.npz")
    for manifest in (np.array([{}], object), np.array([{}], object)[0]):
        np.savez(tmp_path / "foreign.npz", manifest=manifest)
        with pytest.raises(ValueError, match="a manifest that is not ours"):
            files.load(tmp_path / "foreign.npz")


def rewritten(tmp_path, change):
    """Save, let ``change`` edit the manifest and the arrays, and write that."""
    path = some_surface().save(tmp_path / "run.npz")
    with np.load(path) as archive:
        arrays = dict(archive)
    manifest = json.loads(arrays["manifest"].tobytes())
    change(manifest, arrays)
    np.savez(path, **(arrays | {"manifest": np.frombuffer(json.dumps(manifest).encode(), np.uint8)}))
    return path


def test_a_newer_version_is_refused(tmp_path):
    path = rewritten(tmp_path, lambda manifest, arrays: manifest.update(version=4))
    with pytest.raises(ValueError, match=r"saved in version 4 of the format; this .* reads up to 3. Upgrade"):
        files.load(path)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda m, a: a.update(values=a["values"][:, 1:]),
            r"'values' as float64 of shape \(2, 36\), 576 bytes, where its manifest says .*\(2, 37\)",
        ),
        (lambda m, a: a.update(counts=a["counts"].astype(np.int32)), "'counts' as int32"),
        (lambda m, a: a.update(origin_5=a["origin_5"].T), r"'origin_5' as .*\(4, 3\)"),
        (lambda m, a: a.pop("errors"), "without a readable 'errors'"),
        (lambda m, a: m["axes"][0].update(points=8), "says .*42"),
        (lambda m, a: m["axes"][0].update(points=10**12), "whole number of points"),
        (lambda m, a: m["tensors"][0].update(group="elsewhere"), "a damaged manifest .*elsewhere"),
        (lambda m, a: m["tensors"][0].update(shape=[10**9, 10**9]), "1000000000, 1000000000"),
        (lambda m, a: m["path"].update(checkpoints=10**12), r"'path_coordinates' as .*\(1000000000000, 2\)"),
        (lambda m, a: m["path"].update(explained=[0.5]), "a damaged manifest .*1 shares of the variance"),
        (lambda m, a: m["path"].pop("by_chance"), r"a damaged manifest \(KeyError: 'by_chance'\)"),
        (lambda m, a: a.update(path_steps=a["path_steps"].astype(float)), "'path_steps' as float64"),
        (lambda m, a: m["histograms"][1].update(bins=9), r"'histogram_1_edges' as .*\(10,\)"),
        (lambda m, a: m.update(histograms=3), "a damaged manifest"),
        (lambda m, a: m.pop("metrics"), r"a damaged manifest \(KeyError: 'metrics'\)"),
        (lambda m, a: a["states"].__setitem__(0, 9), "cells in the state 9, which this version doesn't know"),
    ],
)
def test_what_disagrees_with_the_manifest_is_refused(tmp_path, change, sentence):
    with pytest.raises(ValueError, match=sentence):
        files.load(rewritten(tmp_path, change))


def test_a_header_that_promises_more_than_the_file_holds_is_refused_before_it_is_used(tmp_path):
    path = some_surface().save(tmp_path / "run.npz")
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["states.npy"] = members["states.npy"][:-1]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(ValueError, match=r"'states' as .* 36 bytes"):
        files.load(path)
