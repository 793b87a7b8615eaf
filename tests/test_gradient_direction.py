"""Does the gradient's direction point downhill, at the right length?"""

from __future__ import annotations

import pytest
import torch
from filter_cases import Complex, place
from torch import nn
from torch.nn import functional as F

from landscape_widget.objective.params import squared_norm
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.direction import as_direction
from landscape_widget.subspace.gradient_direction import GradientDirection


def test_it_is_minus_the_gradient_at_the_length_of_the_parameters():
    model = nn.Linear(2, 1)
    model.weight.data, model.bias.data = torch.tensor([[2.0, 1.0]]), torch.tensor([2.0])
    slope = {"weight": torch.tensor([[0.0, 3.0]]), "bias": torch.tensor([-4.0])}
    direction = GradientDirection()(place(model, slope=slope))
    assert direction.label == "−gradient"
    torch.testing.assert_close(direction.vector["weight"], torch.tensor([[0.0, -1.8]]))
    torch.testing.assert_close(direction.vector["bias"], torch.tensor([2.4]))


def test_it_is_steepest_descent_of_a_least_squares_problem():
    torch.manual_seed(0)
    model = nn.Linear(3, 1, dtype=torch.float64)
    inputs, targets = torch.randn(10, 3, dtype=torch.float64), torch.randn(10, 1, dtype=torch.float64)
    objective = read_objective(model, F.mse_loss, (inputs, targets))
    direction = as_direction(GradientDirection(), objective)
    residual = model(inputs).detach() - targets
    steepest = {"weight": -2 * residual.T @ inputs / 10, "bias": -2 * residual.mean(0)}
    scale = (squared_norm(objective.params) / squared_norm(steepest)) ** 0.5
    for name, tensor in steepest.items():
        torch.testing.assert_close(direction.vector[name], scale * tensor, rtol=1e-12, atol=1e-14)


def test_complex_parameters_have_a_gradient_too():
    objective = place(Complex())
    objective = place(objective.model, slope={name: 2j * w for name, w in objective.params.items()})
    vector = GradientDirection()(objective).vector
    torch.testing.assert_close(vector["weight"], -1j * objective.params["weight"])


def test_at_zero_it_has_unit_length_and_says_so():
    model = nn.Linear(2, 1, bias=False)
    nn.init.zeros_(model.weight)
    direction = GradientDirection()(place(model, slope={"weight": torch.tensor([[3.0, 4.0]])}))
    torch.testing.assert_close(direction.vector["weight"], torch.tensor([[-0.6, -0.8]]))
    assert direction.notes == ("All moved parameters are zero, so −gradient has length 1.",)


def test_a_gradient_of_zero_is_refused():
    model = nn.Linear(2, 1, bias=False)
    with pytest.raises(ValueError, match=r"exactly zero, so it points nowhere. Look along another direction"):
        GradientDirection()(place(model, slope={"weight": torch.zeros(1, 2)}))


def test_a_gradient_that_is_not_finite_is_refused():
    model = nn.Linear(2, 1, bias=False)
    slope = {"weight": torch.tensor([[torch.inf, 1.0]])}
    with pytest.raises(ValueError, match="'−gradient' is not finite in 'weight'"):
        as_direction(GradientDirection(), place(model, slope=slope))
