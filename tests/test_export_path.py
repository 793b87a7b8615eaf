"""Is a trajectory where it was, at its own loss, and does it say when, and how far from the plane?"""

import numpy as np
import pytest
from export_cases import line, measured, named, path_of, subtitle, texts

from landscape_widget.export import colors
from landscape_widget.facts import Point

PLACES = [[-0.8, 1.5], [-0.4, 1.0], [0.0, 0.5], [0.0, 0.0]]


def bowl(a, b):
    return 1 + a**2 + b**2


def plane(**changes):
    return measured([bowl], 33, 33).with_path(path_of(PLACES, **changes))


def checkpoints(figure):
    return named(figure, "checkpoints")


@pytest.mark.parametrize("kind", ["contour", "heatmap", "surface"])
def test_every_checkpoint_is_at_its_coordinates_and_joined_by_a_line(kind):
    figure = plane().figure(kind)
    for drawn in checkpoints(figure), named(figure, "path"):
        assert list(drawn.x) == [place[0] for place in PLACES]
        assert list(drawn.y) == [place[1] for place in PLACES]


def test_colour_goes_from_light_to_dark_and_is_red_where_the_learning_rate_drops():
    marker = checkpoints(plane(rates=[0.1, 0.1, 0.01, 0.01]).figure("contour")).marker
    assert list(marker.color) == [
        colors.EARLY,
        colors.mix(colors.EARLY, colors.LATE, 1 / 3),
        colors.DROP,
        colors.LATE,
    ]
    assert marker.size[2] == marker.size[1] + 3


def test_a_halo_grows_with_the_distance_from_the_plane():
    halos = named(plane(distances=[0, 1, 2, 4]).figure("contour"), "distance from the plane").marker.size
    dots = checkpoints(plane().figure("contour")).marker.size
    assert halos[0] == 0
    assert np.diff(halos[1:]) == pytest.approx([7.5, 15])
    assert halos[3] == dots[3] + 30


def test_in_space_a_checkpoint_stands_at_its_own_loss_on_a_stalk_from_the_ground():
    own = [4.0, 1.2, 2.0, 1.0]
    figure = plane(values=own).figure("surface", "linear")
    assert checkpoints(figure).z == pytest.approx(own)
    stalks = named(figure, "stalks").z.reshape(4, 3)
    assert stalks[:, 0] == pytest.approx(own)
    assert stalks[:, 1] == pytest.approx([bowl(a, b) for a, b in PLACES], abs=0.02)
    assert np.isnan(stalks[:, 2]).all()


def test_a_checkpoint_that_is_not_measured_lies_on_the_ground_and_a_diverged_one_at_the_top():
    figure = plane(values=[np.inf, np.nan, 2.0, 1.0], known=[True, False, True, True]).figure(
        "surface", "linear"
    )
    top = bowl(1, 2)
    assert checkpoints(figure).z == pytest.approx([top, 2.16, 2, 1], abs=0.02)
    assert "loss ∞" in checkpoints(figure).text[0]
    assert "loss not measured yet" in checkpoints(figure).text[1]


def test_a_checkpoint_far_better_than_the_ground_stands_on_the_floor_in_sight():
    figure = plane(values=[4.0, 3.0, 2.0, 1e-9]).figure("surface", "log")
    floor = figure.layout.scene.zaxis.range[0]
    assert checkpoints(figure).z[3] == pytest.approx(floor)
    assert "loss 10⁻⁹" in checkpoints(figure).text[3]


def test_one_can_read_when_how_fast_its_loss_the_ground_and_the_distance():
    surface = plane(values=[4.0, 3.0, 2.0, 1.5], distances=[0, 1, 2, 4])
    assert checkpoints(surface.figure("contour")).text[3] == (
        "epoch 3<br>step 300<br>learning rate 0.1<br>loss 1.5<br>ground below 1<br>"
        "4 from the plane, in weights"
    )
    assert checkpoints(plane(epochs=False).figure("contour")).text[1].startswith("step 100<br>")


def test_a_moment_draws_the_first_checkpoints_only():
    surface = plane(rates=[0.1, 0.1, 0.1, 0.01])
    figure = surface.figure("contour", moment=2)
    assert list(checkpoints(figure).x) == [-0.8, -0.4]
    assert "2 of 4 checkpoints, epoch 0 to 1, light to dark" in subtitle(figure)
    assert "learning rate" not in subtitle(figure)
    assert "checkpoints" not in [trace.name for trace in surface.figure("contour", moment=0).data]
    assert len(checkpoints(surface.figure("contour", moment=99)).x) == 4
    whole = checkpoints(surface.figure("contour")).marker.color
    assert checkpoints(figure).marker.color == whole[:2]


@pytest.mark.parametrize("moment", [-1, 1.5, "last", True])
def test_a_moment_that_counts_nothing_is_refused(moment):
    with pytest.raises(ValueError, match=f"moment counts checkpoints from 0.*got {moment!r}"):
        plane().figure("contour", moment=moment)


def test_the_subtitle_tells_how_many_since_when_what_is_red_and_how_many_lie_outside():
    surface = measured([bowl]).with_path(path_of([[-9, 0], [-3, 3], [0, 0]], rates=[0.1, 0.1, 0.001]))
    said = subtitle(surface.figure("contour"))
    assert "3 checkpoints, epoch 0 to 2, light to dark" in said
    assert "red: the learning rate drops · 2 outside" in said
    by_step = measured([bowl]).with_path(path_of([[0, 0], [0.1, 0]], epochs=False)).figure("contour")
    assert "2 checkpoints, step 0 to 100" in subtitle(by_step)


def test_outside_the_picture_there_is_no_ground_and_no_stalk():
    surface = measured([bowl]).with_path(path_of([[-9, 0], [0, 0]], values=[3, 1]))
    figure = surface.figure("surface")
    assert np.isnan(named(figure, "stalks").z[:2]).all()
    assert "ground" not in checkpoints(figure).text[0]


def test_along_a_line_a_checkpoint_stands_at_its_own_loss_too():
    surface = line([lambda a: 1 + a**2]).with_path(path_of([[1.2], [0.5], [0.0]], [4.0, 2.0, 1.0]))
    figure = surface.figure(scale="linear")
    assert list(checkpoints(figure).x) == [1.2, 0.5, 0]
    assert list(checkpoints(figure).y) == [4, 2, 1]
    assert "from the line, in weights" in checkpoints(figure).text[0]


def test_a_cut_through_a_plane_has_no_path():
    assert "checkpoints" not in [trace.name for trace in plane().figure("line").data]


def triangle(**settings):
    surface = measured([bowl], 33, 33, settings=settings)
    corners = [("origin", (0.0, 0.0)), ("B", (1.0, 0.0)), ("C", (0.4, 1.0))]
    points = tuple(Point(label, place) for label, place in corners)
    padded = {
        name: np.concatenate([getattr(surface, name)[..., : surface.grid.size], extra], axis=-1)
        for name, extra in (
            ("values", np.array([[1.0, 2.0, 2.16]])),
            ("errors", np.zeros((1, 3))),
            ("counts", np.full((1, 3), 100)),
            ("states", np.ones(3, np.uint8)),
        )
    }
    return type(surface)(
        surface.grid, surface.metrics, points, surface.samples, **padded, settings=dict(settings)
    )


@pytest.mark.parametrize("kind", ["contour", "surface"])
def test_three_models_are_the_corners_of_a_triangle(kind):
    sides = named(triangle(is_triangle=True).figure(kind, "linear"), "triangle")
    places = set(zip(np.round(sides.x, 9), np.round(sides.y, 9), strict=True))
    assert {(0, 0), (1, 0), (0.4, 1)} <= places
    assert (sides.x[0], sides.y[0]) == (sides.x[-1], sides.y[-1]) == (0, 0)
    if kind == "surface":
        assert sides.z == pytest.approx(1 + sides.x**2 + sides.y**2, abs=0.1)
    assert "triangle" not in [trace.name for trace in triangle().figure(kind).data]


def test_a_plane_to_scale_has_one_scale_for_lengths_in_weights():
    gram = [[4.0, 0.0], [0.0, 9.0]]
    to_scale = triangle(is_to_scale=True, gram=gram).figure("contour").layout.yaxis
    assert to_scale.scaleratio == pytest.approx(1.5)
    assert triangle(gram=gram).figure("contour").layout.yaxis.scaleratio == 1
    space = triangle(is_to_scale=True, gram=gram).figure("surface").layout.scene.aspectratio
    assert space.y / space.x == pytest.approx(4 * 3 / (2 * 2))


def test_text_of_labels_is_never_markup():
    surface = measured([bowl], settings={"labels": ["<i>st PC: 1", "b"]})
    surface = surface.with_path(path_of(PLACES, explained=((0.5, None), (None, None))))
    assert surface.figure("contour").layout.xaxis.title.text == "&lt;i&gt;st PC: 50 %"
    assert texts(surface.figure("contour")) == []
