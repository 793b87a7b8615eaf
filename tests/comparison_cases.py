"""Members of a comparison without torch, and a comparison of them on an engine of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from landscape_widget.facts import MetricFacts
from landscape_widget.live.candidate import Candidate
from landscape_widget.live.comparing import Entry
from landscape_widget.live.comparison import Comparison
from landscape_widget.live.engine import Engine
from landscape_widget.live.library import Library
from landscape_widget.live.memory import Prepared
from landscape_widget.live.request import Choices, Scene
from landscape_widget.live.work import Work
from landscape_widget.values import State, Values
from tests.live_cases import CHOICES, METRICS, TRAITS, Slope, facts

REPEATED = (*METRICS, MetricFacts("loss #1", "", 100, 1), MetricFacts("loss #2", "", 100, 2))


class Parabolas:
    """Three lines through the origin, with the losses t², 4 t² and 16 t²; counts its cells."""

    def __init__(self) -> None:
        self.cells = 0

    def __call__(
        self, coordinates: np.ndarray, samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]:
        self.cells += len(coordinates)
        mean = coordinates**2 * np.array([1.0, 4.0, 16.0])
        count = np.full(mean.shape, samples)
        yield Values(np.arange(len(mean)), mean, mean * 0, count, np.full(len(mean), State.EXACT, np.uint8))

    def prepare(self, scene: Scene) -> Prepared:
        known = {**vars(facts()), "metrics": REPEATED, "labels": ("random, seed 0",), "angle": None}
        return Prepared(self, type(facts())(**{**known, "points": ()}))


def entry(title: Any, choices: Choices = CHOICES, **changes: Any) -> Entry:
    """What is asked of a member."""
    known = {"about": "", "choices": choices, "request": TRAITS, "own": frozenset(), "norm": 2.0}
    return Entry(title, **{**known, **changes})


def candidate(
    title: Any,
    slope: Slope | None = None,
    work: Work | None = None,
    lines: Callable[[], Work] | None = None,
    **asked: Any,
) -> Candidate:
    """A member whose picture is a slope."""
    return Candidate(
        entry(title, **asked),
        work or Work((slope or Slope()).prepare, time.monotonic),
        lines or (lambda: Work(Parabolas().prepare, time.monotonic)),
    )


class Recorded(Comparison):
    """A comparison whose page only listens."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.messages: list[dict[str, Any]] = []
        super().__init__(*args, **options)

    def send(self, content: Any, buffers: Any = None) -> None:
        self.messages.append(content)

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [content for content in self.messages if content["kind"] == kind]


def compared(*candidates: Candidate, **view: Any) -> Recorded:
    """A comparison on an engine of its own."""
    engine = Engine()
    engine.start()
    return Recorded(engine, list(candidates), Library(), lambda *given, **options: (given, options), **view)
