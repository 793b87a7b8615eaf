"""Does every kind of picture hold, whatever the values, the options and how little is known?"""

import json

import numpy as np
import pytest
from export_cases import SETTINGS, measured, path_of
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape_widget.export.comparison import comparison_figure

LOSSES = (
    lambda a, b: a + 10 * b,
    lambda a, b: np.exp(4 * a + b),
    lambda a, b: np.where(a > 0.5, np.nan, 1 + a * a),
    lambda a, b: np.where(b > 0.5, np.inf, a),
    lambda a, b: 0 * a,
    lambda a, b: a * np.nan,
    lambda a, b: 1e-300 * np.abs(a),
    lambda a, b: 1e300 * a * a,
)
TO_SCALE = {"is_to_scale": True, "gram": [[1.0, 0.1], [0.1, 4.0]], "is_triangle": True}
OPTIONS = {
    "scale": ["auto", "linear", "log", "paper"],
    "clip": [None, 3, -5],
    "limits": [None, (0, 5), (-3, 2), (1e-3, 1e3)],
    "levels": ["auto", "paper", (0.5, 1, 2)],
    "preset": [None, "paper"],
    "moment": [None, 0, 1, 3],
    "colors": ["cividis", "diverging"],
    "metric": ["loss", "accuracy"],
}


@st.composite
def surfaces(draw, axes):
    functions = [draw(st.sampled_from(LOSSES)), lambda a, b: 90 - a]
    surface = measured(
        functions,
        draw(st.sampled_from([2, 3, 9])),
        draw(st.sampled_from([2, 5])) if axes == 2 else None,
        cells=draw(st.sampled_from([None, 3, 9, 12])),
        count=draw(st.sampled_from([64, 100])),
        settings=draw(st.sampled_from([SETTINGS, {}, TO_SCALE])),
    )
    size = draw(st.integers(0, 4))
    places = draw(st.lists(st.tuples(*[st.floats(-3, 3)] * axes), min_size=size, max_size=size))
    own = draw(st.lists(st.sampled_from([1.0, 1e9, -2.0, np.nan, np.inf]), min_size=size, max_size=size))
    return surface.with_path(path_of(places, [own, own], distances=range(size))) if size else surface


@pytest.mark.parametrize("kind", ["surface", "contour", "heatmap", "line", "along one direction"])
@settings(deadline=None, max_examples=12)
@given(data=st.data())
def test_every_option_gives_a_figure_that_a_browser_can_read(kind, data):
    surface = data.draw(surfaces(1 if kind == "along one direction" else 2))
    kind = "line" if kind == "along one direction" else kind
    options = {name: data.draw(st.sampled_from(values)) for name, values in OPTIONS.items()}
    figure = surface.figure(kind, **options)
    json.loads(figure.to_json(), parse_constant=pytest.fail)
    together = comparison_figure({"A": surface, "B": surface}, kind, **options)
    json.loads(together.to_json(), parse_constant=pytest.fail)
