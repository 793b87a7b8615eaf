"""What is a direction? A tensor for each moved parameter, where it came from, and the checks at the door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

import torch
from torch import Tensor, nn

from landscape_widget.objective.lazy_tensors import LazyTensors
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import fingerprint

STATISTICS = ("running_mean", "running_var")


@dataclass(frozen=True, eq=False)
class Blocks:
    """Which parts of a direction have the length of the weights' own.

    Attributes:
        kind: ``"filter"`` or ``"layer"``.
        of: name → the tensor's shape with what is fused in it apart, and the axes of it that one block spans.
    """

    kind: str
    of: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]


@dataclass(frozen=True, eq=False)
class Direction:
    """A displacement d of the parameters; a coordinate a on it means θ + a·d.

    Attributes:
        vector: CPU tensors in the shapes of the moved parameters, float32 or wider; between models also
            floating BatchNorm statistics.
        label: as people read it: ``"random, seed 0"``, ``"towards other model"``.
        range: coordinates to look at unless told otherwise.
        endpoint: name of the point at coordinate 1, if it has one.
        slant: that point's coordinate along the other axis, where it isn't 0.
        zero_filters: filters of norm zero, which don't move.
        single_weight_filters: filters of one weight, where filter normalization leaves only a random sign.
        notes: sentences the user should read.
        notes_on_statistics: those of them that hold only while BatchNorm statistics move along.
        variance: of a random direction, the variance of each entry over seeds, float64 in the shapes of
            ``vector``; 0 where the entry is certain. None where chance had no part.
        blocks: what its normalization has made as long as the weights, None where it has no such parts.
        explained: of a principal component, its share of the trajectory's variance, 0 to 1.
        by_chance: the share that a random walk of the same step lengths would have.
        rule: what makes the same tensors again from an objective alone; None where only the tensors know.
    """

    vector: Mapping[str, Tensor]
    label: str
    range: tuple[float, float] = (-1.0, 1.0)
    endpoint: str | None = None
    slant: float = 0.0
    zero_filters: int = 0
    single_weight_filters: int = 0
    notes: tuple[str, ...] = ()
    notes_on_statistics: tuple[str, ...] = ()
    variance: Mapping[str, Tensor] | None = None
    blocks: Blocks | None = None
    explained: float | None = None
    by_chance: float | None = None
    rule: DirectionRule | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of names, dtypes, shapes and bytes of the vector."""
        return fingerprint(self.vector)


DirectionRule = Callable[[Objective], Direction | Mapping[str, Tensor]]
"""What users may write themselves: from the objective to a direction, or to a bare mapping name → tensor."""


def as_direction(rule: DirectionRule | Direction | Mapping[str, Tensor], objective: Objective) -> Direction:
    """Run a rule, or take a mapping as it is, and return a checked private copy; of lazy tensors none.

    Nothing is normalized here: a direction of the user's own keeps its length.

    Raises:
        TypeError: if it is no rule, mapping or direction.
        ValueError: if names are missing or unknown, shapes differ, values are not finite, or nothing moves.
    """
    if isinstance(rule, nn.Module) or not (callable(rule) or isinstance(rule, Direction | Mapping)):
        raise TypeError(
            "A direction is a rule such as `RandomDirection(seed=0)`, a mapping parameter name → tensor, "
            f"or a function of the objective; got {type(rule).__name__}. "
            "For a model write `TowardsModel(other)`."
        )
    made = rule(objective) if callable(rule) else rule
    if isinstance(made, Mapping):
        made = Direction(made, "own direction")
    if not isinstance(made, Direction):
        raise TypeError(
            "A direction's function must return a mapping parameter name → tensor, or a `Direction`; "
            f"got {type(made).__name__}."
        )
    if isinstance(made.vector, LazyTensors):
        return made
    made = replace(made, vector=_checked(made, objective))
    if objective.lender is None:
        return made
    held = sum(tensor.nbytes for tensor in made.vector.values())
    return replace(made, notes=(*made.notes, f"{made.label}: held in memory, {held / 1e6:,.3g} MB."))


def with_batch_norm(direction: Direction, objective: Objective) -> Direction:
    """Return it as the objective treats BatchNorm: statistics move only where they are interpolated.

    Without BatchNorm they are those of other layers, such as InstanceNorm, and move with the weights.
    """
    still = {name: direction.vector[name] for name in direction.vector if name not in objective.params}
    if objective.batch_norm in (None, "interpolate") or not still:
        return direction
    notes = tuple(note for note in direction.notes if note not in direction.notes_on_statistics)
    if objective.batch_norm == "frozen" and direction.endpoint and any(step.any() for step in still.values()):
        notes += (
            f"BatchNorm statistics stay those of the origin, so the loss at {direction.endpoint} isn't quite "
            "that model's own; interpolated statistics would be.",
        )
    vector = {name: direction.vector[name] for name in objective.params}
    return replace(direction, vector=vector, notes=notes, notes_on_statistics=())


def running_statistics(model: nn.Module) -> tuple[str, ...]:
    """Return the names of floating BatchNorm statistics: no parameters, but they may move between models."""
    return tuple(
        name
        for name, buffer in model.named_buffers()
        if name.rpartition(".")[2] in STATISTICS and buffer.is_floating_point()
    )


def wide(tensor: Tensor) -> Tensor:
    """Return the values on the CPU, as float64 or complex128."""
    return tensor.detach().cpu().to(torch.promote_types(tensor.dtype, torch.float64))


def kept(tensor: Tensor, like: Tensor) -> Tensor:
    """Return a direction's values in the precision of the weights they move, at least float32."""
    return tensor.to(at_least_float32(like.dtype))


def at_least_float32(dtype: torch.dtype) -> torch.dtype:
    """Return the type of steps that move weights of this one."""
    return torch.promote_types(dtype, torch.float32)


def _checked(direction: Direction, objective: Objective) -> dict[str, Tensor]:
    vector, params = direction.vector, objective.params
    what = f"Direction {direction.label!r}"
    statistics = dict(objective.model.named_buffers())
    may = dict(params) | {name: statistics[name] for name in running_statistics(objective.model)}
    _check_names(what, vector, params, may)
    copies = {name: _copy(what, name, vector[name], tensor) for name, tensor in may.items() if name in vector}
    if not any(copies[name].any() for name in params):
        raise ValueError(
            f"{what} is zero everywhere, so nothing would move. "
            "At least one entry of one moved parameter must differ from 0."
        )
    return copies


def _check_names(
    what: str, vector: Mapping[str, Tensor], must: Mapping[str, Tensor], may: Mapping[str, Tensor]
) -> None:
    if unknown := [name for name in vector if name not in may]:
        near = get_close_matches(str(unknown[0]), list(may), n=1, cutoff=0.4)
        meant = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(
            f"{what} has an entry for {unknown[0]!r} ({len(unknown)} unknown), which is no moved parameter."
            f"{meant} Leave it out, or choose what moves with `parameters=…`."
        )
    if missing := [name for name in must if name not in vector]:
        raise ValueError(
            f"{what} has no entry for {missing[0]!r} ({len(missing)} missing). "
            "A direction needs one tensor per moved parameter; start from "
            "`{k: torch.zeros_like(v) for k, v in objective.params.items()}`."
        )


def _copy(what: str, name: str, tensor: object, like: Tensor) -> Tensor:
    if not isinstance(tensor, Tensor):
        raise TypeError(
            f"{what} needs a tensor for {name!r}; got {type(tensor).__name__}. Use `torch.as_tensor`."
        )
    if tensor.shape != like.shape:
        raise ValueError(
            f"{what} has shape {list(tensor.shape)} for {name!r}, which has {list(like.shape)}. "
            "Each tensor must have its parameter's shape."
        )
    if not tensor.is_floating_point() and not (tensor.is_complex() and like.is_complex()):
        expected = "floating point or complex" if like.is_complex() else "floating point"
        raise ValueError(
            f"{what} needs {expected} numbers for {name!r}; got {tensor.dtype}. Convert it with `.to(…)`."
        )
    if not torch.isfinite(tensor).all():
        raise ValueError(
            f"{what} is not finite in {name!r}. A cell would be NaN whatever the loss is; "
            "replace infinities and NaN before you give it."
        )
    wider = at_least_float32(tensor.dtype)
    return tensor.detach().to("cpu", wider, copy=True, memory_format=torch.contiguous_format)
