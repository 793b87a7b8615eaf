"""How are several lines measured as one? Each place on all of them, told when the last is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.facts import MetricFacts
from landscape_widget.values import Evaluate, Values


def repeated_metrics(metrics: tuple[MetricFacts, ...], lines: int) -> tuple[MetricFacts, ...]:
    """Return the columns of `Repeats`: all metrics on the first line, then on the others."""
    return tuple(
        replace(metric, name=f"{metric.name} #{line}" if line else metric.name, repeat=line)
        for line in range(lines)
        for metric in metrics
    )


class Repeats:
    """Measures places on a line along each of several lines; see `landscape_widget.values.Evaluate`.

    Args:
        evaluate: takes one coordinate a line, of which one differs from 0.
        lines: how many.
    """

    def __init__(self, evaluate: Evaluate, lines: int) -> None:
        self._evaluate = evaluate
        self._lines = lines

    def __call__(
        self, coordinates: NDArray[np.float64], samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]:
        """Yield places as they are known on all lines; what ``evaluate`` raises passes through."""
        lines = self._lines
        points = np.einsum("n,kj->nkj", coordinates[:, 0], np.eye(lines)).reshape(-1, lines)
        parts: dict[int, dict[int, tuple[Values, int]]] = {}
        for values in self._evaluate(points, samples, cancelled):
            for row, point in enumerate(values.cells.tolist()):
                place, line = divmod(point, lines)
                parts.setdefault(place, {})[line] = (values, row)
            if known := [place for place, along in parts.items() if len(along) == lines]:
                yield _together(known, [parts.pop(place) for place in known], values)


def _together(places: list[int], found: list[dict[int, tuple[Values, int]]], last: Values) -> Values:
    def side_by_side(column: str) -> NDArray[Any]:
        return np.stack(
            [
                np.concatenate([getattr(v, column)[row] for _, (v, row) in sorted(one.items())])
                for one in found
            ]
        )

    return Values(
        cells=np.array(places, np.int64),
        mean=side_by_side("mean"),
        standard_error=side_by_side("standard_error"),
        count=side_by_side("count"),
        state=np.array([max(v.state[row] for v, row in one.values()) for one in found], np.uint8),
        how=last.how,
    )
