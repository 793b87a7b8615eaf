"""What is a ResNet for small images, with and without its shortcuts?"""

from __future__ import annotations

from itertools import pairwise

import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.zoo.initialization import built


class Block(nn.Module):
    """Two convolutions, each with BatchNorm, and what they are given added to what they make of it."""

    def __init__(self, incoming: int, outgoing: int, stride: int, shortcut: bool) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(incoming, outgoing, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outgoing)
        self.conv2 = nn.Conv2d(outgoing, outgoing, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outgoing)
        self.shortcut: nn.Sequential | None = _shortcut(incoming, outgoing, stride) if shortcut else None

    def forward(self, given: Tensor) -> Tensor:
        made = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(given)))))
        return F.relu(made if self.shortcut is None else made + self.shortcut(given))


class ResNet(nn.Module):
    """Three stages of blocks, each on half as many pixels with twice as many channels, and their mean."""

    def __init__(
        self, blocks: int, widths: tuple[int, int, int], shortcuts: bool, channels: int, classes: int
    ):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        stages = []
        for stage, (incoming, outgoing) in enumerate(pairwise((widths[0], *widths))):
            first = Block(incoming, outgoing, 2 if stage else 1, shortcuts)
            others = (Block(outgoing, outgoing, 1, shortcuts) for _ in range(blocks - 1))
            stages.append(nn.Sequential(first, *others))
        self.layer1, self.layer2, self.layer3 = stages
        self.linear = nn.Linear(widths[-1], classes)

    def forward(self, images: Tensor) -> Tensor:
        seen = F.relu(self.bn1(self.conv1(images)))
        seen = self.layer3(self.layer2(self.layer1(seen)))
        return self.linear(seen.mean((2, 3)))


def resnet(
    depth: int,
    shortcuts: bool = True,
    width: int = 1,
    *,
    base: int = 16,
    channels: int = 3,
    classes: int = 10,
    seed: int = 0,
) -> ResNet:
    """Build a (wide) ResNet for small images, as the paper's code has it for CIFAR-10.

    Where a stage begins, its shortcut is a 1 × 1 convolution with BatchNorm (option B of He et al. 2015).
    Tensors are called as in the paper's code, so what it has trained and published can be loaded.

    Args:
        depth: layers, 6n + 2: the paper has 20, 56 and 110.
        shortcuts: False leaves the shortcuts out and nothing else.
        width: multiplies all channels; Wide-ResNet-56 has 1, 2, 4, 8.
        base: channels of the first stage.
        channels: of the images.
        classes: to tell apart.
        seed: of the weights; torch's own random state stays as it is.

    Raises:
        ValueError: where no ResNet has that depth.
    """
    blocks, rest = divmod(depth - 2, 6)
    if rest or blocks < 1:
        raise ValueError(
            f"A ResNet of this kind has 6n + 2 layers; got depth {depth}. Try 8, 14, 20, 56 or 110."
        )
    first = base * width
    widths = first, 2 * first, 4 * first
    return built(lambda: ResNet(blocks, widths, shortcuts, channels, classes), seed)


def _shortcut(incoming: int, outgoing: int, stride: int) -> nn.Sequential:
    """Nothing at all, unless the shape changes."""
    if stride == 1 and incoming == outgoing:
        return nn.Sequential()
    return nn.Sequential(nn.Conv2d(incoming, outgoing, 1, stride, bias=False), nn.BatchNorm2d(outgoing))
