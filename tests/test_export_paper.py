"""Is each of the paper's figures drawn as its code draws it: levels, transform, clip, limits, axis text?"""

import numpy as np
import pytest
from export_cases import line, measured, named, path_of, subtitle, trace

PAPER_LEVELS = np.arange(0.1, 10, 0.5)
PCS = {"labels": ["1st PC: 61.2 %", "2nd PC: 15 %"], "batch_norm": "frozen"}
WALK = ((0.6123, 0.2217), (0.608, 0.152))


def bowl(a, b):
    """0 at the origin, 20 in the corners."""
    return 10 * a**2 + 2.5 * b**2


def test_contour_lines_are_at_a_tenth_and_every_half_from_there():
    figure = measured([bowl], 41, 41).figure("contour", preset="paper")
    assert named(figure, "levels").meta == pytest.approx(PAPER_LEVELS)
    assert set(named(figure, "names of levels").text) <= {f"{level:.1f}" for level in PAPER_LEVELS}
    assert trace(figure, "contour").line.width == 0
    assert trace(figure, "contour").colorbar.title.text == "loss"
    assert np.asarray(trace(figure, "contour").z).max() == pytest.approx(20)
    assert "clipped" not in subtitle(figure)


def test_each_contour_line_runs_where_the_loss_has_its_level():
    figure = measured([lambda a, b: 5 + 5 * a], 41, 41).figure("contour", preset="paper")
    drawn = named(figure, "levels")
    x = drawn.x[np.isfinite(drawn.x)]
    assert np.unique((5 + 5 * x).round(9)) == pytest.approx(PAPER_LEVELS)


def test_beside_a_path_there_are_the_powers_of_ten_too():
    path = path_of([[0.5, 0.5], [0, 0]])
    steep = measured([lambda a, b: np.exp(20 * a)], 201, 5).with_path(path)
    figure = steep.figure("contour", preset="paper")
    assert named(figure, "levels").meta == pytest.approx([*PAPER_LEVELS, *10.0 ** np.arange(1, 9)])
    without = steep.with_path(None).figure("contour", preset="paper")
    assert named(without, "levels").meta == pytest.approx(PAPER_LEVELS)


def test_a_path_s_axes_say_the_share_beside_a_random_walk_s_with_two_decimals():
    surface = measured([bowl], settings=PCS).with_path(path_of([[0.5, 0.5], [0, 0]], explained=WALK))
    layout = surface.figure("contour", preset="paper").layout
    assert layout.xaxis.title.text == "1st PC: 61.23 % (random walk: 60.80 %)"
    assert layout.yaxis.title.text == "2nd PC: 22.17 % (random walk: 15.20 %)"
    plain = surface.figure("surface").layout.scene
    assert plain.xaxis.title.text == "1st PC: 61.2 % (random walk: 60.8 %)"
    alone = surface.with_path(path_of([[0.5, 0.5], [0, 0]], explained=(WALK[0], (None, None))))
    assert alone.figure("contour").layout.yaxis.title.text == "2nd PC: 22.2 %"


def test_a_surface_is_the_logarithm_of_loss_plus_a_tenth_cut_off_at_ten():
    surface = measured([bowl])
    figure = surface.figure(preset="paper")
    drawn = trace(figure, "surface")
    assert np.asarray(drawn.z) == pytest.approx(np.log(np.minimum(surface["loss"], 10) + 0.1))
    axis = figure.layout.scene.zaxis
    assert axis.title.text == "loss (ln(value + 0.1))"
    ticks = dict(zip(axis.ticktext, axis.tickvals, strict=True))
    assert ticks["0"] == pytest.approx(np.log(0.1))
    assert ticks["10"] == pytest.approx(np.log(10.1))
    assert f"{int((surface['loss'] > 10).sum())} cells clipped at 10" in subtitle(figure)


def test_what_lies_below_minus_a_tenth_has_no_height_and_is_counted():
    figure = measured([lambda a, b: a]).figure("surface", "paper")
    drawn = np.asarray(trace(figure, "surface").z)
    assert np.isnan(drawn[:, :3]).all() and np.isfinite(drawn[:, 3:]).all()
    assert "15 cells too low for this scale" in subtitle(figure)
    assert set(named(figure, "not finite").text) == {"too low for this scale"}


def test_a_line_has_the_loss_from_0_to_5_left_and_the_accuracy_from_0_to_100_right():
    metrics = [lambda a: 8 * a**2, lambda a: 90 - a, lambda a: 9 * a**2, lambda a: 80 - a]
    figure = line(metrics).figure(preset="paper")
    left, right = figure.layout.yaxis, figure.layout.yaxis2
    assert (left.range, right.range) == ((0, 5), (0, 100))
    assert (left.title.text, right.title.text, right.side) == ("loss", "accuracy, %", "right")
    looks = {curve.name: (curve.line.color, curve.line.dash) for curve in figure.data}
    blue, red = left.title.font.color, right.title.font.color
    assert looks == {
        "loss": (blue, "solid"),
        "test loss": (blue, "dash"),
        "accuracy, %": (red, "solid"),
        "test accuracy, %": (red, "dash"),
    }
    assert np.nanmax(named(figure, "test loss").y) == 5


def test_a_heat_map_is_linear():
    figure = measured([lambda a, b: 10 ** (3 * a)]).figure("heatmap", preset="paper")
    assert trace(figure, "heatmap").colorbar.title.text == "loss"


def test_what_you_give_yourself_stays():
    surface = measured([bowl])
    assert surface.figure("surface", "linear", preset="paper").layout.scene.zaxis.title.text == "loss"
    assert "clipped at 3" in subtitle(surface.figure(preset="paper", clip=3))
    chosen = surface.figure("contour", preset="paper", levels=(1, 2))
    assert list(named(chosen, "levels").meta) == [1, 2]


def test_an_accuracy_is_not_drawn_like_a_loss():
    surface = line([lambda a: a**2, lambda a: 90 - a**2])
    figure = surface.figure(metric="accuracy", preset="paper")
    assert figure.layout.yaxis.range == (0, 100)
    plane = measured([bowl, lambda a, b: 90 - a]).figure(metric="accuracy", preset="paper")
    assert plane.layout.scene.zaxis.title.text == "accuracy, %"


def test_an_unknown_preset_is_refused():
    with pytest.raises(ValueError, match=r"preset must be one of 'paper'; got 'papre'.*'paper'"):
        measured([bowl]).figure(preset="papre")
