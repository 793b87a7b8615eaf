"""Does auto range find the place where the loss has risen by the factor, where that is known?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape_widget.surface.auto_range import auto_range
from landscape_widget.values import State, Values

ABOUT_THE_ORIGIN = (0.0, 0.0)
TOWARDS_A_MODEL = (0.0, 1.0)


def evaluator(loss, asked=None):
    def evaluate(coordinates, samples, cancelled):
        for cell, place in enumerate(coordinates):
            if cancelled():
                return
            if asked is not None:
                asked.append(tuple(place))
            mean = np.array([[loss(*place), 50.0]])
            one = np.ones((1, 2), np.int64)
            yield Values(np.array([cell]), mean, np.zeros((1, 2)), one, np.array([State.EXACT], np.uint8))

    return evaluate


def found(loss, factor=10.0, axes=(ABOUT_THE_ORIGIN,)):
    return auto_range(evaluator(loss), 10, factor, axes, lambda: False)


@given(st.floats(1e-9, 1e4), st.floats(1.5, 100), st.floats(1e-3, 1e3))
def test_a_quadratic_is_found_at_its_exact_radius(c, factor, curvature):
    radius = np.sqrt((factor - 1) * c / curvature)
    if not 2e-6 < radius < 900:
        return
    ((low, high),) = found(lambda a: c + curvature * a * a, factor)
    assert low == -high
    assert 1 - 1e-9 <= high / radius <= 1.05


def test_each_axis_has_its_own_radius():
    ranges = found(lambda a, b: 1 + a * a + 100 * b * b, axes=(ABOUT_THE_ORIGIN, ABOUT_THE_ORIGIN))
    assert [high for _, high in ranges] == [pytest.approx(3, rel=0.05), pytest.approx(0.3, rel=0.05)]


def test_the_side_that_rises_first_decides():
    ((low, high),) = found(lambda a: 1 + (9 * a if a > 0 else -a / 100))
    assert (low, high) == (pytest.approx(-1, rel=0.05), pytest.approx(1, rel=0.05))


def test_another_model_stays_inside():
    ((low, high),) = found(lambda a: 1 + 4 * (a * (a - 1)) ** 2, axes=(TOWARDS_A_MODEL,))
    reach = (np.sqrt(7) - 1) / 2
    assert (low, high) == (pytest.approx(-reach, rel=0.05), pytest.approx(1 + reach, rel=0.05))


def test_the_worse_of_two_models_sets_the_height():
    ((low, _),) = found(lambda a: 1 + 9 * a if a > 0 else 1 - a, axes=(TOWARDS_A_MODEL,))
    assert -low == pytest.approx(10, rel=0.05)  # 10 × L(1) = 100 is reached at a = 11, a reach of 10


@pytest.mark.parametrize("wall", [np.nan, np.inf])
def test_a_loss_that_is_not_finite_has_risen(wall):
    ((low, high),) = found(lambda a: wall if abs(a) > 0.37 else 1.0)
    assert high == pytest.approx(0.37, rel=0.05)
    assert low == -high


def test_a_flat_axis_has_no_range_and_the_other_still_has_one():
    flat, curved = found(lambda a, b: 1 + b * b, axes=(ABOUT_THE_ORIGIN, ABOUT_THE_ORIGIN))
    assert flat is None
    assert curved == (pytest.approx(-3, rel=0.05), pytest.approx(3, rel=0.05))


def test_a_loss_that_falls_to_minus_infinity_has_not_risen_nor_has_one_that_only_falls():
    assert found(lambda a: 1 - abs(a)) == (None,)


def test_a_cliff_right_beside_the_centre_gives_the_smallest_range():
    assert found(lambda a: 1.0 if a == 0 else np.nan) == ((-1e-6, 1e-6),)


def test_a_centre_that_is_not_finite_has_no_range():
    assert found(lambda a: np.nan) == (None,)


def test_a_negative_loss_rises_by_its_size():
    ((_, high),) = found(lambda a: -2 + a * a, factor=10)
    assert high == pytest.approx(np.sqrt(18), rel=0.05)


def test_a_loss_of_zero_is_compared_with_its_neighbours():
    ((_, high),) = found(lambda a: 4 * a * a, factor=10)
    assert high == pytest.approx(3, rel=0.05)
    assert found(lambda a: 0.0) == (None,)


def test_no_probe_leaves_the_allowed_span():
    asked = []
    auto_range(evaluator(lambda a: 1.0, asked), 10, 10, (ABOUT_THE_ORIGIN,), lambda: False)
    auto_range(
        evaluator(lambda a: 1.0 if a == 0 else np.nan, asked), 10, 10, (ABOUT_THE_ORIGIN,), lambda: False
    )
    sizes = {abs(a) for (a,) in asked} - {0.0}
    assert (min(sizes), max(sizes)) == (1e-6, 1e3)


def test_cancelled_leaves_the_unfinished_axes_without_a_range():
    asked = []
    ranges = auto_range(
        evaluator(lambda a, b: 1 + a * a + b * b, asked),
        10,
        10,
        (ABOUT_THE_ORIGIN,) * 2,
        lambda: len(asked) > 25,
    )
    assert ranges[0] is not None
    assert ranges[1] is None


@pytest.mark.parametrize("factor", [1, 0, -2, float("nan"), float("inf")])
def test_a_factor_that_makes_no_sense_is_refused(factor):
    with pytest.raises(ValueError, match=f"finite factor above 1.*got {factor}. Try 10"):
        found(lambda a: a * a, factor)
