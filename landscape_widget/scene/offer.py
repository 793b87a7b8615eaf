"""Which directions are on offer, and where do they look?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from landscape_widget.live.presets import presets
from landscape_widget.live.request import Choices, DirectionChoice, Option
from landscape_widget.names import one_of
from landscape_widget.objective.batch_norm import MODES
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import is_large, size
from landscape_widget.scene.maps import Maps, columns_of
from landscape_widget.scene.measuring import Measurers
from landscape_widget.scene.offered import Offered
from landscape_widget.scene.options import FROZEN, INTERPOLATED, NORMALIZATIONS, REESTIMATED
from landscape_widget.subspace.corners import ranges as plane_ranges
from landscape_widget.subspace.direction import STATISTICS, Direction, DirectionRule
from landscape_widget.subspace.filters import filter_axes as filter_rules
from landscape_widget.subspace.orthogonal import orthogonal
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.trajectory import Trajectory

Range = tuple[float, float]

DRAWS = 5
"""Lines of the first picture of a large model, since one draw is an anecdote."""


@dataclass(frozen=True, eq=False)
class Offer:
    """The directions one objective can be looked at along.

    Attributes:
        rules: key → rule; the keys are what `Scene.directions` speaks of.
        options: one for each rule, as the controls show them.
        initial: the directions to begin with.
        batch_norm: how BatchNorm is treated to begin with; None where the model has none.
        orthogonalize: whether the second axis is made orthogonal; None: between three models.
        repeats: draws of a line's random direction.
        trajectory: what is drawn over the picture, or None.
        settings: what else decides the numbers, for the saved file.
        notes: sentences the user should read.
        measurers: make who measures on a subspace.
        maps: key → what is measured on a grid of its own.
    """

    objective: Objective
    rules: Mapping[str, DirectionRule | Direction]
    options: tuple[Option, ...]
    initial: tuple[DirectionChoice, ...]
    batch_norm: str | None
    orthogonalize: bool | None
    repeats: int
    trajectory: Trajectory | None
    settings: Mapping[str, Any]
    notes: tuple[str, ...]
    measurers: Measurers
    maps: Maps = field(default_factory=dict)

    def choices(self) -> Choices:
        """What the controls may offer."""
        return Choices(
            self.options,
            NORMALIZATIONS,
            self.objective.metrics,
            self.objective.train.size,
            batch_norms=self._batch_norms(),
            presets=presets({option.key for option in self.options}),
            has_trajectory=self.trajectory is not None,
            maps=columns_of(self.maps, self.objective.metrics, self.objective.train.size),
        )

    def ranges(self, directions: tuple[DirectionChoice, ...]) -> tuple[Range, ...]:
        """Where the rules would look, one range a direction."""
        made = [rule for choice in directions if isinstance(rule := self.rules[choice.key], Direction)]
        if len(made) == 2 and self.orthogonalizes(made[0], made[1]):
            return plane_ranges((made[0], orthogonal(made[0], made[1], self.objective)))
        return tuple(next(o.range for o in self.options if o.key == choice.key) for choice in directions)

    def orthogonalizes(self, first: Direction, second: Direction) -> bool:
        """Whether the second of two directions is to be made orthogonal."""
        between_models = first.endpoint is not None and second.endpoint is not None
        return between_models if self.orthogonalize is None else self.orthogonalize

    @property
    def borrows(self) -> bool:
        """Whether cells are measured on the user's own model."""
        return self.objective.lender is not None

    def let_go(self) -> None:
        """Give up what was kept for measuring, since nothing more will be measured."""
        if self.objective.lender is not None:
            self.objective.lender.close()

    def growth(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Have ``heard`` called on the training thread after each checkpoint, until the result is called."""
        return (lambda: None) if self.trajectory is None else self.trajectory.listen(heard)

    def _batch_norms(self) -> tuple[Option, ...]:
        if self.batch_norm is None:
            return ()
        between = _go_to_a_model(self.rules.values())
        return (FROZEN, REESTIMATED, INTERPOLATED) if between else (FROZEN, REESTIMATED)


def make_offer(
    objective: Objective,
    directions: tuple[Any, ...] | None,
    *,
    normalization: str,
    one_dimensional: str,
    filter_axes: Mapping[str, Any],
    orthogonalize: bool | None,
    batch_norm: str | None,
    repeats: int | None,
    trajectory: Trajectory | None,
    seed: int,
    settings: Mapping[str, Any],
    measurers: Measurers,
) -> Offer:
    """Offer the user's directions beside a random one and the gradient; theirs are checked here.

    Args:
        directions: the user's; None: two random ones, or the principal components of the trajectory, or a
            random line of a large model.
        repeats: the user's; None: one, or some along that line.
    """
    filter_rules(objective.model, filter_axes)
    plain = RandomDirection(one_dimensional=one_dimensional, filter_axes=filter_axes)
    offered = Offered(objective, plain, normalization)
    notes: tuple[str, ...] = ()
    if trajectory is not None:
        offered.add_trajectory(trajectory)
    if directions is not None:
        initial = tuple(offered.add(index, rule) for index, rule in enumerate(directions))
    elif trajectory is None and is_large(objective.params):
        initial = (DirectionChoice("random", seed),)
        repeats = repeats or DRAWS
        lines = "a line" if repeats == 1 else f"{repeats} lines, each along a seed of its own"
        notes = (
            f"{size(objective.params):,} weights move, and a plane takes long: what you see is {lines}. "
            f"For the plane give `directions=[lw.RandomDirection({seed}), lw.RandomDirection({seed + 1})]`.",
        )
    elif trajectory is None:
        initial = DirectionChoice("random", seed), DirectionChoice("random", seed + 1)
    elif principal := offered.add_principal(trajectory):
        initial = principal
    else:
        initial = DirectionChoice("gradient"), DirectionChoice("random", seed)
        notes = (
            f"The trajectory spans no plane yet ({len(trajectory)} checkpoints), so the axes are −gradient "
            "and a random direction; its principal components can be had later.",
        )
    return Offer(
        objective,
        rules=offered.rules,
        options=tuple(offered.options.values()),
        initial=initial,
        batch_norm=_batch_norm(batch_norm, objective, offered.rules, initial),
        orthogonalize=orthogonalize,
        repeats=repeats or 1,
        trajectory=trajectory,
        measurers=measurers,
        notes=notes,
        settings={
            **settings,
            "one_dimensional": one_dimensional,
            "filter_axes": {
                name: list(axes) if isinstance(axes, Sequence) else axes for name, axes in filter_axes.items()
            },
        },
    )


def _batch_norm(
    asked: str | None,
    objective: Objective,
    rules: Mapping[str, DirectionRule | Direction],
    initial: tuple[DirectionChoice, ...],
) -> str | None:
    """Between models the statistics are interpolated, unless somebody asks for something else."""
    if objective.batch_norm is None:
        if asked is None:
            return None
        raise ValueError(
            f"The model has no BatchNorm with running statistics; got batch_norm={asked!r}. Leave it out."
        )
    if asked == "interpolate" and not _go_to_a_model(rules.values()):
        raise ValueError(
            "batch_norm='interpolate' moves statistics from those of one model to those of another, and no "
            "direction goes to one. Give `TowardsModel(other)`, or choose 'frozen' or 'reestimate'."
        )
    between = _go_to_a_model(rules[choice.key] for choice in initial)
    return one_of(asked or ("interpolate" if between else "frozen"), MODES, "batch_norm")


def _go_to_a_model(rules: Iterable[DirectionRule | Direction]) -> bool:
    return any(isinstance(rule, Direction) and (rule.endpoint or _moves_statistics(rule)) for rule in rules)


def _moves_statistics(direction: Direction) -> bool:
    """One of the user's own, or of the paper's code, may take BatchNorm statistics along."""
    statistics = (name for name in direction.vector if name.rpartition(".")[2] in STATISTICS)
    return any(bool(direction.vector[name].any()) for name in statistics)
