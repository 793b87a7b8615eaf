"""Adapters of PEFT: they move alone or merged, and what can't move is said."""

import copy

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from peft import IA3Config, LoraConfig, PromptTuningConfig, get_peft_model, inject_adapter_in_model
from torch import nn
from transformers import LlamaConfig, LlamaForCausalLM

import landscape_widget as lw
from landscape_widget.objective.adapters import adapters
from tests.cases import draw, draw_classes, seeded

pytestmark = [
    pytest.mark.processes,  # peft takes seconds to import
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"),  # peft asks
]

DATA = (draw(24, 6), draw_classes(3, 24))
TWO = {"r": 2, "target_modules": ["0", "2"]}


def base():
    return nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3))


def network(config=None, trained=True):
    """A network with adapters; trained ones are no longer zero."""
    model = seeded(lambda: get_peft_model(base(), config or LoraConfig(**TWO)))
    if trained:
        with torch.no_grad():
            for name in adapters(model):
                parameter = model.get_parameter(name)
                parameter.add_(0.3 * draw(*parameter.shape, seed=len(name)))
    return model


def computed(model, **options):
    return lw.compute(model, F.cross_entropy, DATA, **{"resolution": 5, **options})


def own_loss(model):
    with torch.no_grad():
        return F.cross_entropy(model.eval()(DATA[0]).double(), DATA[1]).item()


def weights_of(model):
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def about_adapters(surface):
    return [note for note in surface.settings["notes"] if "dapters" in note or "is zero" in note]


def test_adapters_alone_move_and_their_share_is_said():
    model = network()
    surface = computed(model)
    assert all("lora_" in name for name in surface.origin) and len(surface.origin) == 4
    moved = 2 * (6 + 8) + 2 * (8 + 3)
    assert about_adapters(surface) == [
        f"Adapters only: {100 * moved / (moved + 83):.2g} % of the weights move."
    ]
    assert surface.at("origin")["loss"] == pytest.approx(own_loss(model), rel=1e-6)


def test_a_cell_has_both_factors_moved():
    """(B + b·dB)(A + b·dA), so along one direction the weights move in a parabola."""
    model = network()
    surface = computed(model, directions=[lw.RandomDirection(0)])
    (step,) = surface.directions
    layers = {}
    for number in ("0", "2"):
        path = f"base_model.model.{number}"
        a, b = (surface.origin[f"{path}.lora_{side}.default.weight"] for side in "AB")
        da, db = (step[f"{path}.lora_{side}.default.weight"] for side in "AB")
        layer = model.get_submodule(path)
        layers[number] = layer.get_base_layer(), layer.scaling["default"], a, b, da, db
    for coordinate, value in zip(surface.x, surface["loss"], strict=True):
        x = DATA[0]
        for number, (inner, scale, a, b, da, db) in layers.items():
            x = F.linear(x, inner.weight + scale * (b + coordinate * db) @ (a + coordinate * da), inner.bias)
            x = x.tanh() if number == "0" else x
        expected = F.cross_entropy(x.detach().double(), DATA[1]).item()
        assert value == pytest.approx(expected, rel=1e-5)


def test_factors_that_are_scaled_against_each_other_have_the_same_landscape_normalized_by_filter_only():
    model, scaled = network(), network()
    with torch.no_grad():
        for layer in ("base_model.model.0", "base_model.model.2"):
            scaled.get_submodule(layer).lora_A["default"].weight.mul_(4)
            scaled.get_submodule(layer).lora_B["default"].weight.div_(4)
    line = {"directions": [lw.RandomDirection(0)]}
    same, other = (computed(one, **line)["loss"] for one in (model, scaled))
    np.testing.assert_allclose(same, other, rtol=1e-5)
    same, other = (computed(one, **line, normalization="none")["loss"] for one in (model, scaled))
    assert np.abs(same / other - 1).max() > 0.1


def test_adapters_as_they_begin_make_a_flat_picture_and_it_is_said_why():
    surface = computed(network(trained=False))
    assert np.ptp(surface["loss"]) == 0
    assert about_adapters(surface)[1:] == [
        "lora_B is zero in 2 layers, as at the start of training: normalized, what is zero doesn't move, and "
        "what it multiplies has no effect. Try `normalization='none'` or `parameters='merged'`."
    ]
    assert surface.settings["zeros"] == 8 + 3


@pytest.mark.parametrize("options", [{"normalization": "none"}, {"parameters": "merged"}], ids=str)
def test_what_is_said_to_help_helps(options):
    assert np.ptp(computed(network(trained=False), **options)["loss"]) > 1e-3


def test_merged_they_move_as_a_part_of_what_they_adapt():
    model = network()
    before, own = weights_of(model), own_loss(model)
    surface = computed(model, parameters="merged")
    assert list(surface.origin) == ["0.weight", "2.weight"]
    merged = copy.deepcopy(model).merge_and_unload()
    for name, tensor in surface.origin.items():
        torch.testing.assert_close(tensor, merged.get_parameter(name).data, rtol=0, atol=0)
    plain = computed(merged.requires_grad_(True), parameters="weight")
    np.testing.assert_allclose(surface["loss"], plain["loss"], rtol=1e-6)
    assert surface.at("origin")["loss"] == pytest.approx(own, rel=1e-6)
    assert about_adapters(surface) == ["Adapters move as a part of the 2 layers that they adapt."]
    assert surface.settings["parameters"] == "merged"
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert not any(
        layer.merged
        for layer in model.modules()
        if layer.__class__.__module__.startswith("peft.tuners.lora.layer")
    )


def test_merged_in_the_precision_asked_for():
    model = network()
    wide = computed(model, parameters="merged", dtype=torch.float64).origin["0.weight"]
    layer = model.get_submodule("base_model.model.0")
    a, b = (side["default"].weight.double() for side in (layer.lora_A, layer.lora_B))
    expected = layer.get_base_layer().weight.double() + layer.scaling["default"] * b @ a
    torch.testing.assert_close(wide, expected.detach(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("parameters", ["trainable", "merged"])
def test_what_is_trained_beside_the_adapters_moves_too(parameters):
    config = LoraConfig(r=2, target_modules=["0"], modules_to_save=["2"], bias="all")
    surface = computed(network(config), parameters=parameters)
    assert any(
        name.startswith("2." if parameters == "merged" else "base_model.model.2.") for name in surface.origin
    )
    assert any(name.endswith("bias") for name in surface.origin)
    assert not any(note.startswith("Adapters only") for note in about_adapters(surface))


def test_dora_moves_its_magnitudes_where_one_dimensional_tensors_do():
    model = network(LoraConfig(**TWO, use_dora=True))
    fixed, scaled = (computed(model, one_dimensional=how) for how in ("fixed", "scaled"))
    (name,) = [name for name in fixed.origin if ".0.lora_magnitude_vector" in name]
    assert not fixed.directions[0][name].any() and scaled.directions[0][name].any()
    assert fixed.at("origin")["loss"] == pytest.approx(own_loss(model), rel=1e-6)
    merged = computed(model, parameters="merged")
    assert merged.at("origin")["loss"] == pytest.approx(own_loss(model), rel=1e-5)


def test_ia3_has_gains_only_so_nothing_moves_until_they_do():
    model = network(IA3Config(target_modules=["0", "2"], feedforward_modules=["2"]))
    with pytest.raises(ValueError, match=r"Nothing moves along a random direction.*one_dimensional='scaled'"):
        computed(model)
    surface = computed(model, one_dimensional="scaled")
    assert np.ptp(surface["loss"]) > 0
    assert surface.at("origin")["loss"] == pytest.approx(own_loss(model), rel=1e-6)


def prompted():
    size = {"vocab_size": 40, "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    model = LlamaForCausalLM(LlamaConfig(**size, intermediate_size=32))
    return get_peft_model(model, PromptTuningConfig(num_virtual_tokens=4, task_type="CAUSAL_LM"))


def test_the_tokens_of_a_prompt_are_its_filters():
    model, tokens = seeded(prompted), 1 + draw_classes(39, 6, 5)
    data = {"input_ids": tokens, "labels": tokens}
    surface = lw.compute(model, lw.batch_loss(lambda model, batch: model(**batch).loss), data, resolution=3)
    (name,) = surface.origin
    torch.testing.assert_close(surface.directions[0][name].norm(dim=1), surface.origin[name].norm(dim=1))
    assert about_adapters(surface)[0].startswith("Adapters only: ")
    with torch.no_grad():
        assert surface.at("origin")["loss"] == pytest.approx(float(model.eval()(**data).loss), rel=1e-6)


def test_the_gradient_is_that_of_the_adapters():
    model = network()
    surface = computed(model, directions=[lw.GradientDirection()])
    F.cross_entropy(model.eval()(DATA[0]).double(), DATA[1]).backward()
    slopes = {name: p.grad for name, p in model.named_parameters() if p.grad is not None}
    (down,) = surface.directions
    scale = next(iter(down.values())).norm() / slopes[next(iter(down))].norm()
    for name, step in down.items():
        torch.testing.assert_close(step, -scale * slopes[name], rtol=1e-4, atol=1e-6)


def test_of_several_adapters_the_active_one_is_merged():
    model = network()
    model.add_adapter("second", LoraConfig(**TWO))
    model.set_adapter("second")
    with torch.no_grad():
        model.get_submodule("base_model.model.0").lora_B["second"].weight.fill_(0.5)
    surface = computed(model, parameters="merged")
    assert surface.at("origin")["loss"] == pytest.approx(own_loss(model), rel=1e-6)


def test_in_place_adapters_move_alone_too():
    model = network()
    before = weights_of(model)
    np.testing.assert_allclose(computed(model, copy=False)["loss"], computed(model)["loss"], rtol=1e-6)
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())


def test_in_place_nothing_can_be_merged():
    with pytest.raises(ValueError, match=r"copy=False measures your own model. Merge it yourself"):
        computed(network(), parameters="merged", copy=False)


def test_the_widget_tells_that_adapters_move_and_how_to_make_the_picture_again():
    widget = lw.explore(network(), F.cross_entropy, DATA, resolution=5, parameters="merged")
    widget.wait()
    assert "Adapters move as a part of the 2 layers that they adapt." in widget.status["facts"]["notes"]
    assert ["parameters", "'merged'"] in widget.choices["given"]
    widget.close()


@pytest.mark.parametrize(
    ("idle", "said"),
    [
        ("merge_adapter", r"those of 'base_model.model.0' are merged.*`model.unmerge_adapter\(\)`"),
        (
            "disable_adapter_layers",
            r"those of 'base_model.model.0' are off.*`model.enable_adapter_layers\(\)`",
        ),
    ],
)
def test_adapters_that_take_no_part_are_refused(idle, said):
    model = network()
    getattr(model, idle)()
    with pytest.raises(ValueError, match=said):
        computed(model)
    assert list(computed(model, parameters=r"0\.base_layer").origin)


def test_merged_is_refused_where_there_is_nothing_to_merge():
    with pytest.raises(
        ValueError, match=r"'merged' moves adapters.*Sequential has no such layers.*get_peft_model"
    ):
        computed(base(), parameters="merged")
    with pytest.raises(ValueError, match=r"PeftModelForCausalLM has no such layers"):
        computed(seeded(prompted), parameters="merged")


def test_merged_is_refused_where_nobody_can_merge():
    model = seeded(lambda: inject_adapter_in_model(LoraConfig(**TWO), base()))
    with pytest.raises(ValueError, match=r"Sequential has no `merge_and_unload`.*PeftModel.from_pretrained"):
        computed(model, parameters="merged")


def test_merged_is_refused_where_weights_are_codes():
    model = network()
    layer = model.get_submodule("base_model.model.0")
    layer.base_layer.__class__ = type("Linear4bit", (nn.Linear,), {})
    layer.base_layer.weight = nn.Parameter(torch.ones(8, 6, dtype=torch.uint8), requires_grad=False)
    with pytest.raises(
        ValueError, match=r"Linear4bit holds quantized ones.*Load the model without quantization"
    ):
        computed(model, parameters="merged")
