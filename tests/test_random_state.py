"""The user's next random number is the one it would have been."""

import random

import numpy as np
import pytest
import torch

from landscape_widget.objective.random_state import kept_random_state, random_state_digest


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
