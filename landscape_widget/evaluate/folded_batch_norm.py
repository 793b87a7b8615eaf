"""A convolution and the BatchNorm after it, with frozen statistics, as one; folded anew in every cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.evaluate.recording import Call, Recording
from landscape_widget.evaluate.working_copy import WorkingCopy
from landscape_widget.objective.objective import Portions
from landscape_widget.objective.trial import Trial

CONVOLUTIONS = {nn.Conv1d: F.conv1d, nn.Conv2d: F.conv2d, nn.Conv3d: F.conv3d}
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


@dataclass(frozen=True)
class FoldedBatchNorm:
    """Names of convolutions, each with the norm that follows it."""

    pairs: tuple[tuple[str, str], ...]
    name = "folded BatchNorm"
    sentence = "BatchNorm folded into the convolution before it"

    def nbytes(self, samples: int, limit: int, workers: int) -> int:
        return 0

    def prepare(self, portions: Portions) -> None:
        pass

    def install(self, copy: WorkingCopy) -> InstalledFolds:
        get = copy.model.get_submodule
        return InstalledFolds([_Fold(get(convolution), get(norm)) for convolution, norm in self.pairs])


class InstalledFolds:
    """All pairs of one worker's copy."""

    def __init__(self, folds: list[_Fold]) -> None:
        self._folds = folds
        self._on = False

    def switch(self, on: bool) -> None:
        if on != self._on:
            self._on = on
            for fold in self._folds:
                fold.switch(on)

    @torch.no_grad()
    def moved(self, point: Sequence[float]) -> None:
        if self._on:
            for fold in self._folds:
                fold.refold()

    def measuring(self, trial: Trial) -> Trial:
        return trial


class _Fold:
    """γ (W x + c − μ) / √(σ² + ε) + β = (s W) x + (c − μ) s + β, with s = γ / √(σ² + ε)."""

    def __init__(self, convolution: Any, norm: Any) -> None:
        self._convolution, self._norm = convolution, norm
        self._plain = convolution.forward, norm.forward
        self._function = CONVOLUTIONS[type(convolution)]
        self._weight = torch.empty_like(convolution.weight)
        self._bias = torch.empty_like(norm.running_mean)

    def switch(self, on: bool) -> None:
        fast = self._forward, _unchanged
        self._convolution.forward, self._norm.forward = fast if on else self._plain

    def refold(self) -> None:
        convolution, norm = self._convolution, self._norm
        scale = torch.rsqrt(norm.running_var + norm.eps)
        if norm.weight is not None:
            scale = scale * norm.weight
        shift = -norm.running_mean if convolution.bias is None else convolution.bias - norm.running_mean
        torch.mul(convolution.weight, scale.view(-1, *[1] * (convolution.weight.ndim - 1)), out=self._weight)
        torch.mul(shift, scale, out=self._bias)
        if norm.bias is not None:
            self._bias += norm.bias

    def _forward(self, x: Tensor) -> Tensor:
        c = self._convolution
        return self._function(x, self._weight, self._bias, c.stride, c.padding, c.dilation, c.groups)


def find_folded_batch_norm(recording: Recording) -> FoldedBatchNorm | None:
    """Return the rewrite of every convolution whose output goes into a norm, as far as calls can tell."""
    convolutions = {id(call.output): call for call in recording.alone(tuple(CONVOLUTIONS))}
    pairs = [
        (convolutions[id(norm.input)].name, norm.name)
        for norm in recording.alone(NORMS)
        if id(norm.input) in convolutions and _fits(convolutions[id(norm.input)], norm)
    ]
    return FoldedBatchNorm(tuple(pairs)) if pairs else None


def _fits(convolution: Call, norm: Call) -> bool:
    before: Any = convolution.module
    after: Any = norm.module
    is_frozen = not after.training and after.running_mean is not None
    same_type = is_frozen and before.weight.dtype == after.running_var.dtype
    return bool(same_type) and before.padding_mode == "zeros"


def _unchanged(x: Tensor) -> Tensor:
    return x
