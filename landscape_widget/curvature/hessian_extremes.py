"""What is asked of a map of curvature: on which samples, how exactly, over how many cells?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Integral, Real

from landscape_widget.facts import MetricFacts
from landscape_widget.names import one_of

PARAMETERS = ("moved", "all")
"""What the Hessian is of: the parameters that a direction may move, or all floating point ones."""

RATIO_LIMITS = (0.0, 0.5)
"""The range of colours in the paper's figure 7."""


@dataclass(frozen=True)
class HessianExtremes:
    """The largest and the smallest eigenvalue of the Hessian at each cell (Li et al. 2018, figure 7).

    It is the Hessian of the mean loss over a fixed subset, the same in every cell.

    Attributes:
        samples: size of the subset; of smaller data all.
        resolution: cells along each axis, or ``(nx, ny)``; few, since one costs some dozens of gradients.
        parameters: ``"moved"``: those that move; ``"all"``: all of the model's, frozen ones included.
        tolerance: how far an eigenvalue may be off, as a share of |H| = max(|λ_max|, |λ_min|).
        seconds: no level begins that wouldn't be done by then; None: as long as it takes.
        seed: of the vectors that iterations start from.

    Raises:
        ValueError, TypeError: for what is no such number or word.
    """

    samples: int = 256
    resolution: int | tuple[int, int] = 13
    parameters: str = "moved"
    tolerance: float = 1e-2
    seconds: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        check_whole("samples", self.samples, 1)
        both = self.resolution if isinstance(self.resolution, tuple) else (self.resolution,) * 2
        if len(both) != 2:
            raise ValueError(f"resolution is a whole number, or two, (nx, ny); got {self.resolution!r}.")
        for points in both:
            check_whole("resolution", points, 2)
        check_whole("seed", self.seed, 0)
        one_of(self.parameters, PARAMETERS, "parameters")
        if not _is_number(self.tolerance) or not 0 < self.tolerance < 1:
            raise ValueError(
                "tolerance is how far an eigenvalue may be off, as a share of the largest, between 0 and 1; "
                f"got {self.tolerance!r}. Leave it out for 0.01."
            )
        if self.seconds is not None and (not _is_number(self.seconds) or not self.seconds > 0):
            raise ValueError(
                "seconds is how long a map may take, above 0, or None for as long as it takes; "
                f"got {self.seconds!r}."
            )

    def columns(self, key: str, size: int) -> tuple[MetricFacts, ...]:
        """Return what each cell has: the ratio under the key's own name, both ends, the residual.

        Args:
            size: number of samples in the data.
        """
        return (
            MetricFacts(key, "", size, label="|λ_min/λ_max|", limits=RATIO_LIMITS, colors="viridis"),
            MetricFacts(f"{key}_max", "", size, label="λ_max"),
            MetricFacts(f"{key}_min", "", size, label="λ_min"),
            MetricFacts(f"{key}_residual", "", size, label="residual"),
        )


def check_whole(name: str, value: object, least: int) -> None:
    """Raise ValueError unless it is a whole number of at least ``least``."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} is a whole number, {least} or more; got {value!r}.")


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
