"""What can a checkpoint do that somebody else has written? Be refused; it is never run."""

from __future__ import annotations

import io
import json
import pickle
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from landscape_widget.subspace.trajectory import Trajectory

HUGE = 2**60
RAN: list[str] = []


def runs(what: str) -> None:
    RAN.append(what)


class Attack:
    def __reduce__(self) -> Any:
        return runs, ("a class",)


def refused(path: Path, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as refusal:
        Trajectory.from_checkpoints([path, path])
    assert path.name in str(refusal.value)
    assert not RAN


def in_zip(path: Path, change: Callable[[dict[str, bytes]], None], method: int = zipfile.ZIP_STORED) -> None:
    """A file of ``torch.save`` with other bytes in its archive."""
    torch.save({"w": torch.ones(3), "v": torch.zeros(2, 2)}, path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def with_pickle(content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.update({next(n for n in members if n.endswith("data.pkl")): content})


@pytest.mark.parametrize(
    "content",
    [
        pickle.dumps(Attack()),
        pickle.dumps({"w": Attack()}),
        b"cbuiltins\neval\n(S'__import__(\"os\").getcwd()'\ntR.",
        b"cos\nsystem\n(S'true'\ntR.",
        b"",
        b"." * 100,
        b"\x80\x02" + b"]" * 10_000,
        b"\x80\x02" + b"(" * 10_000 + b"t." * 3,
        pickle.dumps([[[]]] * 1000),
    ],
    ids=["class", "inside", "eval", "system", "empty", "dots", "lists", "marks", "list"],
)
def test_what_is_no_tensor_is_refused_and_never_run(tmp_path, content):
    in_zip(tmp_path / "hostile.pt", with_pickle(content))
    refused(tmp_path / "hostile.pt", "Expected a checkpoint that torch.load|expected a state_dict")
    (tmp_path / "old.pt").write_bytes(content)
    refused(tmp_path / "old.pt", "Expected a checkpoint that torch.load|expected a state_dict")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    in_zip(tmp_path / "bomb.pt", lambda members: members.update(more=bytes(10 << 20)), zipfile.ZIP_DEFLATED)
    assert (tmp_path / "bomb.pt").stat().st_size < 100_000
    refused(tmp_path / "bomb.pt", r"it raised ValueError: its parts have 10,4\d\d,\d{3} bytes, and it has")


def test_a_tar_is_refused_whatever_is_in_it(tmp_path):
    """Under torch before 2.6 its parts are unpickled without a check, CVE-2025-32434."""
    with tarfile.open(tmp_path / "old.pt", "w") as archive:
        for name in ("storages", "tensors", "pickle"):
            content = pickle.dumps(Attack())
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    refused(tmp_path / "old.pt", "it raised ValueError: it is a tar file")


def test_a_tensor_of_far_more_numbers_than_the_file_has_is_refused(tmp_path):
    torch.save({"w": torch.zeros(1).expand(2**40)}, tmp_path / "wide.pt")
    refused(
        tmp_path / "wide.pt",
        r"should hold tensors of at most 32 times its [\d,]+ bytes; got 4,398,046,511,104",
    )


def test_a_sparse_tensor_is_no_weight(tmp_path):
    sparse = torch.sparse_coo_tensor(torch.tensor([[0]]), torch.ones(1), (2**40,), check_invariants=True)
    torch.save({"w": sparse}, tmp_path / "sparse.pt")
    refused(tmp_path / "sparse.pt", "holds no tensors that could be weights")


def test_one_storage_under_many_names_counts_each_time(tmp_path):
    shared = torch.ones(100_000)
    torch.save({f"w{number}": shared for number in range(100)}, tmp_path / "many.pt")
    refused(tmp_path / "many.pt", r"got 40,000,000")


def test_odd_facts_beside_the_weights_are_no_facts(tmp_path):
    odd: list[Any] = [10**400, float("inf"), float("nan"), "soon", [1], {}, None, True]
    for step in odd:
        beside = {"step": step, "epoch": step, "optimizer": {"param_groups": step}, "lr": step}
        torch.save({"state_dict": {"w": torch.ones(3)}, **beside}, tmp_path / "odd.pt")
        one, _ = Trajectory.from_checkpoints([tmp_path / "odd.pt"] * 2)
        assert one.step in (0, 1)


def test_names_that_are_no_texts_name_nothing(tmp_path):
    torch.save({"w": torch.ones(3), 5: torch.ones(2), ("a",): torch.ones(1)}, tmp_path / "odd.pt")
    assert list(Trajectory.from_checkpoints([tmp_path / "odd.pt"] * 2)[0].state()) == ["w"]


def head(content: Any, tensors: int = 16) -> bytes:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return len(text).to_bytes(8, "little") + text + bytes(tensors)


def entry(**lies: Any) -> dict[str, Any]:
    return {"w": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16], **lies}}


LIES = {
    "a head of 2^60 bytes": HUGE.to_bytes(8, "little") + b"{}",
    "deep": head(b"[" * 100_000, 200_000),
    "mostly blank": head(b"{}" + b" " * (3 << 20)),
    "no text": head(b"\xff" * 10),
    "a list": head([entry()]),
    "2^60 numbers": head(entry(shape=[HUGE])),
    "2^120": head(entry(shape=[HUGE, HUGE])),
    "2^64": head(entry(shape=[2**32, 2**32])),
    "−4": head(entry(shape=[-4])),
    "−2 × −2": head(entry(shape=[-2, -2])),
    "shape in text": head(entry(shape="4")),
    "shape in floats": head(entry(shape=[4.0])),
    "5,000 axes": head(entry(shape=[True] * 5000)),
    "objects": head(entry(dtype="object")),
    "a list of kinds": head(entry(dtype=["F32"])),
    "behind the end": head(entry(data_offsets=[16, 32])),
    "before the start": head(entry(data_offsets=[-16, 0])),
    "far away": head(entry(data_offsets=[HUGE, HUGE + 16])),
    "places in floats": head(entry(data_offsets=[0.0, 16.0])),
    "half a place": head(entry(data_offsets=[0])),
    "no place": head(entry(data_offsets=None)),
    "a number": head({"w": 5}),
    "an empty list": head({"w": []}),
    "nothing": head({}),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_safetensors_file_that_lies_is_refused_in_words(tmp_path, lie):
    (tmp_path / "hostile.safetensors").write_bytes(LIES[lie])
    refused(tmp_path / "hostile.safetensors", "Expected a complete .safetensors|holds no tensors")


def test_a_safetensors_file_is_read_where_its_head_is_right(tmp_path):
    """So that what is refused above is refused for its lies."""
    (tmp_path / "right.safetensors").write_bytes(head(entry()))
    one, _ = Trajectory.from_checkpoints([tmp_path / "right.safetensors"] * 2)
    assert torch.equal(one.state()["w"], torch.zeros(4))


@pytest.mark.parametrize("content", [b"{", b"[" * 100_000, b"\xff"], ids=["cut", "deep", "bytes"])
def test_a_trainer_state_that_is_no_json_is_refused_in_words(tmp_path, content):
    folder = tmp_path / "hostile"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(head(entry()))
    (folder / "trainer_state.json").write_bytes(content)
    refused(folder, r"Expected JSON in .*trainer_state\.json, as Hugging Face's Trainer writes it; got")


@pytest.mark.parametrize(
    "told",
    [[], 5, {"log_history": 5}, {"log_history": [5, {"learning_rate": "x"}], "global_step": []}],
    ids=str,
)
def test_a_trainer_state_that_tells_nothing_is_none(tmp_path, told):
    (tmp_path / "model.safetensors").write_bytes(head(entry()))
    (tmp_path / "trainer_state.json").write_text(json.dumps(told))
    assert Trajectory.from_checkpoints([tmp_path, tmp_path])[1].step == 1


def test_file_names_with_odd_letters_are_only_names(tmp_path):
    names = ["epoch²_1.pt", "epoch_٣.pt", "a\nb.pt", "<img src=x>.pt", "$(touch x).pt", "-rf.pt"]
    for name in names:
        torch.save({"w": torch.ones(3)}, tmp_path / name)
    found = Trajectory.from_checkpoints(tmp_path)
    assert sorted(checkpoint.name for checkpoint in found) == sorted(names)
