"""Which networks ship trained, and how were they?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import nn

from landscape_widget.zoo.small import convolutional, mlp, small_densenet, small_resnet, small_vgg
from landscape_widget.zoo.training import Recipe

BUILDERS: Mapping[str, Callable[..., nn.Module]] = {
    build.__name__: build for build in (small_resnet, small_vgg, small_densenet, convolutional, mlp)
}


@dataclass(frozen=True)
class Shipped:
    """A network that was trained from several seeds, which are those of its weights and of its data's order.

    Attributes:
        network: which of `BUILDERS` makes it.
        shape: what the builder is given.
        recipe: how it was trained, but for the seed.
        seeds: how many runs ship.
        is_recorded: whether the network after every epoch ships too.
    """

    network: str
    shape: Mapping[str, Any] = field(default_factory=dict)
    recipe: Recipe = field(default_factory=Recipe)
    seeds: int = 3
    is_recorded: bool = False


def _residual(depth: int, width: int = 2) -> dict[str, Shipped]:
    """With shortcuts and without, all else the same; called by kind, depth and width."""
    recipe = Recipe(epochs=40, batch=32)
    return {
        f"{kind}-{depth}-{width}": Shipped(
            "small_resnet", {"depth": depth, "shortcuts": kind == "resnet", "width": width}, recipe
        )
        for kind in ("resnet", "plain")
    }


def _batch_and_decay(batch: int, decay: str) -> dict[str, Shipped]:
    recipe = Recipe(epochs=120, batch=batch, drops=(1 / 2, 3 / 4), weight_decay=float(decay))
    return {f"conv-{batch}-decay-{decay}": Shipped("convolutional", recipe=recipe)}


SHIPPED: Mapping[str, Shipped] = {
    **_residual(depth=8),
    **_residual(depth=20),
    **_residual(depth=26),
    **_residual(depth=20, width=1),
    **_residual(depth=20, width=4),
    **_batch_and_decay(16, "0"),
    **_batch_and_decay(16, "5e-3"),
    **_batch_and_decay(1024, "0"),
    **_batch_and_decay(1024, "5e-3"),
    "vgg": Shipped("small_vgg", seeds=1),
    "densenet": Shipped("small_densenet", seeds=1),
    "mlp": Shipped("mlp", seeds=1),
    "sgd": Shipped("convolutional", recipe=Recipe(epochs=60), seeds=1, is_recorded=True),
    "adam": Shipped(
        "convolutional",
        recipe=Recipe(epochs=60, learning_rate=0.01, optimizer="adam"),
        seeds=1,
        is_recorded=True,
    ),
}
