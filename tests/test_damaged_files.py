"""Whatever happens to a saved file, is it refused in words, or the same surface?"""

import copy
import json
import random

import numpy as np
import pytest

from landscape_widget.surface import files
from tests.test_csv import a_plus_10b
from tests.test_files import ARRAYS, some_surface
from tests.test_hdf5 import a_map

SURFACES = {
    "plane": some_surface,
    "line": lambda: some_surface(line=True),
    "map": lambda: a_plus_10b().with_map("curvature", a_map()),
}


def is_same(one, other):
    return (one.grid, one.metrics, one.settings) == (other.grid, other.metrics, other.settings) and all(
        getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in ARRAYS
    )


def refused(path):
    """Load; tell whether it was refused as a file that isn't what it should be."""
    try:
        files.load(path)
    except ValueError as error:
        assert "should be a surface written by Surface.save" in str(error) or "Upgrade" in str(error)
        return True
    return False


@pytest.mark.parametrize("name", SURFACES)
def test_a_file_cut_anywhere_is_refused(tmp_path, name):
    path = SURFACES[name]().save(tmp_path / "run.npz")
    whole = path.read_bytes()
    for part in range(20):
        path.write_bytes(whole[: len(whole) * part // 20])
        assert refused(path)


@pytest.mark.parametrize("name", SURFACES)
def test_bytes_changed_lost_or_added_are_found_or_change_nothing(tmp_path, name):
    surface, draw = SURFACES[name](), random.Random(0)
    path = surface.save(tmp_path / "run.npz")
    whole = path.read_bytes()
    for _ in range(200):
        damaged, at, size = bytearray(whole), draw.randrange(len(whole)), draw.randrange(1, 60)
        kind = draw.randrange(4)
        if kind == 0:
            damaged[at] ^= 1 << draw.randrange(8)
        else:
            damaged[at : at + (0 if kind == 1 else size)] = draw.randbytes(0 if kind == 2 else size)
        path.write_bytes(damaged)
        assert refused(path) or is_same(files.load(path), surface)


def places(node, at=()):
    """Every entry of nested lists and dicts, by its keys."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inside:
        yield (*at, key)
        yield from places(value, (*at, key))


@pytest.mark.parametrize("odd", [None, -1, "x", 10**30, [], {}], ids=repr)
@pytest.mark.parametrize("name", ["plane", "map"])
def test_a_manifest_with_an_odd_entry_never_breaks_more_than_the_load(tmp_path, name, odd):
    path = SURFACES[name]().save(tmp_path / "run.npz")
    with np.load(path) as archive:
        arrays = dict(archive)
    manifest = json.loads(arrays["manifest"].tobytes())
    numbers = 0
    for *parents, last in list(places(manifest)):
        changed = node = copy.deepcopy(manifest)
        for key in parents:
            node = node[key]
        node[last] = odd
        np.savez(path, **(arrays | {"manifest": np.frombuffer(json.dumps(changed).encode(), np.uint8)}))
        numbers += refused(path)
    assert numbers > 20
