"""What travels between kernel and browser, and its bytes; the twin of js/src/protocol.ts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from landscape_widget.facts import Facts, Rounding
from landscape_widget.finite import is_finite_number
from landscape_widget.live.ground import ground
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.surface import Surface
from landscape_widget.track import Path

VERSION = 4
_ALIGNMENT = 8


class ProtocolError(ValueError):
    """A message from the browser that this version doesn't understand."""


@dataclass(frozen=True, eq=False)
class Message:
    """JSON content and little-endian buffers; the bytes are copies, so the arrays may change after."""

    content: dict[str, Any]
    buffers: tuple[bytes, ...] = ()


def surface_message(
    surface: Surface, facts: Facts, generation: int, sequence: int, time: datetime, map: str | None = None
) -> Message:
    """All that is known so far, and the ground between; the first message of a generation, and a snapshot.

    Args:
        surface: the picture's own, or one of its maps.
        facts: of the scene.
        generation: of the request.
        sequence: of the message.
        time: of the snapshot.
        map: which map of the picture it is; None for the picture's own surface.
    """
    grid = surface.grid
    shown = surface.tell(ground(surface))
    y_axis = grid.y
    content = {
        "kind": "surface",
        "version": VERSION,
        "map": map,
        "generation": generation,
        "sequence": sequence,
        "level": surface.level,
        "preview": surface.preview,
        "metrics": [
            vars(metric) | {"samples": min(surface.samples, metric.size)} for metric in surface.metrics
        ],
        "points": [point.label for point in surface.points],
        "dimensions": 1 if y_axis is None else 2,
        "time": time.isoformat(timespec="seconds"),
        "facts": facts_content(facts),
        "path": None if surface.path is None else _path_content(surface.path),
    }
    coordinates = [value for point in surface.points for value in point.coordinates]
    buffers = (
        _bytes(grid.x.coordinates, "<f8"),
        _bytes([] if y_axis is None else y_axis.coordinates, "<f8"),
        _bytes(grid.x.level, "u1"),
        _bytes([] if y_axis is None else y_axis.level, "u1"),
        _bytes(coordinates, "<f8"),
        _bytes(shown.values, "<f4"),
        _bytes(shown.errors, "<f4"),
        _bytes(shown.states, "u1"),
        *_path_buffers(surface.path),
    )
    return Message(content, buffers)


def path_message(path: Path, generation: int, sequence: int) -> Message:
    """The whole trajectory anew, since a checkpoint was added or measured."""
    content = {"kind": "path", "version": VERSION, "generation": generation, "sequence": sequence}
    return Message(content | _path_content(path), _path_buffers(path))


def patch_message(
    patch: Patch, level: int, preview: int, generation: int, sequence: int, map: str | None = None
) -> Message:
    """Some cells more, a later entry of a cell replaces an earlier one.

    Args:
        patch: in the states of `State`, or `INTERPOLATED`.
        level: the finest level finished with them, −1 for none.
        preview: training samples in the preview cells of the whole surface, 0 when none is left.
        generation: of the request.
        sequence: of the message.
        map: whose cells they are; None for those of the picture's own surface.
    """
    content = {
        "kind": "patch",
        "version": VERSION,
        "map": map,
        "generation": generation,
        "sequence": sequence,
        "level": level,
        "preview": preview,
    }
    buffers = (
        _bytes(patch.cells, "<i4"),
        _bytes(patch.values, "<f4"),
        _bytes(patch.errors, "<f4"),
        _bytes(patch.state, "u1"),
    )
    return Message(content, buffers)


def pack(message: Message) -> bytes:
    """One block of bytes for a trait: header length, JSON header, the buffers, each padded to 8 bytes."""
    lengths = [len(buffer) for buffer in message.buffers]
    header = json.dumps({**message.content, "lengths": lengths}, allow_nan=False).encode()
    parts = [len(header).to_bytes(4, "little") + header, *message.buffers]
    return b"".join(part + b"\0" * (-len(part) % _ALIGNMENT) for part in parts)


def facts_content(facts: Facts) -> dict[str, Any]:
    """The facts of a scene as JSON."""
    return {
        "angle": facts.angle,
        "spread": facts.spread,
        "share": facts.share,
        "zeros": facts.zeros,
        "notes": list(facts.notes),
        "gram": np.asarray(facts.gram).tolist(),
        "labels": list(facts.labels),
        "batch_norm": facts.batch_norm,
        "is_to_scale": facts.is_to_scale,
        "is_triangle": facts.is_triangle,
        "rounding": None if facts.rounding is None else _rounding(facts.rounding),
        "histograms": [
            {
                "label": histogram.label,
                "edges": histogram.edges.tolist(),
                "counts": histogram.counts.tolist(),
                "norm": histogram.norm,
            }
            for histogram in facts.histograms
        ],
    }


def _rounding(rounding: Rounding) -> dict[str, Any]:
    return {"dtype": rounding.dtype, "steps": list(rounding.steps), "lost": list(rounding.lost)}


@dataclass(frozen=True)
class Acknowledge:
    """The browser has drawn, or dropped, a message."""

    generation: int
    sequence: int


@dataclass(frozen=True)
class Ping:
    """Is the kernel there?"""

    ping: int


@dataclass(frozen=True)
class AutoRange:
    """Widen or narrow both ranges until the loss has risen to ``factor`` times its value at the origin."""

    factor: float


@dataclass(frozen=True)
class Apply:
    """Set all that a preset sets, its ranges too where they follow from the trajectory."""

    preset: str


@dataclass(frozen=True)
class Photographed:
    """A page shows the widget: is the picture that stands in for it hidden there?"""

    hidden: bool


@dataclass(frozen=True)
class Command:
    """One of `COMMANDS`, without settings."""

    kind: str


COMMANDS = (
    "hello",
    "pause",
    "resume",
    "stop",
    "retry",
    "refine_further",
    "fit_path",
    "refit",
    "sharpness",
    "page",
)
Action = Acknowledge | Ping | AutoRange | Apply | Photographed | Command


def parse_action(content: object) -> Action:
    """Read a message from the browser.

    Raises:
        ProtocolError: naming what came; nothing that a page sends reaches the engine unchecked.
    """
    match content:
        case {"kind": "ack", "generation": int(generation), "sequence": int(sequence)}:
            return Acknowledge(generation, sequence)
        case {"kind": "ping", "ping": int(ping)}:
            return Ping(ping)
        case {"kind": "auto_range", "factor": int() | float() as factor} if is_factor(factor):
            return AutoRange(float(factor))
        case {"kind": "preset", "key": str(key)}:
            return Apply(key)
        case {"kind": "photograph", "hidden": bool(hidden)}:
            return Photographed(hidden)
        case {"kind": str(kind)} if kind in COMMANDS:
            return Command(kind)
    kind = content.get("kind") if isinstance(content, Mapping) else content
    came = kind if isinstance(kind, str) else type(kind).__name__
    raise ProtocolError(f"Expected a message such as {{'kind': 'pause'}}; got {came[:80]!r}.")


def is_factor(factor: Any) -> bool:
    """Tell whether a loss can rise by it: a finite number above 1."""
    return is_finite_number(factor) and factor > 1


def _path_content(path: Path) -> dict[str, Any]:
    return {"size": len(path), "explained": list(path.explained), "by_chance": list(path.by_chance)}


def _path_buffers(path: Path | None) -> tuple[bytes, ...]:
    """Coordinates, distances, norms, steps, epochs, learning rates, values; all empty without a path."""
    if path is None:
        return (b"",) * 7
    measured = np.where(path.known, path.values, np.nan)
    wide = (path.coordinates, path.distances, path.norms, path.steps, path.epochs, path.learning_rates)
    return (*(_bytes(array, "<f8") for array in wide), _bytes(measured, "<f4"))


def _bytes(values: Any, kind: str) -> bytes:
    with np.errstate(over="ignore"):  # a loss beyond float32 is infinite on the wire, and only there
        return np.asarray(values).astype(kind).tobytes()
