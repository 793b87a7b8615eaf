"""Where did training go? Along a principal component of its checkpoints."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor

from landscape_widget.names import one_of
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import squared_norm
from landscape_widget.subspace.direction import Direction, kept, wide
from landscape_widget.subspace.filters import FilterAxes, filter_axes
from landscape_widget.subspace.principal_components import (
    combined,
    principal_components,
)
from landscape_widget.subspace.rows import product, unrolled
from landscape_widget.subspace.same_network import check_fits, names_in
from landscape_widget.subspace.trajectory import Trajectory

MODES = ("paper", "anchored")
MARGIN = 0.15
"""Share of the path's extent that is shown before its ends and beyond."""


@dataclass(frozen=True)
class PrincipalDirection:
    """A principal component of a trajectory, as long as the moved parameters (Li et al. 2018, section 7).

    The rows are θₜ − θ_T, where θ_T is the last checkpoint when the direction is made.

    Attributes:
        trajectory: two checkpoints or more, of the objective's network.
        rank: 0 for the first component, 1 for the second.
        mode: ``"paper"``: about the mean row, biases and gains left out, as in the published figures;
            ``"anchored"``: about the last checkpoint, with everything that moves.
        filter_axes: regular expression on names → the axes one filter spans; None there: one-dimensional.
        checkpoints: only the first so many; None: all there are when the direction is made.

    Raises:
        TypeError: if the rank is no integer, or the trajectory none.
        ValueError: for an unknown mode; when called, also where the trajectory is of another network, or
            doesn't move in that many directions.
    """

    trajectory: Trajectory
    rank: int = 0
    mode: str = "paper"
    filter_axes: FilterAxes | None = field(default=None, hash=False)
    checkpoints: int | None = None

    def __post_init__(self) -> None:
        if type(self.rank) is not int or self.rank < 0:
            raise TypeError(f"A rank is 0 for the first component, 1 for the second, …; got {self.rank!r}.")
        one_of(self.mode, MODES, "mode")
        if self.checkpoints is not None and (type(self.checkpoints) is not int or self.checkpoints < 1):
            raise TypeError(f"checkpoints is how many of the first count, or None; got {self.checkpoints!r}.")

    def __call__(self, objective: Objective) -> Direction:
        """Find the component; both ranks of a plane share the work."""
        check_fits(self.trajectory, objective)
        checkpoints, origin = list(self.trajectory)[: self.checkpoints], objective.params
        self._refuse_fewer_than(len(checkpoints), max(0, len(checkpoints) - 1))
        counted = self._counted(objective)
        there = names_in(self.trajectory, objective)
        sizes = {there[name]: weight.numel() for name, weight in counted.items()}
        components = self.trajectory.remembered(
            (len(checkpoints), tuple(sizes), self.mode),
            lambda: principal_components(checkpoints, sizes, centred=self.mode == "paper"),
        )
        self._refuse_fewer_than(len(checkpoints), len(components))
        unit = combined(checkpoints, sizes, components.weights[:, self.rank])
        sign = math.copysign(1 / float(unit.norm()), float(unit[unit.abs().argmax()]))
        unit *= sign
        length = math.sqrt(squared_norm(origin))
        beyond = product(unit, checkpoints[-1], counted, there)
        path = (sign * components.coordinates[:, self.rank] + beyond) / (length or 1.0)
        moved = unrolled(unit.mul_(length or 1.0), counted)
        explained = float(components.explained[self.rank])
        return Direction(
            vector={
                name: kept(moved[name] if name in moved else torch.zeros_like(wide(weight)), like=weight)
                for name, weight in origin.items()
            },
            label=f"{_ordinal(self.rank + 1)} PC: {100 * explained:.1f} %",
            range=_with_margin(min(0.0, float(path.min())), max(0.0, float(path.max()))),
            notes=() if length else ("All moved parameters are zero, so the component has length 1.",),
            explained=explained,
            by_chance=float(components.by_chance[self.rank]),
        )

    def _counted(self, objective: Objective) -> dict[str, Tensor]:
        """The moved parameters that have a part in the component."""
        rules = filter_axes(objective.model, self.filter_axes)
        anchored = self.mode == "anchored"
        counted = {n: w for n, w in objective.params.items() if anchored or not rules[n].one_dimensional}
        if not counted:
            raise ValueError(
                "Each moved parameter is one-dimensional, and those are left out as in the paper. "
                "Choose `mode='anchored'`, or other `parameters`."
            )
        return counted

    def _refuse_fewer_than(self, checkpoints: int, components: int) -> None:
        if components <= self.rank:
            least = "two different checkpoints" if not self.rank else f"{self.rank + 2} that lie on no line"
            told = ", as far as float64 can tell" if 0 < components < checkpoints - 1 else ""
            raise ValueError(
                f"The {_ordinal(self.rank + 1)} principal component needs {least}; the trajectory's "
                f"{checkpoints} span {components}{told}. Record more of the training"
                + (", or look along a line." if self.rank == 1 else ".")
            )


def _with_margin(low: float, high: float) -> tuple[float, float]:
    margin = MARGIN * (high - low)
    return low - margin, high + margin


def _ordinal(number: int) -> str:
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number, 'th') }"
