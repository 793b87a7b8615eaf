"""Which networks of the same families train in seconds, on 8 × 8 digits?"""

from __future__ import annotations

from itertools import pairwise

from torch import nn

from landscape_widget.zoo.densenet import DenseNet, densenet
from landscape_widget.zoo.initialization import built
from landscape_widget.zoo.resnet import ResNet, resnet
from landscape_widget.zoo.vgg import VGG, vgg

PIXELS, CLASSES = 8, 10


def small_resnet(depth: int, shortcuts: bool = True, width: int = 2, *, seed: int = 0) -> ResNet:
    """Build a ResNet for digits, with 2, 4 and 8 channels times ``width``; see `zoo.resnet`."""
    return resnet(depth, shortcuts, width, base=2, channels=1, classes=CLASSES, seed=seed)


def small_vgg(*, seed: int = 0) -> VGG:
    """Build a VGG of four convolutions and two linear layers, with BatchNorm after all but the last."""
    return vgg(((8, 8), (16, 16)), size=PIXELS, channels=1, classes=CLASSES, seed=seed)


def small_densenet(*, seed: int = 0) -> DenseNet:
    """Build a DenseNet of three blocks with three layers each, which add four channels each."""
    return densenet((3, 3, 3), 4, channels=1, classes=CLASSES, seed=seed)


def convolutional(*, seed: int = 0) -> nn.Sequential:
    """Build two convolutions with BatchNorm and pooling, and a linear layer."""

    def build() -> nn.Sequential:
        return nn.Sequential(
            *(nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(8, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(16 * (PIXELS // 4) ** 2, CLASSES)),
        )

    return built(build, seed)


def mlp(hidden: tuple[int, ...] = (32,), *, seed: int = 0) -> nn.Sequential:
    """Build linear layers with ReLU between them and no BatchNorm."""

    def build() -> nn.Sequential:
        layers: list[nn.Module] = [nn.Flatten()]
        for incoming, outgoing in pairwise((PIXELS**2, *hidden, CLASSES)):
            layers += [nn.Linear(incoming, outgoing), nn.ReLU()]
        return nn.Sequential(*layers[:-1])

    return built(build, seed, linear=None)
