"""Where does each member of a comparison stand?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST_COLUMNS = 4
WIDTH = HEIGHT = 280  # pixels of a picture
ACROSS, DOWN = 104, 92  # pixels between two pictures
MARGIN = {"l": 110, "r": 120, "t": 136, "b": 110}

Ends = tuple[float, float]


@dataclass(frozen=True)
class Cell:
    """A place in the matrix, in shares of the whole from the lower left.

    Attributes:
        is_first: of its row, or its axis upwards has a title of its own.
        is_last: of its row.
        is_lowest: of its column, or its axis across has a title of its own.
    """

    x: Ends
    y: Ends
    is_first: bool
    is_last: bool
    is_lowest: bool

    @property
    def middle(self) -> Ends:
        """Across and up."""
        return sum(self.x) / 2, sum(self.y) / 2

    @property
    def pixels(self) -> int:
        """How wide it is."""
        return WIDTH


@dataclass(frozen=True)
class Matrix:
    """Rows and columns of members.

    Attributes:
        places: title → (row, column), from the upper left.
        rows: their names; without names as many empty ones.
        columns: likewise.
    """

    places: dict[Any, tuple[int, int]]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    is_named: bool

    @classmethod
    def of(cls, titles: Sequence[Any], columns: int | None = None) -> Matrix:
        """Place members by name where all titles are (row, column), else one after the other.

        Raises:
            ValueError: when there is none, or some titles are pairs and others aren't.
        """
        if not titles:
            raise ValueError("A comparison needs surfaces; got none. Pass {title: surface, …}.")
        pairs = [isinstance(title, tuple) and len(title) == 2 for title in titles]
        if all(pairs):
            rows, names = (list(dict.fromkeys(title[side] for title in titles)) for side in (0, 1))
            places = {title: (rows.index(title[0]), names.index(title[1])) for title in titles}
            return cls(places, tuple(map(str, rows)), tuple(map(str, names)), True)
        if any(pairs):
            odd = titles[pairs.index(False)]
            raise ValueError(
                f"Either all titles are (row, column) pairs or none is; got {odd!r} beside "
                f"{titles[pairs.index(True)]!r}. Write {odd!r} as a pair too."
            )
        if columns is not None and columns < 1:
            raise ValueError(f"columns is how many stand side by side, 1 or more; got {columns!r}.")
        wide = min(len(titles), columns or MOST_COLUMNS)
        places = {title: divmod(index, wide) for index, title in enumerate(titles)}
        return cls(places, ("",) * math.ceil(len(titles) / wide), ("",) * wide, False)

    def cell(self, title: Any) -> Cell:
        """Return where a member stands."""
        row, column = self.places[title]
        rows = [other for other, at in self.places.values() if at == column]
        columns = [at for other, at in self.places.values() if other == row]
        return Cell(
            self._across(column),
            self._up(row),
            column == min(columns),
            column == max(columns),
            row == max(rows),
        )

    @property
    def column_names(self) -> list[tuple[str, float]]:
        """Each with the middle of its column."""
        return [(name, sum(self._across(i)) / 2) for i, name in enumerate(self.columns) if name]

    @property
    def row_names(self) -> list[tuple[str, float]]:
        """Each with the middle of its row."""
        return [(name, sum(self._up(i)) / 2) for i, name in enumerate(self.rows) if name]

    def layout(self, below: int, above: int = 0) -> dict[str, Any]:
        """How large the whole is, with so many pixels for a legend below, and for more text above."""
        margin = MARGIN | {"b": MARGIN["b"] + below, "t": MARGIN["t"] + above}
        return {
            "width": int(self._pixels(len(self.columns), WIDTH, ACROSS) + margin["l"] + margin["r"]),
            "height": int(self._pixels(len(self.rows), HEIGHT, DOWN) + margin["t"] + margin["b"]),
            "margin": margin,
        }

    def _across(self, column: int) -> Ends:
        whole = self._pixels(len(self.columns), WIDTH, ACROSS)
        start = column * (WIDTH + ACROSS)
        return start / whole, (start + WIDTH) / whole

    def _up(self, row: int) -> Ends:
        whole = self._pixels(len(self.rows), HEIGHT, DOWN)
        start = (len(self.rows) - 1 - row) * (HEIGHT + DOWN)
        return start / whole, (start + HEIGHT) / whole

    @staticmethod
    def _pixels(count: int, each: int, gap: int) -> float:
        return count * each + (count - 1) * gap
