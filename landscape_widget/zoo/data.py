"""Which data do the lessons look at? Handwritten digits that come with scikit-learn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

TRAIN = 1200


class Digits(NamedTuple):
    """Two sets of images float32[n, 1, 8, 8] from 0 to 1, and what they show, int64[n]."""

    train: tuple[Tensor, Tensor]
    test: tuple[Tensor, Tensor]


def digits(seed: int = 0) -> Digits:
    """Return 1,200 digits to train on and 597 to test with.

    Args:
        seed: of who goes where; the shipped networks were trained on those of seed 0.

    Raises:
        ModuleNotFoundError: without scikit-learn, which has the digits.
    """
    try:
        from sklearn.datasets import load_digits
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "The digits come with scikit-learn, which isn't installed: `pip install scikit-learn`."
        ) from error
    pixels, shown = load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(shown))
    images = torch.tensor(pixels[order], dtype=torch.float32).reshape(-1, 1, 8, 8) / 16
    labels = torch.tensor(shown[order], dtype=torch.int64)
    return Digits((images[:TRAIN], labels[:TRAIN]), (images[TRAIN:], labels[TRAIN:]))
