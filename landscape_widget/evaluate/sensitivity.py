"""How much does it matter here how BatchNorm is treated? Its modes are compared at a few cells."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from landscape_widget.evaluate.lines import read_lines
from landscape_widget.evaluate.working_copy import WorkingCopy
from landscape_widget.facts import Sensitivity
from landscape_widget.objective.objective import Objective
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import STOP

SAMPLES = 512
"""At most; the modes differ by far more than a subset errs, or they don't matter."""


def probes(ranges: Sequence[tuple[float, float]]) -> tuple[tuple[float, ...], ...]:
    """Return half way from the centre of the window to each of its sides, and the centre itself.

    A centre that is the origin is left out: its statistics are its own.
    """
    centre = tuple((low + high) / 2 for low, high in ranges)
    found = []
    for axis, (low, high) in enumerate(ranges):
        for step in (-(high - low) / 4, (high - low) / 4):
            found.append(tuple(c + step * (axis == other) for other, c in enumerate(centre)))
    return (*found, centre) if any(centre) else tuple(found)


def measure_sensitivity(
    objective: Objective,
    subspaces: Mapping[str, Subspace],
    coordinates: Sequence[Sequence[float]],
    cancelled: Callable[[], bool],
    *,
    on_error: str = STOP,
) -> Sensitivity | None:
    """Measure a few cells in each mode, in the calling thread, on private copies and a subset.

    A mode that fails is left out: single samples have no statistics that could be estimated again.

    Args:
        subspaces: mode → directions as they are under it.
        coordinates: the cells.
        on_error: where it is ``"skip"``, a cell that raises has a loss that is not finite.

    Returns:
        None without BatchNorm, with fewer than two modes, and once ``cancelled()`` is true.

    Raises:
        Exception: whatever the loss raises, where every mode fails.
    """
    if objective.batch_norm is None or len(subspaces) < 2 or not coordinates:
        return None
    samples = min(SAMPLES, objective.samples)
    losses: dict[str, list[float]] = {}
    errors: list[Exception] = []
    for mode, subspace in subspaces.items():
        treated = replace(objective, batch_norm=mode)
        try:
            measured = _losses(treated, subspace, coordinates, samples, cancelled, on_error)
        except Exception as error:  # of a mode that can't be had here, and that nobody may have asked for
            errors.append(error)
            continue
        if measured is None:
            return None
        losses[mode] = measured
    if not losses:
        raise errors[0]
    cells = [dict(zip(losses, cell, strict=True)) for cell in zip(*losses.values(), strict=True)]
    worst = max(range(len(cells)), key=lambda cell: _ratio(cells[cell].values()))
    return Sensitivity(_ratio(cells[worst].values()), cells[worst], tuple(coordinates[worst]), samples)


def _losses(
    objective: Objective,
    subspace: Subspace,
    coordinates: Sequence[Sequence[float]],
    samples: int,
    cancelled: Callable[[], bool],
    on_error: str,
) -> list[float] | None:
    objective = replace(objective, test=None)
    vectors = [direction.vector for direction in subspace.directions]
    copy = WorkingCopy(objective.model, read_lines(objective.model, subspace.origin, vectors))
    portions, trial = objective.portions(samples), objective.trial.copied()
    found = []
    for point in coordinates:
        copy.move(point)
        try:
            measurement = objective.measure(copy.model, portions, cancelled, trial)
        except Exception:
            if on_error == STOP:
                raise
            found.append(math.nan)
            continue
        if measurement is None:
            return None
        found.append(float(measurement.mean[0]))
    return found


def _ratio(losses: Collection[float]) -> float:
    """Return the largest by the smallest; of losses that may be negative, 1 and their relative difference."""
    finite = [loss for loss in losses if math.isfinite(loss)]
    if not finite:
        return 1.0
    if len(finite) < len(losses):
        return math.inf
    low, high = min(finite), max(finite)
    if low > 0:
        return high / low
    return 1 + (high - low) / (max(abs(low), abs(high)) or 1.0)
