"""What is true of a scene before any cell is measured? Plain values, which nobody needs torch for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class MetricFacts:
    """One column of every `Values`.

    Attributes:
        name: ``"loss"``, ``"accuracy"``, ``"test_loss"``, or the user's own.
        unit: ``"%"`` or empty.
        size: number of samples in the data set it is measured on.
        repeat: 0, or which further draw of the random directions it is measured along; its name then ends in
            ``#1``, ``#2``, …
        label: as people read it; empty: its name.
        limits: lowest and highest value drawn unless the view has limits of its own; None: what there is.
        colors: its colour map while nobody has chosen one; empty: the picture's.
    """

    name: str
    unit: str
    size: int
    repeat: int = 0
    label: str = ""
    limits: tuple[float, float] | None = None
    colors: str = ""


@dataclass(frozen=True)
class Point:
    """A labelled extra cell that is always measured: the origin, another model."""

    label: str
    coordinates: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Histogram:
    """How large the moved weights of one model are (Li et al. 2018, figure 2).

    Attributes:
        label: of the model, ``"origin"`` for the centre.
        edges: float64[bins + 1], the same for all histograms of a scene.
        counts: int64[bins]; what lies beyond the edges is counted in the outermost bins.
        norm: ‖θ‖ of the moved parameters.
    """

    label: str
    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    norm: float


@dataclass(frozen=True)
class Sensitivity:
    """How much the treatment of BatchNorm matters, measured at a few cells.

    Attributes:
        worst: the largest loss divided by the smallest that the modes give at one cell; 1 where all agree,
            infinite where only some are finite.
        losses: of each mode at the cell where they differ most.
        at: that cell's coordinates.
        samples: how many it was measured on.
    """

    worst: float
    losses: Mapping[str, float]
    at: tuple[float, ...]
    samples: int


@dataclass(frozen=True)
class Rounding:
    """How much of a step along a direction is lost where weights are stored with few digits.

    Attributes:
        dtype: in which they are stored.
        steps: lengths of steps in units of the direction, rising.
        lost: of each, the length of what rounding changes as a share of the step.
    """

    dtype: str
    steps: tuple[float, ...]
    lost: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Facts:
    """What is true of a scene before any cell is measured; plain values for the status and the saved file.

    Attributes:
        metrics: the columns of every `Values`.
        labels: one a direction, as people read it.
        ranges: one a direction, where its rule would look.
        points: the origin first, then other models.
        angle: degrees between the two directions, None on a line.
        spread: standard deviation in degrees that chance would give around 90.
        share: share of the squared norm of all parameters that moves, 0 to 1; None where nobody said.
        zeros: filters of norm zero, which don't move.
        gram: float64[k, k], inner products of the directions.
        batch_norm: ``"frozen"``, ``"reestimate"``, ``"interpolate"``, or None without BatchNorm.
        where: device and number of workers, as people read it.
        notes: sentences the user should read.
        directions: one mapping name → CPU tensor for each axis.
        origin: mapping name → CPU tensor, the centre.
        settings: JSON-able: seeds, fingerprints, versions.
        nbytes: what an evaluator of the scene keeps in memory, without the data.
        is_to_scale: whether the plane is drawn with one scale for lengths in weights: between models, and
            along a trajectory.
        is_triangle: whether the plane goes through three models.
        histograms: of the weights of the models that the directions know.
        rounding: of a step; None where weights have digits enough.
        in_place: whether cells are measured on the user's own model.
    """

    metrics: tuple[MetricFacts, ...]
    labels: tuple[str, ...]
    ranges: tuple[tuple[float, float], ...]
    points: tuple[Point, ...]
    angle: float | None
    spread: float | None
    share: float | None
    zeros: int
    gram: NDArray[np.float64]
    batch_norm: str | None
    where: str
    notes: tuple[str, ...] = ()
    directions: tuple[Mapping[str, Any], ...] = ()
    origin: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    nbytes: int = 0
    is_to_scale: bool = False
    is_triangle: bool = False
    histograms: tuple[Histogram, ...] = ()
    rounding: Rounding | None = None
    in_place: bool = False
