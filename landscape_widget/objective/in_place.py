"""May this model be measured on itself instead of on a copy? Then it is lent; else it is said why not."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import torch
from torch import nn

from landscape_widget.objective.adapters import MERGED
from landscape_widget.objective.copies import own_hooks
from landscape_widget.objective.lender import Lender
from landscape_widget.objective.params import moved_parameters


def lend(
    model: nn.Module,
    parameters: str,
    device: torch.device | str | None,
    dtype: torch.dtype | None,
    turns: AbstractContextManager[object],
) -> tuple[Lender, tuple[str, ...]]:
    """Return who lends the model with its moved weights in a file, and notes.

    Raises:
        ValueError: where it would have to be another model: elsewhere, of another type, or merged.
        OSError: where the disk has no room.
    """
    if parameters == MERGED:
        raise ValueError(
            "parameters='merged' measures a copy with the adapters merged in; copy=False measures your own "
            "model. Merge it yourself, `model.merge_and_unload()`, or leave copy=True."
        )
    named = dict(model.named_parameters(remove_duplicate=False))
    here = dict.fromkeys(p.device for p in named.values())
    if device is not None and list(here) != [torch.empty(0, device=device).device]:
        raise ValueError(_elsewhere("device", device, ", ".join(map(str, here)), f".to({str(device)!r})"))
    stored = dict.fromkeys(p.dtype for p in named.values() if p.is_floating_point())
    if dtype is not None and list(stored) != [dtype]:
        raise ValueError(_elsewhere("dtype", dtype, ", ".join(map(str, stored)), f".to({dtype})"))
    moved, notes = moved_parameters(model, parameters)
    lender = Lender(model, moved, turns)
    aside = sum(len(getattr(module, table)) - len(own) for module, table, own in own_hooks(model))
    hooks = (f"{aside} of the model's hooks set aside while it is measured.",) if aside else ()
    return lender, (*notes, *hooks)


def _elsewhere(what: str, wanted: Any, have: str, move: str) -> str:
    return (
        f"copy=False measures the model as it is, whose {what} is {have}; got {what}={str(wanted)!r}. "
        f"Leave {what} out, convert the model first (`model{move}`), or leave copy out."
    )
