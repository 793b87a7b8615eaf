"""What is known so far: values, errors and a state for every cell; immutable, told patch by patch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.facts import MetricFacts, Point
from landscape_widget.names import one_of
from landscape_widget.surface.grid import Grid
from landscape_widget.surface.patch import Patch
from landscape_widget.values import State

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

PRECEDENCE = np.array([0, 2, 1])
"""Of each `State`: what is exact stays, a preview is better than nothing."""


@dataclass(frozen=True, eq=False, repr=False)
class Surface:
    """Metrics on a grid around the origin, as far as they are known; immutable, `tell` returns a new one.

    The arrays hold the cells row by row and then the labelled points; the surface owns and freezes them.

    Attributes:
        grid: the lattice, row = y = second direction, column = x = first direction.
        metrics: one row of ``values`` each.
        points: labelled extra cells that are always measured: the origin, other models.
        samples: size of the fixed, seeded subset of the training data.
        values: float64[metric, cell + point], NaN where unknown; NaN and infinities may also be values.
        errors: float64[metric, cell + point], the population's ``sd / sqrt(n)``.
        counts: int64[metric, cell + point], samples measured.
        states: uint8[cell + point], a `State` each.
        directions: one mapping name → array or CPU tensor for each axis.
        origin: mapping name → array or CPU tensor, the centre.
        settings: JSON-able: seeds, labels, normalization, fingerprints, versions.
    """

    grid: Grid
    metrics: tuple[MetricFacts, ...]
    points: tuple[Point, ...]
    samples: int
    values: NDArray[np.float64]
    errors: NDArray[np.float64]
    counts: NDArray[np.int64]
    states: NDArray[np.uint8]
    directions: tuple[Mapping[str, Any], ...] = ()
    origin: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        cells = self.grid.size + len(self.points)
        for name in ("values", "errors", "counts", "states"):
            array = getattr(self, name)
            expected = (cells,) if name == "states" else (len(self.metrics), cells)
            if array.shape != expected:
                raise ValueError(
                    f"{name} must have the shape {expected} (metrics, cells and points); got {array.shape}. "
                    "Start from Surface.empty(...) and tell it patches."
                )
            array.setflags(write=False)
        for point in self.points:
            if len(point.coordinates) != len(self.grid.axes):
                raise ValueError(
                    f"The point {point.label!r} needs {len(self.grid.axes)} coordinates, one a direction; "
                    f"got {point.coordinates}."
                )

    @classmethod
    def empty(
        cls,
        grid: Grid,
        metrics: tuple[MetricFacts, ...],
        *,
        points: tuple[Point, ...] = (),
        samples: int,
        directions: tuple[Mapping[str, Any], ...] = (),
        origin: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> Surface:
        """Return a surface of which nothing is known."""
        shape = (len(metrics), grid.size + len(points))
        unknown = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, np.int64)
        states = np.zeros(shape[1], np.uint8)
        return cls(grid, metrics, points, samples, *unknown, states, directions, origin or {}, settings or {})

    def tell(self, patch: Patch) -> Surface:
        """Return the surface that also knows ``patch``; the order of patches doesn't matter."""
        self._check(patch)
        told = {"values": patch.values, "errors": patch.errors, "counts": patch.counts, "states": patch.state}
        arrays = {name: getattr(self, name).copy() for name in told}
        for name, new in told.items():
            arrays[name][..., patch.cells] = new
        return replace(self, **arrays)

    def carry(self, other: Surface) -> Surface:
        """Return this surface with what ``other`` knows better of the same places, cells and points.

        The caller vouches that both have the same objective, origin and directions.

        Raises:
            ValueError: when they are measured differently.
        """
        if (self.metrics, self.samples) != (other.metrics, other.samples):
            raise ValueError(
                "Cells are carried between surfaces with the same metrics and samples only; got "
                f"{_names(other)} on {other.samples:,} samples for {_names(self)} on {self.samples:,}. "
                "Compute them again."
            )
        old, new = self.grid.matching(other.grid)
        same = [(other.points.index(p), i) for i, p in enumerate(self.points) if p in other.points]
        old = np.concatenate([old, [other.grid.size + i for i, _ in same]]).astype(np.int64)
        new = np.concatenate([new, [self.grid.size + i for _, i in same]]).astype(np.int64)
        useful = PRECEDENCE[other.states[old]] > PRECEDENCE[self.states[new]]
        old, new = old[useful], new[useful]
        return self.tell(
            Patch(new, other.values[:, old], other.errors[:, old], other.counts[:, old], other.states[old])
        )

    @property
    def x(self) -> NDArray[np.float64]:
        """float64[nx], coordinates along the first direction."""
        return self.grid.x.coordinates

    @property
    def y(self) -> NDArray[np.float64]:
        """float64[ny], coordinates along the second direction; empty for a line."""
        return np.empty(0) if self.grid.y is None else self.grid.y.coordinates

    def __getitem__(self, metric: str) -> NDArray[np.float64]:
        """float64[ny, nx] (row = y, column = x), or [nx] for a line; NaN where unknown, see `known`."""
        return self._shaped(self.values[self.row(metric)])

    @property
    def standard_error(self) -> dict[str, NDArray[np.float64]]:
        """Metric → error of each cell against the user's data: ``sd/√n · √(1 − n/N)``, 0 on all of it."""
        return {fact.name: self._shaped(self._error(row)) for row, fact in enumerate(self.metrics)}

    @property
    def state(self) -> NDArray[np.uint8]:
        """uint8[ny, nx] or [nx], a `State` each."""
        return self._shaped(self.states)

    @property
    def known(self) -> NDArray[np.bool_]:
        """bool[ny, nx] or [nx]: the cell was measured, be it as a preview; its values may be not finite."""
        return self.state != State.UNKNOWN

    @property
    def level(self) -> int:
        """The finest level of which every cell is known, be it as a preview; −1 before the first."""
        return self._before(self.states == State.UNKNOWN)

    @property
    def exact_level(self) -> int:
        """The finest level of which every cell is measured on all samples asked for; −1 before the first."""
        return self._before(self.states != State.EXACT)

    @property
    def preview(self) -> int:
        """The fewest training samples a preview cell was measured on; 0 without such cells."""
        counts = self.counts[0, self.states == State.PREVIEW]
        return int(counts.min()) if counts.size else 0

    @property
    def is_done(self) -> bool:
        """Every cell and every labelled point is measured on all the samples asked for."""
        return bool(np.all(self.states == State.EXACT))

    def interpolated(self, metric: str) -> NDArray[np.float64]:
        """float64[ny, nx] or [nx]: measured where `known`, elsewhere the spline through the finest level.

        NaN where nothing can be said: before the first level, and beside cells that are not finite.
        """
        from landscape_widget.surface.interpolate import interpolated

        row = self.row(metric)
        return np.where(self.known, self[metric], interpolated(self, row, self.grid.levels))

    def not_finite(self, metric: str) -> int:
        """Return how many known cells are NaN or infinite."""
        return int(np.count_nonzero(self.known & ~np.isfinite(self[metric])))

    def at(self, label: str) -> dict[str, float]:
        """Return the metrics at a labelled point, ``"origin"`` for one; NaN where unknown."""
        labels = [point.label for point in self.points]
        cell = self.grid.size + labels.index(one_of(label, labels, "A labelled point"))
        return {fact.name: float(self.values[row, cell]) for row, fact in enumerate(self.metrics)}

    def row(self, metric: str) -> int:
        """Return the row of ``values`` that holds a metric; an unknown name is refused with the nearest."""
        names = [fact.name for fact in self.metrics]
        return names.index(one_of(metric, names, "A metric of this surface"))

    def coordinates(self, cells: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return float64[m, k], where flat cells (and points, after the cells) lie."""
        everywhere = np.empty((len(cells), len(self.grid.axes)))
        on_grid = cells < self.grid.size
        everywhere[on_grid] = self.grid.coordinates(cells[on_grid])
        for i in np.flatnonzero(~on_grid):
            everywhere[i] = self.points[cells[i] - self.grid.size].coordinates
        return everywhere

    def figure(
        self,
        kind: str | None = None,
        scale: str = "auto",
        *,
        metric: str = "loss",
        clip: float | None = None,
        colors: str = "cividis",
    ) -> Figure:
        """Return a plotly figure; see `landscape_widget.export.figure`."""
        from landscape_widget.export.figure import figure

        return figure(self, kind, scale, metric=metric, clip=clip, colors=colors)

    def save(self, path: str | Path) -> Path:
        """Write everything to one ``.npz`` file, atomically; see `landscape_widget.surface.files`."""
        from landscape_widget.surface.files import save

        return save(self, path)

    def __repr__(self) -> str:
        known = int(np.count_nonzero(self.known))
        return (
            f"<Surface {self.grid.name}: {_names(self)} on {self.samples:,} samples; "
            f"{known:,} of {self.grid.size:,} cells known>"
        )

    def _before(self, missing: NDArray[np.bool_]) -> int:
        """The finest level without a missing cell."""
        levels = self.grid.cell_levels[missing[: self.grid.size]]
        return int(levels.min(initial=self.grid.levels)) - 1

    def _shaped(self, flat: NDArray[Any]) -> NDArray[Any]:
        return flat[: self.grid.size].reshape(self.grid.shape)

    def _error(self, row: int) -> NDArray[np.float64]:
        count, size = self.counts[row], self.metrics[row].size
        unseen = np.clip(1 - count / size, 0, 1)
        return np.where(unseen == 0, 0.0, self.errors[row]) * np.sqrt(unseen)

    def _check(self, patch: Patch) -> None:
        if len(patch.values) != len(self.metrics):
            raise ValueError(
                f"A patch of this surface has {len(self.metrics)} metrics ({_names(self)}); "
                f"got {len(patch.values)}. The evaluator must answer every metric, in this order."
            )
        if len(patch.cells) and not 0 <= patch.cells.min() <= patch.cells.max() < len(self.states):
            raise ValueError(
                f"Cells of this surface are numbered 0 to {len(self.states) - 1:,}; got "
                f"{patch.cells.min():,} to {patch.cells.max():,}. Was the patch meant for another grid?"
            )


def _names(surface: Surface) -> str:
    return ", ".join(fact.name for fact in surface.metrics)
