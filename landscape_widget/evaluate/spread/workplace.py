"""Is it an executor that may be used, and on which device do its workers compute?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import torch

from landscape_widget.evaluate.spread.engines import Engine, engine_of
from landscape_widget.evaluate.spread.parcel import pickler
from landscape_widget.evaluate.spread.worker import hello


@dataclass(frozen=True, eq=False)
class Workplace:
    """Where cells are measured when it isn't here.

    Attributes:
        engine: who runs tasks.
        device: where the workers compute; None: where the model is.
        reading: where the objective is read here; None: where the model is.
    """

    engine: Engine
    device: str | None
    reading: torch.device | None


def workplace(executor: Any, device: Any, *, compile: bool) -> Workplace | None:
    """Return where an executor's workers are, and have them come; None where there is no executor.

    Args:
        device: a user's; where this machine has none like it, the objective is read on the CPU.

    Raises:
        TypeError, ValueError, ImportError: where they can't be used; the sentence says what to do.
    """
    if executor is None:
        return None
    engine = engine_of(executor)
    if compile:
        raise ValueError(
            "torch.compile takes its time in every worker anew; got compile=True beside an executor. "
            "Leave one of the two out."
        )
    pickler()
    there = _single(device)
    _call(engine)
    return Workplace(engine, None if there is None else str(there), _here(there))


def _call(engine: Engine) -> None:
    """Let workers start while the data are read."""
    try:
        for number in range(engine.workers()):
            engine.executor.submit(hello, f"{uuid4().hex} {number}")
    except Exception as error:
        raise ValueError(
            f"Expected an executor that takes tasks; this {engine.name} raised {type(error).__name__}: "
            f"{error}. Make a new one, and close it when the landscape is done."
        ) from error


def _single(device: Any) -> torch.device | None:
    if isinstance(device, Sequence) and not isinstance(device, str):
        if len(device) != 1:
            raise ValueError(
                f"With an executor, device is the one that each worker computes on; got {len(device)} of "
                "them. Give every worker a device of its own, or leave `executor` out."
            )
        device = device[0]
    try:
        return None if device is None else torch.device(device)
    except (TypeError, RuntimeError) as error:
        raise ValueError(f"Expected a device such as 'cpu' or 'cuda:0'; got {device!r} ({error}).") from error


def _here(device: torch.device | None) -> torch.device | None:
    """Return the same device where this machine has it, else the CPU."""
    if device is None:
        return None
    try:
        return torch.empty(0, device=device).device
    except Exception:
        return torch.device("cpu")
