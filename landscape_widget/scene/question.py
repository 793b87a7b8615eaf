"""What was asked? Checks the options at the door, reads model and data, and says what is on offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from numbers import Integral
from typing import Any

import torch

from landscape_widget import shared
from landscape_widget.evaluate.memory import checked_budget
from landscape_widget.evaluate.spread.workplace import workplace
from landscape_widget.live.checks import checked
from landscape_widget.names import one_of
from landscape_widget.objective.checks import checked_devices
from landscape_widget.objective.criterion import name_of_loss
from landscape_widget.objective.lender import closed_on_error
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.objective.torch_threads import one_torch_thread
from landscape_widget.scene.maps import check_curved, maps_among
from landscape_widget.scene.measuring import measurers
from landscape_widget.scene.offer import Offer, Range, make_offer
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
    repeats: int | None = None,
    trajectory: Trajectory | None = None,
    tolerance: float | None = None,
    memory: int | None = None,
    compile: bool = False,
    device: Any = None,
    executor: Any = None,
    copy: bool = True,
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
    elsewhere = workplace(executor, device, compile=bool(compile))
    devices = checked_devices(elsewhere.reading if elsewhere else device, compile=bool(compile))
    _check_trajectory(trajectory)
    _check_copy(copy, trajectory)
    rules = _rules(directions)
    metrics, maps = maps_among(metrics)
    reading = {"parameters": parameters, "samples": samples, "seed": seed, "metrics": metrics}
    who = measurers(
        compile=bool(compile),
        budget=budget,
        on_error=on_error,
        devices=devices,
        copy=bool(copy),
        elsewhere=elsewhere,
    )
    place = devices[0] if devices else None
    where = {"device": place, "copy": copy, "turns": shared.turns()}
    objective = read_objective(model, loss, data, **where, **reading, **objective_options)
    # more torch threads would wait for each other on a busy machine
    with closed_on_error(objective.lender), one_torch_thread():
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
            measurers=who,
        )
        if offer.repeats > 1 and len(offer.initial) > 1:
            raise _no_line(offer.repeats, "a plane")
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


def check_all_three(loss: Any, data: Any) -> None:
    """Refuse a model without a loss, or without data.

    Raises:
        TypeError: saying what is missing, and what to write.
    """
    if missing := [name for name, value in (("loss", loss), ("data", data)) if value is None]:
        raise TypeError(
            f"A model's landscape needs a loss and data; got no {' and no '.join(missing)}. "
            "Write explore(model, torch.nn.functional.cross_entropy, data), or explore(path) for a file."
        )


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


def _check_copy(copy: object, trajectory: Trajectory | None) -> None:
    if copy not in (True, False):
        raise TypeError(f"copy is True, or False to measure on your own model; got {copy!r}.")
    if not copy and trajectory is not None:
        raise ValueError(
            "A trajectory's checkpoints are measured on a copy of the model; got copy=False. Leave one of "
            "the two out; `PrincipalDirection(trajectory)` looks along it in place."
        )


def _checked_repeats(repeats: object, rules: tuple[Any, ...] | None) -> int | None:
    if repeats is None:
        return None
    whole = int(repeats) if isinstance(repeats, Integral) and not isinstance(repeats, bool) else 0
    if not 1 <= whole <= MOST_REPEATS:
        raise ValueError(f"repeats is a whole number from 1 to {MOST_REPEATS}; got {repeats!r}.")
    first, *others = rules or (None,)
    if whole > 1 and others:
        raise _no_line(whole, "a plane")
    if whole > 1 and first is not None and not isinstance(first, RandomDirection):
        raise _no_line(whole, f"a line along {type(first).__name__}")
    return whole


def _no_line(repeats: int, got: str) -> ValueError:
    return ValueError(
        f"repeats={repeats} draws a line's random direction again; got {got}. "
        "Give one `RandomDirection`, or compare planes with `lw.compare`."
    )
