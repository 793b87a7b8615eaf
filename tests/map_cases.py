"""A map without torch: what it says is known in closed form, and it can be held up, or made to fail."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from landscape_widget.facts import MetricFacts
from landscape_widget.live.maps import Map
from landscape_widget.live.memory import Prepared
from landscape_widget.live.request import Choices, Scene
from landscape_widget.values import State, Values
from tests.live_cases import CHOICES, Slope, facts

COLUMNS = (
    MetricFacts("curvature", "", 100, label="|λ_min/λ_max|", limits=(0.0, 0.5), colors="viridis"),
    MetricFacts("curvature_max", "", 100, label="λ_max"),
)
WITH_A_MAP: Choices = replace(CHOICES, maps={"curvature": COLUMNS})


class Curved:
    """Beside a slope, a map of |a| and a + 10 b on 13 × 7 cells of 32 samples, its origin not converged.

    Args:
        clock: what cells take their time on, in seconds each.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self.slope = Slope()
        self.asked: list[tuple[float, ...]] = []
        self.announced: list[int] = []
        self.now, self.each = 0.0, 2.0
        self.seconds = seconds
        self.fail_at = self.hold_at = -1
        self.held, self.gate = threading.Event(), threading.Event()

    def clock(self) -> float:
        """Seconds that cells of the map have taken."""
        return self.now

    def cost(self, cells: int, cancelled: Callable[[], bool]) -> float | None:
        self.announced.append(cells)
        return None if cancelled() else self.each * cells

    def __call__(
        self, coordinates: np.ndarray, samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]:
        for row, place in enumerate(coordinates):
            if len(self.asked) == self.hold_at:
                self.held.set()
                self.gate.wait(10)
            if cancelled():
                return
            self.asked.append(tuple(place))
            if len(self.asked) == self.fail_at:
                raise ZeroDivisionError("the Hessian divides by zero")
            self.now += self.each
            mean = np.array([[abs(place[0]), place[0] + 10 * place[1]]])
            state = State.EXACT if place.any() else State.UNCONVERGED
            count = np.full((1, 2), samples)
            yield Values(np.array([row]), mean, np.full((1, 2), np.nan), count, np.array([state], np.uint8))

    def prepare(self, scene: Scene) -> Prepared:
        """The same slope and the same map for every scene."""
        settings = {"samples": 32, "resolution": 13, "parameters": "moved"}
        wanted = Map(self, COLUMNS, 32, (13, 7), self.cost, self.seconds, settings)
        return Prepared(self.slope, facts(), maps={"curvature": wanted})
