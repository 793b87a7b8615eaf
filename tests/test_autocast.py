"""Autocast: cells are measured as under ``torch.autocast``, curvature is not, and nobody else notices."""

import copy
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import landscape_widget as lw
from landscape_widget.live.given import given
from landscape_widget.objective.autocast import PRECISE, Autocast
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.sharpness import measure_sharpness
from tests.cases import ResidualNet, draw, draw_classes, seeded

DATA = (draw(40, 16), draw_classes(3, 40))
BRAIN = torch.bfloat16


def never():
    return False


def network():
    return seeded(lambda: nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 3)))


def by_hand(model, surface, coordinates, dtype):
    """Move a copy by hand and call the criterion under the user's own autocast."""
    moved = copy.deepcopy(model)
    with torch.no_grad():
        for name, parameter in moved.named_parameters():
            steps = (c * d[name] for c, d in zip(coordinates, surface.directions, strict=True))
            parameter.add_(sum(steps))
        with torch.autocast("cpu", dtype=dtype, enabled=dtype is not None):
            return float(F.cross_entropy(moved(DATA[0]).double(), DATA[1]))


def test_each_cell_is_that_of_the_users_own_autocast():
    model = network()
    surface = lw.compute(model, F.cross_entropy, DATA, resolution=3, autocast=BRAIN)
    for row, y in enumerate(surface.y):
        for column, x in enumerate(surface.x):
            value = surface["loss"][row, column]
            assert value == pytest.approx(by_hand(model, surface, (x, y), BRAIN), rel=1e-6)
            assert value != pytest.approx(by_hand(model, surface, (x, y), None), rel=1e-5)


def test_a_loss_of_the_users_own_runs_under_it_and_the_weights_it_sees_are_wide():
    seen = set()

    def fn(model, batch):
        seen.add((torch.is_autocast_enabled("cpu"), model[0].weight.dtype, model(batch[0]).dtype))
        return F.cross_entropy(model(batch[0]), batch[1])

    lw.compute(network(), lw.batch_loss(fn), DATA, resolution=3, autocast=BRAIN)
    assert seen == {(True, torch.float32, BRAIN)}


def test_the_gradient_is_that_under_autocast():
    model = network()
    objective = read_objective(model, F.cross_entropy, DATA, autocast=BRAIN)
    with torch.autocast("cpu", dtype=BRAIN):
        F.cross_entropy(model(DATA[0]).double(), DATA[1], reduction="sum").backward()
    for name, slope in objective.gradient().items():
        torch.testing.assert_close(slope, model.get_parameter(name).grad / len(DATA[1]))


def test_dropout_in_train_mode_draws_the_same_in_every_cell():
    model = nn.Sequential(network(), nn.Dropout(0.5))
    line = {"directions": [lw.RandomDirection(0)], "resolution": 3}
    first, second = (
        lw.compute(model, F.cross_entropy, DATA, mode="train", autocast=BRAIN, **line) for _ in range(2)
    )
    assert first["loss"].tolist() == second["loss"].tolist()


def test_no_guest_comes_in_since_few_digits_prove_nothing():
    model = seeded(ResidualNet)
    data = (draw(24, 2, 5, 6), draw_classes(3, 24))
    plain, cast = (
        lw.compute(model, F.cross_entropy, data, resolution=9, autocast=dtype).settings["engine"]
        for dtype in (None, BRAIN)
    )
    assert plain["rewrites"] or plain["channels_last"]
    assert not cast["rewrites"] and not cast["channels_last"] and not cast["notes"]


def test_torch_compile_is_left_out_and_it_is_said():
    surface = lw.compute(network(), F.cross_entropy, DATA, resolution=3, autocast=BRAIN, compile=True)
    (note,) = surface.settings["engine"]["notes"]
    assert note.startswith("Without torch.compile") and "without autocast" in note


def test_curvature_is_that_of_the_weights_own_precision_and_it_is_said():
    model = network()
    line = {"directions": [lw.HessianDirection(0, samples=16)], "resolution": 3}
    plain, cast = (
        lw.compute(model, F.cross_entropy, DATA, autocast=dtype, **line) for dtype in (None, BRAIN)
    )
    assert plain.settings["labels"] == cast.settings["labels"]
    assert PRECISE in cast.settings["notes"] and PRECISE not in plain.settings["notes"]


def test_a_map_of_curvature_is_measured_without_and_it_is_said():
    model = seeded(lambda: nn.Sequential(nn.Linear(16, 3)))
    extremes = {"curved": lw.HessianExtremes(samples=16, resolution=3)}
    plain, cast = (
        lw.compute(model, F.cross_entropy, DATA, resolution=3, autocast=dtype, metrics=extremes)
        for dtype in (None, BRAIN)
    )
    for column in plain.maps["curved"].metrics:
        values = (surface.maps["curved"][column.name] for surface in (plain, cast))
        np.testing.assert_allclose(*values, rtol=1e-6)
    assert PRECISE in cast.settings["notes"] and PRECISE not in plain.settings["notes"]


def test_sharpness_is_measured_without_and_says_so():
    model = seeded(lambda: nn.Sequential(nn.Linear(16, 3)))
    plain, cast = (
        list(measure_sharpness(read_objective(model, F.cross_entropy, DATA, autocast=dtype), None, never))[-1]
        for dtype in (None, BRAIN)
    )
    assert cast.largest == plain.largest and cast.loss == plain.loss
    assert PRECISE in cast.notes and PRECISE not in plain.notes


def test_the_code_that_makes_the_picture_again_has_it():
    assert given({"autocast": BRAIN}) == (("autocast", "torch.bfloat16"),)


def test_the_file_and_the_notes_say_it():
    cast = lw.compute(network(), F.cross_entropy, DATA, resolution=3, autocast=BRAIN)
    assert cast.settings["autocast"] == "bfloat16" and cast.settings["dtype"] == "float32"
    assert (
        "Measured under torch.autocast in bfloat16; the weights themselves are float32."
        in (cast.settings["notes"])
    )
    assert lw.compute(network(), F.cross_entropy, DATA, resolution=3).settings["autocast"] is None


def test_the_users_own_autocast_does_not_reach_the_cells_and_it_is_said():
    alone = lw.compute(network(), F.cross_entropy, DATA, resolution=3)
    with torch.autocast("cpu", dtype=BRAIN):
        within = lw.compute(network(), F.cross_entropy, DATA, resolution=3)
        assert torch.is_autocast_enabled("cpu")
    np.testing.assert_allclose(within["loss"], alone["loss"], rtol=1e-6)
    (note,) = set(within.settings["notes"]) - set(alone.settings["notes"])
    assert note.startswith("You are under torch.autocast, which doesn't reach the cells")


def test_nothing_of_it_is_left_on_the_calling_thread():
    lw.compute(network(), F.cross_entropy, DATA, resolution=3, autocast=BRAIN)
    assert not torch.is_autocast_enabled("cpu")


def test_without_it_an_objective_is_its_own_precise_one():
    plain, cast = (
        read_objective(network(), F.cross_entropy, DATA, autocast=dtype) for dtype in (None, BRAIN)
    )
    assert plain.precise is plain and plain.autocast is None
    assert cast.precise is not cast and cast.autocast is BRAIN and cast.precise.autocast is None
    assert isinstance(cast.trial.measure, Autocast) and cast.trial.copied().measure.dtype is BRAIN


def test_what_is_no_dtype_is_refused():
    with pytest.raises(TypeError, match=r"Expected autocast to be one of torch's dtypes.*got 'bf16'"):
        lw.compute(network(), F.cross_entropy, DATA, autocast="bf16")


def test_what_the_device_does_not_know_is_refused():
    with pytest.raises(ValueError, match=r"a dtype that torch.autocast knows on cpu.*got torch.float32 \(In"):
        lw.compute(network(), F.cross_entropy, DATA, autocast=torch.float32)


@pytest.mark.parametrize("options", [{}, {"dtype": torch.float64}], ids=["stored", "asked for"])
def test_float64_weights_which_autocast_leaves_alone_are_refused(options):
    model = network() if options else network().double()
    data = DATA if options else (DATA[0].double(), DATA[1])
    with pytest.raises(ValueError, match=r"casts to torch.bfloat16; these are float64 or complex"):
        lw.compute(model, F.cross_entropy, data, autocast=BRAIN, **options)


WAYS = {
    "an executor's workers": lambda: {"executor": ThreadPoolExecutor(2)},
    "two devices": lambda: {"device": ["cpu", "cpu"]},
    "in place": lambda: {"copy": False},
}


@pytest.mark.parametrize("way", WAYS)
def test_whoever_measures_does_so_under_it(way):
    options = {"resolution": 3, "autocast": BRAIN}
    here = lw.compute(network(), F.cross_entropy, DATA, **options)
    with ExitStack() as stack:
        where = WAYS[way]()
        if "executor" in where:
            stack.enter_context(where["executor"])
        there = lw.compute(network(), F.cross_entropy, DATA, **options, **where)
    np.testing.assert_allclose(there["loss"], here["loss"], rtol=1e-6)
