import copy
import json
import warnings

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import landscape_widget as lw
from landscape_widget.curvature.hessian_extremes import HessianExtremes
from landscape_widget.sharpness import sharpness
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State

GENERATOR = torch.Generator().manual_seed(0)
DATA = (torch.randn(40, 3, generator=GENERATOR), torch.arange(40) % 3)


def network(*more: nn.Module) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(3, 4), *more, nn.Tanh(), nn.Linear(4, 3))


def computed(model: nn.Module, metrics=None, **options) -> Surface:
    given = {"resolution": 5, "metrics": metrics or {"curvature": HessianExtremes(resolution=(5, 4))}}
    return lw.compute(model, F.cross_entropy, DATA, **{**given, **options})


def dense(model: nn.Module, surface: Surface, coordinates: tuple[float, ...]) -> np.ndarray:
    """All eigenvalues of the Hessian of the moved parameters, in float64, at a place of the surface."""
    moved = copy.deepcopy(model).eval().double()
    x = DATA[0].double()
    fixed = {name: p.detach() for name, p in moved.named_parameters()}
    named = {name: tensor.double() for name, tensor in surface.origin.items() if tensor.ndim > 1}
    for name in named:
        for c, direction in zip(coordinates, surface.directions, strict=True):
            named[name] = named[name] + c * direction[name].double()

    def loss(*tensors):
        own = fixed | dict(zip(named, tensors, strict=True))
        return F.cross_entropy(torch.func.functional_call(moved, own, (x,)), DATA[1])

    blocks = torch.autograd.functional.hessian(loss, tuple(named.values()))
    sizes = [tensor.numel() for tensor in named.values()]
    rows = [
        [b.reshape(n, m) for b, m in zip(row, sizes, strict=True)]
        for row, n in zip(blocks, sizes, strict=True)
    ]
    return np.linalg.eigvalsh(torch.cat([torch.cat(row, 1) for row in rows]).numpy())


def test_each_cell_of_a_map_is_what_the_dense_hessian_there_says():
    model = network()
    surface = computed(
        model, {"curvature": HessianExtremes(resolution=(3, 4), tolerance=1e-4)}, y=(-0.5, 2.0)
    )
    held = surface.map("curvature")
    assert surface["curvature"].shape == (4, 3) and held.is_done
    for row, y in enumerate(held.y):
        for column, x in enumerate(held.x):
            values = dense(model, surface, (x, y))
            size = np.abs(values[[0, -1]]).max()
            assert surface["curvature_max"][row, column] == pytest.approx(values[-1], abs=1e-3 * size)
            assert surface["curvature_min"][row, column] == pytest.approx(values[0], abs=1e-3 * size)
            assert surface["curvature"][row, column] == pytest.approx(abs(values[0] / values[-1]), rel=1e-2)


def test_a_map_says_what_it_was_measured_on_and_is_json():
    surface = computed(network(), {"curvature": HessianExtremes(samples=16, resolution=4)})
    held = surface.map("curvature")
    assert held.samples == 16 and (held.counts[:, held.final] == 16).all()
    settings = json.loads(json.dumps(surface.map("curvature").settings))["curvature"]
    assert settings["parameters"] == "moved" and settings["resolution"] == 4


def test_a_line_has_a_map_along_its_first_draw():
    model = network()
    line = [lw.RandomDirection(0)]
    alone = computed(model, directions=line)
    several = computed(model, directions=line, repeats=3)
    assert several["curvature"].shape == (5,)
    assert np.array_equal(several["curvature"], alone["curvature"], equal_nan=True)
    said = "The map 'curvature' is measured along the first of the 3 draws."
    assert said in several.settings["notes"] and said not in alone.settings["notes"]


def test_what_is_done_about_re_estimated_statistics_is_said():
    surface = computed(network(nn.BatchNorm1d(4)), batch_norm="reestimate")
    assert any(
        "'curvature' has BatchNorm's statistics re-estimated" in one for one in surface.settings["notes"]
    )
    assert np.isfinite(surface["curvature_max"]).all()


def test_a_map_and_a_metric_of_the_users_own_stand_beside_each_other():
    surface = computed(
        network(),
        {
            "top": lambda output, target: output.max(1).values,
            "bend": HessianExtremes(resolution=2, samples=8),
        },
    )
    assert [fact.name for fact in surface.metrics] == ["loss", "accuracy", "top"]
    assert [fact.name for fact in surface.maps["bend"].metrics] == [
        "bend",
        "bend_max",
        "bend_min",
        "bend_residual",
    ]


def test_two_metrics_of_one_name_are_refused():
    with pytest.raises(
        ValueError, match=r"the map 'accuracy' has 'accuracy', .* and 'accuracy' is taken. Give one"
    ):
        computed(network(), {"accuracy": HessianExtremes()})
    with pytest.raises(ValueError, match=r"the map 'a_max' has 'a_max', .* and 'a_max' is taken"):
        computed(network(), {"a": HessianExtremes(), "a_max": HessianExtremes()})


def test_a_class_that_was_meant_to_be_called_is_refused():
    with pytest.raises(
        TypeError, match=r"metrics\['curvature'\] as lw.HessianExtremes.*Write lw.HessianExtremes\(\)"
    ):
        computed(network(), {"curvature": HessianExtremes})


def test_a_loss_without_a_gradient_is_refused_before_anything_is_computed():
    def cut_off(output, target):
        return F.cross_entropy(output.detach(), target)

    with pytest.raises(ValueError, match="Expected a loss with a gradient"):
        lw.compute(network(), cut_off, DATA, metrics={"curvature": HessianExtremes()})
    with pytest.raises(ValueError, match="Expected a loss with a gradient"):
        lw.explore(network(), cut_off, DATA, metrics={"curvature": HessianExtremes()})


class Grumpy(nn.Module):
    """A loss that can be differentiated, until somebody looks far from the origin."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 3)

    def forward(self, x):
        out = self.layer(x)
        if out.requires_grad and out.detach().abs().max() > 3:
            raise ZeroDivisionError("too far")
        return out


def test_a_map_that_fails_later_is_warned_of_and_the_surface_returned():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = Grumpy()
    with pytest.warns(UserWarning, match="The map 'curvature' is not complete. ZeroDivisionError: too far"):
        surface = computed(model, x=(-9, 9), y=(-9, 9))
    assert surface.is_done and not surface.map("curvature").is_done


def test_a_map_without_time_is_skipped_and_warned_of():
    with pytest.warns(UserWarning, match="'curvature' is not complete. Stopped before level 1 of 1"):
        surface = computed(network(), {"curvature": HessianExtremes(resolution=5, seconds=1e-6)})
    assert surface.is_done and not surface.map("curvature").known.any()


def test_the_widget_offers_a_map_and_measures_it():
    widget = lw.explore(
        network(), F.cross_entropy, DATA, resolution=5, metrics={"curvature": HessianExtremes(resolution=5)}
    )
    try:
        assert [one["map"] for one in widget.choices["metrics"]] == [None, None, *["curvature"] * 4]
        widget.metric = "curvature"
        surface = widget.wait()
        (standing,) = widget.status["maps"]
        assert standing["phase"] == "done" and standing["cost"] > 0 and standing["known"] == 25
        assert np.array_equal(
            surface["curvature"],
            computed(network(), {"curvature": HessianExtremes(resolution=5)})["curvature"],
        )
    finally:
        widget.close()


def test_the_widget_reads_out_how_sharp_the_origin_is():
    widget = lw.explore(network(), F.cross_entropy, DATA, resolution=5, seed=3)
    try:
        widget.wait()
        widget.measure_sharpness()
        widget.wait()
        alone = sharpness(network(), F.cross_entropy, DATA, seed=3)
        for name in ("critical", "sam", "asam", "largest", "smallest", "trace"):
            assert widget.sharpness[name] == pytest.approx(getattr(alone, name), rel=1e-5)
        assert widget.sharpness["done"] and widget.sharpness["settings"]["loss"] == "cross_entropy"
    finally:
        widget.close()


def test_members_of_a_comparison_have_their_maps_side_by_side():
    metrics = {"curvature": HessianExtremes(resolution=5, samples=16)}
    comparison = lw.compare(
        {"a": network(), "b": network(nn.Linear(4, 4))}, F.cross_entropy, DATA, resolution=5, metrics=metrics
    )
    try:
        comparison.metric = "curvature_max"
        surfaces = comparison.wait()
        assert all(surface.map("curvature").is_done for surface in surfaces.values())
        (joint,) = comparison.status["maps"]
        assert (joint["phase"], joint["cells"], joint["known"]) == ("done", 50, 50)
        figure = comparison.figure("heatmap")
        assert [one.z.shape for one in figure.data if one.type == "heatmap"] == [(5, 5)] * 2
    finally:
        comparison.close()


def test_the_model_and_torchs_random_numbers_stay_as_they_are():
    model = network(nn.BatchNorm1d(4)).train()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    numbers = torch.get_rng_state()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        surface = computed(model)
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert torch.equal(numbers, torch.get_rng_state()) and model.training
    assert (surface.map("curvature").state != State.UNKNOWN).all()
