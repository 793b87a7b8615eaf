"""Is a line that is drawn again the same as each draw by itself?"""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import landscape_widget as lw
from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.evaluate.repeats import Repeats, repeated_metrics
from landscape_widget.facts import MetricFacts
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.shared import pool
from landscape_widget.subspace.direction import as_direction
from landscape_widget.subspace.star import Star
from landscape_widget.values import State, Values
from tests.live_cases import never

DATA = (torch.randn(40, 6, generator=torch.Generator().manual_seed(0)), torch.arange(40) % 3)


def network() -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3))


def test_each_draw_is_what_a_line_of_its_seed_would_be():
    line = lw.compute(
        network(), F.cross_entropy, DATA, directions=[lw.RandomDirection(4)], repeats=3, resolution=9
    )
    for repeat in range(3):
        alone = lw.compute(
            network(), F.cross_entropy, DATA, directions=[lw.RandomDirection(4 + repeat)], resolution=9
        )
        np.testing.assert_allclose(line.repeated("loss")[repeat], alone["loss"], rtol=1e-6)
        np.testing.assert_allclose(line.repeated("accuracy")[repeat], alone["accuracy"])
    assert np.array_equal(line["loss"], line.repeated("loss")[0])
    assert line.settings["repeats"] == 3 and len(line.directions) == 3


def test_the_first_layer_is_right_along_every_line():
    objective = read_objective(network(), F.cross_entropy, DATA)
    lines = tuple(as_direction(lw.RandomDirection(seed), objective) for seed in range(4))
    star = Star(objective.params, lines)
    points = np.concatenate([a * np.eye(4) for a in np.linspace(-1, 1, 9)])
    fast, plain = (
        measured(Evaluator(objective, star, pool(), plain=plain), points) for plain in (False, True)
    )
    np.testing.assert_allclose(fast, plain, rtol=1e-5)


def measured(evaluate, points) -> np.ndarray:
    losses = np.full(len(points), np.nan)
    for values in evaluate(points, 40, never):
        losses[values.cells] = values.mean[:, 0]
    return losses


def test_ten_draws_can_be_had_again():
    def ten():
        rule = [lw.RandomDirection(0)]
        return lw.compute(network(), F.cross_entropy, DATA, directions=rule, repeats=10, resolution=5)

    np.testing.assert_allclose(ten().repeated("loss"), ten().repeated("loss"), rtol=1e-6)


def test_columns_are_named_line_by_line():
    columns = repeated_metrics((MetricFacts("loss", "", 7), MetricFacts("accuracy", "%", 7)), 2)
    assert [column.name for column in columns] == ["loss", "accuracy", "loss #1", "accuracy #1"]
    assert [column.repeat for column in columns] == [0, 0, 1, 1]


def test_a_place_is_told_when_it_is_known_on_every_line():
    asked = []

    def backwards(coordinates, samples, cancelled):
        asked.append(coordinates.tolist())
        for cell in reversed(range(len(coordinates))):
            value = coordinates[cell] @ np.array([[1.0], [10.0]])
            one = value[None]
            state = np.array([State.EXACT], np.uint8)
            yield Values(np.array([cell]), one, 0 * one, np.full((1, 1), samples), state)

    answers = list(Repeats(backwards, 2)(np.array([[1.0], [2.0]]), 5, never))
    assert asked == [[[1, 0], [0, 1], [2, 0], [0, 2]]]
    assert [answer.cells.tolist() for answer in answers] == [[1], [0]]
    assert [answer.mean.tolist() for answer in answers] == [[[2, 20]], [[1, 10]]]
    assert answers[0].count.tolist() == [[5, 5]]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"repeats": 0}, "repeats is a whole number from 1 to 64; got 0"),
        ({"repeats": 2.0}, "whole number from 1 to 64; got 2.0"),
        ({"repeats": True}, "whole number from 1 to 64; got True"),
        ({"repeats": 2}, "got a plane. Give one `RandomDirection`, or compare planes"),
        ({"repeats": 2, "directions": [lw.GradientDirection()]}, "got a line along GradientDirection"),
    ],
)
def test_only_a_random_line_can_be_drawn_again(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        lw.compute(network(), F.cross_entropy, DATA, **options)


def test_an_error_in_the_loss_passes_through():
    def loss(model, batch):
        if not torch.equal(model[0].weight, first):
            raise ZeroDivisionError("away from the origin")
        return F.cross_entropy(model(batch[0]), batch[1])

    model = network()
    first = model[0].weight.detach().clone()
    with pytest.raises(ZeroDivisionError):
        lw.compute(
            model, lw.batch_loss(loss), DATA, directions=[lw.RandomDirection(0)], repeats=2, resolution=5
        )
