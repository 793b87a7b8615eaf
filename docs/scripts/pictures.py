"""What do the pages on reading show? Small trained networks, computed and drawn by the package itself.

Run it as ``python docs/scripts/pictures.py``; it writes docs/pictures/reading-*.png, in a minute or two.
"""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

import landscape_widget as lw
from landscape_widget import Surface, zoo

PICTURES = Path(__file__).parents[1] / "pictures"
DATA = zoo.digits().train
LEVELS = (0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2)
COLORS = 256
"""As many as a picture may have; the file gets a third as large, and nobody sees it."""


def landscape(model: nn.Module, **options: Any) -> Surface:
    """Return what `compute` makes of the digits."""
    return lw.compute(model, F.cross_entropy, DATA, **{"resolution": 31, **options})


def rescaled(model: nn.Module, spread: float) -> nn.Module:
    """Return a perceptron that computes the same: each hidden neuron larger, its outgoing weights smaller."""
    twin = copy.deepcopy(model)
    _, hidden, _, last = twin.children()
    generator = torch.Generator().manual_seed(0)
    factors = torch.exp(spread * torch.randn(len(hidden.bias), generator=generator))
    with torch.no_grad():
        hidden.weight.mul_(factors[:, None])
        hidden.bias.mul_(factors)
        last.weight.div_(factors)
    return twin


def in_training() -> nn.Module:
    """Return a network two epochs after its start."""
    model = zoo.convolutional()
    model.load_state_dict(zoo.trajectory("sgd")[2].state())
    return model.eval()


def write(surface: Surface, name: str, **drawn: Any) -> None:
    """Write a picture small enough for a page."""
    with tempfile.TemporaryDirectory() as folder:
        made = surface.save(Path(folder) / "picture.png", width=6.0, dpi=110, **drawn)
        with Image.open(made) as picture:
            small = picture.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
    small.save(PICTURES / f"reading-{name}.png", optimize=True)


def main() -> None:
    """Compute and draw all of them."""
    mlp, conv = zoo.load("mlp"), zoo.load("sgd")
    wide = landscape(mlp, x=(-2, 2), y=(-2, 2))
    write(wide, "linear", kind="surface", scale="linear")
    write(wide, "log", kind="surface", scale="log")

    line = {"directions": [lw.RandomDirection(0)], "resolution": 81}
    write(landscape(mlp, **line), "as-trained", limits=(0, 10))
    write(landscape(rescaled(mlp, 0.7), **line), "rescaled", limits=(0, 10))

    write(landscape(in_training()), "bowl", kind="contour", scale="log")
    extremes = [lw.HessianDirection(0, samples=128), lw.HessianDirection(-1, samples=128)]
    write(
        landscape(in_training(), directions=extremes, x=(-0.03, 0.03), y=(-0.1, 0.1)),
        "saddle",
        kind="contour",
        clip=0.6,
    )
    for mode in ("frozen", "reestimate"):
        write(landscape(conv, batch_norm=mode, resolution=21), mode, kind="surface", limits=(0, 12))
    for samples in (12, None):
        few = landscape(mlp, x=(-0.3, 0.3), y=(-0.3, 0.3), samples=samples)
        write(few, "subset" if samples else "all", kind="contour", levels=LEVELS)


if __name__ == "__main__":
    main()
