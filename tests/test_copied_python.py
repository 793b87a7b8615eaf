"""Does the Python that the page copies make the same view, run in a fresh namespace?"""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch

import landscape_widget as lw
from landscape_widget.live.given import PLAIN, given
from landscape_widget.live.lesson import LESSON
from landscape_widget.live.traits import CHECKED_VIEWING, COMPUTING, READING

JS = Path(__file__).parents[1] / "js"
ESBUILD = JS / "node_modules" / ".bin" / "esbuild"
VIEW = (*COMPUTING, *CHECKED_VIEWING, *READING, *LESSON, "linked", "camera", "name")
CAMERA = {
    "eye": {"x": 0.5, "y": -1.5, "z": 1.0},
    "center": {"x": 0.0, "y": 0.0, "z": 0.0},
    "up": {"x": 0.0, "y": 0.0, "z": 1.0},
}
WRITE = """
import { pythonCode } from "./src/words/python-code.ts";
let text = "";
process.stdin.on("data", (part) => { text += part; }).on("end", () => {
  const { request, choices, maps } = JSON.parse(text);
  process.stdout.write(pythonCode(request, choices, maps));
});
"""

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not ESBUILD.exists(), reason="the page's code needs node to run"
)


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """What the page copies of a widget: its own code, run by node."""
    script = tmp_path_factory.mktemp("page") / "copied.mjs"
    bundle = [ESBUILD, "--bundle", "--platform=node", "--format=esm", f"--outfile={script}"]
    subprocess.run([*bundle, "--loader=ts"], input=WRITE, text=True, cwd=JS, check=True, capture_output=True)

    def copied(widget):
        request = {name: getattr(widget, name) for name in VIEW} | {"big_type": widget.big_type}
        told = {"request": request, "choices": widget.choices, "maps": widget.status["maps"]}
        ran = subprocess.run(
            ["node", script], input=json.dumps(told), text=True, capture_output=True, check=True
        )
        return ran.stdout

    return copied


@pytest.fixture
def own():
    """What a person has in their notebook."""
    torch.manual_seed(0)
    model, other = (torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Linear(4, 2)) for _ in range(2))
    data = torch.randn(20, 3), torch.arange(20) % 2
    with lw.record(model) as trajectory:
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        for _ in range(4):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(data[0]), data[1]).backward()
            optimizer.step()
    direction = {name: torch.randn_like(value) for name, value in model.named_parameters()}
    return {
        "model": model,
        "loss": torch.nn.functional.cross_entropy,
        "data": data,
        "other": other,
        "trajectory": trajectory,
        "direction": direction,
        "metrics": {"half": lambda output, target: output[:, 0] / 2},
        "test_data": (torch.randn(6, 3), torch.arange(6) % 2),
    }


CASES = {
    "a plane": lambda own: {"resolution": (5, 9), "x": (-0.5, 0.75), "seed": 3, "name": 'of "mine"'},
    "a line": lambda own: {"directions": [lw.RandomDirection(seed=4, normalization="layer")]},
    "several lines": lambda own: {"directions": [lw.RandomDirection()], "repeats": 3},
    "two models": lambda own: {"directions": [lw.TowardsModel(own["other"])]},
    "a model and one's own": lambda own: {"directions": [lw.TowardsModel(own["other"]), own["direction"]]},
    "gradient and curvature": lambda own: {
        "directions": [lw.GradientDirection(), lw.HessianDirection(0)],
        "resolution": 5,
    },
    "a trajectory": lambda own: {"trajectory": own["trajectory"], "resolution": 5},
    "a map": lambda own: {"metrics": {"curvature": lw.HessianExtremes(resolution=3)}, "resolution": 3},
    "options without a control": lambda own: {
        "parameters": "0[.]",
        "one_dimensional": "scaled",
        "mode": "train",
        "dtype": torch.float64,
        "metrics": own["metrics"],
        "test_data": own["test_data"],
        "samples": 10,
        "seed": 2,
    },
}


@pytest.mark.parametrize("case", CASES)
def test_run_in_a_fresh_namespace_it_makes_the_same_view(copied, own, case):
    options = {"resolution": 9} | CASES[case](own)
    first = lw.explore(own["model"], own["loss"], own["data"], **options)
    look_around(first, "trajectory" in options)
    surface = first.wait()
    namespace = dict(own)
    exec(copied(first), namespace)
    second = namespace["widget"]
    try:
        for name in VIEW:
            assert as_json(getattr(second, name)) == as_json(getattr(first, name)), name
        assert same(second.wait(), surface)
    finally:
        first.close()
        second.close()


def test_an_axis_that_was_turned_by_hand_is_the_same_ground(copied, own):
    first = lw.explore(own["model"], own["loss"], own["data"], resolution=5)
    first.third, first.rotation = {"key": "gradient"}, 30.0
    surface, namespace = first.wait(), dict(own)
    exec(copied(first), namespace)
    assert same(namespace["widget"].wait(), surface)
    first.close()
    namespace["widget"].close()


def test_what_no_control_shows_is_told_where_it_is_not_as_usual():
    from inspect import signature

    parameters = signature(lw.explore).parameters
    usual = {name: parameters[name].default for name in PLAIN}
    assert usual == {**PLAIN, "repeats": None}  # one draw, but of a very large model
    assert given({}) == ()
    assert given({"seed": np.int64(3), "device": torch.device("cpu"), "metrics": {}}) == (
        ("device", "'cpu'"),
        ("seed", "3"),
        ("metrics", "{}"),
    )


def look_around(widget, has_path):
    """Change all that is a matter of view."""
    widget.linked = False
    widget.scale, widget.colors, widget.clip = "log", "viridis", 1.5
    widget.limits, widget.levels = (0.25, 2.0), (0.5, 1.0)
    widget.camera = CAMERA
    if widget.kind != "line" and len(widget.directions) == 2:
        widget.kind, widget.height, widget.marked, widget.cuts = "contour", 2.0, (0.25, -0.5), True
    widget.pins = [{"x": 0.25, "text": 'a "note"'} | ({"y": 0.5} if len(widget.directions) == 2 else {})]
    widget.steps = [{"caption": "one\ntwo", "view": {"clip": None, "metric": "loss"}}]
    widget.hidden, widget.locked = ["status"], ["clip"]
    widget.big_type = True
    if has_path:
        widget.moment = 2
    widget.metric = widget.choices["metrics"][-1]["name"]


def as_json(value):
    return json.loads(json.dumps(value))


def same(one, other):
    """But for rounding, which depends on what is fastest just then; maps too."""
    return (
        np.allclose(one.values, other.values, rtol=1e-4, atol=1e-6, equal_nan=True)
        and one.maps.keys() == other.maps.keys()
        and all(same(held, other.maps[key]) for key, held in one.maps.items())
    )
