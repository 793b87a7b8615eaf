"""How does a network learn the digits, the same each time?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.objective.torch_threads import one_torch_thread


@dataclass(frozen=True)
class Recipe:
    """What training goes by, but for the network and the data.

    Attributes:
        epochs: passes through the data.
        batch: samples a step.
        learning_rate: at the beginning.
        drops: shares of the epochs after which the learning rate falls to a tenth; the paper's are
            150, 225 and 275 of 300.
        weight_decay: added to the gradient, times the weights.
        optimizer: ``"sgd"`` with Nesterov's momentum of 0.9, or ``"adam"``.
        seed: of the order of the samples.
    """

    epochs: int = 30
    batch: int = 64
    learning_rate: float = 0.1
    drops: tuple[float, ...] = (1 / 2, 3 / 4, 11 / 12)
    weight_decay: float = 5e-4
    optimizer: str = "sgd"
    seed: int = 0

    def rate(self, epoch: int) -> float:
        """Return the learning rate during an epoch, counted from 0."""
        return self.learning_rate * 0.1 ** sum(epoch >= drop * self.epochs for drop in self.drops)


def fit(
    model: nn.Module,
    data: tuple[Tensor, Tensor],
    recipe: Recipe = Recipe(),
    on_epoch: Callable[[int], None] = lambda done: None,
) -> None:
    """Train in place, with cross-entropy and one torch thread; torch's own random state stays as it is.

    Args:
        model: left in eval mode.
        data: images and labels.
        recipe: what to go by.
        on_epoch: called before the first epoch and after each with how many are done, the model in eval mode.
    """
    generator = torch.Generator().manual_seed(recipe.seed)
    optimizer = _optimizer(model, recipe)
    with one_torch_thread():
        model.eval()
        on_epoch(0)
        for epoch in range(recipe.epochs):
            for group in optimizer.param_groups:
                group["lr"] = recipe.rate(epoch)
            _pass(model.train(), data, optimizer, recipe.batch, generator)
            model.eval()
            on_epoch(epoch + 1)


def error(model: nn.Module, data: tuple[Tensor, Tensor]) -> float:
    """Return the share of the samples that the model takes for something else."""
    images, labels = data
    with torch.no_grad():
        return float((model(images).argmax(1) != labels).double().mean())


def _pass(
    model: nn.Module,
    data: tuple[Tensor, Tensor],
    optimizer: torch.optim.Optimizer,
    batch: int,
    generator: torch.Generator,
) -> None:
    images, labels = data
    for chosen in torch.randperm(len(labels), generator=generator).split(batch):
        optimizer.zero_grad()
        F.cross_entropy(model(images[chosen]), labels[chosen]).backward()
        optimizer.step()


def _optimizer(model: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    rate, decay = recipe.learning_rate, recipe.weight_decay
    if recipe.optimizer == "adam":
        return torch.optim.Adam(model.parameters(), rate, weight_decay=decay)
    return torch.optim.SGD(model.parameters(), rate, momentum=0.9, nesterov=True, weight_decay=decay)
