"""What does the later of two surfaces of one frame know that the earlier one didn't?"""

from __future__ import annotations

import numpy as np

from landscape_widget.surface.patch import Patch
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State


def new_cells(before: Surface, after: Surface) -> Patch | None:
    """Return the cells, and points, of which something else is known; None where there are none.

    Values are compared as well: between two looks a cell may have been given up and measured again.
    """
    alike = (after.values == before.values) | (np.isnan(after.values) & np.isnan(before.values))
    alike &= after.counts == before.counts
    cells = np.flatnonzero((after.states != before.states) | ~alike.all(axis=0))
    if not cells.size:
        return None
    values, errors, counts = (after.values[:, cells], after.errors[:, cells], after.counts[:, cells])
    return Patch(cells, values, errors, counts, after.states[cells])


def has_forgotten(before: Surface, after: Surface) -> bool:
    """Tell whether a cell that was known, of the surface or of a map, isn't any longer."""
    pairs = [(before, after), *((before.maps[key], held) for key, held in after.maps.items())]
    return any(
        bool(((new.states == State.UNKNOWN) & (old.states != State.UNKNOWN)).any()) for old, new in pairs
    )
