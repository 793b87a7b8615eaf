"""Which way does chance point? A Gaussian direction, the same for the same seed and names."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import index
from typing import SupportsIndex

from landscape_widget.names import one_of
from landscape_widget.objective.lazy_tensors import parts_of
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import is_finite, is_large
from landscape_widget.objective.torch_threads import one_torch_thread
from landscape_widget.subspace.direction import Direction
from landscape_widget.subspace.draw import draws
from landscape_widget.subspace.filters import FilterAxes, filter_axes
from landscape_widget.subspace.normalize import NORMALIZATIONS, ONE_DIMENSIONAL, normalize
from landscape_widget.subspace.unheld import normalize_unheld


@dataclass(frozen=True)
class RandomDirection:
    """A random direction d ~ N(0, 1), scaled to the network (Li et al. 2018, section 4).

    Each tensor is drawn in float32 on the CPU from a generator of its own, seeded with the seed and the
    parameter's name: so a draw is the same on every device and in every precision, whatever the order of the
    parameters and whichever of them are frozen. No global random state is read or changed.

    Attributes:
        seed: any integer.
        normalization: ``"filter"``, ``"layer"``, ``"weight"`` or ``"none"``; None: ``"filter"``.
        one_dimensional: biases and gains: ``"fixed"``, ``"scaled"`` or ``"copy"``; None: ``"fixed"``.
        filter_axes: regular expression on names → the axes one filter spans, overriding the module's kind.

    Raises:
        ValueError: for an unknown name, with the nearest known one; when called, also for a bad override, and
            where nothing would move.
        TypeError: if the seed is no integer.
    """

    seed: int = 0
    normalization: str | None = None
    one_dimensional: str | None = None
    filter_axes: FilterAxes | None = field(default=None, hash=False)

    def __post_init__(self) -> None:
        if not isinstance(self.seed, SupportsIndex) or isinstance(self.seed, bool):
            raise TypeError(f"A seed is an integer; got {self.seed!r}. Write `RandomDirection(seed=0)`.")
        one_of(self.normalization or "filter", NORMALIZATIONS, "normalization")
        one_of(self.one_dimensional or "fixed", ONE_DIMENSIONAL, "one_dimensional")

    def __call__(self, objective: Objective) -> Direction:
        """Draw the direction at the objective's origin."""
        params = objective.params
        for name, tensor in params.items():
            if not is_finite(tensor):
                raise ValueError(
                    f"{name!r} holds NaN or infinities, so there is no landscape around it; did the training "
                    "diverge? Give an earlier checkpoint."
                )
        rules = filter_axes(objective.model, self.filter_axes)
        one_dimensional = self.one_dimensional or "fixed"
        drawn = draws(index(self.seed), params)
        scaled = normalize if objective.lender is None and not is_large(params) else normalize_unheld
        with one_torch_thread():  # how many there are shows in the last digit of a sum
            made = scaled(drawn, params, rules, self.normalization or "filter", one_dimensional)
        if not any(part.any() for name in made.vector for part in parts_of(made.vector, name)):
            raise ValueError(
                "Nothing moves along a random direction: each moved parameter is zero, or "
                f"one-dimensional and {one_dimensional}. Choose `one_dimensional='scaled'`, "
                "`normalization='none'` or other `parameters`."
            )
        return Direction(
            vector=made.vector,
            label=f"random, seed {index(self.seed)}",
            zero_filters=made.zero_filters,
            single_weight_filters=made.single_weight_filters,
            notes=_notes(
                made.single_weight_filters, one_dimensional, any(r.one_dimensional for r in rules.values())
            ),
            variance=made.variance,
            blocks=made.blocks,
            rule=self,
        )


def _notes(singles: int, one_dimensional: str, any_one_dimensional: bool) -> tuple[str, ...]:
    notes = []
    if singles:
        filters = "1 filter has" if singles == 1 else f"{singles} filters have"
        notes.append(f"{filters} a single weight; normalized, chance decides its sign only.")
    if one_dimensional == "copy" and any_one_dimensional:
        notes.append(
            "One-dimensional tensors are copied into each random direction, so two of them aren't orthogonal."
        )
    return tuple(notes)
