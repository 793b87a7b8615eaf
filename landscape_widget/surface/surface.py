"""What is known so far: values, errors and a state for every cell; immutable, told patch by patch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.facts import Histogram, MetricFacts, Point
from landscape_widget.names import one_of
from landscape_widget.surface.carried import better_known
from landscape_widget.surface.checked import check_arrays, check_patch, check_path
from landscape_widget.surface.grid import Grid
from landscape_widget.surface.known import Known
from landscape_widget.surface.maps import carried, check_maps, holder
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.precision import unseen_error
from landscape_widget.surface.repeats import rows_of
from landscape_widget.track import Path
from landscape_widget.values import State

if TYPE_CHECKING:
    from plotly.graph_objects import Figure
    from xarray import Dataset

    from landscape_widget.surface.barrier import Barrier


@dataclass(frozen=True, eq=False, repr=False)
class Surface(Known):
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
        path: where training went, in these coordinates; None without a trajectory.
        histograms: of the weights of the models that the directions know.
        maps: key → metrics on a coarser grid over the same ranges; `map` returns the surface that holds one.
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
    path: Path | None = None
    histograms: tuple[Histogram, ...] = ()
    maps: Mapping[str, Surface] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_arrays(self)
        check_maps(self)
        if self.path is not None:
            check_path(self, self.path)
        for array in (self.values, self.errors, self.counts, self.states):
            array.setflags(write=False)

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
        histograms: tuple[Histogram, ...] = (),
    ) -> Surface:
        """Return a surface of which nothing is known."""
        shape = (len(metrics), grid.size + len(points))
        unknown = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, np.int64)
        where = directions, origin or {}, settings or {}
        states = np.zeros(shape[1], np.uint8)
        return cls(grid, metrics, points, samples, *unknown, states, *where, histograms=histograms)

    def tell(self, patch: Patch) -> Surface:
        """Return the surface that also knows ``patch``; the order of patches doesn't matter."""
        check_patch(self, patch)
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
        told = self.tell(better_known(self, other)).carry_maps(other)
        return told if self.path is not None else replace(told, path=other.path)

    def forgotten(self) -> Surface:
        """Return the surface without its own values; its maps stay."""
        unknown = np.full_like(self.values, np.nan)
        arrays = {"values": unknown, "errors": unknown.copy(), "counts": np.zeros_like(self.counts)}
        return replace(self, **arrays, states=np.zeros_like(self.states))

    def carry_maps(self, other: Surface) -> Surface:
        """Return this surface with what the maps of ``other`` know better, however both are measured."""
        return replace(self, maps=carried(self, other)) if other.maps else self

    def with_map(self, key: str, held: Surface) -> Surface:
        """Return the surface with another map, in the place of one with that key."""
        return replace(self, maps={**self.maps, key: held})

    def map(self, metric: str) -> Surface:
        """Return the surface that holds a metric: this one for its own, else a map, on its own grid."""
        return holder(self, metric)

    def with_path(self, path: Path | None) -> Surface:
        """Return the surface with another path, in the coordinates of its directions."""
        return replace(self, path=path)

    def __getitem__(self, metric: str) -> NDArray[np.float64]:
        """float64[ny, nx] (row = y, column = x), or [nx] for a line; NaN where unknown, see `known`.

        A map's metric comes on the map's own grid, see `map`.
        """
        held = self.map(metric)
        return held._shaped(held.values[held.row(metric)])

    @property
    def standard_error(self) -> dict[str, NDArray[np.float64]]:
        """Metric → error of each cell against the user's data: ``sd/√n · √(1 − n/N)``, 0 on all of it."""
        each = zip(self.metrics, self.errors, self.counts, strict=True)
        own = {fact.name: self._shaped(unseen_error(error, count, fact.size)) for fact, error, count in each}
        return own | {
            name: error for held in self.maps.values() for name, error in held.standard_error.items()
        }

    def interpolated(self, metric: str) -> NDArray[np.float64]:
        """float64[ny, nx] or [nx]: measured where `known`, elsewhere the spline through the finest level.

        NaN where nothing can be said: before the first level, and beside cells that are not finite.
        """
        from landscape_widget.surface.interpolate import interpolated

        held = self.map(metric)
        guessed = interpolated(held, held.row(metric), held.grid.levels)
        return np.where(held.known, held[metric], guessed)

    def repeated(self, metric: str = "loss") -> NDArray[np.float64]:
        """float64[K, nx], or [K, ny, nx]: the metric along each of K draws of the random directions."""
        self.row(metric)
        return np.stack([self._shaped(self.values[row]) for row in rows_of(self.metrics, metric)])

    def barrier(self, metric: str = "loss") -> Barrier | None:
        """Return what lies between the origin and the other model; None where nothing can be said."""
        from landscape_widget.surface.barrier import barrier

        return barrier(self.map(metric), metric)

    def not_finite(self, metric: str) -> int:
        """Return how many measured cells are NaN or infinite; those that failed aren't among them."""
        held = self.map(metric)
        measured = held.known & (held.state != State.FAILED)
        return int(np.count_nonzero(measured & ~np.isfinite(self[metric])))

    def at(self, label: str) -> dict[str, float]:
        """Return the metrics at a labelled point, ``"origin"`` for one; NaN where unknown."""
        labels = [point.label for point in self.points]
        cell = self.grid.size + labels.index(one_of(label, labels, "A labelled point"))
        here = {fact.name: float(self.values[row, cell]) for row, fact in enumerate(self.metrics)}
        for held in self.maps.values():
            here |= held.at(label) if label in [point.label for point in held.points] else {}
        return here

    def figure(
        self,
        kind: str | None = None,
        scale: str = "auto",
        *,
        metric: str = "loss",
        clip: float | None = None,
        limits: tuple[float, float] | None = None,
        levels: str | Sequence[float] = "auto",
        preset: str | None = None,
        colors: str = "cividis",
        moment: int | None = None,
        height: float = 1.0,
        pins: Sequence[Mapping[str, Any]] = (),
    ) -> Figure:
        """Return a plotly figure; see `landscape_widget.export.figure`."""
        from landscape_widget.export.figure import figure

        drawn = {"clip": clip, "limits": limits, "levels": levels, "preset": preset, "moment": moment}
        return figure(self, kind, scale, metric=metric, colors=colors, height=height, pins=pins, **drawn)

    def save(self, path: str | FilePath, **options: Any) -> FilePath:
        """Write it in the format of the suffix, atomically; see `landscape_widget.files.save`."""
        from landscape_widget.files.save import save

        return save(self, path, **options)

    def to_xarray(self) -> Dataset:
        """Return an xarray Dataset; see `landscape_widget.files.netcdf.to_dataset`."""
        from landscape_widget.files.netcdf import to_dataset

        return to_dataset(self)

    def save_png(self, path: str | FilePath, **options: Any) -> FilePath:
        """Write a PNG; the suffix is added if missing; see `landscape_widget.files.image.write`."""
        return self.save(_with_suffix(path, ".png"), **options)

    def save_html(self, path: str | FilePath, **options: Any) -> FilePath:
        """Write a page that needs neither kernel nor network; see `landscape_widget.live.page`."""
        return self.save(_with_suffix(path, ".html"), **options)

    def __repr__(self) -> str:
        known, names = int(np.count_nonzero(self.known)), ", ".join(fact.name for fact in self.metrics)
        return (
            f"<Surface {self.grid.name}: {names} on {self.samples:,} samples; "
            f"{known:,} of {self.grid.size:,} cells known{''.join(map(_named, self.maps.items()))}>"
        )


def _with_suffix(path: str | FilePath, suffix: str) -> FilePath:
    path = FilePath(path)
    return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)


def _named(entry: tuple[str, Surface]) -> str:
    key, held = entry
    known = int(np.count_nonzero(held.known))
    return f"; map {key!r} {held.grid.name}, {known:,} of {held.grid.size:,} known"
