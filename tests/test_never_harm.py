"""O4: the user's model, gradients, hooks, flags and random numbers are bit-identical after any run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.objective.random_state import random_state_digest
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.direction import Direction
from landscape_widget.subspace.subspace import Subspace
from tests.cases import CASES, draw, draw_classes
from tests.pools import pool

POINTS = np.array([[0.0], [0.5], [1.0]])


def bits(tensor: Tensor) -> tuple[Any, ...]:
    raw = tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
    return tensor.data_ptr(), tensor.dtype, tuple(tensor.shape), tensor._version, raw


def snapshot(model: nn.Module) -> dict[str, Any]:
    return {
        "tensors": {name: bits(t) for name, t in model.state_dict(keep_vars=True).items()},
        "gradients": {n: None if p.grad is None else bits(p.grad) for n, p in model.named_parameters()},
        "requires_grad": [p.requires_grad for p in model.parameters()],
        "training": [module.training for module in model.modules()],
        "hooks": [
            [
                list(m._forward_hooks.items()),
                list(m._forward_pre_hooks.items()),
                list(m._backward_hooks.items()),
            ]
            for m in model.modules()
        ],
        "names": [sorted(vars(module)) for module in model.modules()],
    }


@contextmanager
def unharmed(model: nn.Module) -> Iterator[None]:
    """A model with mixed flags, frozen parameters, gradients and hooks, compared before and after."""
    for number, module in enumerate(model.modules()):
        module.train(number % 2 == 0)
    for number, parameter in enumerate(model.parameters()):
        parameter.grad = torch.full_like(parameter, number)
    list(model.parameters())[-1].requires_grad_(False)
    model.register_forward_hook(lambda *_: pytest.fail("a hook of the user's ran"))
    before, random = snapshot(model), random_state_digest()
    yield
    assert snapshot(model) == before
    assert random_state_digest() == random


def evaluator_of(model: nn.Module, loss: Any, data: Any) -> tuple[Evaluator, int]:
    objective = read_objective(model, loss, data)
    vector = {name: draw(*p.shape) for name, p in objective.params.items()}
    subspace = Subspace(objective.params, (Direction(vector, "d"),))
    return Evaluator(objective, subspace, pool()), objective.train.size


@pytest.mark.parametrize("name", [name for name in CASES if name != "quadratic"])
def test_a_finished_run_leaves_no_trace(name: str) -> None:
    case = CASES[name]()
    with unharmed(case.model):
        evaluator, size = evaluator_of(case.model, case.loss, case.data)
        assert sum(len(v.cells) for v in evaluator(POINTS, size, lambda: False)) == 3


@pytest.mark.parametrize("name", ["classification", "convolution, BatchNorm, sum"])
def test_a_cancelled_run_leaves_no_trace(name: str) -> None:
    case = CASES[name]()
    with unharmed(case.model):
        evaluator, size = evaluator_of(case.model, case.loss, case.data)
        asked = count()
        assert sum(len(v.cells) for v in evaluator(POINTS, size, lambda: next(asked) > 1)) < 3


def test_an_abandoned_run_leaves_no_trace() -> None:
    case = CASES["convolution, BatchNorm, sum"]()
    with unharmed(case.model):
        evaluator, size = evaluator_of(case.model, case.loss, case.data)
        evaluator._seconds = 0
        run = evaluator(POINTS, size, lambda: False)
        next(run)
        assert not torch.is_inference_mode_enabled()
        run.close()


def test_a_failed_run_leaves_no_trace() -> None:
    case = CASES["classification"]()
    broken = False

    def loss(output: Tensor, target: Tensor) -> Tensor:
        if broken:
            raise ArithmeticError
        return F.cross_entropy(output, target)

    with unharmed(case.model):
        evaluator, size = evaluator_of(case.model, loss, case.data)
        broken = True
        with pytest.raises(ArithmeticError):
            list(evaluator(POINTS, size, lambda: False))
        assert not torch.is_inference_mode_enabled()
        assert torch.is_grad_enabled()


def test_a_refused_objective_leaves_no_trace() -> None:
    case = CASES["classification"]()
    with unharmed(case.model), pytest.raises(ValueError, match="can be called"):
        read_objective(case.model, lambda output, target: F.cross_entropy(target, output), case.data)


def test_the_gradient_leaves_no_trace() -> None:
    case = CASES["convolution, BatchNorm, sum"]()
    with unharmed(case.model):
        read_objective(case.model, case.loss, case.data).gradient()


def test_shuffling_loaders_and_random_refusals_leave_no_trace() -> None:
    data = TensorDataset(draw(20, 4), draw_classes(3, 20))
    model = nn.Sequential(nn.Linear(4, 3), nn.RReLU())
    before = random_state_digest()
    read_objective(model, F.cross_entropy, DataLoader(data, batch_size=5, shuffle=True))
    assert random_state_digest() == before
    with pytest.raises(ValueError, match="draws random numbers"):
        read_objective(model, lambda o, t: F.cross_entropy(F.dropout(o), t), data)
    assert random_state_digest() == before


def test_the_user_may_train_on_while_the_surface_grows() -> None:
    case = CASES["classification"]()
    evaluator, size = evaluator_of(case.model, case.loss, case.data)

    def losses() -> dict[int, float]:
        answers = list(evaluator(POINTS, size, lambda: False))
        return {
            cell: loss for v in answers for cell, loss in zip(v.cells.tolist(), v.mean[:, 0], strict=True)
        }

    first = losses()
    optimizer = torch.optim.SGD(case.model.parameters(), lr=1.0)
    for x in case.data:
        x.zero_()
    case.once(case.model.double()).backward()
    optimizer.step()
    assert losses() == pytest.approx(first, rel=1e-6)
