"""Do coordinates fit the directions they are measured along?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def check_coordinates(coordinates: NDArray[np.float64], dimensions: int) -> None:
    """Refuse what isn't one row a cell and one column a direction.

    Raises:
        ValueError: saying so.
    """
    if coordinates.ndim != 2 or coordinates.shape[1] != dimensions:
        raise ValueError(
            f"Expected coordinates of shape [n, {dimensions}], one column a direction; "
            f"got {list(coordinates.shape)}."
        )
