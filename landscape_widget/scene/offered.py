"""Which rules, under which keys? Those everybody has, those of a trajectory, and the user's own."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from landscape_widget.curvature.eigenvectors import Runs
from landscape_widget.live.request import DirectionChoice, Option
from landscape_widget.objective.objective import Objective
from landscape_widget.scene.options import GIVEN, GRADIENT, HESSIAN, PRINCIPAL, RANDOM, START, TO_A_MODEL
from landscape_widget.subspace.blended_direction import BlendedDirection
from landscape_widget.subspace.direction import Direction, DirectionRule, as_direction
from landscape_widget.subspace.gradient_direction import GradientDirection
from landscape_widget.subspace.hessian_direction import HessianDirection
from landscape_widget.subspace.principal_direction import PrincipalDirection
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.same_network import check_fits, names_in
from landscape_widget.subspace.towards_model import TowardsModel
from landscape_widget.subspace.trajectory import Trajectory

FEWEST = 3
"""Checkpoints that may have two principal components."""


class Offered:
    """Collects what an objective can be looked at along; the user's directions are checked here."""

    def __init__(self, objective: Objective, plain: RandomDirection, normalization: str) -> None:
        """Begin with what everybody has.

        Args:
            plain: a random direction with the settings of this objective.
            normalization: of random directions that are a part of another.
        """
        self._objective = objective
        self._plain = plain
        self._normalization = normalization
        self.options: dict[str, Option] = {"random": RANDOM, "gradient": GRADIENT}
        self.rules: dict[str, DirectionRule | Direction] = {"random": plain, "gradient": GradientDirection()}
        self._runs = Runs()  # what is found for one axis is there for the other
        has_curvature = objective.lender is None
        if has_curvature and not any(weight.is_complex() for weight in objective.params.values()):
            for rank, option in HESSIAN.items():
                self._put(option, HessianDirection(rank, runs=self._runs))

    def add_trajectory(self, trajectory: Trajectory) -> None:
        """Offer its principal components, and the way back to its start."""
        check_fits(trajectory, self._objective)
        for rank, option in enumerate(PRINCIPAL):
            rule = PrincipalDirection(trajectory, rank, filter_axes=self._plain.filter_axes)
            self._put(option, rule)
        if len(trajectory):
            with suppress(ValueError):  # of a training that has only begun
                self._put(START, as_direction(_towards_start(trajectory, self._objective), self._objective))

    def add_principal(self, trajectory: Trajectory) -> tuple[DirectionChoice, ...]:
        """Look along the principal components, where the trajectory runs; nothing where none are yet."""
        if len(trajectory) < FEWEST:
            return ()
        try:
            return tuple(self._ranged(rank) for rank in range(len(PRINCIPAL)))
        except ValueError:
            if trajectory.is_recording:
                return ()
            raise

    def add(self, index: int, rule: Any) -> DirectionChoice:
        """Offer one of the user's directions; return how it is chosen.

        Raises:
            ValueError, TypeError: where it is no direction of this objective.
        """
        if isinstance(rule, RandomDirection):
            return self._random(rule)
        if isinstance(rule, GradientDirection):
            return DirectionChoice("gradient")
        if isinstance(rule, PrincipalDirection):
            return self._principal(rule)
        if isinstance(rule, HessianDirection):
            return self._curved(rule)
        made = self._told_apart(as_direction(self._complete(rule), self._objective))
        option = Option(
            f"given {index}", made.label, TO_A_MODEL if made.endpoint else GIVEN, range=made.range
        )
        return self._put(option, made)

    def _put(self, option: Option, rule: DirectionRule | Direction) -> DirectionChoice:
        self.options[option.key] = option
        self.rules[option.key] = rule
        return DirectionChoice(option.key)

    def _random(self, rule: RandomDirection) -> DirectionChoice:
        """One with filters of its own gets a key of its own."""
        own = {
            name: value
            for name in ("one_dimensional", "filter_axes")
            if (value := getattr(rule, name)) is not None
        }
        if not own:
            return DirectionChoice("random", rule.seed, rule.normalization)
        key = ", ".join(
            ["random", *(own[name] if name == "one_dimensional" else "own filters" for name in own)]
        )
        if "filter_axes" in own and key in self.options:
            key += " 2"
        hint = "A Gaussian direction drawn from its seed, scaled its own way."
        self._put(Option(key, key, hint, seeded=True), replace(self._plain, **own))
        return DirectionChoice(key, rule.seed, rule.normalization)

    def _principal(self, rule: PrincipalDirection) -> DirectionChoice:
        """That of the trajectory that is drawn, or of another."""
        rule = self._complete(rule)
        mine = self.rules.get(f"principal {rule.rank}")
        if isinstance(mine, PrincipalDirection) and mine.trajectory is rule.trajectory:
            self.rules[f"principal {rule.rank}"] = rule
            return self._ranged(rule.rank)
        made = as_direction(rule, self._objective)
        drawn = self.rules.get("principal 0")
        if isinstance(drawn, PrincipalDirection) and drawn.trajectory is not rule.trajectory:
            made = replace(made, label=f"{made.label} of another run", explained=None, by_chance=None)
        made = self._told_apart(made)
        option = Option(f"given principal {len(self.options)}", made.label, GIVEN, range=made.range)
        return self._put(option, made)

    def _curved(self, rule: HessianDirection) -> DirectionChoice:
        """One of another rank, or on other samples, than the menu's takes its place, or one of its own."""
        rule.check(self._objective)
        key = f"hessian {rule.rank}"
        hint = "An eigenvector of the Hessian at the origin, as long as the moved parameters."
        option = self.options.get(key, Option(key, rule.name, hint))
        return self._put(option, self._complete(rule))

    def _complete(self, rule: Any) -> Any:
        """Return a rule with the settings of this objective where it has none of its own."""
        if isinstance(rule, BlendedDirection):
            return replace(rule, first=self._complete(rule.first), second=self._complete(rule.second))
        if isinstance(rule, PrincipalDirection) and rule.filter_axes is None:
            return replace(rule, filter_axes=self._plain.filter_axes)
        if isinstance(rule, HessianDirection):
            return replace(rule, runs=self._runs)
        if isinstance(rule, RandomDirection):
            settings = vars(replace(self._plain, normalization=self._normalization))
            return replace(rule, **{name: settings[name] for name, own in vars(rule).items() if own is None})
        return rule

    def _ranged(self, rank: int) -> DirectionChoice:
        key = f"principal {rank}"
        made = as_direction(self.rules[key], self._objective)
        self.options[key] = replace(self.options[key], range=_readable(made.range))
        return DirectionChoice(key)

    def _told_apart(self, direction: Direction) -> Direction:
        """Number the second of two directions, and of two models, that go by the same name."""
        if direction.label not in [option.label for option in self.options.values()]:
            return direction
        endpoint = None if direction.endpoint is None else f"{direction.endpoint} 2"
        return replace(direction, label=f"{direction.label} 2", endpoint=endpoint)


def _readable(ends: tuple[float, float]) -> tuple[float, float]:
    """Three significant digits, as a person would have typed it."""
    return float(f"{ends[0]:.3g}"), float(f"{ends[1]:.3g}")


def _towards_start(trajectory: Trajectory, objective: Objective) -> TowardsModel:
    """What a checkpoint doesn't hold, integers and frozen buffers, is the objective's own."""
    start = trajectory[0].state()
    theirs = {name: start[there] for name, there in names_in(trajectory, objective).items()}
    return TowardsModel({**objective.model.state_dict(), **theirs}, name="start")
