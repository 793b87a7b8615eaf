"""What is the Hessian times a vector? Of the mean loss over some batches, by differentiating twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from landscape_widget.curvature.plain_attention import PlainAttention
from landscape_widget.objective.measure import Measure
from landscape_widget.objective.structures import Batch, cloned
from landscape_widget.objective.terms import Terms

Vector = NDArray[np.float64]

NO_GRADIENT = (
    "Expected a loss with a gradient, which curvature is the slope of; this one is cut off from the weights "
    "(`no_grad`, `detach`, `argmax` or `item` inside). Give a differentiable one, such as a cross entropy."
)


class Cancelled(Exception):
    """Nobody wants the answer any more."""


def differentiable(measure: Measure, model: nn.Module, batch: Batch) -> Terms:
    """Return what a batch adds to the loss, with a graph that can be differentiated twice.

    Raises:
        ValueError: where it has none, or its weights depend on the network.
    """
    with torch.inference_mode(False), torch.enable_grad(), PlainAttention():
        terms = measure(model, cloned(batch))["loss"]
    if not terms.sums.requires_grad:
        raise ValueError(NO_GRADIENT)
    if terms.weights is not None and terms.weights.requires_grad:
        raise ValueError(
            "Expected pairs (sum, weight) whose weights don't depend on the network, since these would curve "
            "the loss, too. Give their quotient as one loss a sample, or detach them."
        )
    return terms


class Hessian:
    """The Hessian at the point where a private model is now; a product is ``hessian(vector)``.

    The model must stay there. Vectors hold the parameters one after the other, flat.

    Attributes:
        size: N, how many weights.
        loss: the mean loss.
        gradient: float64[N].
        products: how many were computed so far.
    """

    def __init__(
        self,
        measure: Measure,
        model: nn.Module,
        params: Sequence[nn.Parameter],
        batches: Sequence[Batch],
        size: int,
        cancelled: Callable[[], bool] = lambda: False,
        *,
        keep: bool = True,
        drawing: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        """Compute the loss and its gradient.

        Args:
            measure: of the model's own thread.
            params: the model's, from `own_leaves`.
            size: number of samples in the data, what a sum is scaled up to.
            cancelled: asked before each batch.
            keep: whether each batch's gradient is kept with all that it was computed from, so that a product
                is one pass through it; else it is computed again for each product, batch by batch.
            drawing: entered around a pass through all batches, where layers draw random numbers.

        Raises:
            ValueError: where the loss has no gradient.
            Cancelled: once ``cancelled()`` is true.
        """
        self._measure, self._model, self._params, self._batches = measure, model, params, batches
        self._cancelled, self._drawing = cancelled, drawing
        self.size = sum(p.numel() for p in params)
        self.products = 0
        self._kept: list[Sequence[Tensor]] | None = [] if keep else None
        total, divisor, loss, is_sum = np.zeros(self.size), 0.0, 0.0, False
        with drawing():
            for batch in batches:
                slopes, terms = self._slopes(batch)
                if self._kept is not None:
                    self._kept.append(slopes)
                total += _flat([slope.detach() for slope in slopes])
                known = terms.detached()
                divisor += float(known.divisors.sum())
                loss += float(known.sums.sum())
                is_sum = known.weights is None
        self._scale = (size if is_sum else 1) / divisor if divisor else np.nan
        self.loss, self.gradient = loss * self._scale, total * self._scale

    def __call__(self, vector: Vector) -> Vector:
        """Return H·v.

        Raises:
            ValueError: where the loss can't be differentiated twice.
            Cancelled: once nobody wants it.
        """
        self.products += 1
        along = self._shaped(vector)
        total = np.zeros(self.size)
        for slopes in self._all_slopes():
            self._ask()
            total += self._turned(slopes, along)
        return total * self._scale

    def _all_slopes(self) -> Iterable[Sequence[Tensor]]:
        if self._kept is not None:
            yield from self._kept
            return
        with self._drawing():
            for batch in self._batches:
                yield self._slopes(batch)[0]

    def _slopes(self, batch: Batch) -> tuple[Sequence[Tensor], Terms]:
        """Return ∂Σs/∂θ of one batch with its graph."""
        self._ask()
        terms = differentiable(self._measure, self._model, batch)
        with torch.inference_mode(False), torch.enable_grad():
            slopes = torch.autograd.grad(
                terms.sums.sum(), self._params, create_graph=True, allow_unused=True, materialize_grads=True
            )
        return slopes, terms

    def _turned(self, slopes: Sequence[Tensor], along: Sequence[Tensor]) -> Vector:
        """Differentiate the slope along a vector; slopes that don't depend on the weights have no part."""
        curved = [(slope, v) for slope, v in zip(slopes, along, strict=True) if slope.requires_grad]
        if not curved:
            return np.zeros(self.size)
        outputs, vectors = zip(*curved, strict=True)
        with torch.inference_mode(False), torch.enable_grad():
            try:
                turned = torch.autograd.grad(
                    outputs,
                    self._params,
                    vectors,
                    retain_graph=self._kept is not None,
                    allow_unused=True,
                    materialize_grads=True,
                )
            except (RuntimeError, NotImplementedError) as error:
                raise ValueError(
                    "Expected a loss that can be differentiated twice, as curvature asks for; its gradient "
                    f"can't be: {str(error).splitlines()[0]} Build it from torch's own operations, whose "
                    "backward is differentiable."
                ) from error
        return _flat(turned)

    def _shaped(self, vector: Vector) -> list[Tensor]:
        pieces, start = [], 0
        source = torch.from_numpy(np.array(vector, np.float64))
        for p in self._params:
            piece = source[start : start + p.numel()].view(p.shape)
            pieces.append(piece.to(p.dtype).to(p.device))
            start += p.numel()
        return pieces

    def _ask(self) -> None:
        if self._cancelled():
            raise Cancelled


def _flat(tensors: Sequence[Tensor]) -> Vector:
    return np.concatenate([tensor.detach().cpu().double().numpy().reshape(-1) for tensor in tensors])
