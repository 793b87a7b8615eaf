"""Which metrics of a line share an axis, on which scale, over which range? Twin: js/src/figure/sides.ts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from landscape_widget.export import colors
from landscape_widget.export.extent import Extent, bounded, height_range
from landscape_widget.export.scale import Scale, choose
from landscape_widget.export.scene import create_scene
from landscape_widget.export.titles import metric_title
from landscape_widget.export.view import View
from landscape_widget.facts import MetricFacts
from landscape_widget.surface.repeats import plain_name, rows_of
from landscape_widget.surface.surface import Surface

TEST = "test_"
ACCURACY = "accuracy"
PERCENT = (0.0, 100.0)
MARGIN = 0.04  # of the height, above and below; none beside limits


@dataclass(frozen=True, eq=False)
class Curve:
    """One metric along a line.

    Attributes:
        values: float64[draw, nx], raw; one draw, or each of the repeats.
        errors: the same shape, standard errors.
    """

    metric: MetricFacts
    values: NDArray[np.float64]
    errors: NDArray[np.float64]

    @property
    def title(self) -> str:
        """ "test loss" """
        return metric_title(self.metric)

    @property
    def dash(self) -> str:
        """The training set is solid, the test set dashed."""
        return "dash" if self.metric.name.startswith(TEST) else "solid"


@dataclass(frozen=True, eq=False)
class Side:
    """The curves that share one axis of the chart: a metric on the training set, on the test set.

    Attributes:
        measured: bool[nx], interpolated elsewhere.
        reach: the lowest and highest drawn value.
        frame: the ends of the axis.
    """

    curves: list[Curve]
    measured: NDArray[np.bool_]
    scale: Scale
    view: View
    reach: Extent
    frame: Extent
    color: str
    axis: str

    def heights(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return drawn units: NaN where not finite, flat at the clip and beyond the limits."""
        return self.scale.forward(bounded(values, self.view))


def sides_of(surface: Surface, view: View) -> list[Side]:
    """Return the left side, of the metric asked for, and the right one, of the accuracy beside another."""
    name = plain_name(surface.metrics[surface.row(view.metric)]).removeprefix(TEST)
    if name == ACCURACY and (view.limits or view.preset):
        view = replace(view, limits=PERCENT)
    left = _side(surface, name, view, colors.LEFT, "y")
    if name == ACCURACY:
        return [left]
    plain = View(colors=view.colors, scale="linear")
    red = colors.RED if view.preset else colors.RIGHT
    right = _side(surface, ACCURACY, plain, red, "y2")
    frame = PERCENT if view.limits else _framed(PERCENT)
    return [left, replace(right, reach=PERCENT, frame=frame)] if right.curves else [left]


def _side(surface: Surface, name: str, view: View, color: str, axis: str) -> Side:
    facts = [fact for fact in surface.metrics if not fact.repeat and fact.name.removeprefix(TEST) == name]
    scenes = [
        [
            create_scene(surface, View(metric=surface.metrics[row].name)).cut()
            for row in rows_of(surface.metrics, fact.name)
        ]
        for fact in facts
    ]
    curves = [
        Curve(
            fact,
            np.stack([draw.values.ravel() for draw in draws]),
            np.stack([draw.errors.ravel() for draw in draws]),
        )
        for fact, draws in zip(facts, scenes, strict=True)
    ]
    measured = scenes[0][0].measured.ravel() if scenes else np.empty(0, np.bool_)
    values = [curve.values[:, measured].ravel() for curve in curves] or [np.empty(0)]
    capped = bounded(np.concatenate(values), view)
    is_share = any(fact.unit == "%" for fact in facts)
    wanted = "linear" if view.scale == "auto" and is_share else view.scale
    scale = choose(wanted, capped if view.limits is None else view.limits)
    reach = height_range(scale.forward(capped), scale, view)
    return Side(curves, measured, scale, view, reach, reach if view.limits else _framed(reach), color, axis)


def _framed(reach: Extent) -> Extent:
    low, high = reach
    return low - MARGIN * (high - low), high + MARGIN * (high - low)
