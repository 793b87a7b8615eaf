"""Which way is down? Against the gradient at the origin."""

from __future__ import annotations

import math
from dataclasses import dataclass

from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import squared_norm
from landscape_widget.subspace.direction import Direction, kept, wide


@dataclass(frozen=True)
class GradientDirection:
    """The direction −g·‖θ‖/‖g‖: downhill from the origin, as long as the moved parameters θ.

    The gradient g is that of the loss on the training data, in the parameters that move, one-dimensional ones
    included. At coordinate a the point is a·‖θ‖ away from the origin.
    """

    def __call__(self, objective: Objective) -> Direction:
        """Compute the gradient and scale it.

        Raises:
            ValueError: if it is exactly zero.
        """
        gradient = {name: wide(tensor) for name, tensor in objective.gradient().items()}
        steepness = math.sqrt(squared_norm(gradient))
        if steepness == 0:
            raise ValueError(
                "The gradient at the origin is exactly zero, so it points nowhere. "
                "Look along another direction, e.g. `RandomDirection(seed=0)`."
            )
        length = math.sqrt(squared_norm(objective.params))
        scale = (length or 1.0) / steepness
        return Direction(
            vector={name: kept(-scale * gradient[name], like=w) for name, w in objective.params.items()},
            label="−gradient",
            notes=() if length else ("All moved parameters are zero, so −gradient has length 1.",),
        )
