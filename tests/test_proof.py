"""When do two ways of measuring agree, and which cells are looked at twice?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape_widget.evaluate.proof import Audits, agree
from landscape_widget.objective.terms import Measurement

LAWS = settings(max_examples=60, deadline=None, derandomize=True)
BOTH = np.array([True, False])
NAN, INF = float("nan"), float("inf")


def measurement(loss: float, accuracy: float = 50.0, error: float = 2.0) -> Measurement:
    return Measurement.of([(loss, NAN, 100), (accuracy, error, 100)])


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(0, 100))
@LAWS
def test_a_measurement_agrees_with_itself(loss: float, accuracy: float) -> None:
    assert agree(measurement(loss, accuracy), measurement(loss, accuracy), BOTH)


@given(st.floats(1e-12, 1e12), st.floats(-3, 3))
@LAWS
def test_losses_agree_to_their_rounding_and_no_further(loss: float, factor: float) -> None:
    bound = 1e-5 * loss + 1e-9
    same = agree(measurement(loss + factor * bound), measurement(loss), BOTH)
    if abs(factor) < 0.99:
        assert same
    if abs(factor) > 1.01:
        assert not same


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (NAN, NAN, True),
        (INF, INF, True),
        (-INF, -INF, True),
        (NAN, 1.0, False),
        (1.0, NAN, False),
        (INF, 1e30, False),
        (1e30, INF, False),
        (INF, -INF, False),
        (INF, NAN, False),
        (0.0, -0.0, True),
        (0.0, 5e-10, True),
        (0.0, 2e-9, False),
    ],
)
def test_what_is_not_finite_has_to_be_the_same(a: float, b: float, same: bool) -> None:
    assert agree(measurement(a), measurement(b), BOTH) == same


@pytest.mark.parametrize(("accuracy", "same"), [(50.0, True), (51.9, True), (48.1, True), (53.0, False)])
def test_an_accuracy_may_jump_by_its_own_error(accuracy: float, same: bool) -> None:
    assert agree(measurement(1.0, accuracy), measurement(1.0, 50.0), BOTH) == same


def test_a_loss_has_no_such_room_nor_a_metric_without_an_error() -> None:
    assert not agree(measurement(1.0, 51.0), measurement(1.0, 50.0), np.array([True, True]))
    assert not agree(measurement(1.0, 51.0, NAN), measurement(1.0, 50.0, NAN), BOTH)


def test_an_accuracy_that_is_always_right_may_lose_a_sample_only_on_one_side() -> None:
    """All right has no error of its own; that of the other way counts."""
    assert agree(measurement(1.0, 99.0, 1.0), measurement(1.0, 100.0, 0.0), BOTH)
    assert not agree(measurement(1.0, 99.0, 0.0), measurement(1.0, 100.0, 0.0), BOTH)


@given(st.integers(0, 1000))
@LAWS
def test_each_level_has_one_audit(seed: int) -> None:
    audits = Audits(seed)
    taken = [number for number in range(2048) if audits.take()]
    ends = [8, 32, 128, 512, 2048]
    assert len(taken) == len(ends)
    for number, begin, end in zip(taken, [0, *ends], ends, strict=False):
        assert begin <= number < end


def test_which_cell_it_is_differs_from_seed_to_seed() -> None:
    def third(seed: int) -> int:
        audits = Audits(seed)
        return [number for number in range(128) if audits.take()][2]

    assert len({third(seed) for seed in range(20)}) > 10
