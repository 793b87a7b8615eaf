"""Are checkpoints read from every kind of file, bit for bit, and are bad ones refused at the door?"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from landscape_widget.subspace.checkpoint import Part
from landscape_widget.subspace.saved_state import WholeFile, load_saved
from landscape_widget.subspace.tensor_file import TensorFile
from landscape_widget.subspace.tensor_places import archive_places
from landscape_widget.subspace.trajectory import Trajectory

State = dict[str, Tensor]


def state(seed: int = 0) -> State:
    """Every kind of tensor that a network may hold."""
    generator = torch.Generator().manual_seed(seed)
    block = torch.randn(40, generator=generator)
    return {
        "conv.weight": torch.randn(4, 3, 3, 3, generator=generator).to(memory_format=torch.channels_last),
        "a view": block[7:19].reshape(3, 4),
        "another": block[20:30],
        "half": torch.randn(5, generator=generator).half(),
        "bfloat16": torch.randn(3, 2, generator=generator).bfloat16(),
        "wide": torch.randn(3, generator=generator).double(),
        "complex": torch.randn(3, dtype=torch.complex64, generator=generator),
        "number": torch.tensor(1.5),
        "empty": torch.empty(0, 3),
        "count": torch.tensor(7 + seed),
        "mask": torch.tensor([True, False]),
    }


def same(a: State, b: State) -> bool:
    return a.keys() == b.keys() and all(a[n].dtype == b[n].dtype and torch.equal(a[n], b[n]) for n in a)


def saved(folder: Path, name: str, value: object) -> Path:
    torch.save(value, folder / name)
    return folder / name


def two(folder: Path, suffix: str) -> list[Path]:
    return [saved(folder, f"{seed}{suffix}", state(seed)) for seed in (0, 1)]


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".bin"])
def test_what_torch_saved_is_read_bit_for_bit_from_its_place(tmp_path: Path, suffix: str) -> None:
    trajectory = Trajectory.from_checkpoints(two(tmp_path, suffix))
    assert [type(checkpoint.tensors) for checkpoint in trajectory] == [TensorFile] * 2
    assert same(dict(trajectory[1].state()), state(1))
    assert [checkpoint.name for checkpoint in trajectory] == [f"0{suffix}", f"1{suffix}"]


def test_safetensors_are_read_bit_for_bit(tmp_path: Path) -> None:
    safetensors = pytest.importorskip("safetensors.torch")
    for seed in (0, 1):
        contiguous = {name: tensor.contiguous() for name, tensor in state(seed).items()}
        safetensors.save_file(contiguous, tmp_path / f"{seed}.safetensors", metadata={"format": "pt"})
    trajectory = Trajectory.from_checkpoints(tmp_path)
    assert same(dict(trajectory[1].state()), state(1))


def test_the_old_format_is_loaded_whole(tmp_path: Path) -> None:
    for seed in (0, 1):
        torch.save(state(seed), tmp_path / f"{seed}.pt", _use_new_zipfile_serialization=False)
    trajectory = Trajectory.from_checkpoints(tmp_path)
    assert [type(checkpoint.tensors) for checkpoint in trajectory] == [WholeFile] * 2
    assert same(dict(trajectory[1].state()), state(1))


def test_parts_are_those_of_the_tensors(tmp_path: Path) -> None:
    old = tmp_path / "old.pt"
    torch.save(state(), old, _use_new_zipfile_serialization=False)
    trajectory = Trajectory.from_checkpoints([saved(tmp_path, "new.pt", state()), old, state()])
    wanted = [Part("conv.weight", 5, 60), Part("a view", 0, 12), Part("empty", 0, 0), Part("number", 0, 1)]
    expected = [state()[name].reshape(-1)[start:stop] for name, start, stop in wanted]
    for checkpoint in trajectory:
        parts = list(checkpoint.tensors.parts(wanted))
        assert all(torch.equal(part, one) for part, one in zip(parts, expected, strict=True))


def test_places_are_only_told_where_all_of_the_archive_is_accounted_for(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.pt", state())
    storages: list[torch.UntypedStorage] = []
    loaded = load_saved(path, storages)
    assert archive_places(path, loaded, storages) is not None
    assert archive_places(path, loaded, storages[1:]) is None
    moved = [storage.clone() for storage in storages]
    assert archive_places(path, loaded, moved) is None
    another = saved(tmp_path, "b.pt", {name: state()[name] for name in ("wide", "half")})
    assert archive_places(another, loaded, storages) is None


def test_files_laid_out_alike_share_their_table_of_places(tmp_path: Path) -> None:
    first, second = Trajectory.from_checkpoints(two(tmp_path, ".pt"))
    assert first.tensors.places is second.tensors.places


def test_reading_keeps_no_file_open(tmp_path: Path) -> None:
    files = two(tmp_path, ".pt")
    trajectory = Trajectory.from_checkpoints(files)
    next(trajectory[0].tensors.parts([Part("wide", 0, 1), Part("half", 0, 1)]))
    for file in files:
        file.unlink()
    with pytest.raises(FileNotFoundError):
        trajectory[0].state()


@pytest.mark.parametrize("again", [b"short", None])
def test_a_file_that_was_written_again_is_noticed(tmp_path: Path, again: bytes | None) -> None:
    files = two(tmp_path, ".pt")
    trajectory = Trajectory.from_checkpoints(files)
    files[0].write_bytes(again or files[1].read_bytes())
    os.utime(files[0], (1, 1))
    with pytest.raises(ValueError, match=r"0\.pt was written again after it was given; make the trajectory"):
        trajectory[0].state()


@pytest.mark.parametrize("key", ["state_dict", "model_state_dict", "model"])
def test_a_checkpoint_of_a_training_script_tells_epoch_step_and_rate(tmp_path: Path, key: str) -> None:
    model = nn.Linear(2, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    for epoch in (1, 2):
        held = {key: model.state_dict(), "epoch": epoch, "global_step": 100 * epoch}
        saved(tmp_path, f"{epoch}.ckpt", held | {"optimizer_state_dict": optimizer.state_dict()})
    trajectory = Trajectory.from_checkpoints(tmp_path)
    assert [(c.step, c.epoch, c.learning_rate) for c in trajectory] == [(100, 1, 0.1), (200, 2, 0.1)]
    assert list(trajectory[0].state()) == ["weight", "bias"]
    assert isinstance(trajectory[0].tensors, TensorFile)


def test_what_is_told_goes_before_what_stands_in_the_files(tmp_path: Path) -> None:
    files = two(tmp_path, ".pt")
    bare = Trajectory.from_checkpoints(files)
    assert [c.step for c in bare] == [0, 1]
    assert all(math.isnan(c.epoch) and math.isnan(c.learning_rate) for c in bare)
    told = Trajectory.from_checkpoints(files, steps=[5, 9], epochs=[1, 2], learning_rates=[0.1, 0.01])
    assert [(c.step, c.epoch, c.learning_rate) for c in told] == [(5, 1, 0.1), (9, 2, 0.01)]
    with pytest.raises(
        ValueError, match="Expected epochs with one number for each of the 2 checkpoints; got 3"
    ):
        Trajectory.from_checkpoints(files, epochs=[1, 2, 3])


def test_a_directory_and_a_pattern_go_in_the_order_of_numbers(tmp_path: Path) -> None:
    for number in (10, 9, 1):
        saved(tmp_path, f"epoch_{number}.pt", {"w": torch.tensor([float(number)])})
    (tmp_path / "log.txt").write_text("no checkpoint")
    for given in (tmp_path, str(tmp_path), f"{tmp_path}/epoch_*.pt"):
        found = Trajectory.from_checkpoints(given)
        assert [float(c.state()["w"]) for c in found] == [1, 9, 10]
    listed = Trajectory.from_checkpoints([tmp_path / "epoch_10.pt", str(tmp_path / "epoch_9.pt")])
    assert [c.name for c in listed] == ["epoch_10.pt", "epoch_9.pt"]


def test_the_directories_of_a_trainer_are_its_checkpoints(tmp_path: Path) -> None:
    safetensors = pytest.importorskip("safetensors.torch")
    for number, step in enumerate((50, 100, 1000)):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        safetensors.save_file({"w": torch.full((2,), float(step))}, folder / "model.safetensors")
        saved(folder, "optimizer.pt", {"state": {}})
        log = [{"loss": 1.0, "learning_rate": 0.1}, {"learning_rate": 0.1 / step}, {"eval_loss": 2.0}]
        told = {"global_step": step, "epoch": number / 2, "log_history": log}
        (folder / "trainer_state.json").write_text(json.dumps(told))
    saved(tmp_path, "training_args.bin", {})
    for given in (tmp_path, f"{tmp_path}/checkpoint-*", sorted(tmp_path.glob("checkpoint-*"))):
        found = sorted(Trajectory.from_checkpoints(given), key=lambda one: one.step)
        assert [float(one.state()["w"][0]) for one in found] == [50, 100, 1000]
        assert [one.step for one in found] == [50, 100, 1000]
        assert [one.epoch for one in found] == [0, 0.5, 1]
        assert [one.learning_rate for one in found] == [0.1 / 50, 0.1 / 100, 0.1 / 1000]
        assert found[0].name == "checkpoint-50/model.safetensors"


def test_state_dicts_are_copied(tmp_path: Path) -> None:
    model = nn.Linear(2, 1)
    trajectory = Trajectory.from_checkpoints([model.state_dict(), model.state_dict()])
    before = trajectory[0].state()["weight"].clone()
    with torch.no_grad():
        model.weight += 1
    assert torch.equal(trajectory[0].state()["weight"], before)


def test_names_of_wrappers_are_taken_out(tmp_path: Path) -> None:
    wrapped = {f"module.{name}": tensor for name, tensor in state().items()}
    trajectory = Trajectory.from_checkpoints(
        [saved(tmp_path, "a.pt", wrapped), saved(tmp_path, "b.pt", state())]
    )
    assert same(dict(trajectory[0].state()), state())


class Unknown:
    """A class of the user's own, which no weights_only loading makes."""


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda d: [d / "no.pt"] * 2,
            FileNotFoundError,
            r"No file is called .*no\.pt; expected a checkpoint",
        ),
        (lambda d: f"{d}/no_*.pt", FileNotFoundError, r"No file is called .*no_\*\.pt; expected checkpoints"),
        (lambda d: d, FileNotFoundError, r"No checkpoint in the directory .* files that end in \.pt, \.pth"),
        (lambda d: [saved(d, "a.pt", state())], ValueError, "got 1. A trajectory of one point has no path"),
        (lambda d: saved(d, "a.pt", state()), ValueError, "got 1. A trajectory of one point has no path"),
        (
            lambda d: [saved(d, "a.pt", {"epoch": 1})] * 2,
            ValueError,
            "holds no tensors that could be weights",
        ),
        (
            lambda d: [saved(d, "a.pt", {"n": torch.tensor(1)})] * 2,
            ValueError,
            "that could be weights; expected",
        ),
        (
            lambda d: [saved(d, "a.pt", torch.ones(2))] * 2,
            ValueError,
            "holds a Tensor; expected a state_dict",
        ),
        (
            lambda d: [saved(d, "a.pt", Unknown())] * 2,
            ValueError,
            r"weights_only=True\) reads at .*a\.pt; it raised",
        ),
        (lambda d: [7, 8], TypeError, "Expected a checkpoint as a path or a state_dict; got int"),
        (lambda d: 7, TypeError, "Expected checkpoints as a list of files or state_dicts, .* got int"),
        (lambda d: state(), TypeError, "Expected checkpoints as a list of files or state_dicts, .* got dict"),
        (
            lambda d: [saved(d, "a.pt", {"w": torch.ones(2)}), saved(d, "b.pt", {"w": torch.ones(3)})],
            ValueError,
            r"Checkpoint 1 \(b\.pt\) has shape \[3\] for 'w'; expected \[2\] as in checkpoint 0",
        ),
    ],
)
def test_bad_input_is_refused_at_the_door(tmp_path: Path, make, error, message: str) -> None:
    with pytest.raises(error, match=message):
        Trajectory.from_checkpoints(make(tmp_path))


def test_steps_are_numbers() -> None:
    with pytest.raises(TypeError, match="Expected steps as numbers, one for each checkpoint; got 'ab'"):
        Trajectory.from_checkpoints([state(), state()], steps="ab")


@pytest.mark.parametrize("kept", [0, 5, 300])
def test_damaged_files_are_refused_by_name(tmp_path: Path, kept: int) -> None:
    whole = saved(tmp_path, "whole.pt", state()).read_bytes()
    (tmp_path / "cut.pt").write_bytes(whole[:kept])
    with pytest.raises(ValueError, match=r"Expected a checkpoint that torch\.load.*cut\.pt; it raised"):
        Trajectory.from_checkpoints([tmp_path / "cut.pt"] * 2)


@pytest.mark.parametrize(
    "content", [b"", b"\xff" * 20, b"\x02" + bytes(7) + b"[]", b"\x02" + bytes(7) + b"{"]
)
def test_damaged_safetensors_are_refused_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "cut.safetensors").write_bytes(content)
    with pytest.raises(ValueError, match=r"cut\.safetensors"):
        Trajectory.from_checkpoints([tmp_path / "cut.safetensors"] * 2)
