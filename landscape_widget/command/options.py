"""Which options does a job run with? Its own, and those of the command line, which win."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

import torch

from landscape_widget.explore import compute
from landscape_widget.names import one_of

OF_THE_LINE = {"resume": "--out, with --resume", "executor": "--workers", "device": "--device"}
"""Option → how the command line says it."""

TYPES = ("dtype", "autocast")
"""Options that are types of torch's, which a command line can only name."""


def known_options() -> tuple[str, ...]:
    """Return the names of what `landscape_widget.compute` takes beside the model, the loss and the data."""
    parameters = inspect.signature(compute).parameters.values()
    return tuple(one.name for one in parameters if one.kind is one.KEYWORD_ONLY)


def options_of(
    job: Mapping[str, Any], settings: Mapping[str, Any], devices: Iterable[str] | None
) -> dict[str, Any]:
    """Return what to compute with.

    Args:
        job: the options that the job leaves.
        settings: those of ``--set``.
        devices: of ``--device``; None: the job's, or the model's.

    Raises:
        ValueError: for a name that isn't known, with the nearest that is, or that is said otherwise.
    """
    for name in job:
        one_of(name, known_options(), "An option of the job")
    if "resume" in job:
        raise ValueError("The job's options name a file with 'resume'; leave it out, --out names it.")
    for name in settings:
        one_of(name, known_options(), "What --set sets")
        if name in OF_THE_LINE:
            raise ValueError(f"{name} can't be set by --set; it is said with {OF_THE_LINE[name]}.")
    options = {**job, **{name: _typed(name, value) for name, value in settings.items()}}
    if devices is not None:
        first, *others = devices
        options["device"] = [first, *others] if others else first
    return options


def _typed(name: str, value: Any) -> Any:
    """Return the type of torch's that a word names; what names none is for the door to refuse."""
    named = getattr(torch, value.removeprefix("torch."), None) if isinstance(value, str) else None
    return named if name in TYPES and isinstance(named, torch.dtype) else value
