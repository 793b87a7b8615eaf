"""Are the zoo's networks those of the paper, and their small kin alike?"""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from landscape_widget import zoo
from landscape_widget.objective.random_state import random_state_digest
from landscape_widget.zoo.resnet import Block, ResNet

PAPERS: list[tuple[Callable[[], nn.Module], int, int]] = [
    (lambda: zoo.resnet(20), 272_474, 128),
    (lambda: zoo.resnet(56), 855_770, 344),
    (lambda: zoo.resnet(110), 1_730_714, 668),
    (lambda: zoo.resnet(20, shortcuts=False), 269_722, 116),
    (lambda: zoo.resnet(56, shortcuts=False), 853_018, 332),
    (lambda: zoo.resnet(110, shortcuts=False), 1_727_962, 656),
    (lambda: zoo.resnet(56, width=2), 3_412_394, 344),
    (lambda: zoo.resnet(56, width=4), 13_628_234, 344),
    (lambda: zoo.resnet(56, width=8), 54_470_282, 344),
    (lambda: zoo.resnet(56, False, 2), 3_401_770, 332),
    (lambda: zoo.resnet(56, False, 4), 13_586_506, 332),
    (lambda: zoo.resnet(56, False, 8), 54_304_906, 332),
    (lambda: zoo.vgg(), 2_789_706, 58),
    (lambda: zoo.densenet(), 6_956_298, 722),
]
"""Parameters, and tensors of the state_dict, counted on the paper's own code
(tomgoldstein/loss-landscape at 64ef4d5, cifar10/models)."""

SMALL: dict[str, Callable[..., nn.Module]] = {
    "resnet": lambda **given: zoo.small_resnet(8, **given),
    "plain": lambda **given: zoo.small_resnet(8, shortcuts=False, **given),
    "wide": lambda **given: zoo.small_resnet(8, width=4, **given),
    "vgg": zoo.small_vgg,
    "densenet": zoo.small_densenet,
    "convolutional": zoo.convolutional,
    "mlp": zoo.mlp,
    "deep mlp": lambda **given: zoo.mlp((16, 16, 16), **given),
}


def parameters(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


@pytest.mark.parametrize(("build", "count", "tensors"), PAPERS)
def test_parameters_and_tensors_are_as_many_as_in_the_papers_code(
    build: Callable[[], nn.Module], count: int, tensors: int
):
    model = build()
    assert parameters(model) == count
    assert len(model.state_dict()) == tensors


@pytest.mark.parametrize(("depth", "millions"), [(20, 0.27), (56, 0.85), (110, 1.7)])
def test_a_resnet_is_as_large_as_he_et_al_say_where_shortcuts_have_no_parameters(depth: int, millions: float):
    """Table 6 of He et al. 2015 is of option A; our option B has 2,752 parameters more."""
    assert round(parameters(zoo.resnet(depth, shortcuts=False)) / 1e6, 2 if depth < 100 else 1) == millions


@pytest.mark.parametrize("width", [1, 2])
def test_without_shortcuts_just_the_shortcuts_are_missing(width: int):
    first = 16 * width
    projections = sum(2 * old * old + 2 * (2 * old) for old in (first, 2 * first))
    assert parameters(zoo.resnet(20, True, width)) - parameters(zoo.resnet(20, False, width)) == projections
    with_them, without = zoo.resnet(20), zoo.resnet(20, shortcuts=False)
    names = [name for name in with_them.state_dict() if ".shortcut." not in name]
    assert names == list(without.state_dict())


def test_tensors_are_called_as_in_the_papers_code():
    block = ["conv1.weight", "bn1.weight", "conv2.weight", "bn2.weight"]
    ours = zoo.resnet(20).state_dict()
    assert {f"layer2.0.{name}" for name in [*block, "shortcut.0.weight", "shortcut.1.weight"]} <= ours.keys()
    assert {"conv1.weight", "bn1.running_var", "linear.bias"} <= ours.keys()
    assert {
        "features.21.bias",
        "fc.0.weight",
        "fc.1.weight",
        "classifier.weight",
    } <= zoo.vgg().state_dict().keys()
    assert {"dense4.15.conv2.weight", "trans3.bn.bias", "bn.weight"} <= zoo.densenet().state_dict().keys()


def silenced(block: Block) -> Block:
    nn.init.zeros_(block.bn2.weight)
    return block.eval()


def test_a_block_that_makes_nothing_hands_on_what_it_was_given_by_its_shortcut_alone():
    given = torch.rand(2, 4, 3, 3)
    assert torch.equal(silenced(Block(4, 4, 1, shortcut=True))(given), given)
    assert not silenced(Block(4, 4, 1, shortcut=False))(given).any()


def test_each_stage_halves_the_image_and_doubles_the_channels():
    model: ResNet = zoo.resnet(8, width=2, base=3, channels=1)
    seen = model.layer1(torch.rand(1, 6, 12, 12))
    assert seen.shape == (1, 6, 12, 12)
    assert model.layer3(model.layer2(seen)).shape == (1, 24, 3, 3)


def test_a_dense_layer_puts_what_it_makes_before_what_it_was_given():
    model = zoo.densenet((2, 1), 3, channels=1).eval()
    given = torch.rand(1, 6, 4, 4)
    made = model.get_submodule("dense1.0")(given)
    assert made.shape == (1, 9, 4, 4)
    assert torch.equal(made[:, 3:], given)
    assert model.get_submodule("trans1")(torch.rand(1, 12, 4, 4)).shape == (1, 6, 2, 2)


@pytest.mark.parametrize("name", SMALL)
def test_small_networks_tell_ten_digits_apart_and_have_their_gradients(name: str):
    model = SMALL[name]()
    scores = model(torch.rand(5, 1, 8, 8))
    assert scores.shape == (5, 10)
    F.cross_entropy(scores, torch.arange(5)).backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


@pytest.mark.parametrize("name", SMALL)
def test_weights_follow_from_the_seed_and_nobody_elses_random_numbers_change(name: str):
    before = random_state_digest()
    first, again, other = (SMALL[name](seed=seed).state_dict() for seed in (3, 3, 4))
    assert random_state_digest() == before
    assert all(torch.equal(first[tensor], again[tensor]) for tensor in first)
    assert any(not torch.equal(first[tensor], other[tensor]) for tensor in first)


def test_an_untrained_network_knows_nothing():
    """Its classifier is all but zero, so its loss is that of guessing: ln 10."""
    images, labels = zoo.digits().test
    with torch.no_grad():
        loss = F.cross_entropy(zoo.convolutional().eval()(images), labels)
    assert float(loss) == pytest.approx(math.log(10), abs=0.02)


def test_weights_begin_as_in_the_papers_code_times_the_gain():
    model = zoo.initialize(
        nn.Sequential(nn.Conv2d(50, 60, 3), nn.BatchNorm2d(60), nn.Linear(300, 400)), gain=3
    )
    convolution, norm, linear = model
    assert float(convolution.weight.detach().std()) == pytest.approx(3 * math.sqrt(2 / 450), rel=0.02)
    assert float(linear.weight.detach().std()) == pytest.approx(3 * 1e-3, rel=0.02)
    assert not convolution.bias.any() and not linear.bias.any()
    assert norm.weight.eq(1).all() and norm.running_var.eq(1).all()
    by_fan_in = zoo.initialize(nn.Linear(300, 400), linear=None)
    assert float(by_fan_in.weight.detach().std()) == pytest.approx(math.sqrt(2 / 300), rel=0.02)


def test_a_depth_that_no_resnet_has_is_refused():
    with pytest.raises(ValueError, match=r"has 6n \+ 2 layers; got depth 21\. Try 8, 14, 20, 56 or 110"):
        zoo.resnet(21)
    with pytest.raises(ValueError, match="got depth 2"):
        zoo.resnet(2)


def test_images_that_do_not_halve_evenly_are_refused():
    with pytest.raises(ValueError, match="whose edge halves 3 times, once a stage; got 12 pixels"):
        zoo.vgg(size=12)
