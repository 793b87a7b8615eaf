import pytest

from landscape_widget.live.checks import checked
from landscape_widget.live.presets import presets
from landscape_widget.live.request import KINDS
from landscape_widget.paper import as_in_the_paper
from tests.live_cases import CHOICES
from tests.test_widget import page_says, slope, widget  # noqa: F401


@pytest.mark.parametrize(
    ("kind", "scale", "levels", "clip", "limits"),
    [
        ("surface", "paper", "auto", 10.0, None),
        ("contour", "linear", "paper", None, None),
        ("heatmap", "linear", "auto", None, None),
        ("line", "linear", "auto", None, (0.0, 5.0)),
    ],
)
def test_each_kind_is_drawn_as_in_the_paper(kind, scale, levels, clip, limits):
    assert as_in_the_paper(kind) == {"scale": scale, "levels": levels, "clip": clip, "limits": limits}


def test_every_kind_has_its_picture_in_the_paper():
    for kind in KINDS:
        for name, value in as_in_the_paper(kind).items():
            assert checked(name, value, CHOICES) == value


def test_views_of_a_trajectory_are_offered_with_one():
    assert [preset.key for preset in presets({"random", "gradient"})] == ["paper"]
    keys = [preset.key for preset in presets({"random", "gradient", "start", "principal 0"})]
    assert keys[1:] == [
        "principal components",
        "two random axes",
        "start and random",
        "start and random, zoomed",
    ]
    begun = [preset.key for preset in presets({"random", "gradient", "principal 0"})]
    assert begun == ["paper", "principal components", "two random axes"]


def test_the_random_axes_of_figure_8_are_two_different_ones():
    (axes,) = (
        p.changes["directions"] for p in presets({"random", "principal 0"}) if p.key == "two random axes"
    )
    assert [axis["seed"] for axis in axes] == [0, 1]


def test_a_preset_of_ones_own_is_offered_and_set_by_its_name(widget):  # noqa: F811
    widget.add_preset("for slides", kind="contour", scale="log", x=[-2, 2])
    (told,) = [preset for preset in widget.choices["presets"] if preset["key"] == "for slides"]
    assert told["changes"] == {"kind": "contour", "scale": "log", "x": (-2.0, 2.0)} and not told["fits"]
    assert told["hint"] == "Sets kind, scale, x."
    widget.preset("for slides")
    assert (widget.kind, widget.scale, widget.x) == ("contour", "log", (-2.0, 2.0))
    page_says(widget, kind="preset", key="paper")
    page_says(widget, kind="preset", key="for slides")
    assert widget.scale == "log"


@pytest.mark.parametrize(
    ("key", "view", "sentence"),
    [
        ("paper", {"kind": "contour"}, "a text of its own, not taken by another; got 'paper'"),
        ("", {"kind": "contour"}, "a text of its own, not taken by another; got ''"),
        ("mine", {}, "A preset sets something, such as .*; 'mine' got nothing to set"),
        ("mine", {"knd": "contour"}, "what a preset sets must be one of .*Did you mean 'kind'"),
        ("mine", {"kind": "contur"}, "kind must be one of .*Did you mean 'contour'"),
    ],
)
def test_what_makes_no_preset_is_refused(widget, key, view, sentence):  # noqa: F811
    with pytest.raises(ValueError, match=sentence):
        widget.add_preset(key, **view)
