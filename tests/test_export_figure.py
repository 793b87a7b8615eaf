"""Does a figure show the finest finished level, untransposed and raw to read, and say what it leaves out?"""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from export_cases import measured, subtitle, texts, trace

from landscape_widget.surface.files import load
from landscape_widget.surface.interpolate import surplus
from landscape_widget.surface.patch import Patch
from landscape_widget.values import State

KINDS = ["surface", "contour", "heatmap", "line"]


def asymmetric(a, b):
    return a + 10 * b


def wavy(a, b):
    return np.exp(np.sin(2 * a) + np.cos(b))


def nan_beyond_a_half(a, b):
    return np.where(a > 0.5, np.nan, 1 + a**2 + b**2)


@pytest.mark.parametrize("kind", KINDS[:3])
def test_an_asymmetric_function_is_drawn_untransposed(kind):
    """O20, in the heat map, the contour and the 3-D surface."""
    surface = measured([asymmetric])
    drawn = trace(surface.figure(kind, "linear"), kind)
    assert np.shape(drawn.z) == (5, 7)
    for row, b in enumerate(np.linspace(-2, 2, 5)):
        for column, a in enumerate(np.linspace(-1, 1, 7)):
            assert drawn.x[column] == a
            assert drawn.y[row] == b
            assert drawn.z[row][column] == pytest.approx(a + 10 * b)
            assert drawn.customdata[row][column][0] == pytest.approx(a + 10 * b)


def test_a_line_is_drawn_along_the_first_direction():
    line = measured([lambda a, b: a**3], ny=None).figure()
    assert trace(line, "scatter").x.tolist() == np.linspace(-1, 1, 7).tolist()
    assert trace(line, "scatter").y.tolist() == pytest.approx((np.linspace(-1, 1, 7) ** 3).tolist())


def test_a_plane_is_cut_along_the_row_nearest_to_the_centre():
    figure = measured([asymmetric], ny=6).figure("line")
    assert trace(figure, "scatter").y.tolist() == pytest.approx((np.linspace(-1, 1, 7) - 4).tolist())
    assert subtitle(figure).startswith("cut at direction 2 = −0.4 · 7 of 7 × 6 cells")


@pytest.mark.parametrize("kind", KINDS)
def test_the_finest_finished_level_and_the_ground_between_are_drawn_on_their_true_axes(kind):
    surface = measured([asymmetric], 65, 65, cells=2 + 25 + 30)
    assert surface.level == 0
    figure = surface.figure(kind)
    drawn = figure.data[0]
    assert list(drawn.x) == np.linspace(-1, 1, 17).tolist()
    shape = "5 of 65 × 65 cells" if kind == "line" else "5 × 5 of 65 × 65 cells"
    assert f"{shape} · lighter: interpolated, not measured yet" in subtitle(figure)


def both(figure, kind, part="z"):
    """The lighter trace and the solid one: their colours, or their values."""
    return [getattr(trace, part) for trace in figure.data if trace.type == kind]


def test_interpolated_tiles_are_lighter_and_measured_ones_solid():
    surface = measured([wavy], 17, 17, cells=2 + 81)
    figure = surface.figure("heatmap", "linear")
    light, solid = both(figure, "heatmap")
    assert np.array_equal(np.isfinite(solid), surface.known)
    assert np.array_equal(np.isfinite(light), ~surface.known)
    assert np.asarray(light)[~surface.known] == pytest.approx(surface.interpolated("loss")[~surface.known])
    light, solid = both(figure, "heatmap", "colorscale")
    assert solid[0][1] == "#00204c" and light[0][1] == "#49607f"


@pytest.mark.parametrize("kind", ["surface", "contour"])
def test_a_skin_is_lighter_as_a_whole_and_solid_where_it_is_measured_without_gaps(kind):
    surface = measured([wavy], 9, 9, cells=2 + 25)
    assert len(both(surface.figure(kind), kind)) == 1
    rows = np.arange(0, 9 * 4)
    place = surface.coordinates(rows)
    values, ones = wavy(place[:, 0], place[:, 1])[None], np.ones((1, 36))
    surface = surface.tell(Patch(rows, values, ones, ones.astype(int), np.ones(36, np.uint8)))
    light, solid = both(surface.figure(kind, "linear"), kind)
    assert np.isfinite(light).all()
    assert np.isfinite(np.asarray(solid)[:3]).all() and np.isnan(np.asarray(solid)[3:]).all()


@pytest.mark.parametrize("kind", KINDS[:3])
def test_dots_mark_what_is_measured_while_they_are_few(kind):
    def dots(surface):
        return [len(trace.x) for trace in surface.figure(kind).data if trace.name == "measured"]

    assert dots(measured([wavy], 9, 9, cells=2 + 25)) == [25]
    assert dots(measured([wavy], 9, 9)) == []
    assert dots(measured([wavy], 129, 129, cells=2 + 33**2)) == [33**2]
    assert dots(measured([wavy], 129, 129, cells=2 + 65**2)) == []


def test_interpolated_stretches_of_a_line_are_lighter_below_solid_ones():
    surface = measured([lambda a, b: np.exp(a)], 17, None, cells=2 + 5 + 1)
    light, solid = surface.figure().data[-2:]
    assert light.name == "loss, interpolated" and light.line.color == "#91b8d6"
    assert np.asarray(light.y) == pytest.approx(np.exp(surface.x), rel=1e-3)
    assert np.array_equal(np.isfinite(solid.y), surface.known)
    assert solid.mode == "lines+markers" and len(measured([asymmetric], 17, None).figure().data) == 1


def test_the_ground_keeps_within_the_range_of_its_level():
    cliff = measured([lambda a, b: np.where(a > 0, 100.0, 0.0)], 17, 17, cells=2 + 25)
    heights = np.asarray(trace(cliff.figure(scale="linear"), "surface").z)
    assert cliff.interpolated("loss").max() > 104.1
    assert heights.min() >= -4 - 1e-9 and heights.max() <= 104 + 1e-9


def test_the_subtitle_tells_the_measured_error_of_the_ground():
    surface = measured([wavy, lambda a, b: 50 + a], 17, 17, cells=2 + 81)
    percent = 100 * surplus(surface).worst
    assert 1 < percent <= 1.1
    assert "lighter: interpolation off by at most 1.1 % of the range, measured" in subtitle(surface.figure())
    smooth = measured([lambda a, b: np.exp(a + b)], 17, 17, cells=2 + 81)
    assert "interpolation off by less than 0.01 % of the range" in subtitle(smooth.figure())
    assert "lighter: interpolation of the loss off by" in subtitle(surface.figure(metric="accuracy"))
    assert "lighter" not in subtitle(measured([wavy], 17, 17).figure())


def test_a_preview_is_called_one():
    surface = measured([wavy], 9, 9, count=64)
    preview = replace(surface, samples=100, states=np.full_like(surface.states, State.PREVIEW))
    assert "preview: 64 of 100 samples" in subtitle(preview.figure())


@pytest.mark.parametrize("kind", KINDS)
def test_a_surface_without_a_finished_level_says_so(kind):
    figure = measured([asymmetric], 9, 9, cells=5).figure(kind)
    assert "no level is finished yet" in texts(figure)
    assert subtitle(figure) == "3 of 81 cells known"


@pytest.mark.parametrize("kind", KINDS[:3])
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_cells_that_are_not_finite_are_holes_marked_and_counted(kind, scale):
    surface = measured([nan_beyond_a_half], 9, 5)
    figure = surface.figure(kind, scale)
    heights = np.asarray(trace(figure, kind).z, float)
    gone = surface.x > 0.5
    assert np.isnan(heights[:, gone]).all()
    assert np.isfinite(heights[:, ~gone]).all()
    marks = next(trace for trace in figure.data if trace.name == "not finite")
    assert sorted(zip(marks.x, marks.y, strict=True)) == [(a, b) for a in surface.x[gone] for b in surface.y]
    assert "10 cells not finite" in subtitle(figure)
    assert surface.not_finite("loss") == 10


def test_contour_levels_are_finite_and_inside_the_finite_values():
    drawn = measured([nan_beyond_a_half], 9, 5).figure("contour").data
    levels = next(one.meta for one in drawn if one.name == "levels")
    assert levels and all(1 < level < 6 for level in levels)


def test_a_line_has_gaps_and_marks_where_it_is_not_finite():
    figure = measured([nan_beyond_a_half], 9, None).figure()
    marks, curve = figure.data[0], figure.data[-1]
    assert marks.name == "not finite"
    assert list(marks.x) == [0.75, 1]
    assert np.isnan(curve.y[-2:]).all()
    assert curve.connectgaps is False


def test_a_surface_where_nothing_is_finite_says_what_to_do():
    nothing = measured([lambda a, b: a * np.nan])
    for kind in KINDS:
        assert "every cell is NaN: the loss overflows; try a smaller range" in texts(nothing.figure(kind))
    infinite = measured([lambda a, b: np.full(a.shape, np.inf)]).figure()
    assert infinite.layout.annotations[0].text.startswith("every cell is infinite or NaN")


def test_clipped_cells_are_flat_in_their_own_colour_and_counted():
    surface = measured([lambda a, b: 1 + a**2 + b**2])
    figure = surface.figure(scale="linear", clip=3)
    above = surface["loss"] > 3
    drawn = trace(figure, "surface")
    assert np.asarray(drawn.z)[above] == pytest.approx(3)
    assert np.asarray(drawn.z)[~above] == pytest.approx(surface["loss"][~above])
    share = (np.asarray(drawn.surfacecolor)[above] - drawn.cmin) / (drawn.cmax - drawn.cmin)
    assert share == pytest.approx(1)
    assert drawn.colorscale[-1] == (1.0, "#bcae9e")
    assert f"{above.sum()} cells clipped at 3" in subtitle(figure)
    assert drawn.colorbar.ticktext[-1] == "> 3"


def test_a_clip_above_every_value_changes_nothing():
    surface = measured([asymmetric])
    assert surface.figure(clip=1e6).to_json() == surface.figure().to_json()


@pytest.mark.parametrize("clip", [math.nan, math.inf, "high"])
def test_a_clip_that_is_not_finite_is_refused(clip):
    with pytest.raises(ValueError, match=f"a finite number, or None; got {clip!r}"):
        measured([asymmetric]).figure(clip=clip)


def test_log_is_chosen_past_two_decades_named_on_the_axis_and_ticks_are_raw():
    figure = measured([lambda a, b: 10 ** (2 * a + b / 2)]).figure()
    axis = figure.layout.scene.zaxis
    assert axis.title.text == "loss (log)"
    assert list(trace(figure, "surface").z[2]) == pytest.approx(2 * np.linspace(-1, 1, 7))
    assert dict(zip(axis.ticktext, axis.tickvals, strict=True)) == {"0.01": -2, "1": 0, "100": 2}
    near = measured([lambda a, b: 1 + a**2]).figure()
    assert near.layout.scene.zaxis.title.text == "loss"


def test_zeros_shift_the_logarithm_and_negatives_turn_it_into_asinh():
    zero = measured([lambda a, b: a**2 + b**2]).figure("heatmap", "log")
    assert trace(zero, "heatmap").colorbar.title.text == "loss (log of value + 0.1)"
    assert np.isfinite(np.asarray(trace(zero, "heatmap").z)).all()
    signed = measured([asymmetric]).figure("heatmap", "log")
    assert trace(signed, "heatmap").colorbar.title.text == "loss (asinh, as some are negative)"


def test_signed_values_have_zero_in_the_middle_of_diverging_colours():
    drawn = trace(measured([lambda a, b: a + b + 1]).figure("heatmap", colors="diverging"), "heatmap")
    assert (drawn.zmin, drawn.zmax) == (-4, 4)


def test_a_line_has_loss_left_accuracy_right_train_solid_test_dashed():
    percent = [lambda a, b: 90 - a**2, lambda a, b: 80 - a**2]
    figure = measured(
        [lambda a, b: 1 + a**2, percent[0], lambda a, b: 2 + a**2, percent[1]], ny=None
    ).figure()
    looks = {curve.name: (curve.yaxis, curve.line.dash, curve.line.color) for curve in figure.data}
    assert looks == {
        "loss": ("y", "solid", "#0b62a4"),
        "test loss": ("y", "dash", "#0b62a4"),
        "accuracy, %": ("y2", "solid", "#b35900"),
        "test accuracy, %": ("y2", "dash", "#b35900"),
    }
    assert figure.layout.yaxis.title.text == "loss"
    assert figure.layout.yaxis2.title.text == "accuracy, %"
    assert (figure.layout.yaxis2.side, figure.layout.yaxis2.ticktext[-1]) == ("right", "100")
    assert figure.layout.yaxis.title.font.color == "#0b62a4"


def test_a_line_on_a_subset_has_an_error_band():
    figure = measured([lambda a, b: 1 + a**2], ny=None, count=64).figure("line", "linear")
    band = next(curve for curve in figure.data if curve.fill == "toself")
    error = 0.5 * np.sqrt(1 - 0.64)
    loss = 1 + np.linspace(-1, 1, 7) ** 2
    assert band.y[:7] == pytest.approx(loss + error)
    assert band.y[7:][::-1] == pytest.approx(np.maximum(loss - error, figure.layout.yaxis.range[0]))
    everything = measured([lambda a, b: 1 + a**2], ny=None, count=100).figure()
    assert not any(curve.fill for curve in everything.data)


def test_the_subtitle_tells_level_samples_error_and_batch_norm():
    subset = measured([asymmetric], count=64, error=0.01).figure()
    assert subtitle(subset) == "7 × 5 cells · 64 of 100 samples ± 0.006 · BatchNorm frozen"
    unknown = measured([asymmetric], count=64, error=np.nan).figure()
    assert "64 of 100 samples ± ?" in subtitle(unknown)
    assert "all 100 samples" in subtitle(measured([asymmetric]).figure())


def test_a_flat_surface_says_how_flat():
    figure = measured([lambda a, b: 2 + 1e-7 * a]).figure()
    assert "flat to within 2 × 10⁻⁷" in subtitle(figure)
    assert np.diff(figure.layout.scene.zaxis.range) > 0.1


@pytest.mark.parametrize(
    ("third", "rotation", "unit"),
    [
        ("random", 30, "filter-normalized steps"),
        ("gradient", 30, "steps"),
        ("random, layer", 90, "layer-normalized steps"),
    ],
)
def test_an_axis_turned_towards_another_kind_of_direction_is_in_steps(third, rotation, unit):
    settings = {
        "labels": ["−gradient", "random, seed 0, turned"],
        "normalization": "filter",
        "directions": [{"key": "gradient"}, {"key": "random"}],
        "third": {"key": third},
        "rotation": rotation,
    }
    title = measured([asymmetric], settings=settings).figure("contour").layout.yaxis.title.text
    assert title.endswith(f"({unit})")


def test_axes_say_the_direction_and_text_is_never_markup():
    flat = measured([asymmetric]).figure("contour").layout
    assert flat.xaxis.title.text == "direction 1: random, seed 0<br>(filter-normalized steps)"
    assert flat.yaxis.title.text == "direction 2: towards &lt;b&gt;"
    assert measured([asymmetric], settings={}).figure("contour").layout.xaxis.title.text == "direction 1"
    space = measured([asymmetric]).figure("surface").layout.scene
    assert space.yaxis.title.text == "direction 2: towards <\u200bb>"  # letter by letter, and no tag
    named = measured([asymmetric], settings={"name": "a <i> b"}).figure()
    assert named.layout.title.text == "a &lt;i&gt; b: loss"


@pytest.mark.parametrize("kind", KINDS)
def test_labelled_points_within_the_picture_are_shown(kind):
    figure = measured([asymmetric]).figure(kind)
    if kind == "line":
        shown = texts(figure)
    else:
        shown = list(next(trace for trace in figure.data if trace.name == "centre").text)
    assert shown == ["your network"]


def test_heights_may_be_exaggerated():
    surface = measured([asymmetric])
    plain, high = (surface.figure(height=height).layout.scene.aspectratio for height in (1, 3))
    assert (high.x, high.y, high.z) == (plain.x, plain.y, 3 * plain.z)
    with pytest.raises(ValueError, match=r"from 0.25 to 4; got nan"):
        surface.figure(height=float("nan"))


def test_a_saved_surface_looks_the_same(tmp_path):
    surface = measured([nan_beyond_a_half], count=64)
    again = load(surface.save(tmp_path / "run"))
    for kind in KINDS:
        assert again.figure(kind, clip=3).to_json() == surface.figure(kind, clip=3).to_json()


def test_a_figure_is_valid_json():
    figure = measured([nan_beyond_a_half], count=64).figure()
    assert json.loads(figure.to_json(), parse_constant=pytest.fail)["data"][0]["type"] == "surface"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"kind": "surfce"}, "kind must be one of .*got 'surfce'. Did you mean 'surface'"),
        ({"scale": "lin"}, "scale must be one of .*got 'lin'. Did you mean 'linear'"),
        ({"colors": "viridus"}, "colors must be one of .*Did you mean 'viridis'"),
        ({"metric": "acuracy"}, "one of 'loss', 'accuracy'; got 'acuracy'. Did you mean 'accuracy'"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_option_is_refused_with_the_nearest(kind, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        measured([asymmetric, asymmetric]).figure(**({"kind": kind} | options))


def test_a_line_is_no_surface():
    with pytest.raises(
        ValueError, match=r"one direction is drawn as a line; got kind 'contour'. Leave kind out"
    ):
        measured([asymmetric], ny=None).figure("contour")
