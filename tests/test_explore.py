import copy
import random
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import landscape_widget as lw
from landscape_widget.surface.surface import Surface

DATA = (torch.randn(40, 6, generator=torch.Generator().manual_seed(0)), torch.arange(40) % 3)


def network(seed: int = 0) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 3))


def everything_of(model: nn.Module) -> tuple:
    """All that must not change, bit for bit."""
    return (
        {name: tensor.numpy().tobytes() for name, tensor in model.state_dict().items()},
        [(p.requires_grad, None if p.grad is None else p.grad.numpy().tobytes()) for p in model.parameters()],
        [module.training for module in model.modules()],
        [list(module._forward_hooks) for module in model.modules()],
    )


def random_states() -> tuple:
    return torch.get_rng_state().numpy().tobytes(), np.random.get_state()[1].tobytes(), random.getstate()


def by_hand(model: nn.Module, surface: Surface, coordinates: tuple[float, ...]) -> float:
    """Set the parameters to θ + Σ cᵢ dᵢ and call the criterion once on all the data."""
    moved = copy.deepcopy(model).eval()
    parameters = dict(moved.named_parameters())
    with torch.no_grad():
        for name, tensor in surface.origin.items():
            step = sum(c * d[name] for c, d in zip(coordinates, surface.directions, strict=True))
            parameters[name].copy_(tensor + step)
        return F.cross_entropy(moved(DATA[0]), DATA[1]).item()


def test_every_cell_can_be_recomputed_by_hand():
    model = network()
    surface = lw.compute(model, F.cross_entropy, DATA, resolution=(5, 7), y=(-0.5, 2.0))
    assert surface["loss"].shape == (7, 5) and surface.is_done
    for row, y in enumerate(surface.y):
        for column, x in enumerate(surface.x):
            assert surface["loss"][row, column] == pytest.approx(by_hand(model, surface, (x, y)), rel=1e-5)


def test_the_origin_is_measured_whether_the_lattice_meets_it_or_not():
    model = network()
    surface = lw.compute(model, F.cross_entropy, DATA, resolution=4)
    expected = F.cross_entropy(model.eval()(DATA[0]), DATA[1]).item()
    assert surface.at("origin")["loss"] == pytest.approx(expected, rel=1e-6)


def test_the_widget_computes_the_same_numbers():
    model = network()
    widget = lw.explore(model, F.cross_entropy, DATA, resolution=9, name="tiny")
    shown = widget.wait()
    computed = lw.compute(model, F.cross_entropy, DATA, resolution=9, name="tiny")
    np.testing.assert_allclose(shown["loss"], computed["loss"], rtol=1e-6)
    assert {**shown.settings, "engine": None} == {**computed.settings, "engine": None}
    assert widget.name == "tiny"
    widget.close()


def test_a_tolerance_leaves_out_what_the_level_before_predicted_well_enough():
    options = {"resolution": 65, "x": (-0.5, 0.5), "y": (-0.5, 0.5)}
    surface = lw.compute(network(), F.cross_entropy, DATA, tolerance=0.05, **options)
    whole = lw.compute(network(), F.cross_entropy, DATA, **options)
    left_out = ~surface.known
    assert left_out.sum() > 65 * 65 / 2 and np.isnan(surface["loss"][left_out]).all()
    np.testing.assert_allclose(surface["loss"][surface.known], whole["loss"][surface.known], rtol=1e-5)
    error = np.abs(np.log(surface.interpolated("loss") / whole["loss"])) / np.ptp(np.log(whole["loss"]))
    assert error.max() < 0.05


def test_the_widget_settles_at_a_tolerance_and_goes_on_without_one():
    widget = lw.explore(network(), F.cross_entropy, DATA, resolution=65, tolerance=0.05)
    assert not widget.wait().is_done and widget.status["settled"] and widget.tolerance == 0.05
    widget.tolerance = None
    assert widget.wait().is_done and not widget.status["settled"]
    widget.close()


def test_a_slow_network_is_seen_as_a_preview_and_computed_exactly():
    class Slow(nn.Linear):
        def forward(self, x):
            time.sleep(2e-3 * len(x))
            return super().forward(x)

    model, seen = Slow(6, 3), []
    widget = lw.explore(model, F.cross_entropy, DATA, resolution=5)
    widget.observe(lambda change: seen.append((change["new"]["preview"], change["new"]["level"])), "status")
    shown = widget.wait()
    assert 8 <= max(seen)[0] <= 10 and seen[-1] == (0, 0)
    assert any(preview and level == 0 for preview, level in seen)
    computed = lw.compute(model, F.cross_entropy, DATA, resolution=5)
    np.testing.assert_allclose(shown["loss"], computed["loss"], rtol=1e-6)
    assert shown.is_done and (shown.counts == 40).all()
    widget.close()


def test_the_users_model_is_left_alone_while_they_train():
    model = network().train()
    F.cross_entropy(model(DATA[0]), DATA[1]).backward()
    model[0].register_forward_hook(lambda *_: None)
    before, states = everything_of(model), random_states()
    widget = lw.explore(model, F.cross_entropy, DATA, resolution=17)
    assert everything_of(model) == before and random_states() == states
    origin = widget.wait().at("origin")
    assert everything_of(model) == before and random_states() == states
    twin = copy.deepcopy(model)
    widget.directions = [{"key": "random", "seed": 5}, {"key": "gradient", "seed": 0}]
    for trained in (model, twin):
        torch.manual_seed(1)
        optimizer = torch.optim.SGD(trained.parameters(), 0.1)
        for _ in range(20):
            optimizer.zero_grad()
            F.cross_entropy(trained(DATA[0]), DATA[1]).backward()
            optimizer.step()
        if trained is model:
            assert widget.wait().at("origin") == origin
            widget.close()
    assert everything_of(model) == everything_of(twin)


@pytest.mark.parametrize("end", ["finished", "stopped", "failed"])
def test_nothing_is_changed_however_a_run_ends(end):
    model = network()
    before, states = everything_of(model), random_states()
    reached, go_on = threading.Event(), threading.Event()
    calls = 0

    def loss(output, target):
        nonlocal calls
        calls += 1
        if threading.current_thread() is not threading.main_thread() and calls > 30 and end != "finished":
            reached.set()
            go_on.wait(10)
            if end == "failed":
                raise ArithmeticError("no more")
        return F.cross_entropy(output, target)

    widget = lw.explore(model, loss, DATA, resolution=9)
    if end != "finished":
        assert reached.wait(10)
        if end == "stopped":
            widget.stop()
        go_on.set()
    if end == "failed":
        with pytest.raises(ArithmeticError, match="no more"):
            widget.wait()
        assert "no more" in widget.error["traceback"]
    else:
        assert widget.wait().is_done == (end == "finished")
    assert everything_of(model) == before and random_states() == states
    widget.close()


@pytest.mark.parametrize("end", ["", "widget.close()", "widget.wait()"])
def test_a_script_that_explores_exits_cleanly(end):
    script = f"""
import torch, torch.nn.functional as F, landscape_widget as lw
model = torch.nn.Sequential(torch.nn.Linear(200, 400), torch.nn.ReLU(), torch.nn.Linear(400, 3))
data = torch.randn(1000, 200), torch.arange(1000) % 3
widget = lw.explore(model, F.cross_entropy, data, resolution=9)
{end}
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_one_direction_is_a_line():
    surface = lw.compute(network(), F.cross_entropy, DATA, directions=[lw.RandomDirection(3)], resolution=11)
    assert surface["loss"].shape == (11,)
    assert surface.settings["labels"] == ["random, seed 3"]


def test_towards_another_model_starts_here_and_ends_there():
    here, there = network(0), network(1)
    surface = lw.compute(
        here, F.cross_entropy, DATA, directions=[lw.TowardsModel(there, name="twin")], resolution=401
    )
    assert (surface.x[0], surface.x[-1]) == (-0.5, 1.5)
    for model, label in ((here, "origin"), (there, "twin")):
        assert surface.at(label)["loss"] == pytest.approx(
            F.cross_entropy(model.eval()(DATA[0]), DATA[1]).item(), rel=1e-6
        )


def test_the_plane_of_three_models_has_margins():
    directions = [lw.TowardsModel(network(1), name="b"), lw.TowardsModel(network(2), name="c")]
    surface = lw.compute(network(), F.cross_entropy, DATA, directions=directions, resolution=5)
    assert (surface.x[0], surface.y[-1]) == (-0.2, 1.2)
    assert [point.label for point in surface.points] == ["origin", "b", "c"]


def test_each_direction_may_have_a_normalization_of_its_own():
    directions = [lw.RandomDirection(0, "layer"), lw.RandomDirection(1)]
    surface = lw.compute(
        network(), F.cross_entropy, DATA, directions=directions, normalization="none", resolution=3
    )
    weight, (layer, none) = surface.origin["0.weight"], surface.directions
    assert layer["0.weight"].norm().item() == pytest.approx(weight.norm().item(), rel=1e-6)
    assert none["0.weight"].norm().item() != pytest.approx(weight.norm().item(), rel=1e-2)


def test_a_direction_of_ones_own_is_used_as_it_is():
    model = network()
    own = {name: torch.ones_like(p) for name, p in model.named_parameters()}
    surface = lw.compute(model, F.cross_entropy, DATA, directions=[own, lw.GradientDirection()], resolution=3)
    assert torch.equal(surface.directions[0]["0.weight"], torch.ones(8, 6))
    assert surface.settings["labels"] == ["own direction", "−gradient"]


def test_directions_and_models_of_one_name_are_told_apart():
    model = network()
    directions = [lw.TowardsModel(network(1)), lw.TowardsModel(network(2))]
    surface = lw.compute(model, F.cross_entropy, DATA, directions=directions, resolution=3)
    assert surface.settings["labels"] == ["towards other model", "towards other model 2"]
    assert [point.label for point in surface.points] == ["origin", "other model", "other model 2"]
    own = [{name: torch.randn_like(p) for name, p in model.named_parameters()} for _ in range(2)]
    surface = lw.compute(model, F.cross_entropy, DATA, directions=own, resolution=3)
    assert surface.settings["labels"] == ["own direction", "own direction 2"]


def test_random_directions_with_filters_of_their_own_keep_them():
    directions = [lw.RandomDirection(0, filter_axes={"0.weight": axis}) for axis in (0, 1)]
    surface = lw.compute(network(), F.cross_entropy, DATA, directions=directions, resolution=3)
    weight, (columns, rows) = surface.origin["0.weight"], (d["0.weight"] for d in surface.directions)
    torch.testing.assert_close(columns.norm(dim=0), weight.norm(dim=0))
    torch.testing.assert_close(rows.norm(dim=1), weight.norm(dim=1))


def test_cells_between_models_with_batch_norm_can_be_recomputed_by_hand():
    def normed(seed):
        made = nn.Sequential(network(seed)[0], nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))
        for _ in range(9):
            made(DATA[0] + seed)
        return made

    here, there = normed(0), normed(1)
    directions = [lw.TowardsModel(there), lw.RandomDirection(3)]
    surface = lw.compute(here, F.cross_entropy, DATA, directions=directions, resolution=(5, 2))
    assert surface.origin.keys() == surface.directions[0].keys() == surface.directions[1].keys()
    moved = copy.deepcopy(here).eval()
    for row, y in enumerate(surface.y):
        for column, x in enumerate(surface.x):
            first, second = surface.directions
            point = {name: w + x * first[name] + y * second[name] for name, w in surface.origin.items()}
            moved.load_state_dict(point, strict=False)
            expected = F.cross_entropy(moved(DATA[0]), DATA[1]).item()
            assert surface["loss"][row, column] == pytest.approx(expected, rel=1e-5)


def test_what_is_done_to_a_surface_changes_no_other():
    widget = lw.explore(network(), F.cross_entropy, DATA, resolution=3)
    first = widget.wait()
    for mapping in (first.origin, *first.directions):
        for tensor in mapping.values():
            tensor.zero_()
    widget.directions = [{"key": "random", "seed": 5}, {"key": "gradient"}]
    widget.wait()
    widget.directions = [{"key": "random", "seed": 0}, {"key": "random", "seed": 1}]
    widget.resolution = 5
    expected = lw.compute(network(), F.cross_entropy, DATA, resolution=5)
    np.testing.assert_allclose(widget.wait()["loss"], expected["loss"], rtol=1e-6)
    widget.close()


def test_the_default_device_and_dtype_of_the_session_make_no_difference():
    options = {"resolution": 3, "samples": 20, "test_data": DATA}
    for directions in (None, [lw.GradientDirection(), lw.TowardsModel(network(1))]):
        model = network()
        expected = lw.compute(model, F.cross_entropy, DATA, directions=directions, **options)
        with torch.device("meta"):
            surface = lw.compute(model, F.cross_entropy, DATA, directions=directions, **options)
        np.testing.assert_allclose(surface["test_loss"], expected["test_loss"], rtol=1e-6)
        torch.set_default_dtype(torch.float64)
        try:
            surface = lw.compute(model, F.cross_entropy, DATA, directions=directions, **options)
        finally:
            torch.set_default_dtype(torch.float32)
        np.testing.assert_allclose(surface["loss"], expected["loss"], rtol=1e-6)


def test_the_settings_say_what_decided_the_numbers(tmp_path):
    surface = lw.compute(
        network().requires_grad_(False),
        F.cross_entropy,
        DATA,
        dtype=torch.float64,
        seed=np.int64(4),
        one_dimensional="scaled",
        filter_axes={"0.weight": (1,), "3.weight": None},
        resolution=3,
    )
    settings = lw.load(surface.save(tmp_path / "surface")).settings
    assert settings["notes"] == ["No parameter requires a gradient, so all of them move."]
    assert (settings["device"], settings["dtype"], settings["seed"]) == ("cpu", "float64", 4)
    assert settings["filter_axes"] == {"0.weight": [1], "3.weight": None}
    assert settings["one_dimensional"] == "scaled"


def test_the_widget_offers_what_was_given_beside_random_and_gradient():
    other = network(1)
    widget = lw.explore(network(), F.cross_entropy, DATA, directions=[lw.TowardsModel(other)], resolution=5)
    assert [option["key"] for option in widget.choices["directions"]] == [
        *("random", "gradient", "hessian 0", "hessian 1", "hessian -1", "given 0"),
    ]
    assert widget.x == (-0.5, 1.5)
    widget.wait()
    widget.directions = [{"key": "given 0"}, {"key": "gradient"}]
    assert widget.wait()["loss"].shape == (5, 5)
    widget.close()


def test_test_data_and_metrics_of_ones_own_are_measured_beside():
    def margin(output, target):
        return output.max(1).values

    surface = lw.compute(
        network(), F.cross_entropy, DATA, metrics={"margin": margin}, test_data=DATA, resolution=3
    )
    assert set(surface.standard_error) == {
        "loss", "accuracy", "margin", "test_loss", "test_accuracy", "test_margin"
    }  # fmt: skip
    np.testing.assert_allclose(surface["loss"], surface["test_loss"], rtol=1e-6)


def test_a_subset_carries_its_standard_error():
    surface = lw.compute(network(), F.cross_entropy, DATA, samples=10, resolution=3)
    assert surface.samples == 10
    assert (surface.standard_error["loss"] > 0).all()
    assert (lw.compute(network(), F.cross_entropy, DATA, resolution=3).standard_error["loss"] == 0).all()


def test_saving_and_loading_keeps_everything(tmp_path):
    surface = lw.compute(network(), F.cross_entropy, DATA, resolution=5)
    loaded = lw.load(surface.save(tmp_path / "surface"))
    assert np.array_equal(loaded["loss"], surface["loss"])
    assert loaded.settings == surface.settings
    assert torch.equal(loaded.origin["0.weight"], surface.origin["0.weight"])
    assert torch.equal(loaded.directions[1]["3.weight"], surface.directions[1]["3.weight"])


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"normalization": "filters"}, ValueError, "Did you mean 'filter'"),
        ({"one_dimensional": "frozen"}, ValueError, "one_dimensional must be one of 'fixed'"),
        ({"x": (1, -1)}, ValueError, "low below high"),
        ({"y": (2, 2)}, ValueError, "low below high"),
        ({"x": (0, float("inf"))}, ValueError, "pair of two numbers; got inf"),
        ({"resolution": 1}, ValueError, "from 2 to"),
        ({"samples": 41}, ValueError, "between 1 and 40"),
        ({"tolerance": 1}, ValueError, "tolerance is a share of the drawn range between 0 and 1.*got 1"),
        ({"directions": []}, ValueError, "got 0"),
        ({"directions": [lw.RandomDirection(s) for s in range(3)]}, ValueError, r"two \(a plane\); got 3"),
        ({"directions": lw.RandomDirection(0)}, TypeError, "list of one or two directions"),
        ({"directions": [{"0.weight": torch.ones(8, 6)}]}, ValueError, "has no entry for"),
        ({"directions": [lw.TowardsModel(nn.Linear(6, 3))]}, ValueError, "other model"),
        ({"directions": [lambda objective: 3]}, TypeError, "must return a mapping"),
        ({"filter_axes": {"0.weight": (7,)}}, ValueError, "0.weight"),
        ({"name": 3}, TypeError, "A name is text; got 3"),
        ({"seed": 1.5, "directions": [lw.GradientDirection()]}, TypeError, "A seed is an integer; got 1.5"),
        ({"parameters": "nothing"}, ValueError, "matches no parameter name"),
    ],
)
def test_what_makes_no_sense_is_refused_at_the_door(options, error, sentence):
    for door in (lw.compute, lw.explore):
        with pytest.raises(error, match=sentence):
            door(network(), F.cross_entropy, DATA, **options)


def test_the_same_seed_gives_the_same_surface_whatever_else_is_drawn():
    first = lw.compute(network(), F.cross_entropy, DATA, resolution=3, seed=7)
    torch.rand(5)
    second = lw.compute(network(), F.cross_entropy, DATA, resolution=3, seed=7)
    np.testing.assert_allclose(first["loss"], second["loss"], rtol=1e-6)
    assert first.settings["fingerprints"] == second.settings["fingerprints"]
    assert first.settings["labels"] == ["random, seed 7", "random, seed 8"]
