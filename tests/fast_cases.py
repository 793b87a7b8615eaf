"""One worker's station with any of the rewrites on, beside a reference that moves running statistics, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import fields as fields_of
from functools import cached_property
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.evaluate.crew import Crew
from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.evaluate.first_linear import find_first_linear
from landscape_widget.evaluate.folded_batch_norm import find_folded_batch_norm
from landscape_widget.evaluate.lines import Lines, read_lines
from landscape_widget.evaluate.plan import Plan
from landscape_widget.evaluate.recording import Recording, record
from landscape_widget.evaluate.rewrite import Rewrite
from landscape_widget.evaluate.station import Station
from landscape_widget.evaluate.transposed_head import find_transposed_head
from landscape_widget.objective.objective import Objective, Portions
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.objective.terms import Measurement
from landscape_widget.subspace.direction import Direction
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import Values
from tests.cases import Case, draw
from tests.pools import pool
from tests.reference import in_float64

CELLS = ((0.0, 0.0), (0.5, -0.25), (-1.0, 1.0), (1.0, 1.0), (0.04, 0.0))
GRID = np.array([(a, b) for b in np.linspace(-1, 1, 5) for a in np.linspace(-1, 1, 5)])


def never() -> bool:
    return False


@dataclass(eq=False)
class Bench:
    """One case, on one station.

    Attributes:
        axes: how many directions.
        statistics: whether they move running means and variances, too.
        parameters: which weights move; a regular expression, or all that train.
    """

    case: Case
    axes: int = 2
    statistics: bool = False
    parameters: str = "trainable"
    test_data: Any = None
    seen: list[str] = field(default_factory=list)

    @cached_property
    def objective(self) -> Objective:
        case = self.case
        return read_objective(
            case.model, case.loss, case.data, parameters=self.parameters, test_data=self.test_data
        )

    @cached_property
    def vectors(self) -> tuple[dict[str, Tensor], ...]:
        return tuple(_vector(self.objective, self.statistics, seed) for seed in range(self.axes))

    @cached_property
    def directions(self) -> tuple[Direction, ...]:
        return tuple(Direction(vector, f"random {i}") for i, vector in enumerate(self.vectors))

    @property
    def subspace(self) -> Subspace:
        return Subspace(self.objective.params, self.directions)

    @cached_property
    def lines(self) -> Lines:
        return self.lines_of()

    def lines_of(self, channels_last: bool = False) -> Lines:
        return read_lines(self.objective.model, self.objective.params, self.vectors, channels_last)

    @cached_property
    def recording(self) -> Recording:
        objective = self.objective
        return record(objective.model, objective.trial, objective.train.first)

    @property
    def first(self) -> Any:
        return find_first_linear(self.recording, self.lines)

    @property
    def folds(self) -> Any:
        return find_folded_batch_norm(self.recording)

    @property
    def head(self) -> Any:
        return find_transposed_head(self.recording, self.objective.trial)

    def station(self, *rewrites: Rewrite, channels_last: bool = False) -> Station:
        return Station(self.objective, self.lines_of(channels_last), rewrites)

    def portions(self, plan: Plan, *rewrites: Rewrite) -> Portions:
        objective = self.objective
        portions = objective.portions(objective.train.size, plan.limit, plan.channels_last)
        for rewrite in rewrites:
            rewrite.prepare(portions)
        return portions

    def fast(
        self, *rewrites: Rewrite, limit: int | None = 8, channels_last: bool = False
    ) -> list[Measurement]:
        """All cells by these rewrites, in small batches."""
        plan = Plan(limit, channels_last, frozenset(rewrite.name for rewrite in rewrites))
        station, portions = (
            self.station(*rewrites, channels_last=channels_last),
            self.portions(plan, *rewrites),
        )
        return [one(station, cell[: self.axes], portions, plan) for cell in CELLS]

    def reference(self, cell: Sequence[float], case: Case | None = None) -> float:
        return loss_at(case or self.case, cell[: self.axes], self.vectors)

    def assert_right(self, measurements: Sequence[Measurement], column: int = 0, case: Case | None = None):
        """Compare all cells with the reference, to 3e-6·|L| + 1e-9."""
        expected = np.array([self.reference(cell, case) for cell in CELLS])
        assert_close([measurement.mean[column] for measurement in measurements], expected)

    def crew(self, workers: int = 1) -> Crew:
        return Crew(self.objective, self.subspace, pool(workers), 0.02)

    def evaluator(self, workers: int = 2, **options: Any) -> Evaluator:
        return Evaluator(self.objective, self.subspace, pool(workers), **{"seconds": 10.0, **options})


def one(station: Station, cell: Sequence[float], portions: Portions, plan: Plan) -> Measurement:
    """One cell."""
    measured = station.measure([cell], portions, never, plan)
    assert measured is not None
    return measured[0]


def after(answers: int) -> Callable[[], bool]:
    """Say no so many times, then yes."""
    left = iter(range(answers))
    return lambda: next(left, None) is None


def assert_close(values: Any, expected: Any) -> None:
    """3e-6·|L| + 1e-9."""
    values, expected = np.asarray(values), np.asarray(expected)
    np.testing.assert_array_less(np.abs(values - expected), 3e-6 * np.abs(expected) + 1e-9)


def loss_at(case: Case, cell: Sequence[float], vectors: Sequence[Mapping[str, Tensor]]) -> float:
    """The loss at θ + Σ cᵢ dᵢ in float64, running statistics moved and variances held at 0."""
    model = in_float64(case.model)
    with torch.no_grad():
        for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
            for c, vector in zip(cell, vectors, strict=True):
                if name in vector:
                    tensor += c * vector[name]
            if name.endswith("running_var"):
                tensor.clamp_(min=0)
        return float(case.once(model))


def all_values(evaluator: Evaluator, points: np.ndarray, samples: int) -> Values:
    """All answers as one, in the order of the points."""
    answers = list(evaluator(points, samples, never))
    order = np.argsort(np.concatenate([values.cells for values in answers]))
    columns = {
        name: np.concatenate([getattr(values, name) for values in answers])[order]
        for name in (column.name for column in fields_of(Values))
        if name != "how"
    }
    return Values(**columns, how=answers[-1].how)


def classified(model: nn.Module, x: Tensor, classes: int = 3, loss: Any = F.cross_entropy) -> Case:
    """Any model on any inputs, by cross entropy."""
    y = torch.arange(len(x)) % classes
    return Case(model, loss, (x, y), lambda m: loss(m(x.double()), y))


def used(model: nn.Module) -> nn.Module:
    """Give every BatchNorm statistics and gains that aren't the initial ones."""
    for number, module in enumerate(model.modules()):
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            size = module.num_features
            if module.running_mean is not None:
                module.running_mean = draw(size, seed=number) / 4
                module.running_var = 0.5 + draw(size, seed=number).square()
            if module.affine:
                module.weight.data = 1 + draw(size, seed=number + 1) / 4
                module.bias.data = draw(size, seed=number + 2) / 4
    return model


def _vector(objective: Objective, statistics: bool, seed: int) -> dict[str, Tensor]:
    vector = {
        name: 0.3 * draw(*p.shape, seed=seed) * p.abs().mean().item() for name, p in objective.params.items()
    }
    if statistics:
        for name, buffer in objective.model.named_buffers():
            if name.endswith(("running_mean", "running_var")):
                vector[name] = 0.2 * draw(*buffer.shape, seed=seed + 10).double()
    return vector
