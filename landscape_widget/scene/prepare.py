"""What does a scene mean in torch? Directions are made, a subspace spanned, and who measures it is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from landscape_widget.evaluate.checkpoints import CheckpointEvaluator
from landscape_widget.evaluate.repeats import Repeats
from landscape_widget.evaluate.sensitivity import measure_sensitivity, probes
from landscape_widget.facts import Sensitivity
from landscape_widget.live.memory import Prepared
from landscape_widget.live.request import DirectionChoice, Scene
from landscape_widget.objective.batch_norm import MODES
from landscape_widget.scene.facts import scene_facts
from landscape_widget.scene.maps import scene_maps
from landscape_widget.scene.offer import Offer
from landscape_widget.sharpness import measure_sharpness
from landscape_widget.sharpness_values import Sharpness
from landscape_widget.subspace.blended_direction import BlendedDirection
from landscape_widget.subspace.corners import ranges
from landscape_widget.subspace.direction import Direction, as_direction, with_batch_norm
from landscape_widget.subspace.orthogonal import orthogonal
from landscape_widget.subspace.principal_direction import PrincipalDirection
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.star import Star
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.subspace.track import TrajectoryTrack

Directions = tuple[Direction, ...]


def prepare(offer: Offer, scene: Scene) -> Prepared:
    """Make everything a scene needs; called on the engine's thread."""
    objective = replace(offer.objective, batch_norm=scene.batch_norm)
    whole = directions_of(offer, scene)
    directions = tuple(with_batch_norm(direction, objective) for direction in whole)
    subspace = Subspace(objective.params, directions)
    lines = _lines(offer, scene, directions)
    measured = subspace if len(lines) == 1 else Star(objective.params, lines)
    evaluator = offer.measurers.cells(objective, measured, plain=objective.is_plain)
    track = None
    if (trajectory := offer.trajectory) is not None:
        checkpoints = CheckpointEvaluator(objective, trajectory, on_error=offer.settings["on_error"])
        track = TrajectoryTrack(trajectory, objective, subspace, checkpoints)
    maps = scene_maps(offer.maps, objective, subspace, offer.measurers.curvature)

    def close() -> None:
        for one in (evaluator, *maps.values()):
            one.close()

    return Prepared(
        evaluator if len(lines) == 1 else Repeats(evaluator, len(lines)),
        scene_facts(offer, objective, scene, subspace, evaluator, len(lines)),
        track,
        _sensitivity(offer, whole) if scene.batch_norm and not offer.borrows else None,
        maps,
        evaluator.at_once,
        close,
        evaluator.here if len(lines) == 1 else Repeats(evaluator.here, len(lines)),
    )


def sharpness_of(offer: Offer, cancelled: Callable[[], bool]) -> Iterator[Sharpness]:
    """Measure how sharp the origin is, part by part, as the first picture is measured."""
    objective = replace(offer.objective, batch_norm=offer.batch_norm)
    asked = {"loss": offer.settings["loss"], "which": offer.settings["parameters"]}
    return measure_sharpness(objective, None, cancelled, seed=offer.settings["seed"], settings=asked)


def directions_of(offer: Offer, scene: Scene) -> Directions:
    """Return a scene's directions, with the statistics of BatchNorm where they lie between models."""
    so_far = 0 if offer.trajectory is None else len(offer.trajectory)  # for both axes, while it grows
    first, *others = (direction_of(offer, choice, scene, so_far=so_far) for choice in scene.directions)
    if not others:
        return (first,)
    second = others[0]
    if scene.third is not None:
        third = direction_of(offer, scene.third, scene, so_far=so_far)
        second = BlendedDirection(second, third, scene.rotation)(offer.objective)
    if offer.orthogonalizes(first, second):
        second = orthogonal(first, second, offer.objective)
    return first, second


def direction_of(
    offer: Offer, choice: DirectionChoice, scene: Scene, *, repeat: int = 0, so_far: int = 0
) -> Direction:
    """Return one direction of a scene, of further repeats with the seeds that follow.

    Args:
        so_far: checkpoints that a principal component is found from, where the choice doesn't say; 0: all.
    """
    rule = offer.rules[choice.key]
    if isinstance(rule, RandomDirection):
        normalization = choice.normalization or rule.normalization or scene.normalization
        rule = replace(rule, seed=choice.seed + repeat, normalization=normalization)
    elif isinstance(rule, PrincipalDirection):
        rule = replace(rule, checkpoints=choice.seed or so_far or None)
    return as_direction(rule, offer.objective)


def _lines(offer: Offer, scene: Scene, directions: Directions) -> Directions:
    """Return the draws of a line's random direction; of anything else there is one."""
    if len(directions) > 1 or not isinstance(offer.rules[scene.directions[0].key], RandomDirection):
        return directions[:1]
    more = (
        direction_of(offer, scene.directions[0], scene, repeat=repeat) for repeat in range(1, offer.repeats)
    )
    return (*directions, *more)


def _sensitivity(offer: Offer, whole: Directions) -> Callable[[Callable[[], bool]], Sensitivity | None]:
    """Compare the treatments of BatchNorm that make sense here, well inside the range."""
    objective, on_error = offer.objective, offer.settings["on_error"]
    moves = any(name not in objective.params for direction in whole for name in direction.vector)
    modes = MODES if moves else [mode for mode in MODES if mode != "interpolate"]

    def measured(cancelled: Callable[[], bool]) -> Sensitivity | None:
        subspaces = {}
        for mode in modes:
            treated = replace(objective, batch_norm=mode)
            directions = tuple(with_batch_norm(direction, treated) for direction in whole)
            subspaces[mode] = Subspace(objective.params, directions)
        places = probes(ranges(whole))
        return measure_sensitivity(objective, subspaces, places, cancelled, on_error=on_error)

    return measured
