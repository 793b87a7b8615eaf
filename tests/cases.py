"""Small problems with known answers: a model, a loss and data each, and the loss of all the data at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from landscape_widget.objective.criterion import batch_loss


@dataclass(frozen=True, eq=False)
class Case:
    """A model, a loss and data as a user would hand them over.

    Attributes:
        once: the loss of all the data in one call, on any copy of the model in float64.
    """

    model: nn.Module
    loss: Any
    data: Any
    once: Callable[[nn.Module], Tensor]


class Quadratic(nn.Module):
    """``c + (θ − θ₀)ᵀ A (θ − θ₀) / 2`` for every sample, in float64."""

    def __init__(self, size: int = 6) -> None:
        super().__init__()
        root = draw(size, size).double()
        self.register_buffer("hessian", root @ root.T)
        self.register_buffer("minimum", draw(size).double())
        self.theta = nn.Parameter(draw(size, seed=1).double())
        self.constant = 0.7

    def forward(self, x: Tensor) -> Tensor:
        offset = self.theta - self.minimum
        return (self.constant + offset @ self.hessian @ offset / 2).expand(len(x))


class ConvNet(nn.Module):
    """Convolution and BatchNorm with statistics that aren't the initial ones."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.head = nn.Linear(4, 3)
        self.norm.running_mean = draw(4) / 4
        self.norm.running_var = 1 + draw(4).square()

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.norm(self.conv(x)).relu().mean((2, 3)))


class ResidualNet(nn.Module):
    """Two convolutions, each with a BatchNorm, and a shortcut, written in place as people do."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.norm = nn.Conv2d(2, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.conv, self.norm2 = nn.Conv2d(4, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.relu, self.head = nn.ReLU(inplace=True), nn.Linear(4, 3)
        for number, norm in enumerate((self.norm, self.norm2)):
            norm.running_mean = draw(4, seed=number) / 4
            norm.running_var = 0.5 + draw(4, seed=number).square()

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.norm(self.stem(x)))
        out = self.norm2(self.conv(x))
        out += x
        return self.head(self.relu(out).mean((2, 3)))


class TiedNet(nn.Module):
    """Tokens in, a class for every token out; the head is the embedding."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(11, 5)
        self.mix = nn.Linear(5, 5)
        self.head = nn.Linear(5, 11, bias=False)
        self.head.weight = self.embedding.weight

    def forward(self, tokens: Tensor) -> Tensor:
        return self.head(self.mix(self.embedding(tokens)).tanh()).transpose(1, 2)


class Recurrent(nn.Module):
    """The last state of an LSTM, classified."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 4, batch_first=True)
        self.head = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.lstm(x)[0][:, -1])


class NamedInputs(nn.Module):
    """Takes its inputs by name and answers with a dict, as transformers do."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Linear(4, 3)

    def forward(self, features: Tensor, mask: Tensor) -> dict[str, Tensor]:
        return {"logits": self.body(features * mask)}


class ComplexNet(nn.Module):
    """A linear layer with complex weights; real out."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.complex(draw(3, 4), draw(3, 4, seed=1)))

    def forward(self, x: Tensor) -> Tensor:
        return (x.to(self.weight.dtype) @ self.weight.T).abs()


def draw(*shape: int, seed: int = 0) -> Tensor:
    """Normal float32 numbers; the global random state is left alone."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def draw_classes(count: int, *shape: int, seed: int = 0) -> Tensor:
    """Class indices below ``count``."""
    return torch.randint(count, shape, generator=torch.Generator().manual_seed(seed))


def seeded(make: Callable[[], nn.Module]) -> nn.Module:
    """Make a model with the same weights each time; the global random state is left alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return make()


def mlp() -> nn.Module:
    """Four inputs, three classes."""
    return seeded(lambda: nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)))


def classification(loss: Any = F.cross_entropy, samples: int = 37) -> Case:
    """The MLP on a tuple of tensors, by any loss of (output, target)."""
    x, y = draw(samples, 4), draw_classes(3, samples)
    return Case(mlp(), loss, (x, y), lambda model: loss(model(x.double()), y))


def trained() -> Case:
    """The MLP trained on separable data until its loss is far below 1e-4, where float32 criteria fail."""
    x = draw(64, 4)
    y = x[:, :3].argmax(1)
    model = mlp()
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=400, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        return loss

    for _ in range(5):
        optimizer.step(closure)
    optimizer.zero_grad()
    return Case(model, F.cross_entropy, (x, y), lambda m: F.cross_entropy(m(x.double()), y))


def quadratic() -> Case:
    """O1, whose landscape has a closed form."""
    model = Quadratic()
    x = torch.zeros(5, 1)
    return Case(model, lambda output, target: output, (x, x), lambda m: m(x).mean())


def _class_weights() -> Case:
    weight = torch.tensor([0.2, 1.0, 3.0])
    x, y = draw(37, 4), draw_classes(3, 37)
    once = nn.CrossEntropyLoss(weight.double(), label_smoothing=0.1)
    loader = DataLoader(TensorDataset(x, y), batch_size=8, shuffle=True)
    smoothed = nn.CrossEntropyLoss(weight, label_smoothing=0.1)
    return Case(mlp(), smoothed, loader, lambda model: once(model(x.double()), y))


def _ignored_tokens() -> Case:
    tokens, targets = draw_classes(11, 23, 6), draw_classes(11, 23, 6, seed=1)
    targets[targets > 7] = -1
    targets[:4] = -1
    loss = partial(F.cross_entropy, ignore_index=-1)
    batches = [(tokens[i : i + 5], targets[i : i + 5]) for i in range(0, 23, 5)]
    return Case(seeded(TiedNet), loss, batches, lambda model: loss(model(tokens), targets))


def _images() -> Case:
    x, y = draw(21, 1, 6, 6), draw_classes(3, 21)
    loss = nn.CrossEntropyLoss(reduction="sum")
    data = DataLoader(TensorDataset(x, y), batch_size=4)
    return Case(seeded(ConvNet), loss, data, lambda model: loss(model(x.double()), y))


def _residual() -> Case:
    x, y = draw(21, 2, 5, 6), draw_classes(3, 21)
    data = [(x[:9], y[:9]), (x[9:], y[9:])]
    return Case(seeded(ResidualNet), F.cross_entropy, data, lambda m: F.cross_entropy(m(x.double()), y))


def _flattened() -> Case:
    x, y = draw(21, 2, 3, 3), draw_classes(3, 21)
    model = seeded(
        lambda: nn.Sequential(
            nn.Flatten(), nn.Linear(18, 7, bias=False), nn.ReLU(inplace=True), nn.Linear(7, 3)
        )
    )
    return Case(model, F.cross_entropy, (x, y), lambda m: F.cross_entropy(m(x.double()), y))


def _sequences() -> Case:
    x, y = draw(19, 5, 3), draw_classes(3, 19)
    loss = nn.NLLLoss(reduction="none")
    model = seeded(lambda: nn.Sequential(Recurrent(), nn.LogSoftmax(1)))
    return Case(model, loss, TensorDataset(x, y), lambda m: loss(m(x.double()), y).mean())


def _named() -> Case:
    data = {"features": draw(17, 4), "mask": draw_classes(2, 17, 4), "labels": draw_classes(3, 17)}

    def once(model: nn.Module) -> Tensor:
        output = model(data["features"].double(), data["mask"])
        return F.cross_entropy(output["logits"], data["labels"])

    return Case(seeded(NamedInputs), nn.CrossEntropyLoss(), data, once)


def _regression() -> Case:
    x, y = draw(18, 4), draw(18, 3, seed=1)
    loss = nn.SmoothL1Loss()
    return Case(mlp(), loss, (x, y), lambda model: loss(model(x.double()), y.double()))


def _binary() -> Case:
    x, y = draw(18, 4), draw_classes(2, 18, 3).float()
    loss = nn.BCEWithLogitsLoss(pos_weight=torch.tensor([1.0, 2.0, 3.0]))
    once = nn.BCEWithLogitsLoss(pos_weight=torch.tensor([1.0, 2.0, 3.0]).double())
    return Case(mlp(), loss, (x, y), lambda model: once(model(x.double()), y.double()))


def _divergence() -> Case:
    x, y = draw(18, 4), draw(18, 3, seed=1).softmax(1)
    loss = nn.KLDivLoss(reduction="batchmean")
    model = seeded(lambda: nn.Sequential(nn.Linear(4, 3), nn.LogSoftmax(1)))
    return Case(model, loss, (x, y), lambda m: loss(m(x.double()), y.double()))


def _complex() -> Case:
    x, y = draw(18, 4), draw(18, 3, seed=1)
    return Case(seeded(ComplexNet), F.mse_loss, (x, y), lambda m: F.mse_loss(m(x.double()), y.double()))


def _own_function() -> Case:
    x, y = draw(18, 4), draw_classes(3, 18)

    def loss(model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        return F.cross_entropy(model(batch[0]), batch[1])

    data = [(x[:7], y[:7]), (x[7:], y[7:])]
    return Case(mlp(), batch_loss(loss), data, lambda m: F.cross_entropy(m(x.double()), y))


CASES: dict[str, Callable[[], Case]] = {
    "quadratic": quadratic,
    "classification": classification,
    "trained": trained,
    "class weights, smoothing, shuffled loader": _class_weights,
    "tied embedding, ignored tokens, batches": _ignored_tokens,
    "convolution, BatchNorm, sum": _images,
    "residual convolutions, batches": _residual,
    "behind Flatten, no bias": _flattened,
    "LSTM, no reduction, data set": _sequences,
    "dict batches": _named,
    "regression": _regression,
    "binary": _binary,
    "batchmean": _divergence,
    "complex": _complex,
    "batch loss": _own_function,
}
