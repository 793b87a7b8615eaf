"""The user's next random number is the one it would have been."""

import random

import numpy as np
import pytest
import torch

from landscape_widget.objective.random_state import draws, kept_random_state, random_state_digest
from landscape_widget.objective.read_objective import read_objective


def draw_everywhere() -> tuple[float, float, float]:
    return torch.rand(()).item(), float(np.random.random()), random.random()


def test_the_global_states_come_back() -> None:
    with kept_random_state():
        first = draw_everywhere()
    assert draw_everywhere() == first


def test_they_come_back_after_an_error() -> None:
    with kept_random_state():
        expected = draw_everywhere()
    with pytest.raises(KeyError), kept_random_state():
        draw_everywhere()
        raise KeyError
    assert draw_everywhere() == expected


def test_a_generator_comes_back_too() -> None:
    generator = torch.Generator().manual_seed(3)
    with kept_random_state(generator):
        first = torch.rand((), generator=generator)
    assert torch.rand((), generator=generator) == first


@pytest.mark.parametrize("number", range(3))
def test_the_digest_tells_that_somebody_drew(number: int) -> None:
    with kept_random_state():
        before = random_state_digest()
        assert random_state_digest() == before
        (lambda: torch.rand(()), np.random.random, random.random)[number]()
        assert random_state_digest() != before


def test_what_draws_or_sets_a_seed_does_so_every_time():
    def draw():
        random.random()

    def set_a_seed():
        torch.manual_seed(0)

    before = random_state_digest()
    assert draws(draw) and draws(set_a_seed) and draws(np.random.rand)
    assert not draws(lambda: torch.rand(2, generator=torch.Generator()))
    assert random_state_digest() == before


def test_another_thread_that_draws_meanwhile_is_not_taken_for_the_loss():
    others = iter([random.random, random.random, lambda: None])
    assert not draws(lambda: next(others)())
    calls = iter([random.random])  # in the first call alone, as a thread beside it would

    def loss(output, target):
        next(calls, lambda: None)()
        return (output - target).square().mean()

    objective = read_objective(torch.nn.Linear(2, 1), loss, (torch.ones(8, 2), torch.zeros(8, 1)))
    assert next(calls, None) is None and objective.train.size == 8
