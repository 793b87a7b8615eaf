"""A trained detector of speech, of convolutions and an LSTM, in a landscape with a known floor."""

import copy

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import landscape_widget as lw
from landscape_widget.subspace.filters import filter_axes
from tests.trained_networks import CHUNK, folder_of, signals, speech

SIGNALS = signals(6, 5)


@pytest.fixture(scope="module")
def heard():
    """What the network itself says, in float64: the loss against that is least at the origin."""
    with torch.no_grad():
        return speech().double()(SIGNALS.double())


@pytest.fixture(scope="module")
def plane(heard):
    return lw.compute(speech(), F.binary_cross_entropy, (SIGNALS, heard.float()), resolution=5)


def entropy(heard):
    return float(F.binary_cross_entropy(heard, heard))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of torch.jit, in which the package ships it too
def test_the_module_is_the_packages_own():
    shipped = torch.jit.load(str(folder_of("silero_vad") / "data" / "silero_vad.jit"))
    theirs = shipped.state_dict()
    model = speech()
    order = ["stft.forward_basis_buffer"]
    order += [f"encoder.{n}.reparam_conv.{leaf}" for n in range(4) for leaf in ("weight", "bias")]
    order += [f"decoder.rnn.{leaf}_{side}" for leaf in ("weight", "bias") for side in ("ih", "hh")]
    order += [f"decoder.decoder.2.{leaf}" for leaf in ("weight", "bias")]
    pairs = zip(model.state_dict(), order, strict=True)
    model.load_state_dict({own: theirs[f"_model.{name}"] for own, name in pairs})
    with torch.no_grad():
        expected = torch.cat([shipped(chunk, 16_000) for chunk in SIGNALS.split(CHUNK, 1)], 1)
        torch.testing.assert_close(model(SIGNALS), expected, rtol=1e-4, atol=1e-6)


def test_it_tells_a_vowel_from_silence(heard):
    assert heard[0].max() < 0.05 and heard[1:].max() > 0.2  # the first has no voice in it


def test_the_origin_is_the_users_own_loss_and_the_lowest_there_is(plane, heard):
    """A cross entropy against q is least where the network says q, and is q's entropy there (Gibbs)."""
    least = entropy(heard)
    assert plane.at("origin")["loss"] == pytest.approx(least, rel=1e-6)
    elsewhere = plane["loss"][~((plane.y[:, None] == 0) & (plane.x == 0))]
    assert (elsewhere > least * (1 + 1e-3)).all()


def test_a_corner_is_the_loss_of_a_network_moved_by_hand(plane, heard):
    moved = copy.deepcopy(speech()).double()
    with torch.no_grad():
        for name, parameter in moved.named_parameters():
            if name in plane.origin:
                parameter.add_(
                    plane.x[0] * plane.directions[0][name] + plane.y[4] * plane.directions[1][name]
                )
        value = float(F.binary_cross_entropy(moved(SIGNALS.double()), heard))
    assert plane["loss"][4, 0] == pytest.approx(value, rel=1e-4)


def test_the_gradient_vanishes_so_no_line_falls_from_there(heard):
    line = lw.compute(
        speech(),
        F.binary_cross_entropy,
        (SIGNALS, heard.float()),
        resolution=5,
        directions=[lw.RandomDirection(3)],
        x=(-0.02, 0.02),
    )
    left, right = (line["loss"][[1, 3]] - line["loss"][2]) / line["loss"][2]
    assert left > 0 and right > 0 and left == pytest.approx(right, rel=0.35)


def test_filters_of_convolutions_and_gates_are_as_long_as_the_weights_own(plane):
    for name in ("conv1.weight", "conv4.weight", "lstm_cell.weight_ih", "lstm_cell.weight_hh"):
        for direction in plane.directions:
            step, weight = (side[name].flatten(1).norm(dim=1) for side in (direction, plane.origin))
            torch.testing.assert_close(step, weight)


def test_each_gate_of_the_lstm_is_a_layer_of_its_own():
    model = speech()
    rules = filter_axes(model)
    assert rules["lstm_cell.weight_ih"].split == (4, 128, 128) and rules["lstm_cell.weight_ih"].filters == 512
    direction = lw.compute(
        model, F.binary_cross_entropy, (SIGNALS, torch.zeros(6, 5)), normalization="layer", resolution=3
    ).directions[0]
    for step, weight in zip(
        direction["lstm_cell.weight_hh"].chunk(4), model.lstm_cell.weight_hh.detach().chunk(4), strict=True
    ):
        torch.testing.assert_close(step.norm(), weight.norm())


def test_in_place_it_is_the_same_plane(plane, heard):
    model = speech()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    here = lw.compute(model, F.binary_cross_entropy, (SIGNALS, heard.float()), resolution=5, copy=False)
    np.testing.assert_allclose(here["loss"], plane["loss"], rtol=1e-6)
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())


def test_what_is_frozen_stays_and_biases_too(plane):
    assert "stft_conv.weight" not in plane.origin
    assert not plane.directions[0]["lstm_cell.bias_ih"].any()
    assert 0 < plane.settings["share"] < 1


def test_the_users_network_is_left_as_it_was(heard):
    model = speech()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    lw.compute(model, F.binary_cross_entropy, (SIGNALS, heard.float()), resolution=3)
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
