"""What did ``torch.save`` write? The state_dict in a file, and what stands beside it."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tarfile import is_tarfile
from typing import Any
from zipfile import ZipFile, is_zipfile

import torch
from torch import Tensor

from landscape_widget.subspace.checkpoint import Part, can_move, parts_of, plain_names

STATES = ("state_dict", "model_state_dict", "model")
STEPS = ("global_step", "step", "iteration")
EPOCHS = ("epoch",)
RATES = ("learning_rate", "lr")
OPTIMIZERS = ("optimizer_state_dict", "optimizer", "optimizer_states")
FARTHEST = 2**63
"""Above every step."""

SHARED = 32
"""How many times as large as their file tensors may be, some of which share their numbers."""


@dataclass(frozen=True, eq=False)
class WholeFile:
    """A file of which no part can be read alone: it is loaded each time."""

    path: Path
    shapes: Mapping[str, torch.Size]

    def state(self) -> Mapping[str, Tensor]:
        return with_plain_names(state_in(load_saved(self.path), str(self.path)))

    def parts(self, wanted: Sequence[Part]) -> Iterator[Tensor]:
        return parts_of(self.state(), wanted)


def load_saved(path: Path, storages: list[torch.UntypedStorage] | None = None) -> Any:
    """Load a file, mapped into memory where that is possible.

    Args:
        storages: collects those that are mapped.

    Raises:
        ValueError: where that fails.
    """

    def located(storage: Any, location: str) -> Any:
        if storages is not None:
            storages.append(storage)
        return storage

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of kinds of storage that torch no longer likes
            if is_zipfile(path):
                _refuse_packed(path)
                return torch.load(str(path), map_location=located, weights_only=True, mmap=True)
            if is_tarfile(path):  # torch before 2.6 runs what is in them: CVE-2025-32434
                raise ValueError("it is a tar file, as torch wrote them before 2018.")
            return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged file may raise anything
        why = next(iter(str(error).splitlines()), "")
        raise ValueError(
            f"Expected a checkpoint that torch.load(weights_only=True) reads at {path}; it raised "
            f"{type(error).__name__}: {why} Save `model.state_dict()` alone."
        ) from error


def state_in(loaded: Any, where: str) -> dict[str, Tensor]:
    """Return the tensors of a state_dict, or of that inside a larger checkpoint.

    Raises:
        ValueError: where there are none.
    """
    if not isinstance(loaded, Mapping):
        raise ValueError(
            f"{where} holds a {type(loaded).__name__}; expected a state_dict. "
            "Save `model.state_dict()`, which needs no class to be read."
        )
    inside = next((loaded[key] for key in STATES if isinstance(loaded.get(key), Mapping)), loaded)
    named = {name: value for name, value in inside.items() if isinstance(name, str)}
    found = {name: value for name, value in named.items() if isinstance(value, Tensor)}
    tensors = {name: tensor for name, tensor in found.items() if tensor.layout == torch.strided}
    refuse_nothing({name: tensor.dtype for name, tensor in tensors.items()}, where)
    return tensors


def refuse_nothing(dtypes: Mapping[str, torch.dtype], where: str) -> None:
    """Refuse what holds no weights."""
    if not any(map(can_move, dtypes.values())):
        raise ValueError(
            f"{where} holds no tensors that could be weights; expected a state_dict, or one under "
            f"{' or '.join(map(repr, STATES))}."
        )


def refuse_more_than(size: int, tensors: Iterable[Tensor], where: str) -> None:
    """Refuse tensors that claim far more numbers than a file of so many bytes can hold."""
    claimed = sum(tensor.numel() * tensor.dtype.itemsize for tensor in tensors)
    if claimed > SHARED * size:
        raise ValueError(
            f"{where} should hold tensors of at most {SHARED} times its {size:,} bytes; got {claimed:,}. "
            "If the file is yours, save its tensors with `.contiguous()`."
        )


def with_plain_names(named: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same without the names of wrappers."""
    return {plain: named[name] for plain, name in plain_names(named).items()}


def number_in(loaded: Mapping[str, Any], keys: Sequence[str]) -> float:
    """Return the first number under one of the keys, NaN where there is none."""
    values = (loaded.get(key) for key in keys)
    numbers = (value for value in values if isinstance(value, int | float) and abs(value) < FARTHEST)
    return next(map(float, numbers), math.nan)


def learning_rate_in(loaded: Mapping[str, Any]) -> float:
    """Return that of an optimizer's first group, NaN where there is none."""
    for key in OPTIMIZERS:
        optimizer = loaded.get(key)
        if isinstance(optimizer, Sequence) and optimizer:
            optimizer = optimizer[0]
        groups = optimizer.get("param_groups") if isinstance(optimizer, Mapping) else None
        first = groups[0] if isinstance(groups, Sequence) and groups else None
        if isinstance(first, Mapping) and not math.isnan(rate := _rate(first.get("lr"))):
            return rate
    return number_in(loaded, RATES)


def _rate(told: Any) -> float:
    rate = told.item() if isinstance(told, Tensor) and told.numel() == 1 else told
    return number_in({"lr": rate}, ["lr"])


def _refuse_packed(path: Path) -> None:
    """Refuse an archive whose parts are larger than itself; torch writes them as they are."""
    with ZipFile(path) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > path.stat().st_size:
        raise ValueError(f"its parts have {unpacked:,} bytes, and it has {path.stat().st_size:,}.")
