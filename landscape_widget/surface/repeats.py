"""Which metrics are further draws of the same one?"""

from __future__ import annotations

from collections.abc import Sequence

from landscape_widget.facts import MetricFacts


def plain_name(metric: MetricFacts) -> str:
    """Return "loss" for "loss #3"."""
    return metric.name.removesuffix(f" #{metric.repeat}") if metric.repeat else metric.name


def rows_of(metrics: Sequence[MetricFacts], name: str) -> list[int]:
    """Return where a metric and its repeats stand, the first draw first."""
    return [row for row, metric in enumerate(metrics) if plain_name(metric) == name]
