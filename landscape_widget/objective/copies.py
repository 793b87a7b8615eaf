"""How do we get a model of our own, so that nothing we do can reach the user's?"""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from types import MethodType
from typing import Any

import torch
from torch import Tensor, nn

_HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")


def private_copy(
    model: nn.Module,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
    moving: Collection[str] | None = None,
    views: Mapping[str, Tensor] | None = None,
) -> tuple[nn.Module, tuple[str, ...]]:
    """Copy a model with storage of its own, in eval mode, without gradients, and say what was left out.

    Tensors that share storage share it in the copy as well. Stored activations are detached. Hooks that make
    the model work are kept: torch's own (pruning, weight norm) and its modules' methods; others are dropped.

    Args:
        device: None: each tensor stays where it is.
        dtype: for floating point tensors; None: as they are. Complex ones get the complex type that fits.
        moving: names of the parameters that will be written to; the others are shared with ``model``, which
            nobody may write to then. None: all are private.
        views: tensors to use in place of copies, by name; of those that share memory with no other.

    Raises:
        ValueError: where a part of the model can't be copied.
    """
    memo: dict[int, Any] = {}
    with torch.inference_mode(False), torch.no_grad():
        _copy_tensors(model, memo, device, dtype, moving, views or {})
        kept, dropped = _set_hooks_aside(model, memo)
        _copy_empty_containers(model, memo)
        try:
            private = copy.deepcopy(model, memo)
            for hooks, own in kept:
                memo[id(hooks)].update(copy.deepcopy(own, memo))
        except Exception as error:
            raise ValueError(
                f"Expected a model that can be copied; copying {type(model).__name__} raised "
                f"{type(error).__name__}: {error} Remove attributes that don't belong to the network, "
                "or give the network without its trainer."
            ) from error
    notes = (f"{dropped} of the model's hooks left out of the measured copy.",) if dropped else ()
    for parameter in private.parameters():
        parameter.requires_grad_(False)
    return private.eval(), notes


class Buffers:
    """The buffers of a private model as they are now, to be put back: a forward may write to them."""

    def __init__(self, model: nn.Module) -> None:
        self._kept = [
            (module, name, buffer, buffer.clone())
            for module in model.modules()
            for name, buffer in module.named_buffers(recurse=False)
        ]

    def restore(self) -> None:
        """Put them back, also where others were put in their place."""
        for module, name, buffer, value in self._kept:
            buffer.data.copy_(value)  # torch counts no write to what is as before
            setattr(module, name, buffer)


def uncompiled(model: nn.Module) -> nn.Module:
    """Return the module inside ``torch.compile``, with its plain parameter names; any other as it is."""
    return getattr(model, "_orig_mod", model)


def own_hooks(model: nn.Module) -> list[tuple[nn.Module, str, dict[Any, Any]]]:
    """Return each module's tables of hooks, with those in them that make the model work."""
    modules = set(model.modules())
    return [
        (
            module,
            table,
            {key: hook for key, hook in getattr(module, table).items() if _belongs(hook, modules)},
        )
        for module in modules
        for table in _HOOKS
    ]


def _copy_tensors(
    model: nn.Module,
    memo: dict[int, Any],
    device: torch.device | str | None,
    dtype: torch.dtype | None,
    moving: Collection[str] | None,
    views: Mapping[str, Tensor],
) -> None:
    """Fill the memo of a deepcopy with each tensor's twin: one copy a storage, then views of it."""
    storages: dict[tuple[int, torch.dtype], Tensor] = {}

    def twin(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        key = (storage.data_ptr(), tensor.dtype)
        if key not in storages:
            whole = torch.empty(0, dtype=tensor.dtype, device=tensor.device).set_(storage)
            storages[key] = whole.to(device, _converted(tensor.dtype, dtype), copy=True)
        return storages[key].as_strided(tensor.size(), tensor.stride(), tensor.storage_offset())

    named = dict(model.named_parameters(remove_duplicate=False))
    instead = {id(tensor): views[name] for name, tensor in named.items() if name in views}
    instead |= {id(buffer): views[name] for name, buffer in model.named_buffers() if name in views}
    written = {p.data_ptr() for name, p in named.items() if moving is None or name in moving}
    for parameter in named.values():
        if moving is not None and parameter.data_ptr() not in written:
            memo[id(parameter)] = parameter
        elif type(parameter) is nn.Parameter:
            value = instead.get(id(parameter))
            value = twin(parameter.data) if value is None else value
            memo[id(parameter)] = nn.Parameter(value, requires_grad=False)
    for buffer in model.buffers():
        if type(buffer) is Tensor and buffer.layout == torch.strided:
            memo[id(buffer)] = instead[id(buffer)] if id(buffer) in instead else twin(buffer)
    for module in model.modules():
        for tensor in _tensors_inside(module.__dict__):
            if id(tensor) not in memo and tensor.grad_fn is not None:
                memo[id(tensor)] = tensor.detach().clone()


def _converted(dtype: torch.dtype, wanted: torch.dtype | None) -> torch.dtype:
    if wanted is None or not (dtype.is_floating_point or dtype.is_complex):
        return dtype
    return wanted.to_complex() if dtype.is_complex else wanted


def _tensors_inside(container: object) -> Iterator[Tensor]:
    if isinstance(container, Tensor):
        yield container
    elif isinstance(container, Mapping):
        for value in container.values():
            yield from _tensors_inside(value)
    elif isinstance(container, (list, tuple, set)):
        for value in container:
            yield from _tensors_inside(value)


def _set_hooks_aside(model: nn.Module, memo: dict[int, Any]) -> tuple[list[tuple[Any, Any]], int]:
    """Make the deepcopy see empty hook tables; return those with hooks to keep, and the number dropped."""
    kept, dropped = [], 0
    for module, table, own in own_hooks(model):
        hooks = getattr(module, table)
        dropped += len(hooks) - len(own)
        memo[id(hooks)] = type(hooks)()
        kept.append((hooks, own))
    return kept, dropped


def _copy_empty_containers(model: nn.Module, memo: dict[int, Any]) -> None:
    """Spare the deepcopy a dozen of them in every module, where it would spend most of its time."""
    for module in model.modules():
        for value in module.__dict__.values():
            if type(value) in (dict, OrderedDict, set, list) and not value:
                memo.setdefault(id(value), type(value)())


def _belongs(hook: object, modules: set[nn.Module]) -> bool:
    if isinstance(hook, MethodType):
        return hook.__self__ in modules
    return type(hook).__module__.startswith("torch.nn.utils")
