"""What is shown of a large model where nobody says: a line along five seeds, and how to have the plane."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import landscape_widget as lw
from landscape_widget.objective import params
from landscape_widget.objective.lazy_tensors import LazyTensors
from landscape_widget.objective.params import LARGE
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.scene.measuring import Measurers
from landscape_widget.scene.offer import make_offer
from tests.cases import draw, draw_classes, mlp

DATA = (draw(12, 4), draw_classes(3, 12))
WEIGHTS = sum(parameter.numel() for parameter in mlp().parameters())


@pytest.fixture
def large(monkeypatch):
    """Every network is large."""
    monkeypatch.setattr(params, "LARGE", WEIGHTS - 1)


def computed(**options):
    return lw.compute(mlp(), F.cross_entropy, DATA, resolution=5, **options)


def note_of(surface):
    return [note for note in surface.settings["notes"] if "weights move" in note]


def offered(weights):
    """What is on offer of a network of so many weights, which take no memory here."""
    objective = read_objective(mlp(), F.cross_entropy, DATA)
    objective = replace(objective, params={"weight": torch.zeros(1).expand(weights)})
    return make_offer(
        objective,
        None,
        normalization="filter",
        one_dimensional="fixed",
        filter_axes={},
        orthogonalize=None,
        batch_norm=None,
        repeats=None,
        trajectory=None,
        seed=7,
        settings={},
        measurers=Measurers(lambda *_: None, lambda *_: None),
    )


def test_above_fifty_million_weights_it_is_a_line_along_five_seeds():
    offer = offered(LARGE + 1)
    assert [vars(choice)["seed"] for choice in offer.initial] == [7] and offer.repeats == 5
    assert offer.notes == (
        "50,000,001 weights move, and a plane takes long: what you see is 5 lines, each along a seed of "
        "its own. For the plane give `directions=[lw.RandomDirection(7), lw.RandomDirection(8)]`.",
    )


def test_up_to_fifty_million_it_is_a_plane():
    offer = offered(LARGE)
    assert [vars(choice)["seed"] for choice in offer.initial] == [7, 8] and offer.repeats == 1
    assert offer.notes == ()


def test_its_five_lines_are_those_of_the_seeds_that_follow(large):
    drawn = computed(seed=3)
    asked = computed(directions=[lw.RandomDirection(3)], repeats=5)
    assert drawn.repeated("loss").tolist() == asked.repeated("loss").tolist()
    assert len(note_of(drawn)) == 1 and note_of(asked) == []


@pytest.mark.parametrize(("repeats", "lines"), [(1, "a line. "), (3, "3 lines, each ")])
def test_so_many_draws_as_are_asked_for(large, repeats, lines):
    surface = computed(repeats=repeats)
    assert surface.settings["repeats"] == repeats and surface["loss"].shape == (5,)
    assert f"what you see is {lines}" in note_of(surface)[0]


def test_who_says_what_to_look_at_sees_that(large):
    plane = computed(directions=[lw.RandomDirection(0), lw.RandomDirection(1)])
    assert plane["loss"].shape == (5, 5) and plane.settings["repeats"] == 1
    assert computed(directions=[lw.GradientDirection()]).settings["repeats"] == 1


def test_a_trajectory_has_axes_of_its_own(large):
    model = mlp()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with lw.record(model, every=1) as trajectory:
        for _ in range(4):
            optimizer.zero_grad()
            F.cross_entropy(model(DATA[0]), DATA[1]).backward()
            optimizer.step()
    surface = lw.compute(model, F.cross_entropy, DATA, resolution=5, trajectory=trajectory)
    assert surface["loss"].shape == (5, 5) and note_of(surface) == []


def test_frozen_weights_do_not_count(large):
    model = mlp()
    model[0].bias.requires_grad_(False)
    assert lw.compute(model, F.cross_entropy, DATA, resolution=5)["loss"].shape == (5, 5)


def test_the_widget_shows_the_line_its_note_and_the_code_for_it(large):
    widget = lw.explore(mlp(), F.cross_entropy, DATA, resolution=5)
    shown = widget.wait()
    assert ["repeats", "5"] in widget.choices["given"] and len(widget.directions) == 1
    assert note_of(shown)[0] in widget.status["facts"]["notes"]
    widget.close()


def test_its_directions_are_held_by_nobody_and_are_the_same_bit_for_bit(monkeypatch):
    objective = read_objective(mlp(), F.cross_entropy, DATA)
    held = lw.RandomDirection(3)(objective)
    monkeypatch.setattr(params, "LARGE", WEIGHTS - 1)
    drawn = lw.RandomDirection(3)(objective)
    assert isinstance(drawn.vector, LazyTensors) and not isinstance(held.vector, LazyTensors)
    assert drawn.fingerprint == held.fingerprint
    plane = {"directions": [lw.RandomDirection(0), lw.RandomDirection(1)]}
    large = computed(**plane)
    monkeypatch.undo()
    np.testing.assert_allclose(large["loss"], computed(**plane)["loss"], rtol=1e-6)


def test_a_plane_is_not_drawn_again_by_default_nor_on_request():
    with pytest.raises(ValueError, match=r"repeats=2 draws a line's random direction again; got a plane"):
        computed(repeats=2)
    with pytest.raises(ValueError, match=r"repeats=3 draws a line's random direction again; got a plane"):
        computed(repeats=3, directions=[lw.RandomDirection(0), lw.RandomDirection(1)])
