"""What is the loss of every sample at every cell of a plane through a small network, trained for a moment?"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from torch import Tensor, nn

from landscape_widget.facts import MetricFacts
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State
from tests.benchmarks.networks import perceptron, resnet

POINTS = 51
GRID = Grid(Axis(-1, 1, POINTS), Axis(-1, 1, POINTS))
KEPT = Path(__file__).parents[3] / "test-output" / "benchmarks" / "planes"
LEVELS = range(GRID.levels)


@dataclass(frozen=True, eq=False)
class Plane:
    """A network's losses around its weights, along two filter-normalized directions.

    Attributes:
        losses: float64[cell, sample], in the order of the data.
    """

    name: str
    losses: NDArray[np.float64]

    @property
    def size(self) -> int:
        """How many samples there are."""
        return self.losses.shape[1]

    def surface(self, cells: NDArray[np.int64] | None = None, samples: int | None = None) -> Surface:
        """A surface that knows the mean over the first samples at some cells, or at all."""
        cells = np.arange(GRID.size) if cells is None else cells
        values = self.losses[cells, :samples].mean(axis=1)[None]
        metrics = (MetricFacts("loss", "", self.size),)
        empty = Surface.empty(GRID, metrics, samples=self.size)
        states = np.full(len(cells), State.EXACT, np.uint8)
        return empty.tell(Patch(cells, values, 0 * values, np.full(values.shape, self.size), states))

    @property
    def logs(self) -> NDArray[np.float64]:
        """The truth as it is drawn: float64[row, column]."""
        return np.log(self.surface()["loss"])

    def error(self, loss: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far a picture is off, cell by cell, as a share of the drawn range."""
        return np.abs(np.log(loss) - self.logs) / np.ptp(self.logs)


def planes() -> list[Plane]:
    """Computed once, on one core, in about three minutes, and kept."""
    return [_plane(name, make) for name, make in NETWORKS.items()]


def up_to(level: int) -> NDArray[np.int64]:
    """The cells of a level and all before it."""
    return np.flatnonzero(GRID.cell_levels <= level)


def _perceptron() -> tuple[nn.Module, Tensor, Tensor]:
    images, targets = _digits()
    return perceptron(64, 128, 128, 10), images.flatten(1), targets


def _cnn() -> tuple[nn.Module, Tensor, Tensor]:
    images, targets = _digits()
    layers = (
        *(nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU()),
        *(nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(32 * 16, 10)),
    )
    return nn.Sequential(*layers), images[:1024], targets[:1024]


def _resnet() -> tuple[nn.Module, Tensor, Tensor]:
    images, targets = _digits()
    larger = F.interpolate(images[:256], (16, 16), mode="bilinear")
    return resnet(14), larger.expand(-1, 3, -1, -1).contiguous(), targets[:256]


NETWORKS: dict[str, Callable[[], tuple[nn.Module, Tensor, Tensor]]] = {
    "perceptron 64-128-128-10, 1,797 digits": _perceptron,
    "CNN with BatchNorm, 1,024 digits": _cnn,
    "ResNet-14 with BatchNorm, 256 digits of 16×16": _resnet,
}


def _digits() -> tuple[Tensor, Tensor]:
    pixels, targets = load_digits(return_X_y=True)
    return torch.tensor(pixels, dtype=torch.float32).view(-1, 1, 8, 8) / 16, torch.tensor(targets)


def _plane(name: str, make: Callable[[], tuple[nn.Module, Tensor, Tensor]]) -> Plane:
    path = KEPT / f"{make.__name__}.npy"
    if not path.exists():
        torch.set_num_threads(1)
        torch.manual_seed(0)
        model, inputs, targets = make()
        _train(model, inputs, targets)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, _losses(model.eval(), inputs, targets))
    return Plane(name, np.load(path))


def _train(model: nn.Module, inputs: Tensor, targets: Tensor, steps: int = 80) -> None:
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    for _ in range(steps):
        some = torch.randint(len(targets), (128,))
        optimizer.zero_grad()
        F.cross_entropy(model(inputs[some]), targets[some]).backward()
        optimizer.step()


@torch.inference_mode()
def _losses(model: nn.Module, inputs: Tensor, targets: Tensor) -> NDArray[np.float64]:
    net = copy.deepcopy(model)
    across, up = (_direction(model, seed) for seed in (0, 1))
    losses = np.empty((GRID.size, len(targets)))
    for cell, (a, b) in enumerate(GRID.coordinates(np.arange(GRID.size)).tolist()):
        for weight, moved, u, v in zip(model.parameters(), net.parameters(), across, up, strict=True):
            moved.copy_(weight + a * u + b * v)
        outputs = torch.cat([net(batch) for batch in inputs.split(64)]).double()
        losses[cell] = F.cross_entropy(outputs, targets, reduction="none").numpy()
    return losses


def _direction(model: nn.Module, seed: int) -> list[Tensor]:
    """Each filter as long as the network's own; what has one dimension stays (Li et al. 2018, section 4)."""
    draw = torch.Generator().manual_seed(seed)
    direction = []
    for weight in model.parameters():
        drawn = torch.randn(weight.shape, generator=draw)
        if weight.dim() > 1:
            lengths = weight.detach().flatten(1).norm(dim=1) / drawn.flatten(1).norm(dim=1)
            direction.append(drawn * lengths.view(-1, *[1] * (weight.dim() - 1)))
        else:
            direction.append(torch.zeros_like(drawn))
    return direction
