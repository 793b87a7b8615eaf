"""In which precision do operations compute, where it isn't the weights' own? As under ``torch.autocast``."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn

from landscape_widget.objective.measure import Measure
from landscape_widget.objective.structures import Batch, tensors_in
from landscape_widget.objective.terms import Terms

PRECISE = "Curvature is measured without autocast: a second derivative would drown in its few digits."


@dataclass(frozen=True, eq=False)
class Autocast:
    """A measure under ``torch.autocast``: matrix products in few digits, sums and losses in float32.

    Attributes:
        measure: what is measured.
        dtype: that of the products.
    """

    measure: Measure
    dtype: torch.dtype

    @property
    def units(self) -> Mapping[str, str]:
        return self.measure.units

    def __call__(self, model: nn.Module, batch: Batch) -> Mapping[str, Terms]:
        with casting(self.dtype, device_of(batch)):
            return self.measure(model, batch)

    def copied(self) -> Autocast:
        return replace(self, measure=self.measure.copied())


def casting(dtype: torch.dtype | None, device: torch.device) -> AbstractContextManager[Any]:
    """Autocast on a device, in this thread; None turns off what the caller may have turned on.

    No casts are kept: a model that moves between two batches would have those of weights that were.
    """
    if dtype is None and not is_casting(device):
        return nullcontext()
    return torch.autocast(device.type, dtype=dtype, enabled=dtype is not None, cache_enabled=False)


def is_casting(device: torch.device) -> bool:
    """Whether this thread is under ``torch.autocast`` already."""
    return torch.amp.is_autocast_available(device.type) and torch.is_autocast_enabled(device.type)


def device_of(batch: Batch) -> torch.device:
    return next((tensor.device for tensor in tensors_in(batch)), torch.device("cpu"))


def check_autocast(dtype: Any, model: nn.Module) -> None:
    """Refuse what autocast couldn't do on this model.

    Raises:
        TypeError: where it is no dtype.
        ValueError: where the device hasn't it, or no weight would be cast.
    """
    if dtype is None:
        return
    if not isinstance(dtype, torch.dtype):
        raise TypeError(
            f"Expected autocast to be one of torch's dtypes, such as torch.bfloat16; got {dtype!r}. "
            "Leave it out to compute in the weights' own precision."
        )
    device = next(model.parameters()).device.type
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            torch.autocast(device, dtype=dtype)
    except Exception as error:
        raise ValueError(
            f"Expected autocast to be a dtype that torch.autocast knows on {device}, such as torch.bfloat16; "
            f"got {dtype} ({' '.join(str(error).split())}). Choose another, or leave it out."
        ) from error
    floating = [p.dtype for p in model.parameters() if p.is_floating_point()]
    if all(own == torch.float64 for own in floating):
        raise ValueError(
            f"Expected weights that torch.autocast casts to {dtype}; these are float64 or complex, which it "
            "leaves as they are. Give `dtype=torch.float32` beside it, or leave autocast out."
        )
