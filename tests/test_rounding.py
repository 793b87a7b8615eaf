"""How much of a step do weights of low precision swallow: what was measured, and none with digits enough?"""

import math

import pytest
import torch

import landscape_widget as lw
from landscape_widget.live.page_traits import facts_of
from landscape_widget.subspace.direction import Direction
from landscape_widget.subspace.rounding import STEPS, rounding

AS_MEASURED = {1e-3: 0.8, 1e-2: 0.17, 1e-1: 0.017, 1.0: 0.002}


def drawn(dtype):
    """512 filters and, for each, a random direction of the filter's length."""
    generator = torch.Generator().manual_seed(0)
    weight = (torch.randn(512, 512, generator=generator) / 22).to(dtype)
    noise = torch.randn(512, 512, generator=generator)
    vector = noise * (weight.float().norm(dim=1) / noise.norm(dim=1))[:, None]
    return {"weight": weight}, Direction({"weight": vector}, "random")


def lost_at(dtype, step):
    origin, direction = drawn(dtype)
    found = rounding(origin, [direction])
    return next(lost for at, lost in zip(found.steps, found.lost, strict=True) if math.isclose(at, step))


@pytest.mark.parametrize("step", AS_MEASURED)
def test_a_step_in_bfloat16_loses_what_was_measured(step):
    assert lost_at(torch.bfloat16, step) == pytest.approx(AS_MEASURED[step], rel=0.2)


def test_float16_has_three_bits_more_so_it_loses_an_eighth():
    assert lost_at(torch.float16, 0.1) == pytest.approx(lost_at(torch.bfloat16, 0.1) / 8, rel=0.05)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_where_there_are_digits_enough_nothing_is_said(dtype):
    origin, direction = drawn(dtype)
    assert rounding(origin, [direction]) is None


def test_a_step_between_numbers_that_bfloat16_has_is_kept_whole():
    kept = Direction({"weight": torch.tensor([1.0])}, "halves")
    found = rounding({"weight": torch.tensor([1.0], dtype=torch.bfloat16)}, [kept])
    assert found.lost[-1] == 0.0
    assert found.lost[0] == pytest.approx(1.0)  # 1 + 10⁻⁴ is 1 again


def test_of_two_directions_the_worse_counts_and_one_that_stands_still_loses_nothing():
    origin, direction = drawn(torch.bfloat16)
    still = Direction({"weight": torch.zeros(512, 512)}, "still")
    assert rounding(origin, [still]).lost == (0.0,) * len(STEPS)
    assert rounding(origin, [still, direction]) == rounding(origin, [direction])


def test_a_network_in_bfloat16_says_so_and_so_does_its_saved_surface():
    torch.manual_seed(0)
    model = torch.nn.Linear(64, 8).to(torch.bfloat16)
    data = (torch.randn(16, 64, dtype=torch.bfloat16), torch.randint(8, (16,)))
    widget = lw.explore(model, torch.nn.CrossEntropyLoss(), data, resolution=3)
    surface = widget.wait()
    told = widget.status["facts"]["rounding"]
    widget.close()
    assert told["dtype"] == "bfloat16"
    assert told["lost"][0] > 0.5 > told["lost"][-1]
    assert facts_of(surface).rounding.lost == tuple(told["lost"])
