"""Is what came through the door a model, a loss and metrics at all?"""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import Any

import torch
from torch import nn

from landscape_widget.objective.criterion import batch_loss


def check_arguments(model: Any, loss: Any, metrics: Any) -> None:
    if not isinstance(model, nn.Module):
        made = " Make an instance of it." if isinstance(model, type) and issubclass(model, nn.Module) else ""
        raise TypeError(
            f"Expected model to be a torch.nn.Module; got {_kind(model)}.{made} "
            "The order is (model, loss, data)."
        )
    if type(model).__module__.startswith("torch.jit"):
        raise TypeError(
            f"Expected a model whose layers can be told apart; {_kind(model)} is compiled by torch.jit. "
            "Give the module it was made from."
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
    for name in metrics or {}:
        if not isinstance(name, str) or name.startswith("test_"):
            raise ValueError(
                f"Expected names of metrics as text that doesn't begin with test_; got {name!r}. "
                "Metrics of `test_data` get that name by themselves."
            )


def check_place(device: Any, dtype: Any) -> None:
    if not (dtype is None or isinstance(dtype, torch.dtype)):
        raise TypeError(f"Expected dtype to be one of torch's, such as torch.float64; got {dtype!r}.")
    if dtype is not None and not dtype.is_floating_point:
        raise ValueError(
            f"Expected a floating point dtype, such as torch.float64; got {dtype}. "
            "Complex weights stay complex, of the width of that dtype."
        )
    if device is None:
        return
    try:
        empty = torch.empty(0, device=device)
    except Exception as error:
        raise ValueError(
            f"Expected a device of this machine, {_devices()}; got {device!r} ({error}). "
            "Leave it out to compute where the model is."
        ) from error
    if empty.is_meta:
        raise ValueError("Expected a device with values; got 'meta', which has shapes only. Try 'cpu'.")


def checked_devices(device: Any, *, compile: bool = False) -> tuple[torch.device, ...]:
    """Return the devices that were named, one or a list of them; none where the model's is meant."""
    if device is None:
        return ()
    named = [device] if isinstance(device, (str, int, torch.device)) else device
    if not isinstance(named, (list, tuple)):
        raise TypeError(
            f"Expected device to be one device or a list of them; got {_kind(device)}. Here: {_devices()}."
        )
    if not named:
        raise ValueError(
            "Expected at least one device in the list; got none. "
            f"Here: {_devices()}. Leave it out to compute where the model is."
        )
    if compile and len(named) > 1:
        raise ValueError(
            f"torch.compile works for one device at a time; got {len(named)}. "
            "Leave `compile` out, or name one device."
        )
    for one in named:
        check_place(one, None)
    return tuple(torch.empty(0, device=one).device for one in named)


def checked_samples(samples: Any, size: int) -> int:
    if samples is None:
        return size
    if isinstance(samples, bool) or not isinstance(samples, Integral):
        raise TypeError(f"Expected samples to be a whole number or None for all {size}; got {samples!r}.")
    if not 1 <= int(samples) <= size:
        raise ValueError(f"Expected samples between 1 and {size}, the size of the data; got {samples}.")
    return int(samples)


def _devices() -> str:
    """Those that there are, as people read them."""
    graphics = [f"cuda:{number}" for number in range(torch.cuda.device_count())]
    return " and ".join(map(repr, ["cpu", *graphics, *["mps"] * torch.backends.mps.is_available()]))


def _kind(value: Any) -> str:
    return f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__
