"""Which rewrites may come in? Found in a recording, within the memory, and proved against the plain path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import cycle, islice

import numpy as np
import torch
from torch import nn

from landscape_widget.evaluate.compiled import Compiled
from landscape_widget.evaluate.crew import Crew, Measured
from landscape_widget.evaluate.first_linear import find_first_linear
from landscape_widget.evaluate.folded_batch_norm import find_folded_batch_norm
from landscape_widget.evaluate.lines import Lines
from landscape_widget.evaluate.plan import Plan
from landscape_widget.evaluate.proof import agree
from landscape_widget.evaluate.recording import Recording
from landscape_widget.evaluate.rewrite import Rewrite
from landscape_widget.evaluate.transposed_head import find_transposed_head
from landscape_widget.objective.objective import Objective, Portions
from landscape_widget.objective.out_of_memory import is_out_of_memory

CHANNELS_LAST = "channels last"

FAR = ((1.0, -0.7), (-0.8, 1.0))
"""Where proofs are made beside the centre, as shares of the range; the same again along further axes."""


def find_rewrites(
    recording: Recording, objective: Objective, lines: Lines, compile: bool
) -> tuple[Rewrite, ...]:
    """Return the rewrites that the recorded forward allows."""
    if objective.trial.differentiates or not _is_precise(objective):
        return ()
    if compile:
        return (Compiled(),)
    first = find_first_linear(recording, lines)
    head = find_transposed_head(recording, objective.trial)
    if first is not None and head is not None and first.module == head.module:
        head = None
    return tuple(found for found in (first, find_folded_batch_norm(recording), head) if found is not None)


def likes_channels_last(recording: Recording, objective: Objective) -> bool:
    """Whether the model convolves images."""
    convolves = any(isinstance(call.module, nn.Conv2d) for call in recording.calls)
    return convolves and _is_precise(objective)


def proved(
    plan: Plan,
    crew: Crew,
    portions: Callable[[Plan], Portions],
    reach: float,
    losses: np.ndarray,
    cancelled: Callable[[], bool],
) -> tuple[Plan, tuple[str, ...]]:
    """Compare a plan with the plain path, at the centre and far from it, on the first and the last batch.

    Where the plain path itself raises, far from the centre, there is nothing to prove.

    Returns:
        The plan without what disagreed or raised, and the names of that.

    Raises:
        Exception: where something doesn't fit into memory, which is nobody's fault.
    """
    far = (tuple(reach * c for c in islice(cycle(point), crew.dimensions)) for point in FAR)
    points = [(0.0,) * crew.dimensions, *far]

    def ends(plan: Plan) -> Portions:
        return tuple((p[0], p[-1]) if len(p) > 1 else p for p in portions(plan))

    def measured(plan: Plan, cells: Sequence[int]) -> dict[int, Measured]:
        way = plan, ends(plan)
        run = crew.run([(cell, points[cell]) for cell in cells], lambda _: way, cancelled)
        return {measured.cell: measured for measured in run}

    def only(channels_last: bool, *rewrites: str) -> Plan:
        return replace(plan, channels_last=channels_last, rewrites=frozenset(rewrites), together=1)

    plain: dict[int, Measured] = {}
    for number, _ in enumerate(points):
        try:
            plain |= measured(only(False), [number])
        except Exception as error:
            _pass_on(error)
    cells = list(plain)

    def holds(plan: Plan) -> bool:
        try:
            fast = measured(plan, cells)
        except Exception as error:
            _pass_on(error)
            return False
        pairs = [(fast[n].measurement, plain[n].measurement) for n in cells if n in fast]
        return cancelled() or (bool(pairs) and all(agree(*pair, losses) for pair in pairs))

    if holds(plan):
        return plan, ()
    left = [name for name in sorted(plan.rewrites) if not holds(only(False, name))]
    if plan.channels_last and not holds(only(True)):
        left.append(CHANNELS_LAST)
    smaller = only(plan.channels_last and CHANNELS_LAST not in left, *(plan.rewrites - set(left)))
    if left and holds(smaller):
        return smaller, tuple(left)
    return only(False), tuple(names(plan))


def names(plan: Plan) -> list[str]:
    """Return the plan's guests."""
    together = [f"{plan.together} cells together"] if plan.together > 1 else []
    return [*sorted(plan.rewrites), *[CHANNELS_LAST] * plan.channels_last, *together]


def sentences(plan: Plan, rewrites: Sequence[Rewrite]) -> tuple[str, ...]:
    """Return what the plan's guests do, as people read it."""
    on = [rewrite.sentence for rewrite in rewrites if rewrite.name in plan.rewrites]
    together = [f"{plan.together} cells in one forward"] if plan.together > 1 else []
    return (*on, *["images laid out channels last"] * plan.channels_last, *together)


def _pass_on(error: Exception) -> None:
    if is_out_of_memory(error):
        raise error


def _is_precise(objective: Objective) -> bool:
    """Whether two orders of the same sums agree well enough to be compared."""
    stored = (parameter.dtype for parameter in objective.model.parameters())
    return objective.autocast is None and all(dtype in (torch.float32, torch.float64) for dtype in stored)
