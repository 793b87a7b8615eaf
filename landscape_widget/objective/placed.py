"""What is the same objective on another device?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from landscape_widget.objective.autocast import Autocast
from landscape_widget.objective.copies import private_copy
from landscape_widget.objective.criterion import Criterion
from landscape_widget.objective.measure import Measure, OutputMeasure
from landscape_widget.objective.metrics import OwnMetric
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.reading import read_batches
from landscape_widget.objective.structures import mapped


def placed(objective: Objective, device: torch.device) -> Objective:
    """Return the objective with model, data and criterion on a device; itself where they are.

    A function's own tensors stay where its author put them.
    """
    if next(iter(objective.params.values())).device == device:
        return objective
    model, _ = private_copy(objective.model, device)
    own = dict(model.named_parameters(remove_duplicate=False))
    return replace(
        objective,
        model=model,
        params={name: own[name].detach() for name in objective.params},
        train=read_batches(objective.train, device=device),
        test=None if objective.test is None else read_batches(objective.test, device=device),
        trial=replace(objective.trial, measure=_measure(objective.trial.measure, device)),
    )


def _measure(measure: Measure, device: torch.device) -> Measure:
    if isinstance(measure, Autocast):
        return replace(measure, measure=_measure(measure.measure, device))
    if not isinstance(measure, OutputMeasure):
        return measure
    metrics = {
        name: replace(metric, metric=_moved(metric.metric, device))
        if isinstance(metric, OwnMetric)
        else metric
        for name, metric in measure.metrics.items()
    }
    return OutputMeasure(_criterion(measure.criterion, device), metrics)


def _criterion(criterion: Criterion, device: torch.device) -> Criterion:
    elements, weights = criterion.elements, criterion.weights
    if weights is not None and weights.weight is not None:
        weights = replace(weights, weight=weights.weight.to(device))
    return replace(
        criterion,
        loss=_moved(criterion.loss, device),
        elements=None if elements is None else _moved(elements, device),
        weights=weights,
    )


def _moved(part: Callable[..., Any], device: torch.device) -> Callable[..., Any]:
    if isinstance(part, nn.Module):
        return private_copy(part, device)[0]
    if isinstance(part, partial):
        there = partial(Tensor.to, device=device)
        return partial(part.func, *mapped(part.args, there), **mapped(dict(part.keywords), there))
    return part
