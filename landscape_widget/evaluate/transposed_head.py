"""A classifier's last layer as W hᵀ, classes by samples: with few classes it and its loss are faster so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.evaluate.recording import Recording
from landscape_widget.evaluate.working_copy import WorkingCopy
from landscape_widget.objective.inputs import split
from landscape_widget.objective.measure import OutputMeasure
from landscape_widget.objective.objective import Portions
from landscape_widget.objective.torch_criteria import Loss, is_loss
from landscape_widget.objective.trial import Trial


@dataclass(frozen=True)
class TransposedHead:
    """The name of a `Linear` whose output is the model's, under a cross entropy of class indices."""

    module: str
    name = "transposed head"
    sentence = "the last layer and its cross entropy computed class by class"

    def nbytes(self, samples: int, limit: int, workers: int) -> int:
        return 0

    def prepare(self, portions: Portions) -> None:
        pass

    def install(self, copy: WorkingCopy) -> InstalledHead:
        return InstalledHead(copy.model.get_submodule(self.module))


class InstalledHead:
    """The head of one worker's copy."""

    def __init__(self, module: Any) -> None:
        self._module = module
        self._plain = module.forward

    def switch(self, on: bool) -> None:
        self._module.forward = self._forward if on else self._plain

    def moved(self, point: Sequence[float]) -> None:
        pass

    def measuring(self, trial: Trial) -> Trial:
        measure = trial.measure
        assert isinstance(measure, OutputMeasure) and measure.criterion.elements is not None
        criterion = replace(measure.criterion, elements=ByClass(measure.criterion.elements))
        return replace(trial, measure=replace(measure, criterion=criterion))

    def _forward(self, x: Tensor) -> Tensor:
        weight, bias = self._module.weight, self._module.bias
        columns = x.t()
        return (weight @ columns if bias is None else torch.addmm(bias[:, None], weight, columns)).t()


@dataclass(frozen=True, eq=False)
class ByClass:
    """A cross entropy without reduction, which sees outputs that lie class by class as one image of them."""

    elements: Loss

    def __call__(self, output: Tensor, target: Tensor) -> Tensor:
        """Return one value a sample."""
        if output.stride(0) != 1:
            return self.elements(output, target)
        return self.elements(output.t()[None], target[None])[0]


def find_transposed_head(recording: Recording, trial: Trial) -> TransposedHead | None:
    """Return the rewrite if loss and model allow it."""
    measure = trial.measure
    if not isinstance(measure, OutputMeasure) or measure.criterion.elements is None or measure.criterion.bare:
        return None
    if not is_loss(measure.criterion.elements, nn.CrossEntropyLoss, F.cross_entropy):
        return None
    target = split(recording.batch)[2]
    for call in recording.alone(nn.Linear):
        if call.output is recording.output and call.output.ndim == 2 and target.ndim == 1:
            return TransposedHead(call.name)
    return None
