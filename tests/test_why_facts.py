"""Do real networks trigger the facts from which a picture's reasons are told?"""

import numpy as np
import pytest
import torch

import landscape_widget as lw

SAMPLES = 64


def data(dtype=torch.float32):
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(SAMPLES, 6, generator=generator).to(dtype)
    return inputs, torch.randint(3, (SAMPLES,), generator=generator)


def told(model, dtype=torch.float32, **options):
    """The status of a finished widget, and its surface."""
    criterion = torch.nn.CrossEntropyLoss()
    widget = lw.explore(model, criterion, data(dtype), resolution=5, **options)
    surface, status = widget.wait(), dict(widget.status)
    widget.close()
    return status, surface


@pytest.fixture
def plain():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.ReLU(), torch.nn.Linear(8, 3))


def test_a_network_with_batch_norm_whose_statistics_are_stale_is_sensitive_to_them(plain):
    norm = torch.nn.BatchNorm1d(8)
    norm.running_mean += 3
    norm.running_var *= 0.01
    with torch.no_grad():
        plain[2].weight *= 10
    model = torch.nn.Sequential(plain[0], norm, plain[1], plain[2]).eval()
    sensitivity = told(model)[0]["sensitivity"]
    assert sensitivity["worst"] > 1.2
    assert set(sensitivity["losses"]) == {"frozen", "reestimate"}
    assert told(plain)[0]["sensitivity"] is None


def test_a_subset_has_an_error_against_the_data_and_the_whole_of_them_none(plain):
    _, some = told(plain, samples=16)
    _, all_of_them = told(plain)
    assert (some.standard_error["loss"] > 0).all()
    assert np.all(all_of_them.standard_error["loss"] == 0)


def test_a_network_in_half_precision_loses_most_of_a_short_step(plain):
    facts = told(plain.to(torch.bfloat16), torch.bfloat16)[0]["facts"]
    lost = dict(zip(facts["rounding"]["steps"], facts["rounding"]["lost"], strict=True))
    assert lost[1e-4] > 0.5 and lost[1.0] < 0.02
    assert told(plain.float())[0]["facts"]["rounding"] is None


def test_dead_filters_are_counted(plain):
    with torch.no_grad():
        plain[0].weight[:2] = 0
    assert told(plain)[0]["facts"]["zeros"] == 2


def test_a_network_of_which_only_the_last_layer_is_trained_moves_a_part(plain):
    plain[0].requires_grad_(False)
    assert told(plain)[0]["facts"]["share"] < 0.9
