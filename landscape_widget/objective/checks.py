"""Is what came through the door a model, a loss and metrics at all?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import nn

from landscape_widget.objective.criterion import batch_loss


def check_arguments(model: Any, loss: Any, metrics: Any) -> None:
    if not isinstance(model, nn.Module):
        made = " Make an instance of it." if isinstance(model, type) and issubclass(model, nn.Module) else ""
        raise TypeError(
            f"Expected model to be a torch.nn.Module; got {_kind(model)}.{made} "
            "The order is (model, loss, data)."
        )
    if isinstance(loss, type) or not (isinstance(loss, batch_loss) or callable(loss)):
        made = f" Make an instance: `{loss.__name__}()`." if isinstance(loss, type) else ""
        raise TypeError(
            "Expected loss to be a function of (output, target) or lw.batch_loss(fn); "
            f"got {_kind(loss)}.{made} The order is (model, loss, data)."
        )
    if not (metrics is None or isinstance(metrics, Mapping)):
        raise TypeError(
            "Expected metrics as a mapping from names to functions of (output, target); "
            f"got {_kind(metrics)}. Write `metrics={{'name': function}}`."
        )


def checked_samples(samples: Any, size: int) -> int:
    if samples is None:
        return size
    if isinstance(samples, bool) or not isinstance(samples, int):
        raise TypeError(f"Expected samples to be a whole number or None for all {size}; got {samples!r}.")
    if not 1 <= samples <= size:
        raise ValueError(f"Expected samples between 1 and {size}, the size of the data; got {samples}.")
    return samples


def _kind(value: Any) -> str:
    return f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__
