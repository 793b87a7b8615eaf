"""Which landscape goes into a file as it grows, and what of it was there before?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from landscape_widget.live.request import Request, place_of
from landscape_widget.surface.run_file import RunFile
from landscape_widget.surface.same_landscape import (
    comparable,
    differing,
    differing_scene,
    origin_differs,
    says_what_it_is,
    without_failed,
)
from landscape_widget.surface.surface import Surface
from landscape_widget.values import Evaluate

TAKEN_UP = "taken_up"
"""Where the settings hold how many cells were in the file when the last run began."""

SEVERAL = ("weights", "buffers", "data", "test data", "metrics")
"""Parts of a landscape that are spoken of as several."""


class Keeping(Protocol):
    """Hears of all that becomes known."""

    @property
    def trouble(self) -> str:
        """Why not everything is saved; empty while it is."""
        ...

    def start(self, request: Request, surface: Surface) -> Surface:
        """Return a surface with what was known of it before.

        Raises:
            ValueError: where what was known is of another landscape.
        """
        ...

    def confirm(self, request: Request, evaluate: Evaluate, cancelled: Callable[[], bool]) -> None:
        """Make sure of what was known, before anything is measured.

        Raises:
            ValueError: where it isn't true any more.
        """
        ...

    def keep(self, request: Request, surface: Surface) -> None:
        """Hear what is known by now."""
        ...

    def finish(self, request: Request, surface: Surface) -> None:
        """Hear that nothing more will be measured."""
        ...

    def said(self, request: Request) -> tuple[str, ...]:
        """Return in short where it is kept, and sentences on that; nothing where it isn't."""
        ...

    def close(self) -> None:
        """End it; once more does nothing."""
        ...


@dataclass(frozen=True)
class Unkept:
    """Keeps nothing."""

    trouble = ""

    def start(self, request: Request, surface: Surface) -> Surface:
        return surface

    def confirm(self, request: Request, evaluate: Evaluate, cancelled: Callable[[], bool]) -> None: ...

    def keep(self, request: Request, surface: Surface) -> None: ...

    def finish(self, request: Request, surface: Surface) -> None: ...

    def said(self, request: Request) -> tuple[str, ...]:
        return ()

    def close(self) -> None: ...


class KeptInFile:
    """Writes the landscape that is asked for first, and takes up what its file holds of it.

    Nothing is written before what is held is confirmed.
    """

    def __init__(self, file: RunFile) -> None:
        self._file = file
        self._place: Request | None = None
        self._held = None if file.known is None else without_failed(file.known)
        self._taken = ""

    @property
    def trouble(self) -> str:
        return self._file.trouble

    def start(self, request: Request, surface: Surface) -> Surface:
        self._place = self._place or place_of(request)
        if self._held is None or place_of(request) != self._place:
            return surface
        if parts := differing_scene(self._held, surface):
            raise ValueError(_another_landscape(self._file.path, parts))
        surface = surface.carry(comparable(self._held, surface))
        known = int(np.count_nonzero(surface.final[: surface.grid.size]))
        self._taken = f"{known:,} of {surface.grid.size:,} cells were"
        return replace(surface, settings={**surface.settings, TAKEN_UP: known})

    def confirm(self, request: Request, evaluate: Evaluate, cancelled: Callable[[], bool]) -> None:
        if self._held is None or place_of(request) != self._place:
            return
        if losses := origin_differs(self._held, evaluate, cancelled):
            raise ValueError(
                f"{self._file.path} holds another landscape: at the origin its loss is {losses[0]:.6g}, and "
                f"here it is {losses[1]:.6g}, though weights, data and loss look the same. Something that "
                "they use has changed. Give another name, or move the file away."
            )
        if not cancelled():
            self._held = None

    def keep(self, request: Request, surface: Surface) -> None:
        if self._held is None and place_of(request) == self._place:
            self._file.append(surface)

    def finish(self, request: Request, surface: Surface) -> None:
        if self._held is None and place_of(request) == self._place:
            self._file.finish(surface)

    def said(self, request: Request) -> tuple[str, ...]:
        name, moved = self._file.path.name, self._file.moved
        if self._place is not None and place_of(request) != self._place:
            return f"not kept in {name}", "It holds the settings that were asked for first."
        if self._file.trouble:
            saved = self._file.saved
            return (
                f"{name} holds {0 if saved is None else int(saved.known.sum()):,} cells",
                self._file.trouble,
            )
        beside = () if moved is None else (f"What it held before is in {moved.name}.",)
        return f"kept in {name}" + (f": {self._taken} there" if self._taken else ""), *beside

    def close(self) -> None:
        self._file.close()


def refuse_another(path: Path, held: Surface, identity: Mapping[str, str]) -> None:
    """Refuse a file of another model, loss or data, or one that doesn't say what it is of."""
    if not says_what_it_is(held):
        raise ValueError(
            f"{path} doesn't say which weights, data and loss it was computed from: only what `resume=` has "
            "written does. Give another name to compute it anew; `lw.load` reads this one."
        )
    if parts := [part for part in differing(held, identity) if part != "seed"]:
        raise ValueError(_another_landscape(path, parts))


def _another_landscape(path: Path, parts: Sequence[str]) -> str:
    *first, last = (f"its {part}" for part in parts)
    one = f"{last} {'differ' if parts[0] in SEVERAL else 'differs'}"
    differ = f"{', '.join(first)} and {last} differ" if first else one
    return (
        f"{path} holds another landscape: {differ}. Give another name to compute this one, move the file "
        "away, or go back to what it was computed from."
    )
