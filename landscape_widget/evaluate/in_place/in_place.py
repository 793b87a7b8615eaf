"""From coordinates to values on the user's own model, which is whole again whenever values are handed out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median
from time import perf_counter

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from landscape_widget.evaluate.coordinates import check_coordinates
from landscape_widget.evaluate.handed_out import HandedOut
from landscape_widget.evaluate.in_place.moving import move
from landscape_widget.evaluate.shares import Cell
from landscape_widget.objective.lazy_tensors import LazyTensors, like_of
from landscape_widget.objective.lender import Lender
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.out_of_memory import explained, halved, is_out_of_memory
from landscape_widget.objective.terms import Measurement
from landscape_widget.subspace.star import Star
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import SKIP, STOP, How, State, Values

Known = tuple[int, Measurement, State]


class InPlace:
    """Measures an objective whose model is lent; see `landscape_widget.values.Evaluate`. One caller at once.

    It computes in the thread that asks for values, with that thread's own number of torch threads.

    Attributes:
        at_once: cells measured at the same time.
        clamped: the most running variances of BatchNorm that one cell drove below 0, where they are held.
    """

    at_once = 1

    def __init__(
        self,
        objective: Objective,
        subspace: Subspace | Star,
        *,
        on_error: str = STOP,
        seconds: float = 0.1,
    ) -> None:
        """Move nothing yet.

        Args:
            on_error: ``"stop"``: a cell that fails raises; ``"skip"``: it is answered as `State.FAILED`.
            seconds: how often values are handed out; a cell that takes longer is handed out alone.
        """
        assert objective.lender is not None
        self._objective = objective
        self._lender: Lender = objective.lender
        self._vectors = [direction.vector for direction in subspace.directions]
        self._trial = objective.trial.copied()
        self._skips, self._error = on_error == SKIP, ""
        self._limit: int | None = None
        self._pace = seconds
        self._seconds: deque[float] = deque(maxlen=64)
        self.clamped = 0

    @property
    def here(self) -> InPlace:
        """Who measures a preview."""
        return self

    @property
    def nbytes(self) -> int:
        """Bytes of the directions that are held; others are drawn in pieces."""
        held = [vector for vector in self._vectors if not isinstance(vector, LazyTensors)]
        return sum(tensor.nbytes for vector in held for tensor in vector.values())

    def handed_out(self, still: Mapping[str, Tensor]) -> tuple[Mapping[str, Tensor], ...]:
        """Return the centre and the directions for the user; ``still`` names all, at the centre."""
        centre = {name: self._lender.origin[name] for name in still}
        wide = {name: torch.promote_types(tensor.dtype, torch.float32) for name, tensor in centre.items()}
        handed = [HandedOut(centre, wide)]
        for vector in self._vectors:
            handed.append(HandedOut(vector, {name: like_of(vector, name).dtype for name in vector}))
        return tuple(handed)

    def close(self) -> None:
        """Nothing is held elsewhere: the model is whole whenever nobody waits for values."""

    def __call__(
        self, coordinates: NDArray[np.float64], samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]:
        """Yield cells as they get ready, in their order; the model is given back before.

        Raises:
            ValueError: where the coordinates don't fit the directions, or there are fewer samples.
            RuntimeError: where somebody else has changed the model.
            Exception: whatever the loss raises unless it is skipped, after what is known has been yielded.
        """
        check_coordinates(coordinates, len(self._vectors))
        rest = deque(enumerate(coordinates.tolist()))
        while rest and not cancelled():
            with self._lender.lent() as model:
                known, error = self._some(model, rest, samples, cancelled)
            if known:
                yield self._values(known, samples)
            if error is not None:
                raise error

    def _some(
        self, model: nn.Module, rest: deque[Cell], samples: int, cancelled: Callable[[], bool]
    ) -> tuple[list[Known], Exception | None]:
        """Measure cells for a while, and take them from the rest; return what ended it, if something did."""
        known: list[Known] = []
        due = perf_counter() + self._pace
        while rest and not cancelled() and not (known and perf_counter() >= due):
            number, point = rest[0]
            began, state = perf_counter(), State.EXACT
            try:
                one = self._measured(model, point, samples, cancelled)
            except Exception as error:
                if self._makes_room(error, samples):
                    continue
                if is_out_of_memory(error):
                    error = explained(error, self._objective.portions(samples, self._limit))
                if not self._skips:
                    return known, error
                self._error = self._error or f"{type(error).__name__}: {error}"
                one, state = Measurement.unknown(len(self._objective.metrics)), State.FAILED
            self._lender.refuse_written()
            if one is None:
                break
            self._seconds.append(perf_counter() - began)
            known.append((number, one, state))
            rest.popleft()
        return known, None

    def _measured(
        self, model: nn.Module, point: Sequence[float], samples: int, cancelled: Callable[[], bool]
    ) -> Measurement | None:
        own = self._lender.rewind()
        moved = {name: own[name] for name in own if any(name in vector for vector in self._vectors)}
        below = move(moved, self._lender.origin, self._vectors, point)
        self.clamped = max(self.clamped, below)
        portions = self._objective.portions(samples, self._limit)
        return self._objective.measure(model, portions, cancelled, self._trial)

    def _makes_room(self, error: Exception, samples: int) -> bool:
        """Halve the batches where they didn't fit into memory; False where that is no help."""
        if not is_out_of_memory(error):
            return False
        limit = halved(self._objective, self._objective.portions(samples, self._limit))
        self._limit = limit or self._limit
        return limit is not None

    def _values(self, known: Sequence[Known], samples: int) -> Values:
        cells, measurements, states = zip(*known, strict=True)
        return Values(
            cells=np.array(cells, dtype=np.int64),
            mean=np.stack([measurement.mean for measurement in measurements]),
            standard_error=np.stack([measurement.standard_error for measurement in measurements]),
            count=np.stack([measurement.count for measurement in measurements]),
            state=np.array(states, dtype=np.uint8),
            how=self._how(samples),
        )

    def _how(self, samples: int) -> How:
        """Say it in words, and for the file."""
        speed = 1 / median(self._seconds)
        limit = self._limit and min(self._limit, samples)
        choices = (
            f"in place, on your own model: {float(f'{speed:.3g}'):,g} cells a second",
            "batches as the data came" if limit is None else f"batches of {limit:,} samples",
        )
        notes = ()
        if limit is not None:
            notes = (f"Batches of at most {limit:,} samples: larger ones didn't fit into memory.",)
        settings = {
            "workers": 1,
            "torch_threads": torch.get_num_threads(),
            "batch": limit,
            "in_place": True,
            "cells_per_second": speed,
            "notes": list(notes),
        }
        return How(f"{self._objective.place}, in place", choices, settings, notes, self._error)
