"""What is a metric, a direction called on an axis, in a legend? Twin: js/src/figure/titles.ts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landscape_widget.export.numbers import format_number
from landscape_widget.export.plain import plain
from landscape_widget.export.scale import Scale
from landscape_widget.facts import MetricFacts
from landscape_widget.surface.comparable import normalization_of
from landscape_widget.surface.surface import Surface

HESSIAN = " Hessian eigenvector: "
"""In the label of an axis; with a number before it, the name would be longer than most pictures are high."""


def metric_title(metric: MetricFacts) -> str:
    """Return "test loss", "accuracy, %", or the metric's own label."""
    name = plain(metric.label or metric.name.replace("_", " "))
    return f"{name}, {plain(metric.unit)}" if metric.unit else name


def value_title(metric: MetricFacts, scale: Scale) -> str:
    """Return the metric's title with what its scale has to say: "loss (log)"."""
    return f"{metric_title(metric)} ({scale.label})" if scale.label else metric_title(metric)


def in_space(title: str) -> str:
    """Return a title for an axis in space, where letters are drawn one by one: no entities, and no tags."""
    return title.replace("&#36;", "$").replace("&lt;", "<\u200b").replace("&gt;", ">").replace("&amp;", "&")


def direction_title(surface: Surface, axis: int, gap: str = " ", *, is_paper: bool = False) -> str:
    """Return "direction 1: random, seed 0 (filter-normalized steps)", as far as the settings tell.

    A principal component is called by its rank and its share of the variance, beside a random walk's; with
    two decimals as in the paper. An eigenvector is called by its rank and its eigenvalue.
    """
    labels = surface.settings.get("labels", ())
    if axis >= len(labels):
        return f"direction {axis + 1}"
    label = str(labels[axis])
    if component := _component(surface, axis, label, is_paper):
        return plain(component)
    vector, of_hessian, eigenvalue = label.partition(HESSIAN)
    if of_hessian:
        return f"{plain(vector)}{of_hessian.rstrip(': ')}{': ' if gap == ' ' else gap}{plain(eigenvalue)}"
    unit = f"{gap}({_steps(surface, axis)})" if label.startswith("random") else ""
    return f"direction {axis + 1}: {plain(label)}{unit}"


def _component(surface: Surface, axis: int, label: str, is_paper: bool) -> str:
    """ "1st PC: 61.2 % (random walk: 60.8 %)", empty where it is no principal component."""
    if surface.path is None or (share := surface.path.explained[axis]) is None:
        return ""
    chance = surface.path.by_chance[axis]
    walk = "" if chance is None else f" (random walk: {_percent(chance, is_paper)})"
    return f"{label.partition(':')[0]}: {_percent(share, is_paper)}{walk}"


def _percent(share: float, is_paper: bool) -> str:
    return f"{100 * share:.2f} %" if is_paper else f"{format_number(100 * share)} %"


def _steps(surface: Surface, axis: int) -> str:
    """An axis that is turned has a unit of its own only where both directions have the same."""
    settings = surface.settings
    choices = settings.get("directions", ())
    choice = choices[axis] if axis < len(choices) else {}
    third, rotation = settings.get("third"), settings.get("rotation", 0)
    if axis == 0 or third is None or rotation == 0:
        return _unit(choice, settings)
    turned = _unit(third, settings)
    return turned if rotation == 90 or turned == _unit(choice, settings) else "steps"


def _unit(choice: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    normalization = normalization_of(choice, settings) or "none"
    is_random = str(choice.get("key", "random")).startswith("random")
    return f"{normalization}-normalized steps" if is_random and normalization != "none" else "steps"
