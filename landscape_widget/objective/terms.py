"""From what each batch adds to a mean with an honest standard error: every metric is a ratio Σs / Σw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from landscape_widget.objective.structures import shapes


@dataclass(frozen=True, eq=False)
class Terms:
    """What one batch adds.

    Attributes:
        sums: [n] one a sample (a sequence is one sample), or [1] for the whole batch.
        weights: like ``sums``; None where the metric is a sum over the data, not a mean.
        samples: n, the size of the batch.
        individual: whether the entries belong to single samples.
    """

    sums: Tensor
    weights: Tensor | None
    samples: int
    individual: bool

    @property
    def divisors(self) -> Tensor:
        """The weights; of a sum over the data, the number of samples each entry stands for."""
        if self.weights is not None:
            return self.weights
        return torch.full_like(self.sums.detach(), 1.0 if self.individual else float(self.samples))

    def detached(self) -> Terms:
        """The same numbers, float64, without the graph; on their device, which is not waited for."""
        weights = None if self.weights is None else _numbers(self.weights)
        return Terms(_numbers(self.sums), weights, self.samples, self.individual)


@dataclass(frozen=True, eq=False)
class Measurement:
    """One cell: ``mean`` float64[metrics], ``standard_error`` float64[metrics], ``count`` int64[metrics]."""

    mean: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    count: NDArray[np.int64]

    @classmethod
    def of(cls, columns: Sequence[tuple[float, float, int]]) -> Measurement:
        """Put together what `ratio` says of each metric."""
        mean, error, count = zip(*columns, strict=True)
        return cls(np.array(mean), np.array(error), np.array(count, dtype=np.int64))

    @classmethod
    def unknown(cls, metrics: int) -> Measurement:
        """Return what is known of a cell that failed: nothing."""
        return cls.of([(float("nan"), float("nan"), 0)] * metrics)


def ratio(terms: Sequence[Terms], size: int) -> tuple[float, float, int]:
    """Return value, standard error and number of samples of detached terms.

    The standard error is the population's: sd / √n, by the delta method sd(s − R w) / (w̄ √n); NaN where the
    samples aren't known one by one.

    Args:
        size: number of samples in the data, what a sum is scaled up to.
    """
    count = sum(term.samples for term in terms)
    scale = size if terms[0].weights is None else 1
    sums = _together([term.sums for term in terms])
    weights = _together([term.divisors for term in terms])
    error = float("nan")
    with np.errstate(all="ignore"):
        weight = weights.sum()
        mean = sums.sum() / weight
        if count > 1 and all(term.individual for term in terms):
            residuals = sums - weights * mean
            residuals *= residuals
            error = float(np.sqrt(residuals.sum() * count / (count - 1)) / weight) * scale
    return float(mean) * scale, error, count


def per_sample(values: Tensor, weights: Tensor | None, samples: int) -> Terms:
    """Sum what belongs to one sample; ``weights`` like ``values`` (None: every element counts once)."""
    if weights is None:
        weights = torch.full_like(values.detach(), 1.0)
    return Terms(_summed(values, samples), _summed(weights, samples), samples, True)


def as_terms(value: Any, samples: int, what: str) -> Terms:
    """Read what a loss or metric returned: a mean, one value a sample, or a pair (sum, weight) of these.

    Raises:
        TypeError: for something that is no number.
        ValueError: for a tensor of another size, naming ``what`` returned it.
    """
    if isinstance(value, tuple) and len(value) == 2:
        sums, weights = (as_terms(part, samples, what) for part in value)
        if sums.individual != weights.individual:
            raise ValueError(
                f"Expected {what} to return a pair (sum, weight) of one size; got {shapes(value)}. "
                "Give both for each sample, or both for the whole batch."
            )
        shared = 1 if sums.individual else samples
        return Terms(sums.sums / shared, weights.sums / shared, samples, sums.individual)
    if isinstance(value, Real):
        value = torch.tensor(float(value), dtype=torch.float64)
    if not isinstance(value, Tensor) or value.is_complex():
        came = "NoneType: it ends without `return`" if value is None else shapes(value)
        raise TypeError(
            f"Expected {what} to return a number or one value a sample; got {came}. "
            "Return a tensor of real numbers, a mean over the batch or of shape [n]."
        )
    if value.ndim and len(value) == samples:
        return per_sample(_floating(value), None, samples)
    if value.numel() == 1:
        total = _wide(_floating(value).reshape(1)) * samples
        return Terms(total, torch.full_like(total.detach(), samples), samples, False)
    raise ValueError(
        f"Expected {what} to return one number or one value for each of the {samples} samples of the batch; "
        f"got {shapes(value)}. Return a mean over the batch, or a tensor of shape [{samples}]."
    )


def _floating(value: Tensor) -> Tensor:
    return value if value.is_floating_point() else value.double()


def _wide(tensor: Tensor) -> Tensor:
    return tensor if tensor.device.type == "mps" else tensor.double()  # which has no float64


def _together(parts: list[Tensor]) -> NDArray[np.float64]:
    return (parts[0] if len(parts) == 1 else torch.cat(parts)).cpu().numpy()


def _summed(values: Tensor, samples: int) -> Tensor:
    """One sum a sample, of its own memory: a model may use its output's again for the next batch."""
    wide = _wide(values)
    if values.shape != (samples,):
        return wide.reshape(samples, -1).sum(1)
    return wide.clone() if wide is values else wide


def _numbers(tensor: Tensor) -> Tensor:
    if tensor.dtype == torch.float64 and not tensor.requires_grad:
        return tensor
    tensor = tensor.detach()
    return tensor.cpu().double() if tensor.device.type == "mps" else tensor.double()
