"""What passes between here and a worker?"""

from __future__ import annotations

import pickle
import traceback
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape_widget.evaluate.spread.parcel import Parcel
from landscape_widget.values import Values


@dataclass(frozen=True, eq=False)
class Task:
    """Some cells to be measured.

    Attributes:
        name: no two tasks ever have the same, or an engine that remembers answers would answer by itself.
        objective: what is measured.
        look: along which directions.
        device: where the worker computes; None: where the model was.
        coordinates: float64[n, k].
        samples: size of the subset.
        plain: whether every cell is measured the plain way.
        threads: torch threads.
        on_error: what becomes of a cell whose loss raises.
    """

    name: str
    objective: Parcel
    look: Parcel
    device: str | None
    coordinates: NDArray[np.float64]
    samples: int
    plain: bool
    threads: int
    on_error: str


@dataclass(frozen=True)
class Place:
    """Which worker it was: a thread of a process on a machine."""

    machine: str
    process: int
    thread: int


@dataclass(frozen=True)
class Missing:
    """The worker lacks what has these fingerprints."""

    fingerprints: tuple[str, ...]


@dataclass(frozen=True)
class Unlike:
    """The worker draws other directions than were drawn here; it needs the tensors."""


@dataclass(frozen=True, eq=False)
class Measured:
    """What a worker has to say of a task.

    Attributes:
        values: cells are rows of the task's coordinates.
        seconds: how long measuring took, without unpacking.
        place: who it was.
        received: bytes it had to unpack for this task.
        clamped: see `landscape_widget.scene.measuring.Measuring`.
        raised: what the loss raised at the cell after those.
        withdrawn: why earlier answers may be wrong, where they may.
    """

    values: tuple[Values, ...]
    seconds: float
    place: Place
    received: int
    clamped: int = 0
    raised: Raised | None = None
    withdrawn: str | None = None


class WorkerTraceback(Exception):
    """Where an error came from, in a worker's own words."""


@dataclass(frozen=True)
class Raised:
    """An error that travels, whatever it is made of.

    Attributes:
        said: ``"ValueError: …"``.
        traceback: as text.
        packed: the error itself; None where it can't be packed.
    """

    said: str
    traceback: str
    packed: bytes | None

    @classmethod
    def of(cls, error: BaseException) -> Raised:
        """Read it while it is there."""
        text = "".join(traceback.format_exception(error))
        return cls(f"{type(error).__name__}: {error}", text, _packed(error))

    def error(self) -> BaseException:
        """Return the error, or a RuntimeError that says the same; its cause tells the worker's traceback."""
        error = None if self.packed is None else _unpacked(self.packed)
        found = RuntimeError(self.said) if error is None else error
        found.__cause__ = WorkerTraceback(f"\n\nIn the worker:\n{self.traceback}")
        return found


def _packed(error: BaseException) -> bytes | None:
    """Whether it can be unpacked again is seen only by trying."""
    import cloudpickle

    try:
        packed = cloudpickle.dumps(error)
    except Exception:
        return None
    return None if _unpacked(packed) is None else packed


def _unpacked(packed: bytes) -> BaseException | None:
    try:
        error = pickle.loads(packed)
    except Exception:
        return None
    return error if isinstance(error, BaseException) else None
