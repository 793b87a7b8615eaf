"""What is VGG-9?"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from landscape_widget.zoo.initialization import built

VGG9 = ((64, 64), (128, 128), (256, 256, 256))
"""Channels of the convolutions between one pooling and the next, as the paper's code has them."""


class VGG(nn.Module):
    """Stages of convolutions with BatchNorm, a pooling after each; two linear layers."""

    def __init__(self, stages: Sequence[Sequence[int]], size: int, channels: int, classes: int) -> None:
        super().__init__()
        features: list[nn.Module] = []
        for stage in stages:
            for outgoing in stage:
                features += [nn.Conv2d(channels, outgoing, 3, padding=1), nn.BatchNorm2d(outgoing), nn.ReLU()]
                channels = outgoing
            features.append(nn.MaxPool2d(2, ceil_mode=True))
        self.features = nn.Sequential(*features)
        left = size // 2 ** len(stages)
        self.fc = nn.Sequential(nn.Linear(channels * left**2, channels), nn.BatchNorm1d(channels), nn.ReLU())
        self.classifier = nn.Linear(channels, classes)

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(self.fc(self.features(images).flatten(1)))


def vgg(
    stages: Sequence[Sequence[int]] = VGG9,
    *,
    size: int = 32,
    channels: int = 3,
    classes: int = 10,
    seed: int = 0,
) -> VGG:
    """Build VGG-9 as the paper's code has it for CIFAR-10, or one with other stages.

    Tensors are called as in the paper's code.

    Args:
        stages: channels of the convolutions, stage by stage.
        size: pixels along an edge of the images; must halve evenly once a stage.
        channels: of the images.
        classes: to tell apart.
        seed: of the weights; torch's own random state stays as it is.

    Raises:
        ValueError: where the images can't be halved that often.
    """
    if size % 2 ** len(stages):
        raise ValueError(
            f"Expected images whose edge halves {len(stages)} times, once a stage; got {size} pixels. "
            "Give fewer stages or pad the images."
        )
    return built(lambda: VGG(stages, size, channels, classes), seed)
