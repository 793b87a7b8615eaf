"""Do the named places of a picture stand where they are, and keep quiet where they are none?"""

from dataclasses import replace

import numpy as np
import pytest
from export_cases import measured, named, path_of

from landscape_widget.export.landmarks import landmarks
from landscape_widget.export.scene import create_scene
from landscape_widget.export.view import View


def valley(a, b):
    return 1 + (a - 0.5) ** 2 + (b + 1) ** 2


def marks(surface, metric="loss"):
    return {mark.kind: mark for mark in landmarks(create_scene(surface, View(metric)))}


def test_the_lowest_cell_is_told_with_its_value_its_place_and_that_it_is_one_of_the_grid():
    lowest = marks(measured([valley], 5, 5))["lowest"]
    assert (lowest.value, lowest.coordinates) == (1.0, (0.5, -1.0))
    assert lowest.label == "minimum found: 1\nat (0.5, −1), on the grid"


@pytest.mark.parametrize("kind", ["surface", "contour", "heatmap"])
def test_each_kind_of_landmark_has_a_shape_of_its_own(kind):
    figure = measured([valley], 5, 5).figure(kind)
    centre, lowest = named(figure, "centre"), named(figure, "lowest")
    assert centre.marker.symbol != lowest.marker.symbol
    assert list(centre.text) == ["your network"]
    assert (list(lowest.x), list(lowest.y)) == ([0.5], [-1.0])


def test_it_is_not_told_where_it_is_the_network_itself():
    assert "lowest" not in marks(measured([lambda a, b: a**2 + b**2], 5, 5))


@pytest.mark.parametrize(("error", "told"), [(1.0, True), (3.0, False)])
def test_it_is_not_told_where_it_is_lower_by_less_than_its_error(error, told):
    surface = measured([valley], 5, 5, count=50, error=error)
    assert ("lowest" in marks(surface)) is told


def test_it_is_not_told_of_a_share_in_percent():
    surface = measured([valley, lambda a, b: 50 - a], 5, 5)
    assert "lowest" not in marks(surface, "accuracy")


def test_it_is_not_told_of_what_float32_rounds_away():
    assert "lowest" not in marks(measured([lambda a, b: 1e6 + 1e-3 * a], 5, 5))


def test_along_a_line_it_has_one_coordinate():
    assert marks(measured([lambda a, _: (a - 0.5) ** 2], 5, None))["lowest"].label.endswith(
        "at 0.5, on the grid"
    )


def test_not_finite_and_unknown_cells_are_never_the_lowest():
    holed = measured([lambda a, b: np.where(a > 0.4, np.nan, valley(a, b))], 5, 5)
    assert marks(holed)["lowest"].coordinates == (0.0, -1.0)
    assert "lowest" not in marks(measured([lambda a, b: a * np.nan], 5, 5))


def test_names_do_not_lie_on_each_other():
    near = measured([lambda a, b: (a - 0.1) ** 2 + b**2], 21, 21)
    far = measured([valley], 21, 21)
    assert named(near.figure("contour"), "lowest").textposition == ("bottom center",)
    assert named(far.figure("contour"), "lowest").textposition == ("top center",)
    low = measured([lambda a, b: (a + 0.9) ** 2 + (b - 1.9) ** 2], 21, 21)
    assert named(low.figure("contour"), "lowest").textposition == ("bottom right",)


def test_names_give_way_to_a_path_that_comes_from_above():
    surface = measured([lambda a, b: a**2 + b**2], 5, 5)
    for up, side in (1.0, "bottom center"), (-1.0, "top center"):
        walked = replace(surface, path=path_of([[0.3, up], [0.1, up / 2], [0.0, 0.0]]))
        assert named(walked.figure("contour"), "centre").textposition == (side,)


def test_the_ends_of_training_are_named_unless_the_network_is_there():
    path = path_of([[-0.8, 1.5], [-0.2, 0.5], [0.0, 0.0]], [3.0, 2.0, 1.0])
    surface = replace(measured([valley], 5, 5), path=path)
    ends = [mark for mark in landmarks(create_scene(surface, View())) if mark.kind == "end of a path"]
    assert [(end.label, end.coordinates, end.value) for end in ends] == [
        ("start of training", (-0.8, 1.5), 3.0)
    ]
