"""Which part of a batch goes into the model, and which is the target?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from landscape_widget.objective.structures import Batch, shapes

TARGETS = ("labels", "label", "targets", "target", "y")


def split(batch: Batch) -> tuple[tuple[Any, ...], dict[str, Any], Any]:
    """Return positional and named arguments of the model, and the target.

    A tuple or list ends with its target; a dict holds it under one of `TARGETS` and is spread over the model.

    Raises:
        ValueError: where there is no target.
    """
    if isinstance(batch, Mapping):
        for name in TARGETS:
            if name in batch:
                return (), {key: value for key, value in batch.items() if key != name}, batch[name]
        raise ValueError(
            f"Expected a target in the batch under one of {', '.join(map(repr, TARGETS))}; got the keys "
            f"{list(batch)}. Rename it, or wrap a function of (model, batch) in lw.batch_loss."
        )
    if isinstance(batch, Tensor) or not isinstance(batch, (tuple, list)) or len(batch) < 2:
        raise ValueError(
            f"Expected a batch of inputs and a target; got {shapes(batch)}. Give (inputs, targets) as a "
            "tuple, or wrap a function of (model, batch) in lw.batch_loss."
        )
    return tuple(batch[:-1]), {}, batch[-1]
