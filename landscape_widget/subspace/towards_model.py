"""What lies between two models? The direction whose coordinate 1 is the other one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from landscape_widget.objective.copies import uncompiled
from landscape_widget.objective.objective import Objective
from landscape_widget.subspace.checkpoint import Checkpoint, plain_names
from landscape_widget.subspace.direction import Direction, running_statistics, wide

State = Mapping[str, Tensor]

RANGE = (-0.5, 1.5)


@dataclass(frozen=True, eq=False)
class TowardsModel:
    """The difference θ' − θ to another model of the same architecture, in float64.

    Coordinate 0 is the objective's model, 1 the other one (Goodfellow et al. 2015; Li et al. 2018, sec. 3).
    Floating BatchNorm statistics go along, since those of one end are wrong at the other; `with_batch_norm`
    keeps them where they are. The other model is copied here, once, so it may train on.

    Args:
        other: a module, or its ``state_dict()``, or a checkpoint of a trajectory; wrappers such as
            DataParallel don't matter.
        name: what the other model is called in labels.

    Raises:
        TypeError: if it is none of these, or the mapping holds something else than tensors.
    """

    other: InitVar[nn.Module | State | Checkpoint]
    name: str = "other model"
    state: State = field(init=False, repr=False)

    def __post_init__(self, other: nn.Module | State | Checkpoint) -> None:
        object.__setattr__(self, "state", _read(other))

    def __call__(self, objective: Objective) -> Direction:
        """Return the difference to the objective's origin.

        Raises:
            ValueError: if the architecture is another, or the moved parameters are the same.
        """
        here = _tensors(objective.model.state_dict(keep_vars=True))
        names = plain_names(here)
        there = _with_ties({names.get(name, name): tensor for name, tensor in self.state.items()}, here)
        _refuse_another_architecture(there, here)
        moving = dict(objective.params) | {name: here[name] for name in running_statistics(objective.model)}
        held = _held(there, here, moving)
        vector = {name: wide(there[name]) - wide(tensor) for name, tensor in moving.items()}
        if not any(vector[name].any() for name in objective.params):
            hint = f" {len(held)} tensors that don't move differ; try `parameters='all'`." if held else ""
            raise ValueError(
                "The other model has the same moved parameters as this one, so there is no direction "
                f"towards it. Give a model that was trained differently, or an earlier checkpoint.{hint}"
            )
        clamped = _clamped(here, vector, self.name)
        return Direction(
            vector=vector,
            label=f"towards {self.name}",
            range=RANGE,
            endpoint=None if held else self.name,
            notes=(*_notes(held, self.name), *clamped),
            notes_on_statistics=clamped,
        )


def _read(other: object) -> dict[str, Tensor]:
    other = other.state() if isinstance(other, Checkpoint) else other
    if not isinstance(other, nn.Module | Mapping):
        raise TypeError(
            f"TowardsModel expects a module or its `state_dict()`; got {type(other).__name__}. "
            "A path is read with `torch.load(path, weights_only=True)`."
        )
    state = _tensors(uncompiled(other).state_dict() if isinstance(other, nn.Module) else other)
    for name, tensor in state.items():
        if not isinstance(tensor, Tensor):
            raise TypeError(
                f"TowardsModel expects tensors in a state_dict; {name!r} is {type(tensor).__name__}. "
                "A checkpoint often holds the state_dict under a name: `checkpoint['state_dict']`."
            )
        if is_lazy(tensor) or tensor.is_meta:
            raise ValueError(
                f"The other model has no values for {name!r} yet (lazy, or on the meta device). "
                "Load its weights first."
            )
    return {plain: state[name].detach().cpu().clone() for plain, name in plain_names(state).items()}


def _tensors(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    ignored = ("num_batches_tracked", "_extra_state")
    return {name: tensor for name, tensor in state.items() if not name.endswith(ignored)}


def _with_ties(state: State, here: State) -> State:
    """Fill in names of tied tensors, which some formats save once."""
    saved = {_place(here[name]): name for name in state if name in here and here[name].numel()}
    missing = {name: saved[_place(t)] for name, t in here.items() if name not in state and _place(t) in saved}
    return {**state, **{name: state[twin] for name, twin in missing.items()}}


def _place(tensor: Tensor) -> tuple[torch.device, int]:
    return tensor.device, tensor.data_ptr()


def _refuse_another_architecture(there: State, here: State) -> None:
    do = "Both must have the same architecture: build the other like this one and load its weights."
    missing = [name for name in here if name not in there]
    unexpected = [name for name in there if name not in here]
    if missing or unexpected:
        first = f"lacks {missing[0]!r}" if missing else f"has {unexpected[0]!r}, unknown here"
        raise ValueError(
            f"The other model {first} ({len(missing)} missing, {len(unexpected)} unexpected names). {do}"
        )
    wrong = [name for name in here if there[name].shape != here[name].shape]
    if wrong:
        name = wrong[0]
        raise ValueError(
            f"The other model's {name!r} has shape {list(there[name].shape)}; "
            f"expected {list(here[name].shape)} ({len(wrong)} shapes differ). {do}"
        )


def _held(there: State, here: State, moving: Mapping[str, Tensor]) -> list[str]:
    """Names of tensors that are not the other model's at coordinate 1."""
    ends = {_place(here[name]): there[name] for name in moving}
    return [
        name
        for name, tensor in here.items()
        if tensor.numel() and not _equal(there[name], ends.get(_place(tensor), tensor), tensor.dtype)
    ]


def _equal(a: Tensor, b: Tensor, dtype: torch.dtype) -> bool:
    return torch.equal(*(tensor.detach().cpu().to(dtype) for tensor in (a, b)))


def _clamped(here: State, vector: State, name: str) -> tuple[str, ...]:
    """Say how many running variances turn negative within the range."""
    lines = [
        (wide(here[key]), step) for key, step in vector.items() if key.rpartition(".")[2] == "running_var"
    ]
    below = sum(int(((v + RANGE[0] * step < 0) | (v + RANGE[1] * step < 0)).sum()) for v, step in lines)
    if not below:
        return ()
    return (
        f"{below} running variances of BatchNorm would be negative before this model or beyond {name}; "
        "they are held at 0 there.",
    )


def _notes(held: list[str], name: str) -> tuple[str, ...]:
    if not held:
        return ()
    return (
        f"{len(held)} tensors of {name} differ but don't move, {held[0]} for one, so the point at 1 is not "
        "quite that model. Frozen parameters move with parameters='all'.",
    )
