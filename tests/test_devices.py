"""Several devices measure what one does, to the bit whatever their number; here they are CPUs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import landscape_widget as lw
from landscape_widget import shared
from landscape_widget.evaluate.devices import Devices
from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.live.given import given
from landscape_widget.objective.criterion import batch_loss
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.placed import placed
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.objective.structures import tensors_in
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.star import Star
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import State, Values, Withdrawn
from tests.cases import CASES, classification, draw
from tests.pools import pool

CPU = torch.device("cpu")
PLACES = np.array([(a, b) for b in np.linspace(-1, 1, 5) for a in np.linspace(-1, 1, 5)])


def plane(objective: Objective) -> Subspace:
    return Subspace(
        objective.params, tuple(RandomDirection(seed, one_dimensional="scaled")(objective) for seed in (0, 1))
    )


def devices_of(objective: Objective, count: int, **options: Any) -> Devices:
    return Devices(objective, plane(objective), pool(count), [CPU] * count, **options)


def measured(evaluate: Callable[..., Any], places: np.ndarray, samples: int) -> Values:
    """All answers as one, in the order of the places."""
    answers = list(evaluate(places, samples, lambda: False))
    order = np.argsort(np.concatenate([values.cells for values in answers]))
    columns = ("cells", "mean", "standard_error", "count", "state")
    together = {name: np.concatenate([getattr(v, name) for v in answers])[order] for name in columns}
    return Values(**together, how=answers[-1].how)


@pytest.mark.parametrize("name", CASES)
def test_every_problem_has_the_values_of_the_plain_path(name: str) -> None:
    case = CASES[name]()
    objective = read_objective(case.model, case.loss, case.data)
    plain = Evaluator(objective, plane(objective), pool(1), plain=True)
    expected = measured(plain, PLACES, objective.train.size)
    values = measured(devices_of(objective, 2), PLACES, objective.train.size)
    np.testing.assert_allclose(values.mean[:, 0], expected.mean[:, 0], rtol=1e-6, atol=1e-9)
    assert values.cells.tolist() == list(range(25)) and (values.state == State.EXACT).all()


@pytest.mark.parametrize(
    "name", ["classification", "convolution, BatchNorm, sum", "LSTM, no reduction, data set"]
)
def test_the_bits_depend_neither_on_the_number_of_devices_nor_on_the_order(name: str) -> None:
    case = CASES[name]()
    objective = read_objective(case.model, case.loss, case.data)
    samples = objective.train.size
    one = measured(devices_of(objective, 1), PLACES, samples)
    for count in (2, 3):
        evaluate = devices_of(objective, count)
        halves = [measured(evaluate, part, samples).mean for part in (PLACES[13:], PLACES[:13])]
        np.testing.assert_array_equal(np.concatenate(halves[::-1]), one.mean)
    backwards = measured(devices_of(objective, 2), PLACES[::-1].copy(), samples)
    np.testing.assert_array_equal(backwards.mean[::-1], one.mean)
    first = measured(devices_of(objective, 2), PLACES[:1], samples)  # alone, before anything was proved
    np.testing.assert_array_equal(first.mean, one.mean[:1])


def test_a_star_of_lines_is_measured_as_well() -> None:
    case = classification()
    objective = read_objective(case.model, case.loss, case.data)
    star = Star(objective.params, tuple(RandomDirection(seed)(objective) for seed in (0, 1)))
    points = np.array([[0.5, 0.0], [0.0, 0.5], [-0.5, 0.0]])
    expected = measured(Evaluator(objective, star, pool(1), plain=True), points, 37)
    values = measured(Devices(objective, star, pool(2), [CPU, CPU]), points, 37)
    np.testing.assert_allclose(values.mean, expected.mean, rtol=1e-6)


def test_all_devices_work_at_the_same_time() -> None:
    """Each waits in its first cell until the other one has come to its own."""
    here: set[int] = set()
    met = threading.Condition()

    def loss(output: Tensor, target: Tensor) -> Tensor:
        if armed:
            with met:
                here.add(threading.get_ident())
                met.notify_all()
                assert met.wait_for(lambda: len(here) == 2, 30)
        return F.cross_entropy(output, target)

    armed = False
    case = classification(loss)
    objective = read_objective(case.model, loss, case.data)
    evaluate = devices_of(objective, 2, plain=True)
    measured(evaluate, PLACES[:2], 37)  # to agree
    armed = True
    assert len(measured(evaluate, PLACES[:9], 37).cells) == 9
    assert len(here) == 2


def test_the_surface_says_where_it_was_measured() -> None:
    case = classification()
    surface = lw.compute(case.model, case.loss, case.data, resolution=5, device=["cpu", "cpu"])
    expected = lw.compute(case.model, case.loss, case.data, resolution=5)
    np.testing.assert_allclose(surface["loss"], expected["loss"], rtol=1e-6)
    assert surface.settings["engine"]["workers"] == 2
    how = measured(devices_of(read_objective(case.model, case.loss, case.data), 2), PLACES, 37).how
    assert how is not None and how.where == "cpu, cpu"
    assert how.choices[0] == "2 devices, one worker each"


def test_one_device_in_a_list_is_one_device() -> None:
    case = classification()
    surface = lw.compute(case.model, case.loss, case.data, resolution=5, device=["cpu"])
    assert surface.settings["engine"]["workers"] == shared.pool().count


def test_the_widget_shows_it_and_leaves_no_thread_of_its_own() -> None:
    case = classification()
    lw.compute(case.model, case.loss, case.data, resolution=5, device=["cpu", "cpu"])
    before = {thread.name for thread in threading.enumerate()}
    widget = lw.explore(case.model, case.loss, case.data, resolution=9, device=["cpu", "cpu"])
    surface = widget.wait()
    assert surface.is_done and widget.status["where"] == "cpu, cpu"
    widget.close()
    assert {thread.name for thread in threading.enumerate()} - before <= {
        "landscape engine",
        "landscape clock",
    }


def test_a_cell_that_fails_is_a_value_here_too() -> None:
    def loss(output: Tensor, target: Tensor) -> Tensor:
        if output.abs().max() > 1.0:
            raise ValueError("too large")
        return F.cross_entropy(output, target)

    case = classification()
    objective = read_objective(case.model, loss, case.data)
    alone = measured(Evaluator(objective, plane(objective), pool(1), on_error="skip"), PLACES, 37)
    values = measured(devices_of(objective, 2, on_error="skip"), PLACES, 37)
    assert values.state.tolist() == alone.state.tolist() and (values.state == State.FAILED).any()
    assert values.how is not None and values.how.error == "ValueError: too large"
    with pytest.raises(ValueError, match="too large"):
        measured(devices_of(objective, 2), PLACES, 37)


def test_what_is_known_comes_before_the_error() -> None:
    def loss(output: Tensor, target: Tensor) -> Tensor:
        if output.abs().max() > 1.0:
            raise ValueError("too large")
        return F.cross_entropy(output, target)

    case = classification()
    objective = read_objective(case.model, loss, case.data)
    places = np.array([[0.0, 0.0], [0.0, 0.0], [9.0, 9.0]])
    known: list[int] = []
    with pytest.raises(ValueError, match="too large"):
        for values in devices_of(objective, 1)(places, 37, lambda: False):
            known += values.cells.tolist()
    assert known == [0, 1]


def test_once_cancelled_it_ends_and_can_be_asked_again() -> None:
    case = classification()
    objective = read_objective(case.model, case.loss, case.data)
    evaluate = devices_of(objective, 2)
    answers = []
    for values in evaluate(PLACES, 37, lambda: len(answers) >= 1):
        answers.append(values)
    assert 1 <= sum(len(values.cells) for values in answers) < 25
    assert list(evaluate(PLACES, 37, lambda: True)) == []
    assert len(measured(evaluate, PLACES, 37).cells) == 25


def test_devices_that_disagree_become_one_which_is_said() -> None:
    """A loss that counts its calls, in a state that all share."""
    count = [0]

    def loss(model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        count[0] += armed
        return F.cross_entropy(model(batch[0]), batch[1]) + count[0]

    armed = False
    case = classification()
    objective = read_objective(case.model, batch_loss(loss), [case.data])
    armed = True
    evaluate = devices_of(objective, 2)
    values = measured(evaluate, PLACES[:4], 37)
    assert evaluate.at_once == 1
    assert values.how is not None
    assert "Two devices disagreed on a cell, so there is one. Does the loss keep a state?" in values.how.notes


def test_a_fast_way_that_turns_out_wrong_is_withdrawn_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    case = classification()
    objective = read_objective(case.model, case.loss, case.data)
    evaluate = devices_of(objective, 2)
    expected = measured(Evaluator(objective, plane(objective), pool(1), plain=True), PLACES, 37)
    monkeypatch.setattr("landscape_widget.evaluate.evaluator.agree", lambda *_: False)
    with pytest.raises(Withdrawn, match="disagreed with the plain path"):
        measured(evaluate, PLACES, 37)
    again = measured(evaluate, PLACES, 37)
    np.testing.assert_allclose(again.mean, expected.mean, rtol=1e-12)
    assert again.how is not None and again.how.settings["rewrites"] == []
    assert "plain way" in again.how.notes[0]


@pytest.mark.parametrize(
    ("device", "kind", "sentence"),
    [
        ([], ValueError, r"Expected at least one device in the list; got none\. Here: 'cpu'.*leave it out"),
        (["cpu", "warp"], ValueError, r"Expected a device of this machine, 'cpu'.*got 'warp'"),
        (["cpu", "meta"], ValueError, "Expected a device with values; got 'meta'"),
        (2.5, TypeError, r"one device or a list of them; got float\. Here: 'cpu'"),
    ],
)
def test_what_is_no_device_here_is_refused_at_the_door(device: Any, kind: type, sentence: str) -> None:
    case = classification()
    with pytest.raises(kind, match=f"(?i){sentence}"):
        lw.compute(case.model, case.loss, case.data, device=device)


def test_the_code_that_makes_it_again_names_them() -> None:
    told = given({"device": ["cuda:0", torch.device("cpu")], "on_error": "skip"})
    assert told == (("device", "['cuda:0', 'cpu']"), ("on_error", "'skip'"))


def test_compiling_for_several_is_refused() -> None:
    case = classification()
    with pytest.raises(ValueError, match=r"one device at a time; got 2\. Leave `compile` out"):
        lw.compute(case.model, case.loss, case.data, device=["cpu", "cpu"], compile=True)


def test_an_objective_moves_with_model_data_and_criterion() -> None:
    """To a device that every torch has, whose tensors have no values."""
    case = classification(nn.CrossEntropyLoss(weight=draw(3).abs()))
    x, y = case.data
    metrics = {"own": partial(lambda output, target, scale: output.sum(1) * scale, scale=draw(1))}
    objective = read_objective(case.model, case.loss, case.data, metrics=metrics, test_data=(x[:5], y[:5]))
    assert placed(objective, CPU) is objective
    there = placed(objective, torch.device("meta"))
    tensors = [*there.model.parameters(), *there.params.values()]
    tensors += [
        t for data in (there.train, there.test) for batch in data.take(data.size) for t in tensors_in(batch)
    ]
    criterion = there.trial.measure.criterion  # type: ignore[attr-defined]
    tensors += [criterion.weights.weight, *criterion.loss.buffers(), *criterion.elements.buffers()]
    tensors.append(there.trial.measure.metrics["own"].metric.keywords["scale"])  # type: ignore[attr-defined]
    assert len(tensors) > 12 and all(tensor.is_meta for tensor in tensors)
    own = dict(there.model.named_parameters())
    assert all(p.data_ptr() == own[name].data_ptr() for name, p in there.params.items())
    assert not any(p.is_meta for p in objective.params.values())


def test_the_users_model_is_left_alone() -> None:
    case = classification()
    before = {name: tensor.clone() for name, tensor in case.model.state_dict().items()}
    state = torch.get_rng_state()
    lw.compute(case.model, case.loss, case.data, resolution=5, device=["cpu", "cpu"])
    assert all(torch.equal(tensor, before[name]) for name, tensor in case.model.state_dict().items())
    assert torch.equal(torch.get_rng_state(), state) and case.model.training
