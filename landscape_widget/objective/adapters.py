"""Which weights are adapters, as PEFT makes them, and how do they become one with what they adapt?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn

from landscape_widget.objective.copies import private_copy
from landscape_widget.objective.refusals import quantized, refuse_valueless

MERGED = "merged"
"""What `parameters` is where adapters move as a part of the weights they adapt."""


def adapters(model: nn.Module) -> dict[str, str]:
    """Return the names of the parameters that adapters hold, and what each is called in its layer."""
    found = {}
    for path, module in model.named_modules():
        is_adapted, is_wrapper = _is_a(module, "BaseTunerLayer"), _is_a(module, "PeftModel")
        named = module.named_parameters(remove_duplicate=False) if is_adapted or is_wrapper else ()
        for name, _ in named:
            kind = name.partition(".")[0]
            if (kind != "base_layer") if is_adapted else (kind == "prompt_encoder"):
                found[f"{path}.{name}".removeprefix(".")] = kind
    return found


def adapter_notes(model: nn.Module, moved: Mapping[str, Tensor]) -> Iterator[str]:
    """Yield what should be said where adapters move: that nothing else does, and which can't."""
    own = adapters(model)
    if not own or not own.keys() & moved.keys():
        return
    if moved.keys() <= own.keys():
        count = sum(tensor.numel() for tensor in moved.values())
        if any(quantized(model)):
            yield f"Adapters only: {count:,} weights move; the quantized ones that they adapt don't."
        else:
            share = count / sum(parameter.numel() for parameter in model.parameters())
            yield f"Adapters only: {100 * share:.2g} % of the weights move."
    zero = Counter(own[name] for name, tensor in moved.items() if name in own and not tensor.any())
    for kind, layers in zero.items():
        yield (
            f"{kind} is zero in {layers} layer{'s' * (layers > 1)}, as at the start of training: normalized, "
            "what is zero doesn't move, and what it multiplies has no effect. Try `normalization='none'` or "
            "`parameters='merged'`."
        )


def refuse_idle(model: nn.Module, moved: Mapping[str, Tensor]) -> None:
    """Refuse adapters that take no part in the model's answer: whatever they do, it stays as it is.

    Raises:
        ValueError: naming the layer, and saying how they come back.
    """
    layers = ((path, module) for path, module in model.named_modules() if _is_a(module, "BaseTunerLayer"))
    for path, layer in layers:
        is_merged, is_off = (getattr(layer, state, False) for state in ("merged", "disable_adapters"))
        if (is_merged or is_off) and adapters(layer).keys() & _inside(path, moved):
            state, back = ("merged", "unmerge_adapter") if is_merged else ("off", "enable_adapter_layers")
            raise ValueError(
                f"Expected adapters at work; those of {path!r} are {state}, so moving them has no effect. "
                f"Call `model.{back}()`, or choose other parameters."
            )


def merged_copy(
    model: nn.Module, device: torch.device | str | None = None, dtype: torch.dtype | None = None
) -> tuple[nn.Module, tuple[str, ...]]:
    """Copy a model, merge its adapters into what they adapt, and say what was left out of the copy.

    In the copy require gradients: the weights that were adapted, and what was trained beside the adapters.

    Raises:
        ValueError: where there are no adapters, or they can't be merged.
    """
    refuse_valueless(model)
    _refuse_unmergeable(model)
    private, notes = private_copy(model, device, dtype)
    held = adapters(model)
    own = dict(private.named_parameters(remove_duplicate=False))
    beside = {
        id(own[name])
        for name, parameter in model.named_parameters(remove_duplicate=False)
        if parameter.requires_grad and name not in held
    }
    inside = private.get_base_model()  # type: ignore[operator]  # a PeftModel's
    adapted = {path for path, module in inside.named_modules() if _is_a(module, "BaseTunerLayer")}
    whole = private.merge_and_unload(progressbar=False)  # type: ignore[operator]
    for name, parameter in whole.named_parameters(remove_duplicate=False):
        is_matrix = parameter.ndim > 1 and name.rpartition(".")[0] in adapted
        parameter.requires_grad_(is_matrix or id(parameter) in beside)
    count = len(adapted)
    merged = f"Adapters move as a part of the {count} layer{'s' * (count > 1)} that they adapt."
    return whole.eval(), (merged, *notes)


def _refuse_unmergeable(model: nn.Module) -> None:
    if not any(_is_a(module, "BaseTunerLayer") for module in model.modules()):
        raise ValueError(
            "parameters='merged' moves adapters as a part of the layers they adapt; "
            f"{type(model).__name__} has no such layers. Leave it out, or make some by `peft.get_peft_model`."
        )
    if not callable(getattr(model, "merge_and_unload", None)):
        raise ValueError(
            f"parameters='merged' needs a model that can merge its adapters; {type(model).__name__} has no "
            "`merge_and_unload`. Make it with `peft.get_peft_model` or `PeftModel.from_pretrained`."
        )
    for name, kind in quantized(model):
        raise ValueError(
            f"parameters='merged' needs floating point weights to merge into; {kind} holds quantized ones "
            f"({name!r}). Load the model without quantization, or move the adapters alone."
        )


def _inside(path: str, moved: Mapping[str, Tensor]) -> set[str]:
    """Return the names of what moves inside a module, as it calls them itself."""
    return {name.removeprefix(f"{path}.") for name in moved if name.startswith(f"{path}.")}


def _is_a(module: nn.Module, kind: str) -> bool:
    """By the name of the class, so that PEFT need not be there."""
    return any(base.__name__ == kind for base in type(module).__mro__)
