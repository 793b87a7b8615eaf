"""Do several landscapes stand side by side on one scale, and only where that is honest?"""

import numpy as np
import pytest
from export_cases import SETTINGS, line, measured, named, path_of, subtitle, texts

from landscape_widget.export.comparison import comparison_figure, refuse_shared_scale

RANDOM = SETTINGS | {
    "labels": ["random, seed 0", "random, seed 1"],
    "directions": [{"key": "random", "seed": 0, "normalization": None}] * 2,
}


def flat(a, b):
    return 1 + a**2 + b**2


def steep(a, b):
    return 1 + 10 * a**2 + b**2


def two(**settings):
    return {
        "with skips": measured([flat], settings=RANDOM),
        "without": measured([steep], settings=RANDOM | settings),
    }


def of_kind(figure, kind):
    return [trace for trace in figure.data if trace.type == kind]


@pytest.mark.parametrize("kind", ["contour", "heatmap"])
def test_all_have_the_same_colours_and_one_bar(kind):
    first, second = of_kind(comparison_figure(two(), kind), kind)
    assert (first.zmin, first.zmax) == (second.zmin, second.zmax) == (1, 15)
    assert [first.showscale, second.showscale] == [True, False]
    assert first.colorbar.x == 1


def test_in_space_all_have_the_same_heights_and_camera():
    figure = comparison_figure(two(), "surface")
    first, second = of_kind(figure, "surface")
    assert (first.cmin, first.cmax) == (second.cmin, second.cmax) == (1, 15)
    scenes = figure.layout.scene, figure.layout.scene2
    assert scenes[0].zaxis.range == scenes[1].zaxis.range
    assert scenes[0].camera == scenes[1].camera
    assert scenes[0].domain.x[1] < scenes[1].domain.x[0]
    assert (first.scene, second.scene) == ("scene", "scene2")


def test_lines_share_their_axes_draws_and_test_data_included():
    mild = line([lambda a: a**2, lambda a: 90 - a, lambda a: 1 + a**2])
    wild = line([lambda a: 4 * a**2, lambda a: 90 - a, lambda a: 2 + 4 * a**2])
    figure = comparison_figure({"mild": mild, "wild": wild})
    layout = figure.layout
    assert layout.yaxis.range == layout.yaxis3.range == pytest.approx((0, 11))
    assert layout.yaxis2.range == layout.yaxis4.range == (0, 100)
    assert (layout.yaxis2.overlaying, layout.yaxis4.overlaying) == ("y", "y3")
    named_once = [trace.name for trace in figure.data if trace.showlegend]
    assert sorted(named_once) == ["accuracy, %", "loss", "test loss"]


def test_a_preset_of_the_paper_holds_for_all():
    figure = comparison_figure(two(), "contour", preset="paper")
    for levels in (trace for trace in figure.data if trace.name == "levels"):
        assert set(levels.meta) <= set(np.round(np.arange(0.1, 10, 0.5), 1))
    lines = {"A": line([lambda a: a**2]), "B": line([lambda a: 9 * a**2])}
    layout = comparison_figure(lines, preset="paper").layout
    assert layout.yaxis.range == layout.yaxis3.range == (0, 5)


def test_without_sharing_each_has_its_own_range_and_bar():
    first, second = of_kind(comparison_figure(two(), shared=False), "contour")
    assert (first.zmax, second.zmax) == (6, 15)
    assert first.showscale and second.showscale
    assert first.colorbar.x < second.colorbar.x


def test_differing_members_are_refused_a_shared_scale_unless_one_insists():
    members = two(batch_norm="reestimate", normalization="none")
    sentence = (
        r"these differ in normalization: filter for 'with skips', none for 'without'; "
        r"BatchNorm: frozen for 'with skips', re-estimated for 'without'\. Compute them alike"
    )
    with pytest.raises(ValueError, match=sentence + ".*pass insist=True"):
        comparison_figure(members)
    with pytest.raises(ValueError, match=sentence):
        refuse_shared_scale(members)
    first, second = of_kind(comparison_figure(members, insist=True), "contour")
    assert first.zmax == second.zmax
    assert len(of_kind(comparison_figure(members, shared=False), "contour")) == 2


def test_samples_count_too():
    members = {"A": measured([flat], count=64), "B": measured([flat], count=100)}
    with pytest.raises(ValueError, match="samples: 64 for 'A', 100 for 'B'"):
        refuse_shared_scale(members)
    assert refuse_shared_scale({"A": measured([flat]), "B": measured([steep])}) is None


def test_pairs_are_rows_and_columns_with_their_names():
    surface = measured([flat])
    members = {("depth 20", "k = 1"): surface, ("depth 20", "k = 2"): surface, ("depth 56", "k = 2"): surface}
    figure = comparison_figure(members)
    assert {"<b>depth 20</b>", "<b>depth 56</b>", "<b>k = 1</b>", "<b>k = 2</b>"} <= set(texts(figure))
    x = [figure.layout[f"xaxis{n}"].domain for n in ("", "2", "3")]
    y = [figure.layout[f"yaxis{n}"].domain for n in ("", "3", "5")]
    assert x[1] == x[2] and x[0][1] < x[1][0]
    assert y[0] == y[1] and y[2][1] < y[0][0]


def test_plain_titles_flow_in_columns_and_stand_above():
    surface = measured([flat])
    figure = comparison_figure({title: surface for title in "ABCDE"}, columns=2)
    assert [f"<b>{title}</b>" for title in "ABCDE"] == texts(figure)
    assert figure.layout.xaxis5.domain == figure.layout.xaxis.domain
    assert figure.layout.yaxis9.domain[1] < figure.layout.yaxis5.domain[0]
    assert figure.layout.height > figure.layout.width


def test_titles_of_axes_are_at_the_outer_edges_only():
    surface = measured([flat])
    layout = comparison_figure({title: surface for title in "ABCD"}, columns=2).layout
    across = [layout[f"xaxis{n}"].title.text for n in ("", "2", "3", "4")]
    up = [layout[f"yaxis{n}"].title.text for n in ("", "3", "5", "7")]
    assert [bool(text) for text in across] == [False, False, True, True]
    assert [bool(text) for text in up] == [True, False, True, False]


def test_titles_that_differ_stand_at_each_of_them():
    surfaces = [
        measured([flat], settings=RANDOM | {"labels": ["random, seed 0", f"random, seed {seed}"]})
        for seed in (1, 2, 1, 1)
    ]
    layout = comparison_figure(dict(zip("ABCD", surfaces, strict=True)), columns=2, insist=True).layout
    across = [bool(layout[f"xaxis{n}"].title.text) for n in ("", "2", "3", "4")]
    up = [bool(layout[f"yaxis{n}"].title.text) for n in ("", "3", "5", "7")]
    assert across == [False, False, True, True]
    assert up == [True, True, True, False]


def test_names_stand_in_the_middle_of_their_rows_and_columns():
    marks = comparison_figure({("a row", "one"): measured([flat]), ("a row", "two"): measured([flat])}).layout
    row, one = (
        next(mark for mark in marks.annotations if mark.text == name)
        for name in ("<b>a row</b>", "<b>one</b>")
    )
    assert row.y == pytest.approx(sum(marks.yaxis.domain) / 2) and row.yanchor == "middle"
    assert one.x == pytest.approx(sum(marks.xaxis.domain) / 2) and one.xanchor == "center"


def test_names_of_columns_stand_above_however_much_is_said_below_them():
    def placed(about):
        members = {("a row", title): surface for title, surface in two(batch_norm="reestimate").items()}
        figure = comparison_figure(members, about={("a row", "without"): about}, insist=True)
        (name,) = (mark for mark in figure.layout.annotations if mark.text == "<b>without</b>")
        return name.yshift, figure.layout.margin.t

    (one_line, margin), (two_lines, larger) = (
        placed("bs 16"),
        placed("what wouldn't fit beside anything else"),
    )
    assert two_lines - one_line == larger - margin > 0


def test_what_is_true_of_all_stands_above_and_what_of_one_beside_it():
    members = two(batch_norm="reestimate")
    figure = comparison_figure(members, insist=True)
    assert subtitle(figure) == "7 × 5 cells · all 100 samples"
    assert "BatchNorm re-estimated" in texts(figure)[1]
    assert figure.layout.title.text == "loss"


def test_what_the_user_knows_of_a_member_stands_under_its_title():
    figure = comparison_figure(two(), about={"without": "wd <5e-4> · bs 128"})
    first, second = texts(figure)
    assert first == "<b>with skips</b>"
    assert second.startswith("<b>without</b><br>") and "wd &lt;5e-4&gt; · bs 128" in second


def test_the_one_bar_says_where_any_of_them_is_cut_off():
    figure = comparison_figure(two(), "heatmap", clip=8)
    first, second = of_kind(figure, "heatmap")
    assert first.colorbar.ticktext[-1] == "> 8"
    assert np.asarray(first.z).max() < 8 < np.asarray(second.z).max()


def test_each_member_has_its_own_marks():
    members = {title: measured([flat]).with_path(path_of([[0, n], [0, 0]])) for n, title in enumerate("AB")}
    drawn = [trace for trace in comparison_figure(members).data if trace.name == "checkpoints"]
    assert [(trace.xaxis, trace.yaxis) for trace in drawn] == [("x", "y"), ("x2", "y3")]
    models = (("origin", 0.0), ("other", 1.0))
    barriers = comparison_figure({t: line([lambda a: a * (1 - a)], points=models) for t in "AB"})
    marks = [mark for mark in barriers.layout.annotations if mark.text.startswith("barrier")]
    assert [(mark.xref, mark.yref) for mark in marks] == [("x", "y"), ("x2", "y3")]
    assert {shape.xref for shape in barriers.layout.shapes} == {"x", "x2"}


def test_the_same_surface_twice_looks_the_same():
    surface = measured([steep])
    first, second = of_kind(comparison_figure({"A": surface, "B": surface}), "contour")
    assert np.array_equal(first.z, second.z)
    assert (first.zmin, first.zmax, first.contours) == (second.zmin, second.zmax, second.contours)


def test_an_unfinished_member_says_so_in_its_place():
    members = {"A": measured([flat]), "B": measured([flat], 9, 9, cells=3)}
    assert "no level is finished yet" in texts(comparison_figure(members))


@pytest.mark.parametrize(
    ("members", "options", "sentence"),
    [
        ({}, {}, "A comparison needs surfaces; got none"),
        (
            {("a", "b"): measured([flat]), "c": measured([flat])},
            {},
            r"or none is; got 'c' beside \('a', 'b'\)",
        ),
        ({"A": measured([flat])}, {"columns": 0}, "1 or more; got 0"),
        ({"A": measured([flat])}, {"metric": "los"}, "'A': .*got 'los'. Did you mean 'loss'"),
        (
            {"A": measured([flat]), "B": line([np.cos])},
            {"kind": "contour"},
            "'B': A surface with one direction is drawn as a line",
        ),
        ({"A": measured([flat])}, {"kind": "weights"}, "kind must be one of"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(members, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        comparison_figure(members, **options)


def test_a_hole_is_marked_in_its_own_picture():
    holed = measured([lambda a, b: np.where(a > 0, np.nan, a)])
    assert named(comparison_figure({"A": measured([flat]), "B": holed}), "not finite").xaxis == "x2"
