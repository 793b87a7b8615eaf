"""How far may a value be from that on all of the user's data?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def unseen_error(errors: NDArray[np.float64], counts: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    """Return ``sd/√n · √(1 − n/N)`` from the population's ``sd/√n``, n samples of N; 0 on all of them.

    N = 0: nobody knows how many there are, so the population's is all that is known.
    """
    if size == 0:
        return errors
    unseen = np.clip(1 - counts / size, 0, 1)
    return np.where(unseen == 0, 0.0, errors) * np.sqrt(unseen)
