"""What is measured: a model, a loss and data, read once, as a function from weights to metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor, nn

from landscape_widget.facts import MetricFacts
from landscape_widget.objective.autocast import Autocast, casting
from landscape_widget.objective.batch_norm import CALIBRATION, re_estimated
from landscape_widget.objective.batches import Batches
from landscape_widget.objective.common_random_numbers import drawing, switch_to_train
from landscape_widget.objective.copies import private_copy
from landscape_widget.objective.gradient import mean_gradient
from landscape_widget.objective.lender import Lender
from landscape_widget.objective.structures import Batch, mapped
from landscape_widget.objective.terms import Measurement, ratio
from landscape_widget.objective.trial import Trial

Portions = tuple[Sequence[Batch], ...]
"""The batches to measure on: of the training data, then of the test data if there is any."""


@dataclass(frozen=True, eq=False)
class Objective:
    """θ ↦ metrics, on a model and data of our own.

    Attributes:
        model: a private copy that never moves; evaluators copy it.
        params: the moved parameters at the origin, views of the model's, which nobody may write to.
        metrics: the columns of every measurement, the loss first, ``test_…`` last.
        train: the data.
        test: a second data set, or None.
        share: ‖θ_moved‖² / ‖θ‖², 0 to 1.
        samples: size of the subset asked for; all of ``train`` if none was.
        seed: of the subsets.
        trial: how a batch is measured.
        notes: sentences the user should read.
        batch_norm: one of `batch_norm.MODES`; None where no BatchNorm keeps running statistics. Only
            ``"reestimate"`` changes what is done at a cell; the others differ in what a direction moves.
        lender: where ``model`` is the user's own, who lends it; ``params`` are then mapped from its file.
    """

    model: nn.Module
    params: Mapping[str, Tensor]
    metrics: tuple[MetricFacts, ...]
    train: Batches
    test: Batches | None
    share: float
    samples: int
    seed: int
    trial: Trial
    notes: tuple[str, ...]
    batch_norm: str | None = None
    lender: Lender | None = None

    @property
    def mode(self) -> str:
        """``"eval"``, or ``"train"`` for layers that draw random numbers, the same in every cell."""
        return self.trial.mode

    @property
    def place(self) -> str:
        """Where it is measured, as people read it: ``"cpu"``, or the devices a model is spread over."""
        named = dict(self.model.named_parameters(remove_duplicate=False))
        return ", ".join(dict.fromkeys(str(named[name].device) for name in self.params))

    @property
    def autocast(self) -> torch.dtype | None:
        """In which precision products are computed, where that isn't the weights'."""
        return self.trial.measure.dtype if isinstance(self.trial.measure, Autocast) else None

    @property
    def precise(self) -> Objective:
        """The same without autocast, in whose few digits a second derivative would drown."""
        measure = self.trial.measure
        if not isinstance(measure, Autocast):
            return self
        return replace(self, trial=replace(self.trial, measure=measure.measure))

    @property
    def is_plain(self) -> bool:
        """Whether cells must be computed as they are, with these batches: by no rewrite, in no race."""
        return self.mode == "train" or self.batch_norm == "reestimate"

    @property
    def calibration(self) -> dict[str, int | None] | None:
        """What re-estimated statistics depend on, where there are any; size None: batches as they came."""
        if self.batch_norm != "reestimate":
            return None
        size = CALIBRATION if self.trial.cuttable else None
        return {"batch_size": size, "seed": None if size is None else self.seed}

    @property
    def sizes(self) -> tuple[int, ...]:
        """Samples in the training data, and in the test data if there is any."""
        return (self.train.size,) if self.test is None else (self.train.size, self.test.size)

    def portions(self, samples: int, limit: int | None = None, channels_last: bool = False) -> Portions:
        """Return the batches of a subset, of the training data and then of the test data.

        Args:
            samples: of the training data, 1 to its size; of the test data at most as many.
            limit: samples a batch, where they may be batched otherwise than they came; None: as they came.
            channels_last: whether images lie that way in memory.
        """
        portions: list[Sequence[Batch]] = []
        for batches, wanted in self._data(samples):
            if self.batch_norm == "reestimate" and batches is self.train and self.trial.cuttable:
                portion = batches.shuffled(wanted, self.seed, CALIBRATION)
            elif limit is not None and self.trial.cuttable:
                portion = batches.cut(wanted, self.seed, limit)
            else:
                portion = batches.take(wanted, self.seed)
            portions.append(tuple(map(_images_last, portion)) if channels_last else portion)
        return tuple(portions)

    def measure(
        self,
        model: nn.Module,
        portions: Portions,
        cancelled: Callable[[], bool] = lambda: False,
        trial: Trial | None = None,
    ) -> Measurement | None:
        """Measure a copy of `model` with other weights, on any thread; None once ``cancelled()`` is true.

        Args:
            portions: as `portions` returns them.
            trial: a copy of this objective's own, for a thread of its own.
        """
        trial = trial or self.trial
        with ExitStack() as stack:
            if self.mode == "train":
                switch_to_train(model)
            stack.enter_context(drawing(self.mode, self.seed))
            if self.batch_norm == "reestimate":
                forward = partial(trial.terms, model)
                stack.enter_context(re_estimated(model, forward, portions[0], cancelled))
            return self._measured(model, portions, cancelled, trial)

    def _measured(
        self, model: nn.Module, portions: Portions, cancelled: Callable[[], bool], trial: Trial
    ) -> Measurement | None:
        columns = []
        for size, portion in zip(self.sizes, portions, strict=True):
            terms = []
            for batch in portion:
                if cancelled():
                    return None
                terms.append(trial.terms(model, batch))
            columns += [ratio([term[name] for term in terms], size) for name in trial.measure.units]
        return Measurement.of(columns)

    def gradient(self, samples: int | None = None) -> dict[str, Tensor]:
        """Return ∂loss/∂θ at the origin on the training data, at least float32, on any thread.

        Raises:
            ValueError: where the loss has no gradient.
        """
        batches = self.train.take(samples or self.samples, self.seed)
        with ExitStack() as stack:
            if self.lender is None:
                model, _ = private_copy(self.model, moving=self.params)
            else:
                model = stack.enter_context(self.lender.lent())
            if self.mode == "train":
                switch_to_train(model)
            stack.enter_context(drawing(self.mode, self.seed))
            stack.enter_context(casting(None, next(model.parameters()).device))
            return mean_gradient(self.trial.measure, model, tuple(self.params), batches, self.train.size)

    def _data(self, samples: int) -> list[tuple[Batches, int]]:
        test = [] if self.test is None else [(self.test, min(samples, self.test.size))]
        return [(self.train, samples), *test]


def _images_last(batch: Batch) -> Batch:
    def changed(tensor: Tensor) -> Tensor:
        return tensor.contiguous(memory_format=torch.channels_last) if tensor.ndim == 4 else tensor

    return mapped(batch, changed)
