"""Which checkpoints does a path mark?"""

import numpy as np
import pytest

from landscape_widget.track import Path


def path(rates: list[float]) -> Path:
    steps = np.arange(len(rates))
    unknown = np.full(len(rates), np.nan)
    return Path(
        coordinates=np.zeros((len(rates), 2)),
        distances=unknown,
        norms=unknown,
        steps=steps,
        epochs=unknown,
        learning_rates=np.array(rates),
        values=unknown[None],
        known=np.zeros(len(rates), bool),
        explained=(None, None),
        by_chance=(None, None),
    )


@pytest.mark.parametrize(
    ("rates", "drops"),
    [
        ([0.1, 0.1, 0.01, 0.01, 0.001], [2, 4]),
        ([0.1, 0.05], [1]),
        ([0.1, 0.09, 0.08, 0.07], []),
        ([0.0, 0.1, 0.0, 0.0], [2]),
        ([np.nan, 0.1, np.nan, 0.01], []),
        ([0.1], []),
    ],
)
def test_the_learning_rate_has_dropped_where_it_is_half_or_less_of_what_it_was(rates, drops):
    assert path(rates).drops.tolist() == drops and len(path(rates)) == len(rates)
