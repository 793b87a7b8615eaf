"""Do model, loss and data work together? One batch at the origin says how they are measured, or why not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from landscape_widget.objective.autocast import Autocast, casting, device_of
from landscape_widget.objective.common_random_numbers import drawing, switch_to_train
from landscape_widget.objective.copies import Buffers, private_copy
from landscape_widget.objective.criterion import batch_loss
from landscape_widget.objective.measure import Measure, read_measure
from landscape_widget.objective.metrics import Metric
from landscape_widget.objective.pieces import pieces
from landscape_widget.objective.random_state import draws, random_state_digest
from landscape_widget.objective.steadiness import unsteady
from landscape_widget.objective.structures import Batch, cloned, shapes, tensors_in
from landscape_widget.objective.terms import Terms

Lent = Callable[[], AbstractContextManager[nn.Module]]
"""Gives a model to measure on, and takes it back."""

DRAWS = {
    "eval": "Expected the same loss for the same weights; the model or the loss draws random numbers in eval "
    "mode. Give `F.dropout` its `training=self.training`, draw from a seeded `torch.Generator`, or choose "
    "mode='train', where every cell sees the same draws.",
    "train": "Expected random numbers that can be drawn again for every cell; the model or the loss draws "
    "from numpy's or Python's, or sets a seed. Draw with torch instead, or leave mode='eval'.",
}


@dataclass(frozen=True, eq=False)
class Trial:
    """What one batch has shown.

    Attributes:
        measure: how a batch is measured.
        differentiates: whether loss or model differentiate inside, which inference mode forbids.
        writes: whether somebody writes into the batch, so that it must be cloned each time.
        cuttable: whether the samples may be batched otherwise without a change of any metric.
        notes: sentences for the user.
        mode: ``"eval"``, or ``"train"`` for layers that draw random numbers.
    """

    measure: Measure
    differentiates: bool
    writes: bool
    cuttable: bool
    notes: tuple[str, ...]
    mode: str = "eval"

    def copied(self) -> Trial:
        """Return one whose criterion and metrics nobody else calls: they may keep something between calls."""
        return replace(self, measure=self.measure.copied())

    def terms(self, model: nn.Module, batch: Batch) -> Mapping[str, Terms]:
        """Measure a batch without a graph; the batch itself stays as it is."""
        with computing(self.differentiates, self.mode):
            terms = self.measure(model, cloned(batch) if self.writes else batch)
            return {name: term.detached() for name, term in terms.items()}


@contextmanager
def computing(differentiates: bool, mode: str = "eval") -> Iterator[None]:
    """Inference mode where it may be, or with gradients allowed inside; for this thread only."""
    is_plain = not differentiates and mode == "eval"  # draws are hidden from us in inference mode
    with torch.inference_mode(is_plain), torch.set_grad_enabled(differentiates):
        yield


def try_on(
    model: nn.Module,
    params: Mapping[str, Tensor],
    loss: Any,
    metrics: Mapping[str, Metric] | None,
    batch: Batch,
    mode: str = "eval",
    seed: int = 0,
    autocast: torch.dtype | None = None,
    lent: Lent | None = None,
) -> Trial:
    """Measure one batch on a copy of the model, in the calling thread.

    Args:
        mode: in ``"train"``, layers draw random numbers, from the seed on each time.
        autocast: in which precision products are computed; None: the weights'.
        lent: gives a model that may be written to meanwhile; None: a copy.

    Raises:
        ValueError: where model or loss can't be called, or the loss returns the wrong size, draws random
            numbers that can't be drawn again, or doesn't use the model it is handed.
        TypeError: where the loss returns no number.
    """
    lent = lent or partial(_copied, model, params)
    with ExitStack() as scratches:
        before = random_state_digest()
        refusal = None
        for differentiates in (False, True):
            scratches.close()
            used, scratch = cloned(batch), scratches.enter_context(lent())
            if mode == "train":
                switch_to_train(scratch)
            buffers = Buffers(scratch)
            try:
                with computing(differentiates, mode), drawing(mode, seed), casting(autocast, device_of(used)):
                    measure, notes = read_measure(loss, metrics, scratch, used)
                    terms = measure(scratch, used)
                break
            except Exception as error:  # of the second way, which is the more general one
                refusal = error
        else:
            assert refusal is not None
            raise refusal
        drew = random_state_digest() != before
        writes = any(not _equal(a, b) for a, b in zip(tensors_in(batch), tensors_in(used), strict=True))
        if autocast is not None:
            measure = Autocast(measure, autocast)
        trial = Trial(measure, differentiates, writes, False, notes, mode)

        def loss_of(batch: Batch) -> Terms:
            buffers.restore()
            with drawing(mode, seed), casting(None, device_of(batch)):
                return trial.terms(scratch, batch)["loss"]

        if drew and draws(partial(loss_of, batch)):
            raise ValueError(DRAWS[mode])
        individual = all(term.individual for term in terms.values())
        apart = mode == "eval" and (terms["loss"].individual or isinstance(loss, batch_loss))
        precision = autocast or next(iter(params.values())).real.dtype
        complaints = unsteady(loss_of, batch, precision, apart)
        cuttable = mode == "eval" and not complaints and individual
        trial = replace(trial, cuttable=cuttable, notes=(*notes, *complaints))
        if isinstance(loss, batch_loss):
            _refuse_other_models(loss_of, scratch, params, batch)
        return trial


def try_test_data(
    trial: Trial, model: nn.Module, batch: Batch, seed: int = 0, lent: Lent | None = None
) -> None:
    """Measure a batch of the second data set as those of the first are.

    Raises:
        ValueError: where that fails.
    """
    lent = lent or partial(_copied, model, ())
    try:
        with lent() as scratch, drawing(trial.mode, seed), casting(None, device_of(batch)):
            if trial.mode == "train":
                switch_to_train(scratch)
            trial.terms(scratch, batch)
    except Exception as error:
        raise ValueError(
            f"Expected test_data in the form of data; a batch {shapes(batch)} of it raised "
            f"{type(error).__name__}: {error}"
        ) from error


@contextmanager
def _copied(model: nn.Module, moving: Collection[str]) -> Iterator[nn.Module]:
    yield private_copy(model, moving=moving)[0]


def _equal(a: Tensor, b: Tensor) -> bool:
    """Tell whether they hold the same; of what isn't strided nobody can say."""
    return a.layout == torch.strided and torch.equal(a, b)


def _refuse_other_models(
    loss_of: Callable[[Batch], Terms], model: nn.Module, params: Mapping[str, Tensor], batch: Batch
) -> None:
    """Shift the weights; a loss that stays the same bit for bit computes some other model."""
    own = dict(model.named_parameters(remove_duplicate=False))
    generator = torch.Generator().manual_seed(0)
    at_origin = loss_of(batch).sums
    if not torch.isfinite(at_origin).all():
        return
    for size in (0.01, 0.1, 1.0):
        for name, origin in params.items():
            _shift(own[name].data, origin, size, generator)
        if not torch.equal(loss_of(batch).sums, at_origin):
            return
    raise ValueError(
        "Expected a loss that uses the model it is handed; moving the weights leaves its value the same, bit "
        "for bit. In `lw.batch_loss(fn)`, `fn(model, batch)` must call its argument, not a model of its own."
    )


def _shift(weight: Tensor, origin: Tensor, size: float, generator: torch.Generator) -> None:
    """Put noise on a weight, as large as the weight itself for size 1, a piece at a time."""
    if origin.ndim == 0:
        weight, origin = weight.reshape(1), origin.reshape(1)
    for some in pieces(origin):
        piece = origin[some]
        noise = torch.randn(piece.shape, generator=generator, device="cpu").to(piece.device, piece.dtype)
        weight[some].copy_(piece + size * (piece.abs().mean() + 1e-3) * noise)
