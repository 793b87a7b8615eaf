"""Surfaces as an attacker would write them: each claims what isn't so, and must be refused in words."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.test_files import some_surface

HUGE = 2**60

Edit = Callable[[dict[str, Any], dict[str, bytes]], None]


def npy(header: Mapping[str, Any] | str, data: bytes = b"") -> bytes:
    """An array's file, whatever its header says."""
    text = (header if isinstance(header, str) else repr(dict(header))).encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data


def claims(descr: Any, shape: Any, data: bytes = b"") -> bytes:
    return npy({"descr": descr, "fortran_order": False, "shape": shape}, data)


def edited(edit: Edit) -> Callable[[Path], None]:
    """A saved surface of which the manifest and the bytes of its members are changed."""

    def write(path: Path) -> None:
        some_surface().save(path)
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        manifest = json.loads(np.load(io.BytesIO(members["manifest.npy"])).tobytes())
        untouched = members["manifest.npy"]
        edit(manifest, members)
        if members.get("manifest.npy") is untouched:
            members["manifest.npy"] = manifest_of(json.dumps(manifest).encode())
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)

    return write


def manifest_of(text: bytes) -> bytes:
    return claims("|u1", (len(text),), text)


def says(key: str, value: Any) -> Callable[[Path], None]:
    return edited(lambda manifest, members: manifest.update({key: value}))


def with_axis(**lies: Any) -> Callable[[Path], None]:
    return edited(lambda manifest, members: manifest["axes"][0].update(lies))


def with_metric(**lies: Any) -> Callable[[Path], None]:
    return edited(lambda manifest, members: manifest["metrics"][0].update(lies))


def with_tensor(**lies: Any) -> Callable[[Path], None]:
    return edited(lambda manifest, members: manifest["tensors"][0].update(lies))


def with_member(name: str, content: bytes) -> Callable[[Path], None]:
    return edited(lambda manifest, members: members.update({name: content}))


def claiming(name: str, **lies: Any) -> Callable[[Path], None]:
    """An archive whose table of contents lies about one member."""

    def write(path: Path) -> None:
        some_surface().save(path)
        with zipfile.ZipFile(path, "a") as archive:
            for attribute, lie in lies.items():
                setattr(archive.getinfo(name), attribute, lie)
            archive.writestr("more", b"")  # so that the table is written again

    return write


def packed(method: int, size: int) -> Callable[[Path], None]:
    """A manifest of ``size`` zeros in next to no bytes."""

    def write(path: Path) -> None:
        some_surface().save(path)
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        members["manifest.npy"] = claims("|u1", (size,), bytes(size))
        with zipfile.ZipFile(path, "w", method) as archive:
            for name, content in members.items():
                archive.writestr(name, content)

    return write


def overlapping(path: Path) -> None:
    """A thousand members, and all of them are the same bytes."""
    some_surface().save(path)
    with zipfile.ZipFile(path, "a") as archive:
        first = archive.getinfo("values.npy")
        for number in range(1000):
            copy = zipfile.ZipInfo(f"copy_{number}.npy")
            for attribute in ("header_offset", "compress_size", "file_size", "CRC"):
                setattr(copy, attribute, getattr(first, attribute))
            archive.filelist.append(copy)
        archive.writestr("more", b"")


def doubled(path: Path) -> None:
    some_surface().save(path)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("values.npy")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("values.npy", content)


def text(path: Path) -> None:
    """No archive at all, and it doesn't end soon."""
    path.write_bytes(b"PK\x05\x06" * 100_000)


SURFACES: Mapping[str, Callable[[Path], None]] = {
    "a member that claims 2^60 numbers": with_member("values.npy", claims("<f8", (HUGE,))),
    "a manifest that claims 2^60 bytes": with_member("manifest.npy", claims("|u1", (HUGE,))),
    "a manifest that claims 4 GB": with_member("manifest.npy", claims("|u1", (2**32,))),
    "a manifest of negative shape": with_member("manifest.npy", claims("|u1", (-1, -8), bytes(8))),
    "values of negative shape": with_member("values.npy", claims("<f8", (-1, -8), bytes(64))),
    "values of objects": with_member("values.npy", claims("|O", (1,), b"cos\nsystem\n(S'true'\ntR.")),
    "a manifest of objects": with_member("manifest.npy", claims("|O", (1,), b"cos\nsystem\n(S'true'\ntR.")),
    "a header that is code": with_member("values.npy", npy("__import__('os').getcwd()")),
    "a header of brackets": with_member("values.npy", npy("(" * 9000)),
    "a header of one long number": with_member("values.npy", npy("9" * 9000)),
    "a member of 2^50 bytes, stored": claiming("values.npy", file_size=2**50, compress_size=2**50),
    "a manifest that grows when it is read": claiming("manifest.npy", file_size=2**40),
    "a member that lies behind the end": claiming("values.npy", header_offset=2**40),
    "a bomb of zeros": packed(zipfile.ZIP_DEFLATED, 120 << 20),
    "a bomb that bzip2 packed": packed(zipfile.ZIP_BZIP2, 120 << 20),
    "members that overlap": overlapping,
    "a member twice": doubled,
    "a table of contents without end": text,
    "axes of 2^60 points": with_axis(points=HUGE),
    "axes of −3 points": with_axis(points=-3),
    "an axis from NaN": with_axis(low=float("nan")),
    "an axis to infinity": with_axis(high=float("inf")),
    "an axis of text": with_axis(low="__import__('os')"),
    "a million axes": says("axes", [{}] * 1_000_000),
    "a million metrics": says("metrics", [{"name": "m", "unit": "", "size": 1}] * 1_000_000),
    "twenty thousand metrics": says("metrics", [{"name": "m", "unit": "", "size": 1}] * 20_000),
    "a metric with a list for a name": with_metric(name=["x"] * 100),
    "a metric with a number for a unit": with_metric(unit=5),
    "a metric of NaN samples": with_metric(size=float("nan")),
    "a metric with limits of text": with_metric(limits="ab"),
    "a metric with what no metric has": with_metric(__class__="Surface"),
    "points in half a place": says("points", [{"label": "origin", "coordinates": [[0]]}]),
    "a point named by a mapping": says("points", [{"label": {}, "coordinates": [0, 0]}]),
    "twenty thousand tensors": says(
        "tensors", [{"group": "origin", "name": "", "dtype": "<f8", "shape": [HUGE]}] * 20_000
    ),
    "a tensor of 2^60 numbers": with_tensor(shape=[HUGE]),
    "a tensor of negative shape": with_tensor(shape=[-1, -6]),
    "a tensor of objects": with_tensor(dtype="|O"),
    "a tensor of a hundred thousand kinds": with_tensor(dtype=",".join(["f8"] * 100_000)),
    "a tensor in a group of its own": with_tensor(group="__dict__"),
    "minus one directions": says("directions", -1),
    "2^60 directions": says("directions", HUGE),
    "settings that are a list": says("settings", [1] * 100),
    "samples in words": says("samples", "all"),
    "a path of 2^60 checkpoints": says("path", {"checkpoints": HUGE, "explained": [], "by_chance": []}),
    "histograms of 2^60 bins": says("histograms", [{"label": "o", "bins": HUGE, "norm": 1.0}]),
    "a map of nothing": says("maps", [{"key": "curvature"}]),
    "JSON as deep as it is long": with_member("manifest.npy", manifest_of(b"[" * 1_000_000)),
    "objects as deep as they are long": with_member("manifest.npy", manifest_of(b'{"a":' * 200_000)),
    "a number of a million digits": with_member("manifest.npy", manifest_of(b"9" * 1_000_000)),
}
"""Name → writes the file."""
