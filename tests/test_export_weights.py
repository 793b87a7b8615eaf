"""Are the panels of figure 2 there: how large the weights of both ends are, and ‖θ‖ along training?"""

from dataclasses import replace

import numpy as np
import pytest
from export_cases import line, named, path_of

from landscape_widget.export import colors
from landscape_widget.facts import Histogram

EDGES = np.linspace(-1, 1, 5)
BOTH = (
    Histogram("origin", EDGES, np.array([1, 4, 5, 2]), 31.3),
    Histogram("<b>large</b>", EDGES, np.array([0, 6, 6, 0]), 12.0),
)


def weights(histograms=BOTH, path=None, **settings):
    surface = line([lambda a: a**2], settings=settings)
    return replace(surface, histograms=histograms).with_path(path)


def test_each_model_has_an_outline_with_its_norm():
    figure = weights().figure("weights")
    drawn = named(figure, "origin: ‖θ‖ = 31.3")
    assert drawn.x.tolist() == np.repeat(EDGES, 2).tolist()
    assert drawn.y.tolist() == [0, 1, 1, 4, 4, 5, 5, 2, 2, 0]
    assert named(figure, "&lt;b&gt;large&lt;/b&gt;: ‖θ‖ = 12").line.color != drawn.line.color
    assert figure.layout.xaxis.title.text == "weight"
    assert figure.layout.yaxis.title.text == "number of weights"


def test_the_norm_runs_along_training_with_its_drops():
    path = path_of([[0.3], [0.2], [0.0]], rates=[0.1, 0.1, 0.01])
    figure = weights((), path).figure("weights")
    drawn = named(figure, "‖θ‖ along training")
    assert (list(drawn.x), list(drawn.y)) == ([0, 1, 2], [10, 11, 12])
    assert figure.layout.xaxis.title.text == "epoch"
    (drop,) = figure.layout.shapes
    assert (drop.x0, drop.x1, drop.line.color) == (2, 2, colors.DROP)
    by_step = weights((), path_of([[0.3], [0.0]], epochs=False)).figure("weights")
    assert by_step.layout.xaxis.title.text == "step"


def test_both_stand_side_by_side():
    figure = weights(BOTH, path_of([[0.3], [0.0]])).figure("weights")
    assert figure.layout.xaxis.domain[1] < figure.layout.xaxis2.domain[0]
    assert named(figure, "‖θ‖ along training").xaxis == "x2"


def test_the_name_is_in_the_title():
    assert weights(name="a <i>").figure("weights").layout.title.text == "a &lt;i&gt;: weights"


def test_a_surface_without_either_says_so():
    with pytest.raises(ValueError, match=r"There are no weights to draw: .* got neither"):
        weights(()).figure("weights")
