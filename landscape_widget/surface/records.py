"""What of a surface is new, and how does it lie in a journal?

========== ============================================== ==================================================
kind       head                                           body
========== ============================================== ==================================================
begin      file, pid, host                                none: who writes from here on, and what to
cells      map (a key, or null), cells m, metrics k       cells int64[m]; values, errors float64[k, m];
                                                          counts int64[k, m]; states uint8[m]
path       from f, checkpoints m, axes, metrics k,        the arrays of a `Path`, see `extras.DTYPES`, of
           explained, by_chance                           its checkpoints from f on; those before stay
measured   checkpoints m, metrics k                       numbers int64[m], values float64[k, m]
settings   settings                                       none
========== ============================================== ==================================================

A cell in the state 0 is unknown again. Numbers are little-endian.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.surface.cells import DTYPES as CELLS
from landscape_widget.surface.extras import DTYPES as PATH
from landscape_widget.surface.journal import Record
from landscape_widget.surface.surface import Surface
from landscape_widget.track import Path
from landscape_widget.values import State

Shape = tuple[int, ...]

CELL_DTYPES = (np.int64, *CELLS.values())


def have_one_frame(a: Surface, b: Surface) -> bool:
    """Whether two surfaces, and their maps, have the same cells, metrics and points."""
    frames = [(one.grid, one.metrics, one.points, one.samples) for one in (a, b)]
    if frames[0] != frames[1] or a.maps.keys() != b.maps.keys():
        return False
    return all(have_one_frame(held, b.maps[key]) for key, held in a.maps.items())


def news(before: Surface, after: Surface) -> list[Record]:
    """Return what the later of two surfaces of one frame knows, or no longer knows; settings go along."""
    records = list(_new_cells(None, before, after))
    for key, held in after.maps.items():
        records += _new_cells(key, before.maps[key], held)
    if after.path is not None and after.path is not before.path:
        records += _new_checkpoints(before.path, after.path)
    if records and after.settings is not before.settings and after.settings != before.settings:
        records.append(Record({"kind": "settings", "settings": after.settings}))
    return records


def replayed(surface: Surface, records: Iterable[Record]) -> Surface:
    """Return the surface that also knows what the records say.

    Raises:
        ValueError: where they don't fit the surface.
    """
    own, maps = _Told(surface), {key: _Told(held) for key, held in surface.maps.items()}
    try:
        for record in records:
            head, body = record.head, record.body
            match head["kind"]:
                case "cells":
                    (own if head["map"] is None else maps[head["map"]]).cells(head, body)
                case "path":
                    own.checkpoints(head, body)
                case "measured":
                    own.measured(head, body)
                case "settings":
                    own.settings = dict(head["settings"])
        return replace(own.done(), maps={key: told.done() for key, told in maps.items()})
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ValueError(
            f"a record that doesn't fit the surface ({type(error).__name__}: {error})"
        ) from error


class _Told:
    """A surface that is told many records, and copied once."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self.path = surface.path
        self.settings = surface.settings
        self._arrays: dict[str, NDArray[Any]] = {}

    def cells(self, head: Mapping[str, Any], body: bytes) -> None:
        metrics, size = len(self.surface.metrics), len(self.surface.states)
        if head["metrics"] != metrics:
            raise ValueError(f"{head['metrics']} metrics, where there are {metrics}")
        shapes = [(head["cells"],), *((metrics, head["cells"]),) * 3, (head["cells"],)]
        cells, *told = _unpacked(body, CELL_DTYPES, shapes)
        if len(cells) and not 0 <= cells.min() <= cells.max() < size:
            raise ValueError(f"cells from {cells.min()} to {cells.max()}, where there are {size}")
        if unknown := set(np.unique(told[-1]).tolist()) - set(State):
            raise ValueError(f"cells in the state {max(unknown)}, which this version doesn't know")
        if not self._arrays:
            self._arrays = {name: getattr(self.surface, name).copy() for name in CELLS}
        for array, new in zip(self._arrays.values(), told, strict=True):
            array[..., cells] = new

    def checkpoints(self, head: Mapping[str, Any], body: bytes) -> None:
        start, count, metrics = _size(head["from"]), head["checkpoints"], head["metrics"]
        own = {"coordinates": (count, head["axes"]), "values": (metrics, count)}
        arrays = _unpacked(body, PATH.values(), [own.get(name, (count,)) for name in PATH])
        named: dict[str, Any] = dict(zip(PATH, arrays, strict=True))
        if start:
            if self.path is None or len(self.path) < start:
                raise ValueError(f"checkpoints from {start} on, where there are fewer")
            for name, new in named.items():
                old = _some(self.path, name, slice(start))
                named[name] = np.concatenate([old, new], axis=0 if name == "coordinates" else -1)
        explained, by_chance = (tuple(map(_share, head[name])) for name in ("explained", "by_chance"))
        self.path = Path(**named, explained=explained, by_chance=by_chance)

    def measured(self, head: Mapping[str, Any], body: bytes) -> None:
        if self.path is None:
            raise ValueError("checkpoints of no path")
        count = head["checkpoints"]
        numbers, new = _unpacked(body, (np.int64, np.float64), [(count,), (head["metrics"], count)])
        values, known = self.path.values.copy(), self.path.known.copy()
        values[:, numbers], known[numbers] = new, True
        self.path = replace(self.path, values=values, known=known)

    def done(self) -> Surface:
        return replace(self.surface, **self._arrays, path=self.path, settings=self.settings)


def _new_cells(key: str | None, before: Surface, after: Surface) -> Iterator[Record]:
    if after.states is before.states:
        return
    changed = after.states != before.states
    previews = np.flatnonzero(after.states == State.PREVIEW)  # of which one may follow another
    changed[previews] |= (after.counts[:, previews] != before.counts[:, previews]).any(axis=0)
    if len(cells := np.flatnonzero(changed)):
        head = {"kind": "cells", "map": key, "cells": len(cells), "metrics": len(after.metrics)}
        told = (getattr(after, name)[..., cells] for name in CELLS)
        yield Record(head, _packed([cells, *told], CELL_DTYPES))


def _new_checkpoints(before: Path | None, after: Path) -> Iterator[Record]:
    metrics, start = len(after.values), 0 if before is None else _shared(before, after)
    if before is None or start < max(len(before), len(after)):
        shape = {"checkpoints": len(after) - start, "axes": after.coordinates.shape[1], "metrics": metrics}
        shares = {"explained": after.explained, "by_chance": after.by_chance}
        arrays = (_some(after, name, slice(start, None)) for name in PATH)
        yield Record({"kind": "path", "from": start, **shape, **shares}, _packed(arrays, PATH.values()))
    if before is not None and len(new := np.flatnonzero(after.known[:start] & ~before.known[:start])):
        head = {"kind": "measured", "checkpoints": len(new), "metrics": metrics}
        yield Record(head, _packed([new, after.values[:, new]], (np.int64, np.float64)))


def _some(path: Path, name: str, numbers: slice) -> NDArray[Any]:
    array = getattr(path, name)
    return array[:, numbers] if name == "values" else array[numbers]


def _shared(before: Path, after: Path) -> int:
    """How many checkpoints both begin with; 0 where any of them has moved."""
    both = min(len(before), len(after))
    if after.coordinates is before.coordinates:
        return both
    fixed = [name for name in PATH if name not in ("values", "known")]
    pairs = ((getattr(before, name)[:both], getattr(after, name)[:both]) for name in fixed)
    return both if all(np.array_equal(old, new, equal_nan=True) for old, new in pairs) else 0


def _packed(arrays: Iterable[NDArray[Any]], dtypes: Iterable[Any]) -> bytes:
    pairs = zip(arrays, dtypes, strict=True)
    return b"".join(np.asarray(array, _little(dtype)).tobytes() for array, dtype in pairs)


def _unpacked(body: bytes, dtypes: Iterable[Any], shapes: Iterable[Shape]) -> list[NDArray[Any]]:
    """Return the arrays that fill a body to the last byte."""
    arrays, start = [], 0
    for dtype, shape in zip(dtypes, shapes, strict=True):
        little, count = _little(dtype), math.prod(map(_size, shape))
        if start + count * little.itemsize > len(body):
            raise ValueError(f"{len(body):,} bytes, where more are spoken of")
        arrays.append(np.frombuffer(body, little, count, start).reshape(shape).astype(dtype))
        start += count * little.itemsize
    if start < len(body):
        raise ValueError(f"{len(body):,} bytes, where {start:,} are spoken of")
    return arrays


def _size(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} where a number of something stands")
    return value


def _share(value: Any) -> float | None:
    return None if value is None else float(value)


def _little(dtype: Any) -> np.dtype[Any]:
    return np.dtype(dtype).newbyteorder("<")
