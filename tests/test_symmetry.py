"""Which rescalings of a network, that leave its function alone, leave its picture alone (O3)?

Dinh et al. 2017: a ReLU network computes the same when what goes into a unit is scaled by c and what comes
out by 1/c. A picture that moves shows the parametrization, not the function.
"""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace
from tests.cases import draw, seeded
from tests.pools import pool

X = draw(80, 4).double()
Y = X[:, :3].argmax(1)
PLACES = np.linspace(-1, 1, 21)[:, None]

LAYER = torch.full((16,), 10.0).double()
NODES = torch.exp(1.5 * draw(16, seed=3).double())

STILL = {
    "layer": {"none": False, "layer": True, "filter": True, "weight": True},
    "nodes": {"none": False, "layer": False, "filter": False, "weight": True},
}


def network() -> nn.Sequential:
    model = seeded(lambda: nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))).double()
    optimizer = torch.optim.Adam(model.parameters(), 0.02)
    for _ in range(150):
        optimizer.zero_grad()
        F.cross_entropy(model(X), Y).backward()
        optimizer.step()
    optimizer.zero_grad()
    return model


def rescaled(model: nn.Sequential, factors: Tensor) -> nn.Sequential:
    model = copy.deepcopy(model)
    with torch.no_grad():
        model[0].weight.mul_(factors[:, None])
        model[0].bias.mul_(factors)
        model[2].weight.div_(factors)
    return model


def curve(model: nn.Module, normalization: str) -> np.ndarray:
    objective = read_objective(model, F.cross_entropy, (X, Y))
    line = Subspace(objective.params, (RandomDirection(1, normalization)(objective),))
    found = np.full(len(PLACES), np.nan)
    for values in Evaluator(objective, line, pool())(PLACES, len(X), lambda: False):
        found[values.cells] = values.mean[:, 0]
    return found


@pytest.mark.parametrize("factors", [LAYER, NODES], ids=["layer", "nodes"])
def test_the_function_is_the_same(factors: Tensor) -> None:
    model = network()
    torch.testing.assert_close(rescaled(model, factors)(X), model(X), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("normalization", ["none", "layer", "filter", "weight"])
@pytest.mark.parametrize("symmetry", STILL)
def test_a_picture_is_still_where_its_normalization_knows_the_symmetry(
    symmetry: str, normalization: str
) -> None:
    model = network()
    before = curve(model, normalization)
    after = curve(rescaled(model, LAYER if symmetry == "layer" else NODES), normalization)
    moved = abs(after - before).max()
    if STILL[symmetry][normalization]:
        assert moved <= 1e-12
    else:
        assert moved > 0.05 * np.ptp(before)
