"""What is a DenseNet for small images?"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.zoo.initialization import built

DENSENET121 = (6, 12, 24, 16)
"""Layers of each dense block."""


class Layer(nn.Module):
    """A few new channels, made of all that came before and put beside them."""

    def __init__(self, incoming: int, growth: int) -> None:
        super().__init__()
        self.bn1 = nn.BatchNorm2d(incoming)
        self.conv1 = nn.Conv2d(incoming, 4 * growth, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(4 * growth)
        self.conv2 = nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False)

    def forward(self, given: Tensor) -> Tensor:
        made = self.conv2(F.relu(self.bn2(self.conv1(F.relu(self.bn1(given))))))
        return torch.cat([made, given], 1)


class Transition(nn.Module):
    """Half the channels, half the pixels along each edge."""

    def __init__(self, incoming: int) -> None:
        super().__init__()
        self.bn = nn.BatchNorm2d(incoming)
        self.conv = nn.Conv2d(incoming, incoming // 2, 1, bias=False)

    def forward(self, given: Tensor) -> Tensor:
        return F.avg_pool2d(self.conv(F.relu(self.bn(given))), 2)


class DenseNet(nn.Module):
    """Dense blocks with a transition between one and the next."""

    def __init__(self, blocks: Sequence[int], growth: int, channels: int, classes: int) -> None:
        super().__init__()
        width = 2 * growth
        self.conv1 = nn.Conv2d(channels, width, 3, padding=1, bias=False)
        for number, layers in enumerate(blocks, start=1):
            dense = nn.Sequential(*(Layer(width + i * growth, growth) for i in range(layers)))
            self.add_module(f"dense{number}", dense)
            width += layers * growth
            if number < len(blocks):
                self.add_module(f"trans{number}", Transition(width))
                width //= 2
        self.bn = nn.BatchNorm2d(width)
        self.linear = nn.Linear(width, classes)

    def forward(self, images: Tensor) -> Tensor:
        seen = images
        for name, module in self.named_children():
            if name not in ("bn", "linear"):
                seen = module(seen)
        return self.linear(F.relu(self.bn(seen)).mean((2, 3)))


def densenet(
    blocks: Sequence[int] = DENSENET121,
    growth: int = 32,
    *,
    channels: int = 3,
    classes: int = 10,
    seed: int = 0,
) -> DenseNet:
    """Build DenseNet-121 as the paper's code has it for CIFAR-10, or one with other blocks.

    A layer is a 1 × 1 bottleneck and a 3 × 3 convolution, BatchNorm before each; a transition halves the
    channels. Tensors are called as in the paper's code.

    Args:
        blocks: layers of each dense block; the images halve between them.
        growth: channels that each layer adds.
        channels: of the images.
        classes: to tell apart.
        seed: of the weights; torch's own random state stays as it is.
    """
    return built(lambda: DenseNet(tuple(blocks), growth, channels, classes), seed)
