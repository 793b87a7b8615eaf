"""Who measures the cells of a scene?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from landscape_widget import shared
from landscape_widget.evaluate.curvature_map import CurvatureMap
from landscape_widget.evaluate.devices import Devices
from landscape_widget.evaluate.devices_curvature import DevicesCurvature
from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.evaluate.in_place.in_place import InPlace
from landscape_widget.evaluate.spread.spreading import Spreading
from landscape_widget.evaluate.spread.workplace import Workplace
from landscape_widget.facts import MetricFacts
from landscape_widget.objective.objective import Objective
from landscape_widget.subspace.star import Star
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import Evaluate, Values


class Measuring(Protocol):
    """Measures an objective on a subspace; a call is `landscape_widget.values.Evaluate`.

    Attributes:
        nbytes: of what it keeps here, without the data.
        clamped: the most running variances of BatchNorm that one cell drove below 0, where they are held.
        at_once: cells measured at the same time.
        here: measures a preview, in this process.
    """

    @property
    def nbytes(self) -> int: ...

    @property
    def clamped(self) -> int: ...

    @property
    def at_once(self) -> int: ...

    @property
    def here(self) -> Evaluate: ...

    def __call__(
        self, coordinates: NDArray[np.float64], samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]: ...

    def handed_out(self, still: Mapping[str, Tensor]) -> tuple[Mapping[str, Tensor], ...]:
        """Return the centre and the directions for the user; ``still`` names all, at the centre."""
        ...

    def close(self) -> None:
        """End what it holds elsewhere; once more does nothing."""
        ...


class Curving(Protocol):
    """Measures how an objective is curved on a subspace; a call is `landscape_widget.values.Evaluate`.

    Attributes:
        metrics: the columns.
        samples: size of the subset.
        settings: what decides the numbers, JSON-able.
    """

    @property
    def metrics(self) -> tuple[MetricFacts, ...]: ...

    @property
    def samples(self) -> int: ...

    @property
    def settings(self) -> Mapping[str, Any]: ...

    def __call__(
        self, coordinates: NDArray[np.float64], samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]: ...

    def cost(self, cells: int, cancelled: Callable[[], bool]) -> float | None:
        """Return how many seconds so many cells will take, from a few of all over; None once cancelled."""
        ...

    def close(self) -> None:
        """End what it holds elsewhere; once more does nothing."""
        ...


@dataclass(frozen=True, eq=False)
class Measurers:
    """Who measures what of a scene.

    Attributes:
        cells: takes an objective, a subspace and ``plain``.
        curvature: takes an objective, a subspace, what is ``asked`` and the metric's ``name``.
    """

    cells: Callable[..., Measuring]
    curvature: Callable[..., Curving]


def measurers(
    *,
    compile: bool,
    budget: int | None,
    on_error: str,
    devices: Sequence[torch.device],
    copy: bool,
    elsewhere: Workplace | None,
) -> Measurers:
    """Return who measures.

    Args:
        compile: whether ``torch.compile`` may try.
        budget: bytes for data, copies and caches; None: a quarter of what is free.
        on_error: whether to ``"stop"`` at a cell whose loss raises, or to ``"skip"`` it.
        devices: a worker on each where there are several.
        copy: whether private copies of the model are measured, or the user's own.
        elsewhere: whose workers measure, where it isn't this process.

    Raises:
        ValueError: where these don't go together.
    """
    curvature = partial(CurvatureMap, pool=shared.pool())
    if not copy:
        several = len(devices) > 1
        _refuse_many(
            {"compile=True": compile, "a list of devices": several, "an executor": elsewhere is not None}
        )
        return Measurers(partial(_in_place, on_error=on_error), curvature)
    if elsewhere is not None:
        spreading = Spreading(elsewhere.engine, shared.pool(), elsewhere.device, budget, on_error)
        return Measurers(spreading, spreading.curvature)
    if len(devices) > 1:
        pool = shared.pool(len(devices))
        several = partial(Devices, pool=pool, devices=devices, budget=budget, on_error=on_error)
        charts = partial(DevicesCurvature, pool=pool, devices=devices, budget=budget)
        return Measurers(several, charts)
    here = partial(Evaluator, pool=shared.pool(), compile=compile, budget=budget, on_error=on_error)
    return Measurers(here, curvature)


def _in_place(objective: Objective, subspace: Subspace | Star, *, plain: bool, on_error: str) -> Measuring:
    """Cells of the user's own model are measured the plain way, whether that must be or not."""
    return InPlace(objective, subspace, on_error=on_error)


def _refuse_many(asked: Mapping[str, bool]) -> None:
    for what, is_asked in asked.items():
        if is_asked:
            raise ValueError(
                f"copy=False measures on your own model, of which there is one, as it is; got {what} too. "
                "Leave one of the two out."
            )
