"""Who measures the cells of a scene?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from landscape_widget import shared
from landscape_widget.evaluate.devices import Devices
from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.values import Values


class Measuring(Protocol):
    """Measures an objective on a subspace; a call is `landscape_widget.values.Evaluate`.

    Attributes:
        nbytes: of what it keeps here, without the data.
        clamped: the most running variances of BatchNorm that one cell drove below 0, where they are held.
        at_once: cells measured at the same time.
    """

    @property
    def nbytes(self) -> int: ...

    @property
    def clamped(self) -> int: ...

    @property
    def at_once(self) -> int: ...

    def __call__(
        self, coordinates: NDArray[np.float64], samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]: ...

    def handed_out(self, still: Mapping[str, Tensor]) -> tuple[Mapping[str, Tensor], ...]:
        """Return the centre and the directions for the user; ``still`` names all, at the centre."""
        ...

    def close(self) -> None:
        """End what it holds elsewhere; once more does nothing."""
        ...


def measuring(
    *, compile: bool, budget: int | None, on_error: str, devices: Sequence[torch.device]
) -> Callable[..., Measuring]:
    """Return who measures; it takes an objective, a subspace and ``plain``.

    Args:
        compile: whether ``torch.compile`` may try.
        budget: bytes for data, copies and caches; None: a quarter of what is free.
        on_error: whether to ``"stop"`` at a cell whose loss raises, or to ``"skip"`` it.
        devices: a worker on each where there are several.
    """
    if len(devices) > 1:
        pool = shared.pool(len(devices))
        return partial(Devices, pool=pool, devices=devices, budget=budget, on_error=on_error)
    return partial(Evaluator, pool=shared.pool(), compile=compile, budget=budget, on_error=on_error)
