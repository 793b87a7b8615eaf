"""What must be at a worker before it can measure? Packed for the first task, taken away at the end."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable
from itertools import count
from pathlib import Path
from uuid import uuid4

import numpy as np
from torch import nn

from landscape_widget.curvature.hessian_extremes import HessianExtremes
from landscape_widget.evaluate.shares import Cell
from landscape_widget.evaluate.spread.engines import Engine
from landscape_widget.evaluate.spread.job import look_of, pack_look, pack_objective
from landscape_widget.evaluate.spread.messages import Task
from landscape_widget.evaluate.spread.parcel import Parcel
from landscape_widget.evaluate.spread.store import store
from landscape_widget.objective.objective import Objective
from landscape_widget.subspace.direction import Direction


class Home:
    """Where the parcels of a landscape lie: one objective, which all its scenes share, and their directions.

    Args:
        engine: who brings them to the workers.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._folder: Path | None = None
        self._objective: tuple[nn.Module, Parcel] | None = None
        self._guests = 0
        self._remove: Callable[[], object] = lambda: None

    def enter(self) -> None:
        """Somebody needs it until `leave`."""
        self._guests += 1

    def leave(self) -> None:
        """The last one takes everything away."""
        self._guests -= 1
        if not self._guests:
            if self._objective is not None:
                self.forget(self._objective[1])
            self._folder = self._objective = None
            self._remove()

    def objective(self, objective: Objective) -> Parcel:
        """Return the objective's parcel, packed once however BatchNorm is treated."""
        if self._objective is None or self._objective[0] is not objective.model:
            self._objective = objective.model, pack_objective(objective, self.folder)
        return self._objective[1]

    @property
    def folder(self) -> Path:
        """Where parcels are written."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="landscape-"))
            self._remove = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder

    def forget(self, parcel: Parcel) -> None:
        """Take one away, here and where the workers are as far as they can be told."""
        self.engine.forget(parcel)
        store().forget(parcel.fingerprint)
        Path(parcel.path).unlink(missing_ok=True)


class Luggage:
    """What the tasks of one scene need.

    Args:
        home: where it is packed.
        objective: what is measured.
        directions: one a coordinate.
        device: where the workers compute; None: where the model is.
        budget: bytes for each worker; None: a quarter of what is free there.
        on_error: what becomes of a cell whose loss raises.
        curvature: what is measured instead of the objective itself; None: nothing else.
    """

    def __init__(
        self,
        home: Home,
        objective: Objective,
        directions: tuple[Direction, ...],
        *,
        device: str | None,
        budget: int | None,
        on_error: str,
        curvature: HessianExtremes | None = None,
    ) -> None:
        self._home, self._objective, self._directions = home, objective, directions
        self._device, self._budget, self._on_error = device, budget, on_error
        self._curvature = curvature
        self._look: Parcel | None = None
        self._name, self._numbers = uuid4().hex, count()
        self._by_rule = True
        self._is_out = False

    @property
    def nbytes(self) -> int:
        """Bytes that every worker gets once."""
        return self._objective_parcel.nbytes + self._look_parcel.nbytes

    def task(self, cells: list[Cell], samples: int, *, plain: bool, threads: int) -> Task:
        """Return what a worker is told to do.

        Raises:
            ImportError: without cloudpickle.
            ValueError: where something can't be packed.
        """
        return Task(
            name=f"{self._name} {next(self._numbers)}",
            objective=self._objective_parcel,
            look=self._look_parcel,
            device=self._device,
            coordinates=np.array([point for _, point in cells], dtype=np.float64),
            samples=samples,
            plain=plain,
            threads=threads,
            on_error=self._on_error,
        )

    def along(self, laden: bool) -> dict[str, object]:
        """Return what is sent beside a task: fingerprint → bytes, or what the engine makes of them.

        Args:
            laden: whether the worker must get all it needs with this very task.
        """
        parcels = self._objective_parcel, self._look_parcel
        if laden:
            read = {parcel.fingerprint: parcel.read() for parcel in parcels}
        else:
            read = {parcel.fingerprint: self._home.engine.lay_out(parcel) for parcel in parcels}
        return {fingerprint: packed for fingerprint, packed in read.items() if packed is not None}

    def lay_out_again(self) -> None:
        """Have the engine bring it anew: whoever held it may be gone."""
        for parcel in (self._objective_parcel, self._look_parcel):
            self._home.engine.forget(parcel)

    def with_tensors(self) -> None:
        """Send the tensors of all directions from now on: workers draw others from the same seeds."""
        if self._by_rule:
            self._by_rule = False
            self._forget_look()

    def close(self) -> None:
        """Take everything away that nobody else needs; once more does nothing."""
        if self._is_out:
            self._is_out = False
            self._forget_look()
            self._home.leave()

    @property
    def _objective_parcel(self) -> Parcel:
        if not self._is_out:
            self._is_out = True
            self._home.enter()
        return self._home.objective(self._objective)

    @property
    def _look_parcel(self) -> Parcel:
        if self._look is None:
            asked = self._objective, self._directions, self._budget, self._curvature
            self._look = pack_look(look_of(*asked, by_rule=self._by_rule), self._home.folder)
        return self._look

    def _forget_look(self) -> None:
        if self._look is not None:
            self._home.forget(self._look)
            self._look = None
