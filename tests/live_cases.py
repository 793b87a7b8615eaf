"""An evaluator without torch, facts without a model, and an engine's listener that can be waited for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from landscape_widget.facts import Facts, MetricFacts, Point, Sensitivity
from landscape_widget.live.memory import Prepared
from landscape_widget.live.presets import presets
from landscape_widget.live.report import Report
from landscape_widget.live.request import Choices, DirectionChoice, Option, Request, Scene
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.track import Path
from landscape_widget.values import How, State, Values, Withdrawn

METRICS = (MetricFacts("loss", "", 100),)
CHOICES = Choices(
    directions=(Option("random", "random", "", True), Option("gradient", "−gradient", "")),
    normalizations=(Option("filter", "filter", ""), Option("none", "none", "")),
    metrics=METRICS,
    size=100,
    batch_norms=tuple(Option(key, key, "") for key in ("frozen", "reestimate")),
    presets=presets({"random", "gradient", "start", "principal 0"}),
    has_trajectory=True,
)
TRAITS = {
    "x": (-1.0, 1.0),
    "y": (-1.0, 1.0),
    "resolution": (9, 9),
    "samples": 100,
    "tolerance": None,
    "batch_norm": "frozen",
    "third": None,
    "rotation": 0.0,
    "normalization": "filter",
    "directions": [{"key": "random", "seed": 0}, {"key": "random", "seed": 1}],
}


HOW = How("cpu, 2 workers", ("batches of 7 samples",), {"batch": 7})


def never() -> bool:
    """Nobody cancels."""
    return False


def request(points: int = 9, *, seed: int = 0, high: float = 1.0) -> Request:
    """A square request of two random directions."""
    scene = Scene((DirectionChoice("random", seed), DirectionChoice("random", seed + 1)), "filter")
    return Request(scene, Grid(Axis(-high, high, points), Axis(-high, high, points)), 100)


def facts() -> Facts:
    """Facts of a scene that has one metric and the origin."""
    return Facts(
        metrics=METRICS,
        labels=("random, seed 0", "random, seed 1"),
        ranges=((-1.0, 1.0), (-1.0, 1.0)),
        points=(Point("origin", (0.0, 0.0)),),
        angle=90.0,
        spread=1.0,
        share=1.0,
        zeros=0,
        gram=np.eye(2),
        batch_norm=None,
        where="cpu",
    )


def answer(coordinates: np.ndarray, row: int) -> Values:
    """The value a + 10 b of one coordinate."""
    value = sum(step * place for step, place in zip((1.0, 10.0), coordinates[row], strict=False))
    one = np.array([[value]])
    return Values(np.array([row]), one, one * 0, np.full((1, 1), 100), np.array([State.EXACT], np.uint8))


class Slope:
    """Evaluates a + 10 b; counts cells, and can be held up, or made to fail, at a given one."""

    def __init__(self) -> None:
        self.cells = 0
        self.gate = threading.Event()
        self.gate.set()
        self.hold_after = -1
        self.held = threading.Event()
        self.fail_at = -1

    def __call__(
        self, coordinates: np.ndarray, samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]:
        for row in range(len(coordinates)):
            if cancelled():
                return
            if self.cells == self.hold_after:
                self.held.set()
                self.gate.wait(10)
                if cancelled():
                    return
            self.cells += 1
            if self.cells == self.fail_at:
                raise ZeroDivisionError("the loss divides by zero")
            yield answer(coordinates, row)

    def hold(self, after: int) -> None:
        """Stop before the cell after the next ``after`` ones until `release`."""
        self.gate.clear()
        self.held.clear()
        self.hold_after = self.cells + after

    def release(self) -> None:
        """Let a held cell go on."""
        self.hold_after = -1
        self.gate.set()

    def prepare(self, scene: Scene) -> Prepared:
        """The same slope for every scene."""
        return Prepared(self, facts())


def wave(coordinates: np.ndarray, how: How | None) -> Values:
    """Everything at once: a hill whose logarithm is a wave, and how it was measured."""
    mean = np.exp(np.sin(3 * coordinates[:, :1]) + np.cos(2 * coordinates[:, 1:]))
    states = np.full(len(mean), State.EXACT, np.uint8)
    return Values(np.arange(len(mean)), mean, mean * 0, np.full(mean.shape, 100), states, how)


class Guest:
    """Has a fast path that is wrong by 1; it is found out at the cell after ``until``."""

    def __init__(self, until: int) -> None:
        self.cells = 0
        self.until = until
        self.prepared = 0

    def __call__(
        self, coordinates: np.ndarray, samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]:
        values = wave(coordinates, HOW)
        if self.until < 0:
            yield replace(values, how=replace(HOW, notes=("The fast path was wrong.",)))
        elif self.cells + len(coordinates) > self.until:
            self.until = -1
            raise Withdrawn("The fast path was wrong.")
        else:
            yield replace(values, mean=values.mean + 1)
        self.cells += len(coordinates)

    def prepare(self, scene: Scene) -> Prepared:
        """The same guest for every scene."""
        self.prepared += 1
        return Prepared(self, facts())


class Reports:
    """A listener that keeps every report."""

    def __init__(self) -> None:
        self.all: list[Report] = []

    def __call__(self, report: Report) -> None:
        self.all.append(report)


class Walk:
    """A trajectory along the first axis, from 0 to 1; the loss of a checkpoint is its number."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.measured: list[int] = []

    def __len__(self) -> int:
        return self.size

    @property
    def losses(self) -> list[float]:
        return [float(number) for number in range(self.size)]

    def path(self, metrics: int) -> Path:
        numbers = np.arange(self.size)
        along = numbers / max(1, self.size - 1)
        unknown = np.full((metrics, self.size), np.nan)
        return Path(
            coordinates=np.stack([along, 0 * along], axis=1),
            distances=0.5 * along,
            norms=1 + along,
            steps=10 * numbers,
            epochs=along,
            learning_rates=np.where(along < 0.5, 0.1, 0.01),
            values=unknown,
            known=np.zeros(self.size, bool),
            explained=(0.9, None),
            by_chance=(0.6, None),
        )

    def evaluate(
        self, coordinates: np.ndarray, samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]:
        for row, (number,) in enumerate(coordinates):
            if cancelled():
                return
            self.measured.append(int(number))
            yield replace(answer(np.array([[number]]), 0), cells=np.array([row]))


class Growing:
    """A slope with a trajectory, and with BatchNorm that matters."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.slope = Slope()
        self.compared = 0
        self.heard: Callable[[], None] | None = None

    def prepare(self, scene: Scene) -> Prepared:
        return Prepared(self.slope, facts(), self.walk, self.sensitivity)

    def sensitivity(self, cancelled: Callable[[], bool]) -> Sensitivity:
        self.compared += 1
        return Sensitivity(11.6, {"frozen": 17.1, "reestimate": 1.47}, (-0.5, 0.0), 100)

    def listen(self, heard: Callable[[], None]) -> Callable[[], None]:
        self.heard = heard

        def stop() -> None:
            self.heard = None

        return stop
