"""Where does training begin? Weights drawn from a generator of their own, as the paper's code draws them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

import torch
from torch import nn

from landscape_widget.objective.random_state import kept_random_state

Network = TypeVar("Network", bound=nn.Module)

CLASSIFIER = 1e-3
"""Standard deviation of linear layers in the paper's code, whatever their size."""


def initialize(
    model: Network, seed: int = 0, *, gain: float = 1.0, linear: float | None = CLASSIFIER
) -> Network:
    """Draw all weights anew, in place, and return the model.

    Convolutions are normal with variance ``2 / fan_in`` (He et al. 2015), linear layers normal with standard
    deviation ``linear``, biases zero, BatchNorm as if nothing had been seen.

    Args:
        model: of convolutions, linear layers and BatchNorm.
        seed: of the draws; torch's own random state stays as it is.
        gain: multiplies every weight of a convolution or a linear layer.
        linear: None: linear layers by the rule of convolutions.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                deviation = linear if isinstance(module, nn.Linear) else None
                if deviation is None:
                    deviation = math.sqrt(2 / module.weight[0].numel())
                module.weight.normal_(0, gain * deviation, generator=generator)
                if module.bias is not None:
                    module.bias.zero_()
            elif isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
                module.reset_parameters()
    return model


def built(build: Callable[[], Network], seed: int, *, linear: float | None = CLASSIFIER) -> Network:
    """Build a network without a draw from torch's random state, with weights of this seed."""
    with kept_random_state():
        model = build()
    return initialize(model, seed, linear=linear)
