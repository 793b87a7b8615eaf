"""How is one batch measured: what goes into the model, and what is made of what comes out?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from torch import nn

from landscape_widget.objective.common_random_numbers import Unrepeatable
from landscape_widget.objective.criterion import Criterion, batch_loss, tensor_inside
from landscape_widget.objective.fitting import read_criterion
from landscape_widget.objective.inputs import split
from landscape_widget.objective.metrics import BatchMetric, Metric, accuracy_for, own_metric
from landscape_widget.objective.structures import Batch, fresh, shapes, size_of
from landscape_widget.objective.terms import Terms, as_terms


class Measure(Protocol):
    """One batch of one cell. ``units`` holds a unit a metric, ``"loss"`` first."""

    @property
    def units(self) -> Mapping[str, str]: ...

    def __call__(self, model: nn.Module, batch: Batch) -> Mapping[str, Terms]:
        """Return what the batch adds to each metric."""
        ...

    def copied(self) -> Measure:
        """Return the same with modules of its own: they may keep something from one call to the next."""
        ...


@dataclass(frozen=True, eq=False)
class OutputMeasure:
    """``loss(model(inputs), target)``, with metrics of the same output."""

    criterion: Criterion
    metrics: Mapping[str, BatchMetric]

    @property
    def units(self) -> Mapping[str, str]:
        return {"loss": ""} | {name: metric.unit for name, metric in self.metrics.items()}

    def __call__(self, model: nn.Module, batch: Batch) -> Mapping[str, Terms]:
        arguments, named, target = split(batch)
        output = model(*arguments, **named)
        samples = size_of(batch)
        bare = tensor_inside(output) if self.criterion.bare else output
        others = {name: metric(bare, target, samples) for name, metric in self.metrics.items()}
        return {"loss": self.criterion(output, target, samples)} | others

    def copied(self) -> OutputMeasure:
        return OutputMeasure(
            self.criterion.copied(), {name: metric.copied() for name, metric in self.metrics.items()}
        )


@dataclass(frozen=True, eq=False)
class FunctionMeasure:
    """``fn(model, batch)`` of a `batch_loss`."""

    fn: Callable[[nn.Module, Batch], Any]
    names: tuple[str, ...] = ("loss",)

    @property
    def units(self) -> Mapping[str, str]:
        return dict.fromkeys(self.names, "")

    def __call__(self, model: nn.Module, batch: Batch) -> Mapping[str, Terms]:
        samples = size_of(batch)
        values = _by_name(self.fn(model, fresh(batch)))
        if values.keys() != set(self.names):
            raise ValueError(
                f"Expected the loss to return the same metrics for every batch, {list(self.names)}; "
                f"got {list(values)}."
            )
        return {name: as_terms(values[name], samples, f"the loss ({name!r})") for name in self.names}

    def copied(self) -> FunctionMeasure:
        return self


def read_measure(
    loss: Any, metrics: Mapping[str, Metric] | None, model: nn.Module, batch: Batch
) -> tuple[Measure, tuple[str, ...]]:
    """Find out on one batch how loss and metrics are to be used; return that and notes.

    Raises:
        ValueError: where model or loss can't be called, or a loss returns the wrong size.
        TypeError: where the loss returns no number.
    """
    samples = size_of(batch)
    if isinstance(loss, batch_loss):
        if metrics:
            raise ValueError(
                "Expected no metrics beside lw.batch_loss, which knows no (output, target); "
                f"got {sorted(metrics)}. Let the function return a dict with one entry a metric."
            )
        names = _names(loss, model, batch)
        measure = FunctionMeasure(loss.fn, names)
        means = [name for name, terms in measure(model, batch).items() if not terms.individual]
        note = f"One number a batch for {', '.join(means)}, so no standard error."
        return measure, ((note,) if means else ())
    if metrics and "loss" in metrics:
        raise ValueError("Expected metrics beside the loss; got one named 'loss'. Give it another name.")
    arguments, named, target = split(batch)
    try:
        output = model(*arguments, **named)
    except Unrepeatable:
        raise
    except Exception as error:
        given = ", ".join(
            [*map(shapes, arguments), *(f"{key}={shapes(value)}" for key, value in named.items())]
        )
        raise ValueError(
            f"Expected a batch of inputs and a target, in this order; calling the model as model({given}), "
            f"with target {shapes(target)}, raised {type(error).__name__}: {error} Check the order and "
            "dtypes of the data, or wrap a function of (model, batch) in lw.batch_loss."
        ) from error
    criterion, notes = read_criterion(loss, output, target, samples)
    bare = tensor_inside(output) if criterion.bare else output
    accuracy = accuracy_for(loss, bare, target)
    own: dict[str, BatchMetric] = {"accuracy": accuracy} if accuracy else {}
    for name, metric in (metrics or {}).items():
        own[name] = own_metric(name, metric, bare, target, samples)
    return OutputMeasure(criterion, own), notes


def _names(loss: batch_loss, model: nn.Module, batch: Batch) -> tuple[str, ...]:
    try:
        values = _by_name(loss.fn(model, fresh(batch)))
    except Unrepeatable:
        raise
    except Exception as error:
        raise ValueError(
            f"Expected a loss that can be called as fn(model, batch); with batch {shapes(batch)} it raised "
            f"{type(error).__name__}: {error}"
        ) from error
    if "loss" not in values:
        raise ValueError(f"Expected 'loss' among the metrics the loss returns; got {list(values)}. Add it.")
    return ("loss", *(name for name in values if name != "loss"))


def _by_name(value: Any) -> Mapping[str, Any]:
    """Of what a Hugging Face model answers, only the loss is a metric."""
    if any(kind.__name__ == "ModelOutput" for kind in type(value).__mro__):
        return {"loss": value["loss"]} if "loss" in value else {}
    return value if isinstance(value, Mapping) else {"loss": value}
