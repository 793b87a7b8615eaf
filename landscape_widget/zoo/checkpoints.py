"""Which trained networks are there, and how is one had?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from landscape_widget.names import one_of
from landscape_widget.subspace.tensor_file import TensorFile
from landscape_widget.subspace.tensor_places import safetensors_places
from landscape_widget.subspace.trajectory import Trajectory
from landscape_widget.zoo.recipes import BUILDERS, SHIPPED

FOLDER = Path(__file__).parent / "checkpoints"


def names() -> tuple[str, ...]:
    """Return what `load` knows."""
    return tuple(SHIPPED)


def seeds(name: str) -> range:
    """Return the seeds from which a network was trained."""
    return range(SHIPPED[one_of(name, names(), "A trained network")].seeds)


def load(name: str, seed: int = 0, *, folder: Path = FOLDER) -> nn.Module:
    """Return a trained network, in eval mode.

    Its ``settings``, a dict, say how it was trained and what became of it: ``"test_error"`` (a share of 1),
    ``"norms"`` (length of the weights before the first epoch and after each), ``"learning_rates"`` and more.

    Args:
        name: one of `names`.
        seed: of its first weights and of the order of its data.
        folder: where the files are; those that ship by default.

    Raises:
        ValueError: where no such network is known.
        FileNotFoundError: where it isn't in the folder.
    """
    path = checkpoint_path(name, seed, folder)
    settings = _settings(path)
    model = BUILDERS[settings["network"]](**settings["shape"], seed=seed)
    model.load_state_dict(_states(path)[-1])
    model.settings = cast(Any, settings)
    return model.eval()


def trajectory(name: str, seed: int = 0, *, folder: Path = FOLDER) -> Trajectory:
    """Return a training run, one checkpoint before the first epoch and one after each.

    Args:
        name: of a network of which the run ships too: ``"sgd"`` or ``"adam"``.
        seed: of its first weights and of the order of its data.
        folder: where the files are; those that ship by default.

    Raises:
        ValueError: where no such run is known.
        FileNotFoundError: where it isn't in the folder.
    """
    recorded = [shipped for shipped in SHIPPED if SHIPPED[shipped].is_recorded]
    path = checkpoint_path(one_of(name, recorded, "A recorded training run"), seed, folder)
    rates = _settings(path)["learning_rates"]
    states = _states(path)
    return Trajectory.from_checkpoints(states, epochs=range(len(states)), learning_rates=rates)


def checkpoint_path(name: str, seed: int, folder: Path = FOLDER) -> Path:
    """Return where a trained network is kept.

    Raises:
        ValueError: where no such network is known.
    """
    known = seeds(name)
    if seed not in known:
        raise ValueError(
            f"The network {name!r} was trained from the seeds {', '.join(map(str, known))}; got {seed!r}. "
            "Train others with `python -m landscape_widget.zoo.train`."
        )
    return folder / f"{name}-seed-{seed}.safetensors"


def _settings(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise FileNotFoundError(
            f"Expected a trained network at {path}; there is no such file. "
            "Make it with `python -m landscape_widget.zoo.train NAME --folder …`."
        )
    with path.open("rb") as file:
        head = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return json.loads(head["__metadata__"]["settings"])


def _states(path: Path) -> list[Mapping[str, Tensor]]:
    """Return the state_dicts in a file, in float32; of a recorded run the names begin with the epoch."""
    states: dict[str, dict[str, Tensor]] = {}
    for name, tensor in TensorFile(path, safetensors_places(path)).state().items():
        epoch, _, own = name.rpartition("/")
        states.setdefault(epoch, {})[own] = tensor.to(torch.float32) if tensor.is_floating_point() else tensor
    return [states[epoch] for epoch in sorted(states, key=lambda epoch: int(epoch or 0))]
