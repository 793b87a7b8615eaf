"""Do model, loss and data work together? One batch at the origin says how they are measured, or why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from landscape_widget.objective.copies import Buffers, private_copy
from landscape_widget.objective.criterion import batch_loss
from landscape_widget.objective.measure import Measure, read_measure
from landscape_widget.objective.metrics import Metric
from landscape_widget.objective.random_state import random_state_digest
from landscape_widget.objective.steadiness import unsteady
from landscape_widget.objective.structures import Batch, cloned, shapes, tensors_in
from landscape_widget.objective.terms import Terms


@dataclass(frozen=True, eq=False)
class Trial:
    """What one batch has shown.

    Attributes:
        measure: how a batch is measured.
        differentiates: whether loss or model differentiate inside, which inference mode forbids.
        writes: whether somebody writes into the batch, so that it must be cloned each time.
        cuttable: whether the samples may be batched otherwise without a change of any metric.
        notes: sentences for the user.
    """

    measure: Measure
    differentiates: bool
    writes: bool
    cuttable: bool
    notes: tuple[str, ...]

    def copied(self) -> Trial:
        """Return one whose criterion and metrics nobody else calls: they may keep something between calls."""
        return replace(self, measure=self.measure.copied())

    def terms(self, model: nn.Module, batch: Batch) -> Mapping[str, Terms]:
        """Measure a batch without a graph; the batch itself stays as it is."""
        with computing(self.differentiates):
            terms = self.measure(model, cloned(batch) if self.writes else batch)
            return {name: term.detached() for name, term in terms.items()}


@contextmanager
def computing(differentiates: bool) -> Iterator[None]:
    """Inference mode, or with gradients allowed inside; for this thread only."""
    with torch.inference_mode(not differentiates), torch.set_grad_enabled(differentiates):
        yield


def try_on(
    model: nn.Module,
    params: Mapping[str, Tensor],
    loss: Any,
    metrics: Mapping[str, Metric] | None,
    batch: Batch,
) -> Trial:
    """Measure one batch on a copy of the model, in the calling thread.

    Raises:
        ValueError: where model or loss can't be called, or the loss returns the wrong size, draws random
            numbers, or doesn't use the model it is handed.
        TypeError: where the loss returns no number.
    """
    before = random_state_digest()
    refusal = None
    for differentiates in (False, True):
        used, (scratch, _) = cloned(batch), private_copy(model, moving=params)
        buffers = Buffers(scratch)
        try:
            with computing(differentiates):
                measure, notes = read_measure(loss, metrics, scratch, used)
                terms = measure(scratch, used)
            break
        except Exception as error:  # of the second way, which is the more general one
            refusal = error
    else:
        assert refusal is not None
        raise refusal
    if random_state_digest() != before:
        raise ValueError(
            "Expected the same loss for the same weights; the model or the loss draws random numbers in eval "
            "mode. Give `F.dropout` its `training=self.training`, or draw from a seeded `torch.Generator`."
        )
    writes = any(not _equal(a, b) for a, b in zip(tensors_in(batch), tensors_in(used), strict=True))
    trial = Trial(measure, differentiates, writes, False, notes)

    def loss_of(batch: Batch) -> Terms:
        buffers.restore()
        return trial.terms(scratch, batch)["loss"]

    apart = terms["loss"].individual or isinstance(loss, batch_loss)
    precision = next(iter(params.values())).real.dtype
    complaints = unsteady(loss_of, batch, precision, apart)
    cuttable = not complaints and all(term.individual for term in terms.values())
    trial = replace(trial, cuttable=cuttable, notes=(*notes, *complaints))
    if isinstance(loss, batch_loss):
        _refuse_other_models(trial, scratch, params, batch)
    return trial


def try_test_data(trial: Trial, model: nn.Module, batch: Batch) -> None:
    """Measure a batch of the second data set as those of the first are.

    Raises:
        ValueError: where that fails.
    """
    try:
        trial.terms(private_copy(model, moving=())[0], batch)
    except Exception as error:
        raise ValueError(
            f"Expected test_data in the form of data; a batch {shapes(batch)} of it raised "
            f"{type(error).__name__}: {error}"
        ) from error


def _equal(a: Tensor, b: Tensor) -> bool:
    """Tell whether they hold the same; of what isn't strided nobody can say."""
    return a.layout == torch.strided and torch.equal(a, b)


def _refuse_other_models(trial: Trial, model: nn.Module, params: Mapping[str, Tensor], batch: Batch) -> None:
    """Shift the weights; a loss that stays the same bit for bit computes some other model."""
    own = dict(model.named_parameters(remove_duplicate=False))
    generator = torch.Generator().manual_seed(0)
    at_origin = _loss(trial, model, batch)
    if not torch.isfinite(at_origin).all():
        return
    for size in (0.01, 0.1, 1.0):
        for name, origin in params.items():
            noise = torch.randn(origin.shape, generator=generator, device="cpu").to(
                origin.device, origin.dtype
            )
            spread = origin.abs().mean() + 1e-3 if origin.numel() else 0
            own[name].data.copy_(origin + size * spread * noise)
        if not torch.equal(_loss(trial, model, batch), at_origin):
            return
    raise ValueError(
        "Expected a loss that uses the model it is handed; moving the weights leaves its value the same, bit "
        "for bit. In `lw.batch_loss(fn)`, `fn(model, batch)` must call its argument, not a model of its own."
    )


def _loss(trial: Trial, model: nn.Module, batch: Batch) -> Tensor:
    return trial.terms(model, batch)["loss"].sums
