"""What is fuzzed: who reads bytes that somebody else has written, what is right, and what is a refusal?"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import torch

from landscape_widget.files.hdf5_directions import read_directions
from landscape_widget.files.load import load
from landscape_widget.live.checks import checked
from landscape_widget.live.mail import Mail
from landscape_widget.live.protocol import COMMANDS, ProtocolError, parse_action
from landscape_widget.subspace.checkpoint_files import read_checkpoints
from landscape_widget.surface import files, growing
from landscape_widget.surface.journal import FRAME, MAGIC, Record, encoded
from landscape_widget.surface.records import news
from landscape_widget.surface.surface import Surface
from tests.hostile_cases import manifest_of
from tests.live_cases import CHOICES, TRAITS
from tests.test_files import some_surface

Seeds = Iterable[bytes]


@dataclass(frozen=True)
class Target:
    """A reader, and all that it may do with bytes that are not what they should be.

    Attributes:
        reads: takes the bytes; a folder is there for files.
        seeds: makes what is right, for the mutations to begin with.
        refuses: what the reader may raise; everything else is a finding.
        share: of all inputs.
    """

    reads: Callable[[bytes, Path], Any]
    seeds: Callable[[Path], Seeds]
    refuses: tuple[type[Exception], ...]
    share: float


def surface_file(data: bytes, folder: Path) -> Any:
    (folder / "run.npz").write_bytes(data)
    return repr(files.load(folder / "run.npz"))


def surface_files(folder: Path) -> Seeds:
    for line in (False, True):
        yield some_surface(line).save(folder / "seed.npz").read_bytes()


def surface_manifest(data: bytes, folder: Path) -> Any:
    """The archive is whole, and its manifest says what the bytes say."""
    whole = folder / "whole.npz"
    if not whole.exists():
        some_surface().save(whole)
    with zipfile.ZipFile(whole) as right, zipfile.ZipFile(folder / "run.npz", "w") as archive:
        for name in right.namelist():
            archive.writestr(name, manifest_of(data) if name == "manifest.npy" else right.read(name))
    return repr(files.load(folder / "run.npz"))


def manifests(folder: Path) -> Seeds:
    with zipfile.ZipFile(some_surface().save(folder / "seed.npz")) as archive:
        yield np.load(io.BytesIO(archive.read("manifest.npy"))).tobytes()


def journal(data: bytes, folder: Path) -> Any:
    """The run file is whole, and so is each record's frame, so that its head and its body are looked at."""
    begun = folder / "run.npz"
    if not begun.exists():
        nothing_known().save(begun)
    start = {"kind": "begin", "file": growing.content_of(begun), "pid": 1, "host": "here"}
    known = MAGIC + encoded(Record(start))
    cut = len(known) if data[:1] < b"\x80" else data[0] % len(known)
    growing.journal_of(begun).write_bytes(known[:cut] + framed(data[1:]))
    grown = growing.read_grown(begun)
    growing.grown_further(replace(grown, end=len(known)))
    return repr(grown.surface)


def framed(payload: bytes) -> bytes:
    return FRAME.pack(len(payload), zlib.crc32(payload)) + payload


def nothing_known() -> Surface:
    surface = some_surface()
    return replace(surface, states=np.zeros_like(surface.states))


def journals(folder: Path) -> Seeds:
    for record in news(nothing_known(), some_surface()):
        yield b"\0" + encoded(record)[FRAME.size :]


def hdf5_surface(data: bytes, folder: Path) -> Any:
    """A right file, of which the bytes say what is changed: three for a place, one for a value.

    Without a text: in one whose heap is damaged libhdf5 2.0.0 goes round without end, which is told in
    docs/security.md and can't be mended here.
    """
    if not (whole := folder / "whole.h5").exists():
        with h5py.File(whole, "w") as file:
            file["xcoordinates"], file["ycoordinates"] = np.linspace(-1, 1, 3), np.linspace(-1, 1, 3)
            file["train_loss"] = np.ones((3, 3))
    (folder / "run.h5").write_bytes(changed(whole.read_bytes(), data))
    return repr(load(folder / "run.h5"))


def hdf5_directions(data: bytes, folder: Path) -> Any:
    """The same of a direction file."""
    if not (whole := folder / "whole.h5").exists():
        with h5py.File(whole, "w") as file:
            file["xdirection/0"], file["ydirection/0"] = np.ones(4), np.arange(4.0)
    (folder / "run.h5").write_bytes(changed(whole.read_bytes(), data))
    return read_directions(folder / "run.h5").gram


def changed(whole: bytes, data: bytes) -> bytes:
    content = bytearray(whole)
    for at in range(0, len(data) - 3, 4):
        content[int.from_bytes(data[at : at + 3], "little") % len(content)] = data[at + 3]
    return bytes(content)


def changes(folder: Path) -> Seeds:
    yield b""
    draw = np.random.default_rng(0)
    for size in (4, 16, 64):
        yield draw.integers(0, 256, size, np.uint8).tobytes()


def safetensors(data: bytes, folder: Path) -> Any:
    """A head as the bytes say, of the right length, before sixteen bytes of numbers."""
    head = len(data).to_bytes(8, "little") if data[:1] != b"\xff" else data[:8]
    (folder / "run.safetensors").write_bytes(head + data + bytes(16))
    return state_of(folder / "run.safetensors")


def safetensors_heads(folder: Path) -> Seeds:
    for shape, dtype, end in (([4], "F32", 16), ([2, 2], "F32", 16), ([2], "F64", 16), ([], "F64", 8)):
        yield json.dumps({"w": {"dtype": dtype, "shape": shape, "data_offsets": [0, end]}}).encode()


def trainer_state(data: bytes, folder: Path) -> Any:
    (folder / "model.safetensors").write_bytes(framed_head(next(iter(safetensors_heads(folder)))))
    (folder / "trainer_state.json").write_bytes(data)
    return read_checkpoints([folder])


def framed_head(head: bytes) -> bytes:
    return len(head).to_bytes(8, "little") + head + bytes(16)


def trainer_states(folder: Path) -> Seeds:
    yield json.dumps({"global_step": 5, "epoch": 0.5, "log_history": [{"learning_rate": 0.1}]}).encode()


def checkpoint(data: bytes, folder: Path) -> Any:
    """A file of ``torch.save`` with another pickle in it."""
    whole = folder / "whole.pt"
    if not whole.exists():
        torch.save({"state_dict": {"w": torch.ones(3)}, "step": 3}, whole)
    with zipfile.ZipFile(whole) as right, zipfile.ZipFile(folder / "run.pt", "w") as archive:
        for name in right.namelist():
            archive.writestr(name, data if name.endswith("data.pkl") else right.read(name))
    return state_of(folder / "run.pt")


def pickles(folder: Path) -> Seeds:
    for number, value in enumerate(({"w": torch.ones(3)}, {"w": torch.ones(2, 2).T, "step": 5})):
        torch.save(value, folder / f"{number}.pt")
        with zipfile.ZipFile(folder / f"{number}.pt") as archive:
            yield archive.read(next(name for name in archive.namelist() if name.endswith("data.pkl")))


def state_of(path: Path) -> Any:
    (found,) = read_checkpoints([path])
    return found.state()


def message(data: bytes, folder: Path) -> Any:
    return parse_action(json_of(data))


def messages(folder: Path) -> Seeds:
    told: list[Any] = [{"kind": kind} for kind in COMMANDS]
    told += [{"kind": "ack", "generation": 1, "sequence": 2}, {"kind": "auto_range", "factor": 10.0}]
    told += [
        {"kind": "ping", "ping": 1},
        {"kind": "preset", "key": "paper"},
        {"kind": "photograph", "hidden": True},
    ]
    return [json.dumps(content).encode() for content in told]


def mail(data: bytes, folder: Path) -> Any:
    return Mail(lambda told: None).take(json_of(data))


def letters(folder: Path) -> Seeds:
    yield json.dumps(
        {"page": "a", "read": 0, "messages": [{"number": 1, "content": {"kind": "hello"}}]}
    ).encode()


def trait(data: bytes, folder: Path) -> Any:
    """Names and values of traits, as a page sets them; what is taken can be sent, and stays the same."""
    content = json_of(data)
    if not isinstance(content, dict):
        return
    for name, value in content.items():
        taken = checked(name, value, CHOICES)
        if name in KNOWN:
            json.dumps(taken, allow_nan=False, ensure_ascii=False).encode()
            assert checked(name, taken, CHOICES) == taken


VIEW = {"kind": "contour", "camera": {"eye": {"x": 1, "y": 1, "z": 1}}, "levels": [0.1, 1], "limits": [0, 5]}
PINS = [{"x": 0.5, "y": -0.2, "text": "flat"}]
STEPS = [{"caption": "a", "view": VIEW}]
KNOWN = {
    **TRAITS,
    **VIEW,
    "pins": PINS,
    "steps": STEPS,
    "name": "mine",
    "locked": ["x"],
    "clip": 3,
    "marked": [0, 1],
}


def traits(folder: Path) -> Seeds:
    return [json.dumps({name: value}).encode() for name, value in KNOWN.items()]


def json_of(data: bytes) -> Any:
    """What the host has read before anybody of us looks; what it can't read never comes."""
    try:
        return json.loads(data)
    except (RecursionError, ValueError):
        return None


TARGETS: Mapping[str, Target] = {
    "surface file": Target(surface_file, surface_files, (ValueError,), 0.1),
    "surface manifest": Target(surface_manifest, manifests, (ValueError,), 0.1),
    "journal of a run": Target(journal, journals, (ValueError,), 0.08),
    "HDF5 surface": Target(hdf5_surface, changes, (ValueError,), 0.08),
    "HDF5 directions": Target(hdf5_directions, changes, (ValueError,), 0.08),
    "safetensors head": Target(safetensors, safetensors_heads, (ValueError,), 0.1),
    "pickle in a checkpoint": Target(checkpoint, pickles, (ValueError,), 0.01),
    "trainer state": Target(trainer_state, trainer_states, (ValueError,), 0.05),
    "message of a page": Target(message, messages, (ProtocolError,), 0.12),
    "mail of a page": Target(mail, letters, (ProtocolError,), 0.08),
    "trait from a page": Target(trait, traits, (ValueError,), 0.2),
}
"""Name → what is fuzzed."""
