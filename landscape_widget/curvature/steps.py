"""How does the loss answer to one step? Critical sharpness downhill, SAM and ASAM uphill."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from landscape_widget.curvature.products import Vector

TOLERANCE = 0.02
"""Share by which the critical step may be off."""

FIRST = 1e-3
"""Length of the first step tried, as a share of ‖θ‖."""

MOST = 60
"""How often the first step is doubled or halved."""


def critical_step(
    loss: Callable[[Vector], float], gradient: Vector, here: float, length: float
) -> float | None:
    """Return η_c, the smallest η > 0 with L(θ − η g) > L(θ) (Kalra et al. 2026), by doubling and bisection.

    On a quadratic 2/η_c is gᵀHg/gᵀg. A rise that ends within one doubling isn't seen.

    Args:
        loss: at θ + step.
        gradient: at θ.
        here: L(θ).
        length: ‖θ‖, or 1.

    Returns:
        None where the loss doesn't rise however far one goes, or the gradient is zero.
    """
    steepness = float(np.linalg.norm(gradient))
    if steepness == 0:
        return None

    def rises(step: float) -> bool:
        return not loss(-step * gradient) <= here  # a loss that isn't finite has risen

    below = above = FIRST * length / steepness
    is_above = rises(above)
    for _ in range(MOST):
        if is_above:
            below = above / 2
            if not rises(below):
                break
            above = below
        else:
            above = below * 2
            if rises(above):
                break
            below = above
    else:
        return None
    while above / below > 1 + TOLERANCE:
        middle = math.sqrt(above * below)
        below, above = (below, middle) if rises(middle) else (middle, above)
    return math.sqrt(above * below)


def steepest_step(gradient: Vector, radius: float) -> Vector | None:
    """Return ρ g/‖g‖, where the loss rises most within ρ, to first order (SAM, Foret et al. 2021).

    None where the gradient is zero.
    """
    return adaptive_step(gradient, np.ones_like(gradient), radius)


def adaptive_step(gradient: Vector, weights: Vector, radius: float) -> Vector | None:
    """Return ρ T² g/‖T g‖ with T = |w|, entry by entry (ASAM, Kwon et al. 2021).

    Weights that are zero stay, so that no rescaling of units or layers that leaves the network's function as
    it is changes the loss there. None where that leaves nothing.
    """
    scale = np.abs(weights)
    length = float(np.linalg.norm(scale * gradient))
    return radius * scale**2 * gradient / length if length else None
