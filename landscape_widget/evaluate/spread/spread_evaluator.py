"""What stands where an evaluator does, and has its cells measured by an executor's workers?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.evaluate.spread.engines import Engine
from landscape_widget.evaluate.spread.luggage import Luggage
from landscape_widget.evaluate.spread.spread import Spread


class SpreadEvaluator(Spread):
    """Measures an objective elsewhere; see `landscape_widget.scene.measuring.Measuring`."""

    here: Evaluator

    def __init__(self, engine: Engine, luggage: Luggage, here: Evaluator, **options: Any) -> None:
        """Wait for the first cell with everything; ``options`` are those of `Spread`."""
        super().__init__(engine, luggage, here, **options)
        self.here = here

    @property
    def nbytes(self) -> int:
        """Bytes of what it keeps here, without the data."""
        return self.here.nbytes

    @property
    def clamped(self) -> int:
        """The most running variances of BatchNorm that one cell drove below 0, where they are held."""
        return max(self.here.clamped, self._account.clamped)

    def handed_out(self, still: Mapping[str, Tensor]) -> tuple[Mapping[str, Tensor], ...]:
        """Return the centre and the directions for the user; ``still`` names all, at the centre."""
        return self.here.handed_out(still)
