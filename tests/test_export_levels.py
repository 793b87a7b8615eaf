"""Are limits the ends of what is drawn, and levels the lines that were asked for?"""

import numpy as np
import pytest
from export_cases import line, measured, named, subtitle, trace


def slope(a, b):
    return 5 + 5 * a + b


@pytest.mark.parametrize("kind", ["contour", "heatmap"])
def test_limits_are_the_ends_of_the_colours(kind):
    drawn = trace(measured([slope]).figure(kind, "linear", limits=(2, 30)), kind)
    assert (drawn.zmin, drawn.zmax) == (2, 30)
    values = np.asarray(drawn.z)
    assert values.min() == 2 and values.max() == 12


def test_limits_are_the_ends_of_the_heights_and_what_lies_outside_is_drawn_there_and_counted():
    surface = measured([slope])
    figure = surface.figure("surface", "linear", limits=(4, 8))
    drawn, (low, high) = trace(figure, "surface"), figure.layout.scene.zaxis.range
    assert np.asarray(drawn.z) == pytest.approx(np.clip(surface["loss"], 4, 8))
    assert (drawn.cmin, drawn.cmax) == (4, 8)
    assert low < 4 < 8 < high
    outside = int(((surface["loss"] < 4) | (surface["loss"] > 8)).sum())
    assert f"{outside} cells beyond 4 to 8, drawn at the end" in subtitle(figure)


def test_with_limits_two_different_surfaces_have_one_scale():
    near, far = measured([lambda a, b: 1 + a**2]), measured([lambda a, b: 10 ** (3 * a)])
    bars = [
        trace(surface.figure("heatmap", limits=(0.001, 1000)), "heatmap").colorbar for surface in (near, far)
    ]
    assert bars[0].tickvals == bars[1].tickvals
    assert bars[0].title.text == bars[1].title.text == "loss (log)"


def test_a_clip_below_the_upper_limit_is_where_heights_end():
    drawn = trace(measured([slope]).figure("surface", "linear", limits=(0, 30), clip=6), "surface")
    assert np.asarray(drawn.z).max() == 6
    assert drawn.cmin == 0 and drawn.cmax == pytest.approx(6 / 0.97)
    above = trace(measured([slope]).figure("surface", "linear", limits=(0, 7), clip=9), "surface")
    assert (above.cmin, above.cmax) == (0, 7)


def test_limits_are_the_ends_of_a_line_s_left_axis_and_accuracy_is_whole():
    figure = line([lambda a: a**2, lambda a: 90 - a]).figure(limits=(0.5, 1))
    assert figure.layout.yaxis.range == (0.5, 1)
    assert figure.layout.yaxis2.range == (0, 100)
    assert np.nanmin(named(figure, "loss").y) == 0.5


@pytest.mark.parametrize("limits", [(1, 1), (2, 1), (0, np.inf), (1,), 5, "ab", (0, "1")])
def test_limits_that_are_none_are_refused(limits):
    with pytest.raises(ValueError, match=r"limits are the lowest and the highest value.*\(0, 5\)"):
        measured([slope]).figure(limits=limits)


@pytest.mark.parametrize("scale", ["linear", "log", "paper"])
def test_levels_are_raw_values_whatever_the_scale(scale):
    figure = measured([lambda a, b: np.exp(3 * a)], 65, 5).figure("contour", scale, levels=(0.5, 2, 7))
    drawn = named(figure, "levels")
    assert list(drawn.meta) == [0.5, 2, 7]
    x = drawn.x[np.isfinite(drawn.x)]
    assert np.unique(x.round(6)) == pytest.approx(np.log([0.5, 2, 7]) / 3, abs=2e-3)


def test_on_a_surface_they_lie_on_the_ground_and_on_the_floor():
    figure = measured([slope], 33, 33).figure("surface", "linear", levels=(3, 9))
    drawn = named(figure, "levels")
    low, high = figure.layout.scene.zaxis.range
    heights = np.unique(drawn.z[np.isfinite(drawn.x)])
    assert heights == pytest.approx([low, 3, 9], abs=0.01 * (high - low))
    assert trace(figure, "surface").contours.z.show is False


def test_levels_outside_the_heights_are_left_out():
    assert list(named(measured([slope]).figure("contour", levels=(-3, 6, 99)), "levels").meta) == [6]
    none = measured([slope]).figure("contour", levels=(99,))
    assert "levels" not in [drawn.name for drawn in none.data]


def test_without_any_they_run_at_round_values_and_bear_their_names():
    figure = measured([slope], 33, 33).figure("contour", "linear")
    assert list(named(figure, "levels").meta) == [0, 2, 4, 6, 8, 10]
    assert set(named(figure, "names of levels").text) <= {"0", "2", "4", "6", "8", "10"}
    assert "10" in named(figure, "names of levels").text


@pytest.mark.parametrize("levels", ["papr", (), (2, 1), (1, np.nan), (1, 1), ("a",)])
def test_levels_that_are_none_are_refused(levels):
    with pytest.raises(ValueError, match=r"levels (are|must be one of) 'auto', 'paper'"):
        measured([slope]).figure("contour", levels=levels)
