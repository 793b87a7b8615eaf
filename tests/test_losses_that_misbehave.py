"""What if the loss prints, dawdles, has no number to give, or the model is trained on meanwhile?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import landscape_widget as lw
from landscape_widget.objective.random_state import random_state_digest

POINTS = np.linspace(-1, 1, 9)


@pytest.fixture
def model() -> torch.nn.Module:
    made = torch.nn.Linear(2, 1, bias=False)
    torch.nn.init.ones_(made.weight)
    return made


def line(model: torch.nn.Module, loss: Callable[..., Any]) -> lw.Surface:
    """Along the first weight, from 0 to 2."""
    data = (torch.zeros(1, 2), torch.zeros(1))
    axes = [{"weight": torch.tensor([[1.0, 0.0]])}]
    return lw.compute(model, lw.batch_loss(loss), data, directions=axes, x=(-1, 1), resolution=9)


def square(model: torch.nn.Module, batch: Any) -> torch.Tensor:
    return (model.weight[0, 0] - 1) ** 2


def test_training_on_meanwhile_is_not_seen(model):
    enough = threading.Event()
    steps = 0

    def train() -> None:
        nonlocal steps
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        while not enough.is_set():
            optimizer.zero_grad()
            (model(torch.ones(1, 2)) - 7).square().sum().backward()
            optimizer.step()
            steps += 1

    def slow(model: torch.nn.Module, batch: Any) -> torch.Tensor:
        if thread.ident is None:
            thread.start()
        began = steps
        while steps == began and thread.is_alive():
            threading.Event().wait(0.001)  # a step of training between any two cells
        return square(model, batch)

    thread = threading.Thread(target=train)
    try:
        surface = line(model, slow)
    finally:
        enough.set()
        thread.join()
    assert surface["loss"] == pytest.approx(POINTS**2, abs=1e-6)
    assert steps >= 9 and model.weight.sum().item() == pytest.approx(7, abs=0.1)


def test_one_that_prints_says_all_it_wants_and_is_right(model, capsys):
    def chatty(model: torch.nn.Module, batch: Any) -> torch.Tensor:
        print("a cell")
        return square(model, batch)

    assert line(model, chatty)["loss"] == pytest.approx(POINTS**2, abs=1e-6)
    assert capsys.readouterr().out.count("a cell") >= 9


@pytest.mark.parametrize("worst", [np.nan, np.inf, -np.inf])
def test_no_number_is_a_value_that_is_known_and_all_others_are_right(model, worst):
    def cliff(model: torch.nn.Module, batch: Any) -> torch.Tensor:
        value = square(model, batch)
        return torch.where(model.weight[0, 0] > 1.6, torch.full_like(value, worst), value)

    surface = line(model, cliff)
    assert surface.is_done
    assert surface["loss"][:7] == pytest.approx(POINTS[:7] ** 2, abs=1e-6)
    assert np.array_equal(surface["loss"][7:], [worst, worst], equal_nan=True)


@pytest.mark.parametrize(("worth", "came"), [(1 + 1j, r"complex64\[\]"), ("three", "str")])
def test_what_is_no_real_number_is_refused_at_the_door(model, worth, came):
    def odd(model: torch.nn.Module, batch: Any) -> Any:
        return worth if isinstance(worth, str) else model.weight.sum() * worth

    with pytest.raises(TypeError, match=rf"to return a number or one value a sample; got {came}"):
        line(model, odd)


def test_one_that_draws_random_numbers_is_refused_and_draws_none_of_the_users(model):
    before = random_state_digest()
    with pytest.raises(ValueError, match="draws random numbers"):
        line(model, lambda model, batch: square(model, batch) + torch.rand(()))
    assert random_state_digest() == before
