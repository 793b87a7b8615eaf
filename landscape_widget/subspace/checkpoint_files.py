"""Which checkpoints are in these files? What each holds is found out at once; tensors are read later."""

from __future__ import annotations

import glob
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from landscape_widget.subspace.checkpoint import Checkpoint, InMemory
from landscape_widget.subspace.saved_state import (
    EPOCHS,
    STEPS,
    WholeFile,
    learning_rate_in,
    load_saved,
    number_in,
    refuse_more_than,
    refuse_nothing,
    state_in,
    with_plain_names,
)
from landscape_widget.subspace.tensor_file import TensorFile
from landscape_widget.subspace.tensor_places import archive_places, safetensors_places

SUFFIXES = (".pt", ".pth", ".bin", ".ckpt", ".safetensors")
SAVED_MODELS = ("model.safetensors", "pytorch_model.bin")
"""Of a directory that ``save_pretrained`` wrote, which holds more than weights."""

Given = str | Path | Mapping[str, Tensor]


def read_checkpoints(given: Given | Sequence[Given]) -> list[Checkpoint]:
    """Look into each file; steps are numbered 0, 1, 2, … unless every file says its own.

    Raises:
        TypeError: where something else than paths and state_dicts is given.
        FileNotFoundError: where there is no such file.
        ValueError: where a file is no checkpoint.
    """
    if isinstance(given, str | Path):
        given = _found(given)
    if isinstance(given, Mapping) or not isinstance(given, Sequence):
        raise TypeError(
            "Expected checkpoints as a list of files or state_dicts, a directory, or a pattern such as "
            f"'run/epoch_*.pt'; got {type(given).__name__}."
        )
    found: list[Checkpoint] = []
    for one in given:
        found.append(_sharing(_checkpoint(one), found[-1] if found else None))
    told = all(checkpoint.step >= 0 for checkpoint in found)
    return [one if told else replace(one, step=number) for number, one in enumerate(found)]


def _found(place: str | Path) -> list[Path]:
    path = Path(place)
    if path.is_dir():
        inside = list(path.iterdir())
        saved_models = [folder for folder in inside if _saved_model(folder)]
        found = saved_models or [file for file in inside if file.suffix in SUFFIXES]
        if not found:
            raise FileNotFoundError(
                f"No checkpoint in the directory {path}; expected files that end in {', '.join(SUFFIXES)}."
            )
    elif path.is_file():
        found = [path]
    else:
        found = [Path(name) for name in glob.glob(str(place), recursive=True)]
        if not found:
            raise FileNotFoundError(f"No file is called {place}; expected checkpoints. Is the path right?")
    return sorted(found, key=_natural)


def _natural(path: Path) -> list[tuple[int, str]]:
    """Numbers in names count as numbers: ``epoch_9`` comes before ``epoch_10``."""
    parts = re.split(r"(\d+)", str(path))
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _checkpoint(given: Any) -> Checkpoint:
    if isinstance(given, Mapping):
        state = with_plain_names(state_in(given, "A state_dict"))
        return Checkpoint(-1, InMemory({name: t.detach().cpu().clone() for name, t in state.items()}))
    if not isinstance(given, str | Path):
        hint = " Give `model.state_dict()`." if isinstance(given, nn.Module) else ""
        raise TypeError(f"Expected a checkpoint as a path or a state_dict; got {type(given).__name__}.{hint}")
    path = Path(given)
    if (inside := _saved_model(path)) is not None:
        checkpoint = _checkpoint(inside)
        return replace(checkpoint, name=f"{path.name}/{inside.name}", **_trained_so_far(path))
    if not path.is_file():
        raise FileNotFoundError(f"No file is called {path}; expected a checkpoint. Is the path right?")
    return _in_safetensors(path) if path.suffix == ".safetensors" else _saved(path)


def _saved_model(folder: Path) -> Path | None:
    """Return the weights in a directory that ``save_pretrained`` wrote, None in any other."""
    return next((file for name in SAVED_MODELS if (file := folder / name).is_file()), None)


def _trained_so_far(folder: Path) -> dict[str, Any]:
    """Return step, epoch and learning rate that Hugging Face's Trainer left beside the weights, if it did."""
    file = folder / "trainer_state.json"
    told = _json(file) if file.is_file() else {}
    logged = told.get("log_history")
    entries = [entry for entry in logged if isinstance(entry, Mapping)] if isinstance(logged, list) else []
    rates = [rate for entry in entries if not math.isnan(rate := number_in(entry, ["learning_rate"]))]
    step = number_in(told, STEPS)
    return {
        "step": -1 if math.isnan(step) else int(step),
        "epoch": number_in(told, EPOCHS),
        "learning_rate": rates[-1] if rates else math.nan,
    }


def _json(file: Path) -> Mapping[str, Any]:
    try:
        told = json.loads(file.read_bytes())
    except (RecursionError, ValueError) as error:
        raise ValueError(
            f"Expected JSON in {file}, as Hugging Face's Trainer writes it; got {error}. "
            "Copy it again, or take it away: it only tells step, epoch and learning rate."
        ) from error
    return told if isinstance(told, Mapping) else {}


def _sharing(checkpoint: Checkpoint, before: Checkpoint | None) -> Checkpoint:
    """Keep one table of places for files that are laid out alike, as those of one run mostly are."""
    file, other = checkpoint.tensors, before and before.tensors
    if isinstance(file, TensorFile) and isinstance(other, TensorFile) and file.places == other.places:
        return replace(checkpoint, tensors=TensorFile(file.path, other.places))
    return checkpoint


def _in_safetensors(path: Path) -> Checkpoint:
    places = with_plain_names(safetensors_places(path))
    refuse_nothing({name: place.dtype for name, place in places.items()}, str(path))
    return Checkpoint(-1, TensorFile(path, places), name=path.name)


def _saved(path: Path) -> Checkpoint:
    storages: list[torch.UntypedStorage] = []
    loaded = load_saved(path, storages)
    state = with_plain_names(state_in(loaded, str(path)))
    refuse_more_than(path.stat().st_size, state.values(), str(path))
    places = archive_places(path, state, storages) if storages else None
    step = number_in(loaded, STEPS)
    return Checkpoint(
        -1 if math.isnan(step) else int(step),
        TensorFile(path, places) if places else WholeFile(path, InMemory(state).shapes),
        number_in(loaded, EPOCHS),
        learning_rate_in(loaded),
        path.name,
    )
