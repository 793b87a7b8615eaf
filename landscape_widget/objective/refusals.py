"""Which models hold nothing that a fraction can be added to, and what can their owner do about it?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

SHARDED = ("DTensor", "FlatParameter", "ShardedTensor")
"""Kinds of tensors of which each process holds a part."""

CODED = re.compile(r"(quant|quantized|wq|hqq|eetq|fp8|fp4|higgs)linear|linear(4|8)bit", re.IGNORECASE)
"""Names of layers whose weights may be codes: of GPTQ, AWQ, bitsandbytes, HQQ and others."""


def refuse_valueless(model: nn.Module) -> None:
    """Refuse a model whose weights aren't all here, whole and with values.

    Raises:
        ValueError: naming the first, and saying what to do.
    """
    tensors: dict[str, Tensor] = dict(model.named_parameters(remove_duplicate=False))
    if not tensors:
        raise ValueError(
            f"{type(model).__name__} has no parameters, so there is nothing to move. Give the network that "
            "was trained; weights must be `nn.Parameter`s of it or its submodules."
        )
    if "DistributedDataParallel" in _kinds(model):
        raise ValueError(
            "Expected a network; got one that is wrapped for several processes (DistributedDataParallel). "
            "Give what is inside, `model.module`."
        )
    for name, tensor in (tensors | dict(model.named_buffers())).items():
        if is_lazy(tensor):
            raise ValueError(
                f"{name!r} has no shape yet (a lazy module). Run the model once on a batch, then try again."
            )
        if any(kind in SHARDED for kind in _kinds(tensor)):
            raise ValueError(
                f"Expected whole weights; of {name!r} each process holds a part ({type(tensor).__name__}). "
                "Gather them into a plain model first, e.g. with `get_model_state_dict(model, "
                "options=StateDictOptions(full_state_dict=True))`, and measure that in one process."
            )
        if tensor.is_meta and _is_dispatched(model):
            raise ValueError(
                f"Expected a model whose weights stay where they are; accelerate has offloaded {name!r}, and "
                "fetches it for each call. Load all of it into memory, e.g. with `device_map={'': 'cpu'}`."
            )
        if tensor.is_meta:
            raise ValueError(
                f"Expected a model with values; {name!r} is on the meta device, which has shapes only. "
                "Load the weights first, e.g. `model.to_empty(device='cpu')` and `model.load_state_dict(…)`."
            )


def refuse_immovable(moved: Mapping[str, Tensor]) -> None:
    """Refuse weights to which no fraction can be added.

    Raises:
        ValueError: naming the first, and saying what to do.
    """
    for name, parameter in moved.items():
        if not (parameter.is_floating_point() or parameter.is_complex()):
            raise ValueError(
                f"Expected floating point weights; {name!r} holds {_dtype(parameter)}, which no fraction can "
                "move. Give the model before quantization, or choose other parameters with a regex."
            )
        if type(parameter.data) is not Tensor:
            raise ValueError(
                f"Expected plain tensors; {name!r} is a {type(parameter.data).__name__}, whose numbers are "
                "made anew at each use. Give the model before it was converted, or choose other parameters "
                "with a regex."
            )
        if parameter.is_floating_point() and torch.finfo(parameter.dtype).bits < 16:
            raise ValueError(
                f"Expected weights of 16 bits or more; {name!r} holds {_dtype(parameter)}, in which nothing "
                "can be added. Convert it first, e.g. `model.to(torch.bfloat16)`, or choose other parameters "
                "with a regex."
            )


def refuse_quantized(model: nn.Module) -> None:
    """Refuse a model of which a part is quantized, where the rest would move in its place.

    Raises:
        ValueError: naming the first such part, and saying what to do.
    """
    for name, kind in quantized(model):
        raise ValueError(
            f"Expected floating point weights; {kind} holds quantized ones ({name!r}), which can't be moved "
            "by a fraction. Give the model before quantization or with adapters (LoRA), which move alone, or "
            "choose floating point parameters with a regex."
        )


def is_movable(weight: object) -> bool:
    """Whether a fraction can be added, and the sum be stored."""
    if not isinstance(weight, Tensor) or type(weight.data) is not Tensor:
        return False
    return weight.is_complex() or (weight.is_floating_point() and torch.finfo(weight.dtype).bits >= 16)


def quantized(model: nn.Module) -> Iterator[tuple[str, str]]:
    """Yield name and kind of the modules whose weights are quantized."""
    for name, module in model.named_modules():
        kind = type(module)
        # a weight that is only rounded in use, as in training for quantization, is no code
        coded = any(map(CODED.search, _kinds(module))) and not is_movable(getattr(module, "weight", None))
        if coded or ".quantized" in kind.__module__:
            yield name, kind.__name__


def _is_dispatched(model: nn.Module) -> bool:
    return any(getattr(module, "_hf_hook", None) is not None for module in model.modules())


def _kinds(value: object) -> list[str]:
    return [kind.__name__ for kind in type(value).__mro__]


def _dtype(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")
