"""Is a trajectory that of the objective's network, and what does it call the network's tensors?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import torch
from torch import Tensor, nn

from landscape_widget.subspace.checkpoint import can_move, plain_names
from landscape_widget.subspace.trajectory import Trajectory


class Network(Protocol):
    """What is needed of an objective."""

    @property
    def model(self) -> nn.Module: ...

    @property
    def params(self) -> Mapping[str, Tensor]: ...


def check_fits(trajectory: Trajectory, objective: Network) -> None:
    """Refuse at the door what can't be drawn.

    Raises:
        TypeError: where it is no trajectory.
        ValueError: where it has one point and won't grow, or is of another network.
    """
    if not isinstance(trajectory, Trajectory):
        raise TypeError(
            "Expected a trajectory from `with lw.record(model) as trajectory:` or "
            f"`lw.Trajectory.from_checkpoints(…)`; got {type(trajectory).__name__}."
        )
    if len(trajectory) < 2 and not trajectory.is_recording:
        raise ValueError(
            f"A trajectory needs two checkpoints or more; got {len(trajectory)}. A trajectory of one point "
            "has no path: record while the model trains, or give more checkpoints."
        )
    if len(trajectory):
        names_in(trajectory, objective)


def names_in(trajectory: Trajectory, objective: Network) -> dict[str, str]:
    """Return the model's names → the trajectory's, of parameters and floating buffers that it holds.

    Wrappers such as DataParallel don't matter, nor does which one of tied tensors was saved, nor whether the
    network was saved as a part of a larger module, as Lightning does.

    Raises:
        ValueError: where a parameter is missing, or has another shape, or the trajectory has tensors that the
            network lacks.
    """
    shapes = trajectory.shapes
    everything = _tensors(objective.model)
    here = {name: tensor for name, tensor in everything.items() if can_move(tensor.dtype)}
    prefix = _prefix(plain_names(here), shapes)
    found: dict[str, str] = {}
    for plain, name in plain_names(here).items():
        if prefix + plain in shapes:
            found[name] = prefix + plain
    twins = {_place(here[name]): there for name, there in found.items() if here[name].numel()}
    for name, tensor in here.items():
        if name not in found and _place(tensor) in twins:
            found[name] = twins[_place(tensor)]
    params = [name for name, _ in objective.model.named_parameters()]
    known = {*found.values(), *(prefix + plain for plain in plain_names(everything))}
    unknown = [
        n for n in shapes if n.startswith(prefix) and n not in known and not n.endswith("_extra_state")
    ]
    _refuse_another_network(params, unknown, found, here, shapes)
    return found


def _tensors(model: nn.Module) -> dict[str, Tensor]:
    named: dict[str, Tensor] = dict(model.named_parameters(remove_duplicate=False))
    return named | dict(model.named_buffers(remove_duplicate=False))


def _prefix(plain: Mapping[str, str], shapes: Mapping[str, torch.Size]) -> str:
    """Return what stands before each of the names where the network is a part of what was saved."""
    if all(name in shapes for name in plain):
        return ""
    first = next(iter(plain))
    prefixes = [name.removesuffix(first) for name in shapes if name.endswith(f".{first}")]
    whole = [prefix for prefix in prefixes if all(prefix + name in shapes for name in plain)]
    return whole[0] if len(whole) == 1 else ""


def _place(tensor: Tensor) -> tuple[torch.device, int]:
    return tensor.device, tensor.data_ptr()


def _refuse_another_network(
    params: list[str],
    unknown: list[str],
    found: Mapping[str, str],
    here: Mapping[str, Tensor],
    shapes: Mapping[str, torch.Size],
) -> None:
    do = "Give the network that was trained, or the checkpoints of this one."
    if missing := [name for name in params if name not in found]:
        other = f" and has {unknown[0]!r}, unknown here" if unknown else ""
        raise ValueError(
            f"The trajectory lacks the model's {missing[0]!r}{other} ({len(missing)} missing names). {do}"
        )
    if unknown:
        raise ValueError(
            f"The trajectory has {unknown[0]!r}, which the model lacks ({len(unknown)} unknown names). {do}"
        )
    if wrong := [name for name, there in found.items() if shapes[there] != here[name].shape]:
        name = wrong[0]
        raise ValueError(
            f"The trajectory has shape {list(shapes[found[name]])} for {name!r}; the model has "
            f"{list(here[name].shape)} ({len(wrong)} shapes differ). {do}"
        )
