"""Where did training go? A trajectory as one scene sees it, which may still grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from landscape_widget.values import Evaluate

DROP = 0.5
"""A learning rate has dropped where it is at most this share of the checkpoint's before."""


@dataclass(frozen=True, eq=False)
class Path:
    """T checkpoints of a training run in the coordinates of a scene, the first one first.

    Attributes:
        coordinates: float64[T, k], the nearest point of the subspace in units of its k directions.
        distances: float64[T], how far each checkpoint is from that point, in weights.
        norms: float64[T], ‖θ‖ of the moved parameters.
        steps: int64[T], optimizer steps taken.
        epochs: float64[T], NaN where nobody said.
        learning_rates: float64[T], NaN where nobody said.
        values: float64[metric, T], each checkpoint's own metrics, measured where it is and not in the plane;
            NaN where unknown.
        known: bool[T], whether it is measured; its values may be not finite.
        explained: of each axis, the share of the trajectory's variance, None where it is no principal
            component.
        by_chance: of each axis, the share that a random walk of the same step lengths would have.
    """

    coordinates: NDArray[np.float64]
    distances: NDArray[np.float64]
    norms: NDArray[np.float64]
    steps: NDArray[np.int64]
    epochs: NDArray[np.float64]
    learning_rates: NDArray[np.float64]
    values: NDArray[np.float64]
    known: NDArray[np.bool_]
    explained: tuple[float | None, ...]
    by_chance: tuple[float | None, ...]

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def drops(self) -> NDArray[np.int64]:
        """The checkpoints whose learning rate is at most half of that of the one before."""
        rates = self.learning_rates
        with np.errstate(invalid="ignore"):
            fell = (rates[1:] <= DROP * rates[:-1]) & (rates[1:] < rates[:-1])
        return np.flatnonzero(fell) + 1


class Track(Protocol):
    """A trajectory, projected and measured on the engine's thread; training may add to it meanwhile."""

    def __len__(self) -> int:
        """How many checkpoints there are by now."""
        ...

    def path(self, metrics: int) -> Path:
        """Project all checkpoints there are by now; none is measured yet.

        Args:
            metrics: rows of ``Path.values``.
        """
        ...

    @property
    def evaluate(self) -> Evaluate:
        """Measure checkpoints where they are; the one coordinate is a checkpoint's number."""
        ...
