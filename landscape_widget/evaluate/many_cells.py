"""Several cells in one forward, by ``vmap`` over the weights: for devices that one cell doesn't fill."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from landscape_widget.evaluate.lines import Lines
from landscape_widget.objective.objective import Objective, Portions
from landscape_widget.objective.terms import Measurement, Terms, ratio
from landscape_widget.objective.trial import Trial, computing

Kind = tuple[int, bool, bool]
"""Of `Terms`: samples, individual, whether it is a sum."""


def measure_many(
    objective: Objective,
    model: nn.Module,
    lines: Lines,
    trial: Trial,
    points: Sequence[Sequence[float]],
    portions: Portions,
    cancelled: Callable[[], bool],
) -> list[Measurement] | None:
    """Measure all points together; None once ``cancelled()`` is true.

    Args:
        model: a copy whose weights and buffers stay as they are.

    Raises:
        Exception: where model or loss can't be mapped over weights, as those that branch on values can't.
    """
    stacked = _weights(lines, points)

    def terms_of(weights: Mapping[str, Tensor], batch: Any) -> dict[str, tuple[Tensor, Tensor]]:
        def called(*arguments: Any, **named: Any) -> Any:
            return functional_call(model, dict(weights), arguments, named)

        terms = trial.measure(called, batch)  # type: ignore[arg-type]  # it only calls it
        for name, term in terms.items():
            kinds[name] = term.samples, term.individual, term.weights is None
        return {name: (term.sums, term.divisors) for name, term in terms.items()}

    kinds: dict[str, Kind] = {}
    columns: list[list[tuple[float, float, int]]] = [[] for _ in points]
    for portion, size in zip(portions, objective.sizes, strict=True):
        batches: list[dict[str, tuple[Tensor, Tensor, Kind]]] = []
        for batch in portion:
            if cancelled():
                return None
            with computing(differentiates=False):
                answers = vmap(terms_of, in_dims=(0, None))(stacked, batch)
            batches.append({name: (*pair, kinds[name]) for name, pair in answers.items()})
        for cell, column in enumerate(columns):
            for name in trial.measure.units:
                terms = [_terms(*answer[name], cell) for answer in batches]
                column.append(ratio(terms, size))
    return [Measurement.of(column) for column in columns]


def _weights(lines: Lines, points: Sequence[Sequence[float]]) -> dict[str, Tensor]:
    stacked = {}
    for group in lines.groups:
        coordinates = torch.tensor(points, dtype=group.centre.real.dtype, device=group.centre.device)
        flat = group.centre + coordinates.to(group.centre.dtype) @ torch.stack(group.directions)
        flat = flat.to(group.dtype)
        for slot in group.slots:
            shape = (len(points), *slot.shape)
            weights = flat.as_strided(shape, (flat.stride(0), *slot.stride), slot.offset)
            is_variance = slot.name.rpartition(".")[2] == "running_var"
            stacked[slot.name] = weights.clamp(min=0) if is_variance else weights
    return stacked


def _terms(sums: Tensor, divisors: Tensor, kind: Kind, cell: int) -> Terms:
    samples, individual, is_sum = kind
    return Terms(sums[cell], None if is_sum else divisors[cell], samples, individual).detached()
