"""The model's forward through ``torch.compile``, for who asks for it: it takes seconds to begin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import nn

from landscape_widget.evaluate.working_copy import WorkingCopy
from landscape_widget.objective.objective import Portions
from landscape_widget.objective.trial import Trial


@dataclass(frozen=True)
class Compiled:
    """Needs a C++ compiler; without one it leaves as any other guest that fails."""

    name = "torch.compile"
    sentence = "the model compiled by torch.compile"

    def nbytes(self, samples: int, limit: int, workers: int) -> int:
        return 0

    def prepare(self, portions: Portions) -> None:
        pass

    def install(self, copy: WorkingCopy) -> InstalledCompiled:
        return InstalledCompiled(copy.model)


class InstalledCompiled:
    """One worker's compiled forward; the weights are read anew at every call."""

    def __init__(self, model: nn.Module) -> None:
        self._model = model
        self._plain = model.forward
        self._fast: Callable | None = None

    def switch(self, on: bool) -> None:
        if not on:
            self._model.forward = self._plain
            return
        self._fast = self._fast or torch.compile(self._plain, dynamic=False)
        self._model.forward = self._fast

    def moved(self, point: Sequence[float]) -> None:
        pass

    def measuring(self, trial: Trial) -> Trial:
        return trial
