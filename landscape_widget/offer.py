"""Which directions are on offer, and what a scene of them means in torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import torch

from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.facts import Facts, Point
from landscape_widget.live.memory import Prepared
from landscape_widget.live.request import Choices, DirectionChoice, Option, Scene
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import fingerprint
from landscape_widget.subspace.direction import Direction, DirectionRule, as_direction
from landscape_widget.subspace.filters import filter_axes as filter_rules
from landscape_widget.subspace.gradient_direction import GradientDirection
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace

BETWEEN_TWO = (-0.5, 1.5)
AMONG_THREE = (-0.2, 1.2)
NORMALIZATIONS = (
    Option(
        "filter",
        "filter",
        "Each filter of the direction is scaled to the length of the network's own filter, so that networks "
        "with larger weights don't look flatter (Li et al. 2018, section 4).",
    ),
    Option(
        "layer",
        "layer",
        "Each tensor of the direction is scaled to the length of the network's own tensor "
        "(Li et al. 2018, appendix).",
    ),
    Option(
        "weight",
        "weight",
        "Each entry of the direction is multiplied by the network's own weight "
        "(as in the code of Li et al. 2018).",
    ),
    Option(
        "none",
        "none",
        "The direction is used as drawn; networks with larger weights look flatter than they are "
        "(Li et al. 2018, section 4).",
    ),
)


@dataclass(frozen=True, eq=False)
class Offer:
    """The directions one objective can be looked at along.

    Attributes:
        rules: key → rule; the keys are what `Scene.directions` speaks of.
        options: one for each rule, as the controls show them.
        initial: the directions to begin with.
        settings: what else decides the numbers, for the saved file.
        evaluator: who measures an objective on a subspace.
    """

    objective: Objective
    rules: Mapping[str, DirectionRule]
    options: tuple[Option, ...]
    initial: tuple[DirectionChoice, ...]
    settings: Mapping[str, Any]
    evaluator: Callable[[Objective, Subspace], Evaluator]

    def choices(self) -> Choices:
        """What the controls may offer."""
        return Choices(self.options, NORMALIZATIONS, self.objective.metrics, self.objective.train.size)

    def ranges(self, directions: tuple[DirectionChoice, ...]) -> tuple[tuple[float, float], ...]:
        """Where the rules would look, one range a direction."""
        found = tuple(next(o.range for o in self.options if o.key == choice.key) for choice in directions)
        return (AMONG_THREE,) * 2 if found == (BETWEEN_TWO,) * 2 else found

    def __call__(self, scene: Scene) -> Prepared:
        """Draw the directions; called on the engine's thread."""
        directions = tuple(self._direction(choice, scene) for choice in scene.directions)
        subspace = Subspace(self.objective.params, directions)
        evaluator = self.evaluator(self.objective, subspace)
        return Prepared(evaluator, self._facts(scene, subspace, evaluator))

    def _direction(self, choice: DirectionChoice, scene: Scene) -> Direction:
        rule = self.rules[choice.key]
        if isinstance(rule, RandomDirection):
            rule = replace(rule, seed=choice.seed, normalization=rule.normalization or scene.normalization)
        return as_direction(rule, self.objective)

    def _facts(self, scene: Scene, subspace: Subspace, evaluator: Evaluator) -> Facts:
        objective, directions = self.objective, subspace.directions
        batch_norm = _batch_norm(objective, directions)
        notes = (*objective.notes, *dict.fromkeys(note for d in directions for note in d.notes))
        origin, *vectors = evaluator.handed_out(_centre(objective, directions))
        weight = next(iter(objective.params.values()))
        return Facts(
            metrics=objective.metrics,
            labels=tuple(direction.label for direction in directions),
            ranges=self.ranges(scene.directions),
            points=_points(directions),
            angle=subspace.angle,
            spread=subspace.spread,
            share=subspace.moved_share(objective),
            zeros=max(direction.zero_filters for direction in directions),
            gram=subspace.gram.numpy(),
            batch_norm=batch_norm,
            where=str(weight.device),
            notes=notes,
            directions=tuple(vectors),
            origin=origin,
            nbytes=evaluator.nbytes,
            settings={
                **self.settings,
                "device": str(weight.device),
                "dtype": str(weight.dtype).removeprefix("torch."),
                "normalization": scene.normalization,
                "directions": [vars(choice) for choice in scene.directions],
                "labels": [direction.label for direction in directions],
                "fingerprints": [direction.fingerprint for direction in directions],
                "origin": fingerprint(objective.params),
                "batch_norm": batch_norm,
                "notes": list(notes),
                "data": {metric.name: metric.size for metric in objective.metrics},
                "versions": {name: version(name) for name in ("landscape-widget", "torch", "numpy")},
            },
        )


def make_offer(
    objective: Objective,
    directions: tuple[Any, ...],
    *,
    one_dimensional: str,
    filter_axes: Mapping[str, Any],
    settings: Mapping[str, Any],
    evaluator: Callable[[Objective, Subspace], Evaluator],
) -> Offer:
    """Offer the user's directions beside a random one and the gradient; theirs are checked here."""
    filter_rules(objective.model, filter_axes)
    plain = RandomDirection(one_dimensional=one_dimensional, filter_axes=filter_axes)
    hint = "A Gaussian direction drawn from its seed, then normalized."
    offered = {
        "random": (Option("random", "random", hint, seeded=True), plain),
        "gradient": (
            Option("gradient", "−gradient", "Downhill from the origin, as long as the moved parameters."),
            GradientDirection(),
        ),
    }
    initial = []
    for index, rule in enumerate(directions):
        if isinstance(rule, RandomDirection):
            option, made = _random(rule, plain, offered)
            initial.append(DirectionChoice(option.key, rule.seed))
        elif isinstance(rule, GradientDirection):
            option, made = offered["gradient"]
            initial.append(DirectionChoice("gradient"))
        else:
            made = _told_apart(
                as_direction(rule, objective), [option.label for option, _ in offered.values()]
            )
            hint = (
                "From this model at 0 to the other at 1."
                if made.endpoint
                else "The direction you gave, as it is."
            )
            option = Option(f"given {index}", made.label, hint, range=made.range)
            initial.append(DirectionChoice(option.key))
        offered.setdefault(option.key, (option, made))
    return Offer(
        objective,
        rules={key: rule for key, (_, rule) in offered.items()},
        options=tuple(option for option, _ in offered.values()),
        initial=tuple(initial),
        evaluator=evaluator,
        settings={
            **settings,
            "one_dimensional": one_dimensional,
            "filter_axes": {
                name: list(axes) if isinstance(axes, Sequence) else axes for name, axes in filter_axes.items()
            },
        },
    )


def _random(
    rule: RandomDirection, plain: RandomDirection, offered: Mapping[str, tuple[Option, DirectionRule]]
) -> tuple[Option, RandomDirection]:
    """A random direction with settings of its own gets a key of its own."""
    own = {
        name: value
        for name in ("normalization", "one_dimensional", "filter_axes")
        if (value := getattr(rule, name)) is not None
    }
    words = ", ".join(["random", *(str(value) for name, value in own.items() if name != "filter_axes")])
    key = words + (", own filters" if "filter_axes" in own else "")
    if "filter_axes" in own and key in offered:
        key += " 2"
    hint = "A Gaussian direction drawn from its seed, scaled its own way."
    return Option(key, key, hint, seeded=True), replace(plain, **own)


def _told_apart(direction: Direction, labels: Sequence[str]) -> Direction:
    """Number the second of two directions, and of two models, that go by the same name."""
    if direction.label not in labels:
        return direction
    endpoint = None if direction.endpoint is None else f"{direction.endpoint} 2"
    return replace(direction, label=f"{direction.label} 2", endpoint=endpoint)


def _centre(objective: Objective, directions: tuple[Direction, ...]) -> dict[str, torch.Tensor]:
    """Return what may move, running statistics included, at coordinates 0; not copied."""
    tensors = dict(objective.model.named_buffers()) | dict(objective.params)
    names = dict.fromkeys(name for direction in directions for name in direction.vector)
    return {name: tensors[name].detach() for name in names}


def _points(directions: tuple[Direction, ...]) -> tuple[Point, ...]:
    origin = Point("origin", (0.0,) * len(directions))
    others = [
        Point(direction.endpoint, tuple(float(axis == other) for other in range(len(directions))))
        for axis, direction in enumerate(directions)
        if direction.endpoint is not None
    ]
    return (origin, *others)


def _batch_norm(objective: Objective, directions: tuple[Direction, ...]) -> str | None:
    modules = objective.model.modules()
    if not any(isinstance(module, torch.nn.modules.batchnorm._BatchNorm) for module in modules):
        return None
    moves = any(name not in objective.params for direction in directions for name in direction.vector)
    return "interpolated" if moves else "frozen"
