"""Which part of a batch goes into the model, and which is the target?"""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

from torch import Tensor

from landscape_widget.objective.structures import Batch, shapes, size_of

TARGETS = ("labels", "label", "targets", "target", "y")


def split(batch: Batch) -> tuple[tuple[Any, ...], dict[str, Any], Any]:
    """Return positional and named arguments of the model, and the target.

    A tuple or list ends with its target; a dict holds it under one of `TARGETS` and is spread over the model.

    Raises:
        ValueError: where there is no target, or a single one for several samples.
    """
    if isinstance(batch, Mapping):
        for name in TARGETS:
            if name in batch:
                named = {key: value for key, value in batch.items() if key != name}
                return (), named, _target(batch[name], batch)
        raise ValueError(
            f"Expected a target in the batch under one of {', '.join(map(repr, TARGETS))}; got the keys "
            f"{list(batch)}. Rename it, or wrap a function of (model, batch) in lw.batch_loss."
        )
    if isinstance(batch, Tensor) or not isinstance(batch, (tuple, list)) or len(batch) < 2:
        raise ValueError(
            f"Expected a batch of inputs and a target; got {shapes(batch)}. Give (inputs, targets) as a "
            "tuple, or wrap a function of (model, batch) in lw.batch_loss."
        )
    return tuple(batch[:-1]), {}, _target(batch[-1], batch)


def _target(target: Any, batch: Batch) -> Any:
    single = target.ndim == 0 if isinstance(target, Tensor) else isinstance(target, Real)
    if single and size_of(batch) > 1:
        raise ValueError(
            f"Expected a batch with one target a sample; got {shapes(batch)}, which looks like one sample. "
            "Give the data set itself, or a DataLoader with a batch_size."
        )
    return target
