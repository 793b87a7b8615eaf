"""Networks whose Hessian is known: by a formula, or as the whole matrix, in float64 and in one piece."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.attention import SDPBackend, sdpa_kernel

from landscape_widget.curvature.place import at_origin
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.read_objective import read_objective
from tests.cases import CASES, Case, draw, draw_classes, seeded
from tests.reference import in_float64


class Gated(nn.Module):
    """The last state of a GRU, classified."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(3, 4, batch_first=True)
        self.head = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.gru(x)[0][:, -1])


class Attentive(nn.Module):
    """Both ways in which torch computes attention by a fused kernel, causal and with a mask."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.MultiheadAttention(8, 2, batch_first=True)
        self.mix = nn.Linear(8, 24)
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, 3)
        self.register_buffer("mask", torch.ones(5, 5, dtype=torch.bool).tril())

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.first(x, x, x, need_weights=False)[0]
        query, key, value = (part.unflatten(-1, (2, 4)).transpose(1, 2) for part in self.mix(x).chunk(3, -1))
        masked = F.scaled_dot_product_attention(query, key, value, attn_mask=self.mask)
        causal = F.scaled_dot_product_attention(query, key, value, is_causal=True, scale=0.3)
        x = self.norm(x + (masked + causal).transpose(1, 2).flatten(2))
        return self.head(x.mean(1))


class Encoder(nn.Module):
    """torch's own transformer layer, which has a fast path for eval mode."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(8, 2, 12, batch_first=True)
        self.head = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.layer(x).mean(1))


class Rosenbrock(nn.Module):
    """(1 − a)² + 100 (b − a²)² for every sample, in float64."""

    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Parameter(torch.tensor([0.0], dtype=torch.float64))
        self.b = nn.Parameter(torch.tensor([0.0], dtype=torch.float64))

    def forward(self, x: Tensor) -> Tensor:
        return ((1 - self.a) ** 2 + 100 * (self.b - self.a**2) ** 2).expand(len(x))

    @staticmethod
    def hessian(a: float, b: float) -> NDArray[np.float64]:
        return np.array([[2 - 400 * b + 1200 * a * a, -400 * a], [-400 * a, 200]])


def own_loss(output: Tensor, target: Tensor) -> Tensor:
    """The model's output is its loss."""
    return output


def _sequences(model: nn.Module, width: int) -> Case:
    x, y = draw(19, 5, width), draw_classes(3, 19)
    batches = [(x[:7], y[:7]), (x[7:], y[7:])]
    return Case(model, F.cross_entropy, batches, lambda m: F.cross_entropy(m(x.double()), y))


CURVED = {name: make for name, make in CASES.items() if name not in ("complex", "trained")} | {
    "GRU": lambda: _sequences(seeded(Gated), 3),
    "attention": lambda: _sequences(seeded(Attentive), 8),
    "transformer layer": lambda: _sequences(seeded(Encoder), 8),
}


def objective_of(case: Case, **options: Any) -> Objective:
    """Read a case as a user's."""
    return read_objective(case.model, case.loss, case.data, **options)


def dense_hessian(case: Case, names: Sequence[str]) -> NDArray[np.float64]:
    """Differentiate the loss of all the data twice, in float64, by the plain attention of torch's own."""
    model = in_float64(case.model)
    own = dict(model.named_parameters())
    sizes = [own[name].numel() for name in names]
    start = torch.cat([own[name].detach().reshape(-1) for name in names])

    def loss(flat: Tensor) -> Tensor:
        pieces = zip(names, flat.split(sizes), strict=True)
        point = {name: piece.view(own[name].shape) for name, piece in pieces}
        return case.once(lambda *inputs, **named: functional_call(model, point, inputs, named))

    with sdpa_kernel(SDPBackend.MATH):
        return torch.autograd.functional.hessian(loss, start).numpy()


def whole_matrix(objective: Objective, samples: int | None = None, **options: Any) -> NDArray[np.float64]:
    """Multiply with each unit vector."""
    portion = objective.portions(samples or objective.samples)[0]
    with at_origin(objective).hessian(portion, **options) as hessian:
        return np.stack([hessian(unit) for unit in np.eye(hessian.size)])


def matrix_case(matrix: NDArray[np.float64], weights: Sequence[float], slope: Sequence[float]) -> Objective:
    """``slopeᵀ(θ − θ₀) + (θ − θ₀)ᵀ A (θ − θ₀)/2`` at its θ₀, in float64."""

    class Quadratic(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.theta = nn.Parameter(torch.tensor(list(weights), dtype=torch.float64))
            self.register_buffer("centre", self.theta.detach().clone())
            self.register_buffer("matrix", torch.tensor(matrix))
            self.register_buffer("slope", torch.tensor(list(slope), dtype=torch.float64))

        def forward(self, x: Tensor) -> Tensor:
            offset = self.theta - self.centre
            return (1 + offset @ self.slope + offset @ self.matrix @ offset / 2).expand(len(x))

    x = torch.zeros(4, 1)
    return read_objective(Quadratic(), own_loss, (x, x))
