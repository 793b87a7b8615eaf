import json
from dataclasses import replace

import numpy as np
import pytest

from landscape_widget.live.checks import checked
from landscape_widget.live.request import DirectionChoice, request_of
from landscape_widget.surface.grid import Axis
from tests.live_cases import CHOICES, TRAITS


def axis(key, seed, normalization=None):
    return {"key": key, "seed": seed, "normalization": normalization}


EYE = {"eye": {"x": 1.0, "y": -1.0, "z": 0.5}}


@pytest.mark.parametrize(
    ("name", "value", "form"),
    [
        ("x", [-1, 2], (-1.0, 2.0)),
        ("x", np.array([-1, 2]), (-1.0, 2.0)),
        ("y", (np.float32(-1), np.int64(2)), (-1.0, 2.0)),
        ("resolution", [33, 17], (33, 17)),
        ("resolution", 33, (33, 33)),
        ("resolution", (np.int64(33), 17.0), (33, 17)),
        ("samples", 50.0, 50),
        ("samples", np.int64(50), 50),
        ("normalization", "none", "none"),
        ("directions", [{"key": "gradient", "seed": 0}], [axis("gradient", 0)]),
        ("directions", [{"key": "random"}], [axis("random", 0)]),
        ("directions", [{"key": "random", "seed": np.int64(7)}], [axis("random", 7)]),
        ("directions", [axis("random", 7, "none")], [axis("random", 7, "none")]),
        ("third", None, None),
        ("third", {"key": "gradient"}, axis("gradient", 0)),
        ("rotation", 90, 90.0),
        ("batch_norm", "reestimate", "reestimate"),
        ("limits", [0, 5], (0.0, 5.0)),
        ("limits", None, None),
        ("levels", "paper", "paper"),
        ("levels", np.array([0.1, 1, 10]), (0.1, 1.0, 10.0)),
        ("moment", 3.0, 3),
        ("moment", None, None),
        ("scale", "paper", "paper"),
        ("tolerance", None, None),
        ("tolerance", np.float64(0.5), 0.5),
        ("height", 2, 2.0),
        ("cuts", True, True),
        ("marked", [1, np.float64(-0.5)], (1.0, -0.5)),
        ("marked", None, None),
        ("big_type", True, True),
        ("clip", None, None),
        ("clip", 8, 8.0),
        ("kind", "contour", "contour"),
        ("camera", EYE, EYE | {"center": {"x": 0, "y": 0, "z": 0}, "up": {"x": 0, "y": 0, "z": 1}}),
        ("camera", None, None),
        ("name", "mine", "mine"),
        ("linked", False, False),
    ],
)
def test_a_good_value_takes_its_one_true_form(name, value, form):
    assert checked(name, value, CHOICES) == form
    assert json.dumps(checked(name, value, CHOICES))


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("x", [1, -1], "low below high"),
        ("y", [1, 1], "Widen it"),
        ("x", [float("nan"), 1], "x is a pair of two numbers; got nan"),
        ("x", [1], r"x is a pair of two numbers; got \[1\]"),
        ("x", "wide", "x is a pair of two numbers; got 'wide'"),
        ("x", None, "x is a pair of two numbers; got None"),
        ("x", {"low": -1, "high": 1}, "x is a pair of two numbers"),
        ("resolution", [1, 51], "from 2 to"),
        ("resolution", True, "pair of two numbers; got True"),
        ("resolution", float("inf"), "resolution is a pair of two numbers; got inf"),
        ("resolution", 10**400, "resolution is a pair of two numbers; got 1000"),
        ("resolution", [3.5, 5], r"counts cells along x and y, such as \(51, 51\)"),
        ("resolution", [10**6, 10**6], "at most 10,000,000 cells"),
        ("samples", 0, "from 1 to 100, the size of the data; got 0"),
        ("samples", 101, "from 1 to 100"),
        ("samples", 1.5, "whole number"),
        ("samples", float("inf"), "whole number from 1 to 100.*got inf"),
        ("samples", float("nan"), "whole number from 1 to 100.*got nan"),
        ("samples", np.True_, "whole number"),
        ("height", 0.2, "from 0.25 to 4; got 0.2"),
        ("height", "high", "how many times as high a surface is drawn.*got 'high'"),
        ("linked", "yes", "linked is True or False; got 'yes'"),
        ("name", 5, "name is a title of up to 1,000 letters; got 5"),
        ("name", "x" * 1001, "name is a title of up to 1,000 letters; got 'xxx"),
        ("name", "half \ud83d", "surrogates not allowed"),
        ("camera", {"eye": 1}, "eye of the camera is {'x': 0, 'y': 0, 'z': 1}; got 1"),
        ("camera", {"up": {}}, "camera is {'eye': {'x': 1, 'y': -1, 'z': 1}}, also with 'center'"),
        ("camera", {"eye": {**EYE["eye"], "x": 10**400}}, "eye of the camera is .*; got 1000"),
        ("levels", range(1001), "values of the metric that rise.*, at most 1,000; got more"),
        ("pins", [{"x": 0, "text": "a"}] * 201, "at most 200 pins; got more. Say it in the captions"),
        ("steps", [{"caption": "a", "view": {}}] * 201, "at most 200 steps; got more. Make two of it"),
        ("steps", [{"caption": "a" * 2001, "view": {}}], "of up to 2,000 letters; got 'aaa"),
        ("cuts", 1, "cuts is True or False; got 1"),
        ("big_type", 1, "big_type is True or False; got 1"),
        ("marked", [0.5], r"marked is a pair of two numbers; got \[0.5\]"),
        ("marked", [0, float("nan")], "marked is a pair of two numbers; got nan"),
        ("tolerance", 0, "between 0 and 1, such as 0.01, or None to measure every cell; got 0"),
        ("tolerance", 1, "between 0 and 1"),
        ("tolerance", float("nan"), "between 0 and 1.*got nan"),
        ("tolerance", "3 %", "between 0 and 1.*got '3 %'"),
        ("tolerance", True, "between 0 and 1.*got True"),
        ("normalization", "filters", "Did you mean 'filter'"),
        ("metric", "los", "Did you mean 'loss'"),
        ("kind", "3d", "kind must be one of 'surface', 'contour'"),
        ("scale", "logarithmic", "Did you mean 'log'"),
        ("colors", "viridi", "Did you mean 'viridis'"),
        ("clip", "high", "clip is a value of the metric, or None"),
        ("directions", [], r"one direction \(a line\) or two \(a plane\); got 0"),
        ("directions", [{"key": "random"}] * 3, "got 3"),
        ("directions", ["random"], "A direction is"),
        ("directions", [{"key": "randm", "seed": 0}], "Did you mean 'random'"),
        ("directions", [{"key": "random", "seed": "a"}], "seed is a whole number; got 'a'"),
        ("directions", [{"key": "random", "seed": float("inf")}], "seed is a whole number; got inf"),
        ("directions", [axis("random", 0, "filters")], "a direction's normalization .*Did you mean 'filter'"),
        ("third", {"key": "gradiant"}, "Did you mean 'gradient'"),
        ("rotation", 91, "in degrees from 0 to 90; got 91"),
        ("rotation", float("nan"), "from 0 to 90; got nan"),
        ("rotation", None, "from 0 to 90; got None"),
        ("batch_norm", "freeze", "Did you mean 'frozen'"),
        ("batch_norm", None, "batch_norm must be one of 'frozen', 'reestimate'"),
        ("limits", (5, 0), "low below high; got"),
        ("limits", 5, "limits is a pair of two numbers; got 5"),
        ("levels", "papers", "Did you mean 'paper'"),
        (
            "levels",
            (1.0, 0.5),
            r"values of the metric that rise, such as \(0.1, 0.5, 1.0\); got \(1.0, 0.5\)",
        ),
        ("levels", (), "levels are 'auto', 'paper'"),
        ("levels", 3, "levels are 'auto', 'paper'.*got 3"),
        ("moment", -1, "counts checkpoints from 0, or is None for the whole trajectory; got -1"),
        ("moment", 1.5, "counts checkpoints"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_a_sentence(name, value, sentence):
    with pytest.raises(ValueError, match=sentence):
        checked(name, value, CHOICES)


def test_a_model_without_batch_norm_has_no_treatment_of_it():
    plain = replace(CHOICES, batch_norms=())
    assert checked("batch_norm", None, plain) is None
    with pytest.raises(ValueError, match="no BatchNorm with statistics to treat; got batch_norm='frozen'"):
        checked("batch_norm", "frozen", plain)


def test_a_rotation_counts_only_with_a_third_direction_and_a_plane():
    gradient = axis("gradient", 0)
    turned = TRAITS | {"third": gradient, "rotation": 30.0}
    assert request_of(turned).scene.third == DirectionChoice("gradient")
    assert request_of(turned).scene.rotation == 30.0
    still = request_of(TRAITS).scene
    assert request_of(TRAITS | {"rotation": 30.0}).scene == still
    assert request_of(turned | {"rotation": 0.0}).scene == still
    line = request_of(turned | {"directions": [gradient]}).scene
    assert line == request_of(TRAITS | {"directions": [gradient]}).scene


def test_one_direction_makes_a_line():
    assert request_of(TRAITS | {"directions": [{"key": "gradient", "seed": 0}]}).grid.y is None


def test_two_directions_make_a_plane_with_its_own_rows():
    request = request_of(TRAITS | {"resolution": (5, 7), "y": (0.0, 2.0)})
    assert request.grid.x == Axis(-1.0, 1.0, 5) and request.grid.y == Axis(0.0, 2.0, 7)
