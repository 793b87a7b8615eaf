"""A trained transformer of 22.7 million weights, around which a loss compares sentences."""

import copy

import pytest
import torch

import landscape_widget as lw
from landscape_widget.subspace.filters import filter_axes
from tests.trained_networks import contrastive, pairs, sentences

pytestmark = pytest.mark.processes  # loads MiniLM

LOSS = lw.batch_loss(contrastive)
LINE = {"directions": [lw.RandomDirection(0)], "resolution": 3, "x": (-0.5, 0.5)}


@pytest.fixture(scope="module")
def model():
    return sentences().train()


@pytest.fixture(scope="module")
def line(model):
    return lw.compute(model, LOSS, [pairs()], **LINE)


def own_loss(model):
    with torch.no_grad():
        return float(contrastive(copy.deepcopy(model).eval(), pairs()))


def test_the_origin_is_the_users_own_loss_and_the_network_is_a_trained_one(model, line):
    value = line.at("origin")["loss"]
    assert value == pytest.approx(own_loss(model), rel=1e-5)
    assert value < 0.1 < line["loss"][0]  # by chance it would be log 8


def test_an_end_of_the_line_is_a_network_moved_by_hand(model, line):
    moved = copy.deepcopy(model).eval()
    with torch.no_grad():
        for name, step in line.directions[0].items():
            moved.get_parameter(name).add_(line.x[2] * step)
    assert line["loss"][2] == pytest.approx(own_loss(moved), rel=1e-5)


def test_filters_are_rows_of_embeddings_and_of_each_projection(model, line):
    rules = filter_axes(model)
    for name, step in line.directions[0].items():
        weight = line.origin[name]
        assert rules[name].one_dimensional == (weight.ndim == 1)
        if weight.ndim == 1:
            assert not step.any()
        else:
            torch.testing.assert_close(step.norm(dim=1), weight.norm(dim=1), rtol=1e-4, atol=1e-6)


def test_in_place_it_is_the_same_line(model, line):
    here = lw.compute(model, LOSS, [pairs()], **LINE, copy=False)
    assert here["loss"].tolist() == pytest.approx(line["loss"].tolist(), rel=1e-6)


def test_the_users_network_is_left_as_it_was(model, line):
    fresh = sentences().state_dict()
    assert all(torch.equal(tensor, fresh[name]) for name, tensor in model.state_dict().items())
    assert model.training and all(parameter.grad is None for parameter in model.parameters())


def test_the_plane_of_attention_alone_has_its_origin_too(model):
    plane = lw.compute(model, LOSS, [pairs()], resolution=2, parameters=r"layer\.5\.attention")
    assert plane.at("origin")["loss"] == pytest.approx(own_loss(model), rel=1e-5)
    assert plane["loss"].shape == (2, 2) and (plane["loss"] > 0).all()
