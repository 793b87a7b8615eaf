import pytest

from landscape_widget.live.checks import checked
from landscape_widget.live.presets import presets
from landscape_widget.live.request import KINDS
from landscape_widget.paper import as_in_the_paper
from tests.live_cases import CHOICES


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
