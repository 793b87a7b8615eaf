"""What was asked? Checks the options at the door, reads model and data, and says what is on offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from numbers import Integral
from typing import Any

import torch

from landscape_widget.evaluate.memory import checked_budget
from landscape_widget.live.checks import checked
from landscape_widget.measuring import measuring
from landscape_widget.names import one_of
from landscape_widget.objective.checks import checked_devices
from landscape_widget.objective.criterion import name_of_loss
from landscape_widget.objective.objective import read_objective
from landscape_widget.objective.torch_threads import one_torch_thread
from landscape_widget.offer import Offer, Range, make_offer
from landscape_widget.scene_maps import check_curved, maps_among
from landscape_widget.subspace.normalize import NORMALIZATIONS, ONE_DIMENSIONAL
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.trajectory import Trajectory
from landscape_widget.values import SKIP, STOP

MOST_REPEATS = 64


def ask(
    model: torch.nn.Module,
    loss: Callable[..., Any],
    data: Any,
    directions: Sequence[Any] | None = None,
    normalization: str = "filter",
    x: Range | None = None,
    y: Range | None = None,
    resolution: int | tuple[int, int] = 51,
    parameters: str = "trainable",
    one_dimensional: str = "fixed",
    filter_axes: Mapping[str, Any] | None = None,
    metrics: Mapping[str, Any] | None = None,
    orthogonalize: bool | None = None,
    batch_norm: str | None = None,
    samples: int | None = None,
    repeats: int = 1,
    trajectory: Trajectory | None = None,
    tolerance: float | None = None,
    memory: int | None = None,
    compile: bool = False,
    device: Any = None,
    on_error: str = STOP,
    seed: int = 0,
    name: str = "",
    **objective_options: Any,
) -> tuple[Offer, dict[str, Any]]:
    """Return what is on offer and the value of each computing trait; see `landscape_widget.explore`.

    Raises:
        ValueError, TypeError: saying what was expected, what came and what to do.
    """
    one_of(normalization, NORMALIZATIONS, "normalization")
    one_of(one_dimensional, ONE_DIMENSIONAL, "one_dimensional")
    one_of(on_error, (STOP, SKIP), "on_error")
    if not isinstance(name, str):
        raise TypeError(f"A name is text; got {name!r}. Leave it out for none.")
    RandomDirection(seed)  # refuses what is no seed
    if orthogonalize not in (None, True, False):
        raise TypeError(f"orthogonalize is True, False or None; got {orthogonalize!r}. Leave it out.")
    budget = checked_budget(memory)
    devices = checked_devices(device, compile=bool(compile))
    _check_trajectory(trajectory)
    rules = _rules(directions)
    metrics, maps = maps_among(metrics)
    reading = {"parameters": parameters, "samples": samples, "seed": seed, "metrics": metrics}
    place = devices[0] if devices else None
    objective = read_objective(model, loss, data, device=place, **reading, **objective_options)
    with one_torch_thread():  # more of them would wait for each other on a busy machine
        offer = make_offer(
            objective,
            rules,
            normalization=normalization,
            one_dimensional=one_dimensional,
            filter_axes=filter_axes or {},
            orthogonalize=orthogonalize,
            batch_norm=batch_norm,
            repeats=_checked_repeats(repeats, rules),
            trajectory=trajectory,
            seed=seed,
            settings={
                "loss": name_of_loss(loss),
                "parameters": parameters,
                "seed": int(seed),
                "name": name,
                "on_error": on_error,
            },
            evaluator=measuring(compile=bool(compile), budget=budget, on_error=on_error, devices=devices),
        )
        check_curved(maps, objective)
        offer = replace(offer, maps=maps)
        ranges = offer.ranges(offer.initial)
    choices = offer.choices()
    asked = {
        "x": ranges[0] if x is None else x,
        "y": ranges[-1] if y is None else y,
        "resolution": resolution,
        "samples": objective.train.size if samples is None else samples,
        "tolerance": tolerance,
        "normalization": normalization,
        "batch_norm": offer.batch_norm,
        "directions": [vars(choice) for choice in offer.initial],
        "third": None,
        "rotation": 0.0,
    }
    return offer, {trait: checked(trait, value, choices) for trait, value in asked.items()}


def _rules(directions: Sequence[Any] | None) -> tuple[Any, ...] | None:
    if directions is None:
        return None
    if isinstance(directions, Mapping) or not isinstance(directions, Sequence) or isinstance(directions, str):
        raise TypeError(
            f"directions is a list of one or two directions; got {type(directions).__name__}. "
            "For a line, write [direction]."
        )
    if not 1 <= len(directions) <= 2:
        raise ValueError(
            f"A picture has one direction (a line) or two (a plane); got {len(directions)}. "
            "Look at more by calling explore again."
        )
    return tuple(directions)


def _check_trajectory(trajectory: object) -> None:
    if trajectory is not None and not isinstance(trajectory, Trajectory):
        raise TypeError(
            f"trajectory is a `Trajectory`; got {type(trajectory).__name__}. Record one with "
            "`with lw.record(model) as trajectory:` or read `lw.Trajectory.from_checkpoints(paths)`."
        )


def _checked_repeats(repeats: object, rules: tuple[Any, ...] | None) -> int:
    whole = int(repeats) if isinstance(repeats, Integral) and not isinstance(repeats, bool) else 0
    if not 1 <= whole <= MOST_REPEATS:
        raise ValueError(f"repeats is a whole number from 1 to {MOST_REPEATS}; got {repeats!r}.")
    line = rules[0] if rules is not None and len(rules) == 1 else None
    if whole > 1 and not isinstance(line, RandomDirection):
        got = "a plane" if line is None else f"a line along {type(line).__name__}"
        raise ValueError(
            f"repeats={repeats} draws a line's random direction again; got {got}. "
            "Give one `RandomDirection`, or compare planes with `lw.compare`."
        )
    return whole
