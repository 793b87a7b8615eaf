"""Small modules of every kind, their filters listed one by one, and a stand-in for an objective."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations, prune

Blocks = Callable[[Tensor], list[Tensor]]


@dataclass(frozen=True, eq=False)
class Place:
    """An objective as the subspace sees it."""

    model: nn.Module
    params: Mapping[str, Tensor]
    slope: Mapping[str, Tensor] = field(default_factory=dict)
    share: float = 1.0
    lender: None = None

    def gradient(self) -> Mapping[str, Tensor]:
        return self.slope


def place(model: nn.Module, share: float = 1.0, slope: Mapping[str, Tensor] | None = None) -> Place:
    """A stand-in objective at the model's trainable parameters."""
    params = {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad}
    return Place(model, params, slope or {}, share)


@dataclass(frozen=True, eq=False)
class FilterCase:
    """One tensor of one module, with its filters and layers taken out of it by hand."""

    make: Callable[[], nn.Module]
    tensor: str
    filters: Blocks
    layers: Blocks = field(default=lambda w: [w])


class Conv1D(nn.Module):
    """Linear with a transposed weight, as GPT-2 has it."""

    def __init__(self, out: int, inputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(inputs, out))
        self.bias = nn.Parameter(torch.zeros(out))


class Attention(nn.Module):
    """Queries, keys and values in one weight, as GPT-2 and vision transformers have them."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(4, 12)
        self.c_attn = Conv1D(12, 4)
        self.other = nn.Linear(4, 12)


class LowRank(nn.Module):
    """A frozen weight and a trainable product B·A, where B begins at zero."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(5, 4), requires_grad=False)
        self.lora_A = nn.Parameter(torch.randn(2, 4))
        self.lora_B = nn.Parameter(torch.zeros(5, 2))


class Tied(nn.Module):
    """An embedding that is the head, too."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(7, 3)
        self.head = nn.Linear(3, 7, bias=False)
        self.head.weight = self.embedding.weight


class Complex(nn.Module):
    """A complex matrix and a complex bias."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(4, 3, dtype=torch.complex64))
        self.bias = nn.Parameter(torch.randn(4, dtype=torch.complex64))


class Tables(nn.Module):
    """Tensors with two axes or more that have no filters."""

    def __init__(self) -> None:
        super().__init__()
        self.positions = nn.Parameter(torch.randn(1, 5, 4))
        self.token = nn.Parameter(torch.randn(1, 1, 4))
        self.layer_scale = nn.Parameter(torch.randn(4, 1, 1))
        self.temperature = nn.Parameter(torch.tensor(2.0))
        self.norm = nn.LayerNorm([3, 4])
        self.gained = parametrizations.weight_norm(nn.Linear(3, 4, bias=False))


def rows(weight: Tensor) -> list[Tensor]:
    return list(weight)


def columns(weight: Tensor) -> list[Tensor]:
    return [weight[:, j] for j in range(weight.shape[1])]


def channels(groups: int) -> Blocks:
    """Output channels of a transposed convolution: dim 1 within each group of dim 0."""
    return lambda w: [group[:, j] for group in w.chunk(groups) for j in range(w.shape[1])]


def parts(count: int) -> Blocks:
    return lambda w: list(w.chunk(count))


def pruned() -> nn.Module:
    return prune.l1_unstructured(nn.ConvTranspose1d(4, 6, 3, groups=2), "weight", amount=0.3)


FILTER_CASES = {
    "linear": FilterCase(lambda: nn.Linear(4, 3), "weight", rows),
    "linear to one": FilterCase(lambda: nn.Linear(4, 1), "weight", rows),
    "linear from one": FilterCase(lambda: nn.Linear(1, 4), "weight", rows),
    "conv1d": FilterCase(lambda: nn.Conv1d(2, 3, 5), "weight", rows),
    "conv2d": FilterCase(lambda: nn.Conv2d(2, 3, 3), "weight", rows),
    "conv3d": FilterCase(lambda: nn.Conv3d(2, 3, 2), "weight", rows),
    "grouped": FilterCase(lambda: nn.Conv2d(4, 6, 3, groups=2), "weight", rows),
    "depthwise": FilterCase(lambda: nn.Conv2d(4, 4, 3, groups=4), "weight", rows),
    "transposed 1d": FilterCase(lambda: nn.ConvTranspose1d(3, 5, 4), "weight", columns),
    "transposed 2d": FilterCase(lambda: nn.ConvTranspose2d(4, 6, 3, groups=2), "weight", channels(2)),
    "transposed 3d": FilterCase(lambda: nn.ConvTranspose3d(4, 4, 2, groups=4), "weight", channels(4)),
    "attention": FilterCase(lambda: nn.MultiheadAttention(4, 2), "in_proj_weight", rows, parts(3)),
    "attention, own width": FilterCase(lambda: nn.MultiheadAttention(4, 2, kdim=3), "k_proj_weight", rows),
    "fused qkv": FilterCase(Attention, "qkv.weight", rows, parts(3)),
    "fused c_attn": FilterCase(Attention, "c_attn.weight", columns, lambda w: list(w.chunk(3, dim=1))),
    "three times as wide": FilterCase(Attention, "other.weight", rows),
    "embedding": FilterCase(lambda: nn.Embedding(6, 4), "weight", rows),
    "tied embedding": FilterCase(Tied, "embedding.weight", rows),
    "lstm": FilterCase(lambda: nn.LSTM(3, 5, proj_size=2), "weight_ih_l0", rows, parts(4)),
    "lstm projection": FilterCase(lambda: nn.LSTM(3, 5, proj_size=1), "weight_hr_l0", rows),
    "gru": FilterCase(lambda: nn.GRU(3, 5, bidirectional=True), "weight_hh_l0_reverse", rows, parts(3)),
    "lstm cell": FilterCase(lambda: nn.LSTMCell(3, 5), "weight_hh", rows, parts(4)),
    "rnn": FilterCase(lambda: nn.RNN(3, 5), "weight_ih_l0", rows),
    "conv1d of gpt-2": FilterCase(lambda: Conv1D(6, 4), "weight", columns),
    "bilinear": FilterCase(lambda: nn.Bilinear(3, 4, 5), "weight", rows),
    "low rank": FilterCase(LowRank, "lora_A", rows),
    "complex": FilterCase(Complex, "weight", rows),
    "weight norm": FilterCase(
        lambda: parametrizations.weight_norm(nn.Linear(1, 4)), "parametrizations.weight.original1", rows
    ),
    "spectral norm": FilterCase(
        lambda: parametrizations.spectral_norm(nn.ConvTranspose2d(3, 5, 2)),
        "parametrizations.weight.original",
        columns,
    ),
    "pruned": FilterCase(pruned, "weight_orig", channels(2)),
}
