"""What is asked for, and what may be: frozen, so that it can be handed to another thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from landscape_widget.facts import MetricFacts
from landscape_widget.surface.grid import Axis, Grid

KINDS = ("surface", "contour", "heatmap", "line")
SCALES = ("auto", "linear", "log", "paper")
LEVELS = ("auto", "paper")
COLORS = ("cividis", "viridis", "diverging", "grey")
TRANSPORTS = MESSAGES, TRAITS = ("messages", "traits")


@dataclass(frozen=True)
class DirectionChoice:
    """One axis: the key of a direction on offer, and where it draws, its seed and its own normalization.

    Attributes:
        normalization: None: that of the scene.
    """

    key: str
    seed: int = 0
    normalization: str | None = None


@dataclass(frozen=True)
class Scene:
    """What decides the directions; preparing one may cost a gradient, a change of range never does.

    Attributes:
        batch_norm: ``"frozen"``, ``"reestimate"`` or ``"interpolate"``; None without BatchNorm.
        third: a direction that the second axis is turned towards, None for none.
        rotation: how far, in degrees from 0 to 90.
    """

    directions: tuple[DirectionChoice, ...]
    normalization: str
    batch_norm: str | None = None
    third: DirectionChoice | None = None
    rotation: float = 0.0


@dataclass(frozen=True)
class Request:
    """All that decides the cells to compute; what is only a matter of view isn't here.

    Attributes:
        scene: what the directions are.
        grid: where along them.
        samples: size of the fixed subset of the data.
        tolerance: the interpolation error at which no more cells are needed, a share of the drawn range; None
            where every cell is.
    """

    scene: Scene
    grid: Grid
    samples: int
    tolerance: float | None = None


def place_of(request: Request) -> Request:
    """Return what decides the values: where one stops is no part of it."""
    return replace(request, tolerance=None)


@dataclass(frozen=True)
class Option:
    """A direction, a normalization or a treatment of BatchNorm on offer."""

    key: str
    label: str
    hint: str
    seeded: bool = False
    range: tuple[float, float] = (-1.0, 1.0)


@dataclass(frozen=True)
class Preset:
    """Several controls set at once.

    Attributes:
        changes: trait → value.
        fits: whether the ranges then follow from the trajectory.
    """

    key: str
    label: str
    hint: str
    changes: Mapping[str, Any]
    fits: bool = False


@dataclass(frozen=True)
class Choices:
    """What the controls may offer; fixed for the life of a widget.

    Attributes:
        directions: what an axis may be.
        normalizations: what `Scene.normalization` may be.
        metrics: the columns that are computed.
        maps: key → the columns of a map, computed on a grid of its own.
        size: samples in the training data.
        batch_norms: what `Scene.batch_norm` may be; empty without BatchNorm.
        presets: several controls at once.
        has_trajectory: whether there is a path to draw.
        given: name and code of options that no control shows.
    """

    directions: tuple[Option, ...]
    normalizations: tuple[Option, ...]
    metrics: tuple[MetricFacts, ...]
    size: int
    batch_norms: tuple[Option, ...] = ()
    presets: tuple[Preset, ...] = ()
    has_trajectory: bool = False
    given: tuple[tuple[str, str], ...] = ()
    maps: Mapping[str, tuple[MetricFacts, ...]] = field(default_factory=dict)

    @property
    def drawable(self) -> tuple[str, ...]:
        """The metrics that a picture can show."""
        return tuple(metric.name for metrics in (self.metrics, *self.maps.values()) for metric in metrics)

    def content(self) -> dict[str, Any]:
        """As JSON for the browser."""
        return {
            "directions": [vars(option) | {"range": list(option.range)} for option in self.directions],
            "normalizations": [_words(option) for option in self.normalizations],
            "batch_norms": [_words(option) for option in self.batch_norms],
            "presets": [
                _words(preset) | {"changes": dict(preset.changes), "fits": preset.fits}
                for preset in self.presets
            ],
            "metrics": [
                vars(metric) | {"map": key}
                for key, metrics in [(None, self.metrics), *self.maps.items()]
                for metric in metrics
            ],
            "size": self.size,
            "has_trajectory": self.has_trajectory,
            "given": [list(option) for option in self.given],
        }


def _words(one: Option | Preset) -> dict[str, str]:
    return {"key": one.key, "label": one.label, "hint": one.hint}


def turned_to(scene: Scene) -> dict[str, Any]:
    """Return the traits that choose the directions of a scene."""
    directions = [asdict(choice) for choice in scene.directions]
    third = None if scene.third is None else asdict(scene.third)
    return {"directions": directions, "third": third, "rotation": scene.rotation}


def request_of(traits: Mapping[str, Any]) -> Request:
    """Return the request that checked values of the computing traits make."""
    (left, right), (low, high), (columns, rows) = traits["x"], traits["y"], traits["resolution"]
    directions = tuple(DirectionChoice(**entry) for entry in traits["directions"])
    grid = Grid(Axis(left, right, columns), Axis(low, high, rows) if len(directions) == 2 else None)
    third = traits["third"] if len(directions) == 2 else None
    turned = (DirectionChoice(**third), traits["rotation"]) if third and traits["rotation"] else (None, 0.0)
    scene = Scene(directions, traits["normalization"], traits["batch_norm"], *turned)
    return Request(scene, grid, traits["samples"], traits["tolerance"])
