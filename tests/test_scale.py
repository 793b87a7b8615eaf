"""Do values become heights and back, and do ticks and words say the raw numbers?"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape_widget.export.colors import colorscale
from landscape_widget.export.numbers import format_error, format_number, format_together
from landscape_widget.export.scale import Asinh, Linear, Log, Paper, choose, is_flat
from landscape_widget.export.ticks import by_decades, evenly

sensible = st.floats(-1e12, 1e12).filter(lambda value: value == 0 or abs(value) > 1e-12)


@pytest.mark.parametrize(
    ("asked", "values", "chosen"),
    [
        ("auto", [1, 100], Linear()),
        ("auto", [1, 101], Log()),
        ("auto", [0, 0.03, 2.9], Linear()),
        ("auto", [0, 0.03, 3.1], Log(0.01)),
        ("auto", [-1, 1e9], Linear()),
        ("log", [1, 2], Log()),
        ("log", [0, 0.03, 2], Log(0.01)),
        ("log", [-1, 0.5, 30], Asinh(0.01)),
        ("log", [0, 0], Linear()),
        ("log", [], Linear()),
        ("log", [np.nan, np.inf, -np.inf, 2, 5], Log()),
        ("auto", [np.nan, np.inf, 2, 5], Linear()),
        ("linear", [1e-9, 1e9], Linear()),
        ("paper", [1, 2], Paper()),
        ("paper", [-1, 0], Paper()),
        ("paper", [], Paper()),
    ],
)
def test_the_scale_is_what_the_finite_values_allow(asked, values, chosen):
    assert choose(asked, values) == chosen


def test_the_scale_is_named_where_it_is_not_plain():
    assert Linear().label == ""
    assert Log().label == "log"
    assert Log(1e-7).label == "log of value + 10⁻⁷"
    assert Asinh(1).label == "asinh, as some are negative"
    assert Paper().label == "ln(value + 0.1)"


def test_an_unknown_scale_is_refused_with_the_nearest():
    with pytest.raises(
        ValueError, match=r"'auto', 'linear', 'log', 'paper'; got 'logarithmic'. Did you mean 'log'"
    ):
        choose("logarithmic", [1.0])


@given(st.lists(sensible, min_size=1), st.sampled_from(["auto", "linear", "log"]))
def test_every_finite_value_has_a_height_in_the_same_order_and_comes_back(values, asked):
    scale = choose(asked, values)
    heights = scale.forward(values)
    assert np.isfinite(heights).all()
    assert np.all(np.diff(scale.forward(np.sort(values))) >= 0)
    assert np.allclose(scale.inverse(heights), values, rtol=1e-9, atol=1e-9 * np.abs(values).max())


def test_a_logarithm_is_the_exact_one():
    assert Log().forward([1e-3, 1, 1e5]).tolist() == [-3, 0, 5]
    assert Log(0.01).forward([0.0])[()] == -2
    assert np.isnan(Log().forward([0.0, -1.0])).all()


@pytest.mark.parametrize("value", [1e-300, 1e300])
def test_flat_ground_at_the_end_of_all_numbers_still_has_ticks(value):
    for scale in Log(), Paper():
        low = float(scale.forward(value))
        assert scale.ticks(low - abs(low) / 10, low + abs(low) / 10).values


def test_the_paper_s_scale_is_the_natural_logarithm_of_a_tenth_more():
    assert Paper().forward([0.0, 0.9, 10.0]) == pytest.approx(np.log([0.1, 1, 10.1]))
    assert Paper().inverse(np.log([0.1, 1, 10.1])) == pytest.approx([0, 0.9, 10])
    assert np.isnan(Paper().forward([-0.1, -2.0])).all()
    assert Paper().ticks(np.log(0.1), np.log(10.1)).labels == ["0", "0.1", "0.3", "1", "3", "10"]
    assert Paper().ticks(np.log(1.1), np.log(10.1)).labels[0] == "1"


def test_zeros_among_the_smallest_numbers_there_are_still_have_a_height():
    assert np.isfinite(choose("log", [0.0, 5e-324, 1.0]).forward([0.0, 5e-324, 1.0])).all()


@given(st.lists(sensible, min_size=2), st.sampled_from(["linear", "log"]))
def test_ticks_stand_where_their_raw_value_is_drawn(values, asked):
    scale = choose(asked, values)
    low, high = (float(end) for end in scale.forward([min(values), max(values)]))
    ticks = scale.ticks(low, high)
    assert len(ticks.values) == len(ticks.labels) <= 10
    room = 1e-6 * (high - low) + 1e-9
    assert all(low - room <= tick <= high + room for tick in ticks.values)


def test_ticks_say_raw_values():
    assert Log().ticks(-3, 2).labels == ["0.001", "0.01", "0.1", "1", "10", "100"]
    assert Log(0.01).ticks(-2, 1).labels[:2] == ["0", "0.01"]
    ticks = Asinh(0.01).ticks(*Asinh(0.01).forward([-10, 10]))
    assert ticks.labels == ["−1", "−0.01", "0", "0.01", "1"]
    assert ticks.values == pytest.approx([-value for value in reversed(ticks.values)])


def test_round_values_are_few():
    assert evenly(-1, 1, 6) == [-1, -0.5, 0, 0.5, 1]
    assert evenly(3, 3, 6) == [3]
    assert by_decades(1, 1000, 6) == [1, 10, 100, 1000]
    assert by_decades(0.02, 2, 8) == [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]
    assert by_decades(1e-30, 1e30, 6) == [1e-22, 1e-11, 1, 1e11, 1e22]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.00123, "0.00123"),
        (4.2e-7, "4.2 × 10⁻⁷"),
        (1797, "1,797"),
        (-0.5, "−0.5"),
        (0, "0"),
        (1e-7, "10⁻⁷"),
        (123456, "123,456"),
        (1234567, "1.23 × 10⁶"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "NaN"),
        (0.9999, "1"),
    ],
)
def test_numbers_are_written_as_people_read_them(value, text):
    assert format_number(value) == text


def test_values_that_differ_look_different():
    assert format_together([1.0001, 1.0002]) == ["1.0001", "1.0002"]
    assert format_together([1, 2]) == ["1", "2"]


@pytest.mark.parametrize(
    ("error", "text"), [(0.0041, "± 0.004"), (0.0141, "± 0.014"), (0, "± 0"), (math.nan, "± ?")]
)
def test_errors_have_one_digit_or_two(error, text):
    assert format_error(error) == text


def test_flat_is_what_float32_cannot_tell_apart():
    assert is_flat(1, 1 + 1e-7)
    assert is_flat(0, 0)
    assert not is_flat(1, 1.00001)
    assert not is_flat(0, 1e-30)


def test_colors_rise_from_0_to_1_and_end_in_the_colour_of_clipped_cells():
    for colors in ("cividis", "viridis", "diverging", "grey"):
        stops = [stop for stop, _ in colorscale(colors, 0.03)]
        assert stops == sorted(stops)
        assert (stops[0], stops[-2], stops[-1]) == (0, 0.97, 1)
        assert colorscale(colors)[-1][0] == 1
    assert colorscale("grey", 0.03)[-1] == [1.0, "#bcae9e"]


def test_unknown_colors_are_refused_with_the_nearest():
    with pytest.raises(ValueError, match=r"colors must be one of .*got 'viridi'. Did you mean 'viridis'"):
        colorscale("viridi")
