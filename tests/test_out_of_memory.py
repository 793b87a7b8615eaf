"""What didn't fit into memory is measured in smaller batches, or the user is told what to do."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

import landscape_widget as lw
from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.evaluate.inline import Inline
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.out_of_memory import explained, halved, is_out_of_memory
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import State
from tests.cases import CASES, classification, draw, draw_classes, mlp
from tests.pools import pool

FULL = "[enforce fail at alloc_cpu.cpp:127] . DefaultCPUAllocator: can't allocate memory: you tried to …"
PLACES = np.array([(a, b) for b in (-1.0, 0.0, 1.0) for a in (-1.0, 0.0, 1.0)])


def narrow(most: int, seen: list[int], *, error: Exception | None = None) -> Callable[..., Tensor]:
    """A cross entropy, one value a sample, for which more than ``most`` samples don't fit."""

    def loss(output: Tensor, target: Tensor) -> Tensor:
        seen.append(len(target))
        if len(target) > most:
            raise error or RuntimeError(FULL)
        return F.cross_entropy(output, target, reduction="none")

    return loss


def measured_on(
    loss: Callable[..., Tensor], samples: int = 320, workers: int = 2, **options: object
) -> tuple:
    """The values of a few cells, and how they were measured."""
    objective = read_objective(mlp(), loss, (draw(samples, 4), draw_classes(3, samples)))
    directions = tuple(RandomDirection(seed)(objective) for seed in (0, 1))
    evaluator = Evaluator(objective, Subspace(objective.params, directions), pool(workers), **options)
    answers = list(evaluator(PLACES, samples, lambda: False))
    order = np.argsort(np.concatenate([values.cells for values in answers]))
    return np.concatenate([values.mean for values in answers])[order, 0], answers[-1].how


@pytest.mark.parametrize("plain", [False, True])
def test_batches_are_halved_until_they_fit_and_no_value_changes(plain: bool) -> None:
    right, _ = measured_on(narrow(10**6, []))
    seen: list[int] = []
    values, how = measured_on(narrow(50, seen), plain=plain)
    np.testing.assert_allclose(values, right, rtol=1e-6)
    assert how.settings["batch"] == 40 and how.notes == (
        "Batches of at most 40 samples: larger ones didn't fit into memory.",
    )
    assert "batches of 40 samples" in how.choices
    assert [size for size in dict.fromkeys(seen) if size > 50] == [320, 160, 80]


def test_what_fits_stays_and_larger_batches_are_not_tried_again() -> None:
    seen: list[int] = []
    measured_on(narrow(50, seen))
    fitted = seen.index(40)
    assert max(seen[fitted:]) <= 50 or seen[fitted:].count(80) <= 2  # what the other worker had begun with


def test_what_filled_the_memory_is_let_go_before_the_next_try() -> None:
    kept: list[weakref.ref[Tensor]] = []
    alive: list[bool] = []

    def loss(output: Tensor, target: Tensor) -> Tensor:
        alive.append(any(ref() is not None for ref in kept))
        if len(target) > 200:
            activation = output.clone()
            kept.append(weakref.ref(activation))
            raise RuntimeError(FULL)
        return F.cross_entropy(output, target, reduction="none")

    measured_on(loss, workers=1, plain=True)
    assert kept and not any(alive)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("CUDA out of memory. Tried to allocate 20 GiB"),
        RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: not enough memory: you tried"),
        RuntimeError("MPS backend out of memory (MPS allocated: 18.0 GB)"),
        torch.cuda.OutOfMemoryError("Tried to allocate"),
        MemoryError(),
    ],
)
def test_every_allocator_is_understood(error: Exception) -> None:
    assert is_out_of_memory(error)
    values, how = measured_on(narrow(100, [], error=error))
    assert np.isfinite(values).all() and how.settings["batch"] == 80


@pytest.mark.parametrize("error", [ValueError("out of memory"), RuntimeError("shapes don't match")])
def test_other_errors_are_no_reason_to_halve(error: Exception) -> None:
    assert not is_out_of_memory(error)
    with pytest.raises(type(error), match=str(error)):
        measured_on(narrow(100, [], error=error))


def test_where_one_sample_does_not_fit_the_user_is_told_what_to_do() -> None:
    portions = ((draw(1, 4),),)
    told = explained(RuntimeError(FULL), portions)
    assert str(told).startswith("One sample doesn't fit into memory beside the model (RuntimeError: [enforce")
    assert str(told).endswith("Free some, take a `device` with more of it, or a `dtype` with fewer digits.")
    objective = SimpleNamespace(batch_norm=None, trial=SimpleNamespace(cuttable=True))
    assert halved(objective, portions) is None  # type: ignore[arg-type]
    assert halved(objective, ((draw(5, 4), draw(9, 4)), (draw(8, 4),))) == 4  # type: ignore[arg-type]


def test_it_comes_with_its_cause() -> None:
    armed = False

    def loss(output: Tensor, target: Tensor) -> Tensor:
        if armed:
            raise RuntimeError(FULL)
        return F.cross_entropy(output, target, reduction="none")

    case = classification(loss)
    objective = read_objective(case.model, loss, case.data)
    armed = True
    evaluator = Evaluator(objective, line(objective), pool(2))
    with pytest.raises(RuntimeError, match="One sample doesn't fit into memory") as raised:
        list(evaluator(PLACES[:, :1], 37, lambda: False))
    assert FULL in str(raised.value.__cause__)


def test_batches_that_cannot_be_cut_are_named_with_the_way_out() -> None:
    armed = False

    def loss(output: Tensor, target: Tensor) -> Tensor:
        if armed and len(target) > 9:
            raise RuntimeError(FULL)
        return (
            F.cross_entropy(output, target) * len(target) ** 0.5
        )  # no mean, no sum: batches stay as they are

    case = classification(loss)
    objective = read_objective(case.model, loss, case.data)
    armed = True
    evaluator = Evaluator(objective, line(objective), pool(1))
    sentence = (
        r"A batch of 37 samples, which can't be cut .* Free some, give the data in smaller batches, take"
    )
    with pytest.raises(RuntimeError, match=sentence):
        list(evaluator(PLACES[:, :1], 37, lambda: False))


def test_estimated_statistics_depend_on_the_batches_so_those_are_not_halved() -> None:
    case = CASES["convolution, BatchNorm, sum"]()
    objective = read_objective(case.model, case.loss, case.data)
    object.__setattr__(objective, "batch_norm", "reestimate")
    assert halved(objective, objective.portions(21)) is None


def test_a_skipped_cell_says_it_too() -> None:

    def loss(output: Tensor, target: Tensor) -> Tensor:
        if armed and output.abs().max() > 0.6:
            raise RuntimeError(FULL)
        return F.cross_entropy(output, target, reduction="none")

    armed = False
    case = classification(loss)
    objective = read_objective(case.model, loss, case.data)
    armed = True
    evaluator = Evaluator(objective, line(objective), pool(1), on_error="skip")
    answers = list(evaluator(np.array([[-9.0], [0.0], [9.0]]), 37, lambda: False))
    states = {
        int(cell): int(state)
        for values in answers
        for cell, state in zip(values.cells, values.state, strict=True)
    }
    assert states[0] == states[2] == State.FAILED
    assert answers[-1].how is not None
    assert answers[-1].how.error.startswith("RuntimeError: One sample doesn't fit into memory")


def line(objective: Objective) -> Subspace:
    return Subspace(objective.params, (RandomDirection(0)(objective),))


def test_a_settled_evaluator_halves_too() -> None:
    right, _ = measured_on(narrow(10**6, []))
    objective = read_objective(mlp(), narrow(50, []), (draw(320, 4), draw_classes(3, 320)))
    directions = tuple(RandomDirection(seed)(objective) for seed in (0, 1))
    evaluator = Evaluator(objective, Subspace(objective.params, directions), Inline(), settled=True)
    answers = list(evaluator(PLACES, 320, lambda: False))
    order = np.argsort(np.concatenate([values.cells for values in answers]))
    values = np.concatenate([values.mean for values in answers])[order, 0]
    np.testing.assert_allclose(values, right, rtol=1e-6)


def test_the_picture_comes_and_the_note_with_it() -> None:
    model, data = mlp(), (draw(320, 4), draw_classes(3, 320))
    right = lw.compute(model, nn_loss, data, resolution=5)
    surface = lw.compute(model, narrow(50, []), data, resolution=5)
    np.testing.assert_allclose(surface["loss"], right["loss"], rtol=1e-6)
    assert "at most 40 samples" in surface.settings["engine"]["notes"][0]


def nn_loss(output: Tensor, target: Tensor) -> Tensor:
    return F.cross_entropy(output, target, reduction="none")
