"""How far out does the loss rise by the chosen factor? A range for each axis, found by probing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape_widget.values import Evaluate

NEAREST, FARTHEST = 1e-6, 1e3
TOLERANCE = 1.05

Range = tuple[float, float]


def auto_range(
    evaluate: Evaluate,
    samples: int,
    factor: float,
    axes: Sequence[Range],
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Range | None, ...]:
    """Return, for each axis, the range at whose ends the loss has first risen to ``factor`` times its value.

    An axis is probed at both ends of the stretch it must show, widened by the same reach on both sides;
    so a random direction gets a symmetric range, and one towards another model keeps that model inside.
    The reach is doubled or halved from 1 and then bisected to 5 %. NaN and infinities count as risen.
    The first metric is the loss. A negative loss L has risen at L + (factor - 1) |L|; where L is 0, the
    largest finite loss at reach 1 stands for |L|.

    Args:
        evaluate: asked for a few coordinates at a time, in this thread.
        samples: as in `Evaluate`.
        factor: above 1.
        axes: the stretch each axis must show, ``(0, 0)`` about the origin, ``(0, 1)`` towards another model.
        cancelled: once true, the axes not finished are None.

    Returns:
        None for an axis where the loss stays below that up to a reach of 1000, and for all of them when it is
        not finite at the centre. A reach is never below 1e-6.

    Raises:
        ValueError: when the factor is not finite and above 1.
    """
    if not (math.isfinite(factor) and factor > 1):
        raise ValueError(
            f"Auto range needs a finite factor above 1 by which the loss is to rise; got {factor!r}. Try 10."
        )
    ranges = []
    for axis, (low, high) in enumerate(axes):
        probe = _Probe(evaluate, samples, len(axes), axis, cancelled)
        try:
            reach = _reach(probe, low, high, factor)
        except _Cancelled:
            reach = None
        ranges.append(None if reach is None else (low - reach, high + reach))
    return tuple(ranges)


class _Cancelled(Exception):
    """The probes were not answered, because somebody cancelled."""


@dataclass(frozen=True)
class _Probe:
    """Places along one axis ↦ losses, the other coordinates at 0."""

    evaluate: Evaluate
    samples: int
    axes: int
    axis: int
    cancelled: Callable[[], bool]

    def __call__(self, *places: float) -> NDArray[np.float64]:
        coordinates = np.zeros((len(places), self.axes))
        coordinates[:, self.axis] = places
        losses, answered = np.zeros(len(places)), np.zeros(len(places), bool)
        for values in self.evaluate(coordinates, self.samples, self.cancelled):
            losses[values.cells], answered[values.cells] = values.mean[:, 0], True
        if not answered.all():
            raise _Cancelled
        return losses


def _reach(probe: _Probe, low: float, high: float, factor: float) -> float | None:
    """Return the smallest reach found at which either end has risen, to 5 %."""
    ends = probe(low, high) if low != high else probe(low)
    if not np.isfinite(ends).all():
        return None
    neighbours = probe(low - 1, high + 1)
    threshold = _threshold(float(ends.max()), neighbours, factor)

    def risen(losses: NDArray[np.float64]) -> bool:
        return not bool(np.all(losses < threshold))  # NaN compares false, so it has risen

    def has_risen(reach: float) -> bool:
        return risen(probe(low - reach, high + reach))

    if risen(neighbours):
        outside = 1.0
        while has_risen(inside := max(outside / 2, NEAREST)):
            if inside == NEAREST:
                return NEAREST
            outside = inside
    else:
        inside = 1.0
        while not has_risen(outside := min(inside * 2, FARTHEST)):
            if outside == FARTHEST:
                return None
            inside = outside
    while outside / inside > TOLERANCE:
        middle = math.sqrt(inside * outside)
        inside, outside = (inside, middle) if has_risen(middle) else (middle, outside)
    return outside


def _threshold(loss: float, neighbours: NDArray[np.float64], factor: float) -> float:
    finite = np.abs(neighbours[np.isfinite(neighbours)])
    typical = abs(loss) or finite.max(initial=0.0) or 1.0
    return loss + (factor - 1) * typical
